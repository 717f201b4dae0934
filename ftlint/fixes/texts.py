"""Fixes of lines that are not JSON: commas too many, printed Python, missing closers, records that share a line."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

from msgspec.structs import replace

from ftlint.fixes import Seen, fixer
from ftlint.jsonfaults import DEPTH, PYTHON_LENGTH, JsonFault, diagnose
from ftlint.locate import end_of
from ftlint.model import Finding, Fix
from ftlint.shape import examine

STEPS = 50
"""Faults that are mended in one line at most."""

_FOLD = re.compile(r"(,?)[ \t\r]*\n[ \t\r\n]*")
_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)
_PYTHON = re.compile(r"""'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|\b(?:True|False|None)\b""")
_CONSTANTS = {"True": "true", "False": "false", "None": "null"}
_BETWEEN = re.compile(r"[ \t\r\n,;]*+")
_HIGH = re.compile(rb"[\x80-\xff]+")
_MANY_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_RARE = "\u201a\u2020\u2021\u2030\u2039\u203a"
"""Marks that Western texts hardly have, but whose bytes begin letters of Shift-JIS."""

_CODE_PAGES = ("cp1250", "cp1252", "cp1254")


def on_one_line(text: str) -> str:
    """JSON without line breaks, otherwise as it was written: no string of JSON holds a raw one."""
    return _FOLD.sub(lambda match: ", " if match[1] else "", text.strip()) if "\n" in text else text.strip()


def from_python(text: str) -> str | None:
    """The JSON that a printed Python literal means, its numbers as they were written; None where it means none.

    A text is rewritten token by token, and held against what Python reads.
    """
    if len(text) > PYTHON_LENGTH:
        return None
    try:
        meant = ast.literal_eval(text.strip())
        written = _PYTHON.sub(lambda token: _CONSTANTS.get(token[0]) or _string(token[0]), text)
        return written if diagnose(written) is None and json.loads(written) == meant else None
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def without_commas(text: str) -> str:
    """The text without the commas that stand before a bracket that closes, or after the record."""
    for _ in range(STEPS):
        fault = diagnose(text)
        if fault is None or fault.reason != "trailing-comma":
            break
        text = text[: fault.start] + text[fault.start + 1 :]
    return text


def _string(token: str) -> str:
    return json.dumps(ast.literal_eval(token), ensure_ascii=False)


@fixer("invalid-json")
def invalid_json(seen: Seen, finding: Finding) -> Fix | None:
    text, done = seen.text, ""
    for _ in range(STEPS):
        fault = diagnose(text)
        if fault is None:
            break
        step = _step(seen, text, fault)
        if step is None:
            return None
        text, words = step
        done = done or words
    else:
        return None
    text = on_one_line(text) if "\n" in text else text
    return Fix(done or "write the record on one line", lines=(seen.bom + text.encode() + seen.line.ending,))


def _step(seen: Seen, text: str, fault: JsonFault) -> tuple[str, str] | None:
    """The text with one fault mended, and what was done."""
    if fault.reason == "trailing-comma":
        return without_commas(text), "remove the comma"
    if fault.reason == "python-repr" and (written := from_python(text)):
        return written, "write the printed Python dict as JSON"
    if fault.reason == "unclosed":
        closed = text.rstrip() + _closers(text)
        line = replace(seen.line, data=on_one_line(closed).encode(), number=2)
        if examine(line).record is not None:
            return closed, "close what was left open"
    return None


def _closers(text: str) -> str:
    """The brackets that close what a text leaves open."""
    closers: list[str] = []
    for token in _BRACKETS.finditer(text):
        if token[0] in "{[":
            closers.append("}" if token[0] == "{" else "]")
        elif token[0] in "}]" and closers:
            closers.pop()
    return "".join(reversed(closers[:DEPTH]))


@fixer("several-objects-on-a-line")
def several_objects(seen: Seen, finding: Finding) -> Fix | None:
    records = list(_records(seen.text))
    if not all(records):
        return None
    rows = [on_one_line(record).encode() + b"\n" for record in records]
    rows[0] = seen.bom + rows[0]
    rows[-1] = rows[-1][:-1] + seen.line.ending
    return Fix("write each record on a line of its own", lines=tuple(rows))


def _records(text: str) -> Iterator[str]:
    """The objects that stand one after another; "" for what is none, and the end."""
    decoder = json.JSONDecoder()
    at = end_of(_BETWEEN, text, 0)
    while at < len(text):
        try:
            value, stop = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            stop, value = len(text), None
        sound = isinstance(value, dict) and diagnose(text[at:stop]) is None
        yield text[at:stop] if sound else ""
        at = end_of(_BETWEEN, text, stop) if sound else len(text)


@fixer("not-utf8")
def not_utf8(seen: Seen, finding: Finding) -> Fix | None:
    """Only where the decoding is certain: see ``certain``."""
    line = seen.head.data.removeprefix(seen.bom)
    if not certain(line):
        return None
    new = seen.bom + line.decode("cp1252").encode() + seen.head.ending
    return Fix("write the line as UTF-8, from Windows-1252", lines=(new, seen.tail) if seen.tail else (new,))


def certain(data: bytes) -> bool:
    """Whether bytes are Windows-1252 and nothing else.

    Each byte means the same in the Western, Central European and Turkish code pages; at most two stand together, one of
    them a letter; letters stand beside letters of ASCII, as words of other scripts do not; none is part of UTF-8.
    """
    if _MANY_BYTES.search(data):
        return False
    for match in _HIGH.finditer(data):
        try:
            readings = {match[0].decode(name) for name in _CODE_PAGES}
        except UnicodeDecodeError:
            return False
        beside = data[max(match.start() - 1, 0) : match.start()] + data[match.end() : match.end() + 1]
        text = readings.pop()
        letters, alone = sum(map(str.isalpha, text)), not any(chr(byte).isalpha() for byte in beside)
        if readings or len(text) > 2 or len(text) - letters > 1 or (letters and alone) or text in _RARE:
            return False
    return True
