"""Files that are no JSON Lines, made into such: arrays, indented records, printed Python, UTF-16; in bounded memory."""

from __future__ import annotations

import codecs
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator

import msgspec

from ftlint.fixes.draft import blocks
from ftlint.fixes.texts import from_python, on_one_line, without_commas
from ftlint.jsonfaults import DEPTH, diagnose
from ftlint.model import Fix
from ftlint.shape import BOM
from ftlint.sources.jsonl import MAX_LINE_BYTES

PROBED = 4 << 20
"""Bytes of a file that is read to its end for the sake of a mark."""

TAIL = 1024
_BRACKET = re.compile(rb'[^"\[\]{}]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"\[\]{}]*+)*+[\[\]{}]', re.DOTALL)
_BETWEEN = re.compile(rb"[ \t\r\n]*+,?[ \t\r\n]*+")
_ENCODINGS = {
    "UTF-16 (little-endian)": "utf-16-le",
    "UTF-16 (big-endian)": "utf-16-be",
    "UTF-32 (little-endian)": "utf-32-le",
    "UTF-32 (big-endian)": "utf-32-be",
    "UTF-16": "utf-16",
    "UTF-32": "utf-32",
}


class UnsureError(ValueError):
    """A file cannot be made into another without guessing; the text says why."""


def array(file: str, seen: str) -> Iterator[bytes]:
    """The items of one array, a line each."""
    return _lines(_joined(file), inside=True)


def indented(file: str, seen: str) -> Iterator[bytes]:
    """Objects one after another, a line each."""
    return _lines(_joined(file), inside=False)


def _joined(file: str) -> Iterator[bytes]:
    found = blocks(file)
    yield next(found, b"").removeprefix(BOM)
    yield from found


def _lines(source: Iterator[bytes], *, inside: bool) -> Iterator[bytes]:
    """The values at a depth as lines; UnsureError where anything else stands between them."""
    buffer, at, start, depth = next(source, b""), 0, 0, 0
    while True:
        match = _BRACKET.match(buffer, at)
        if match is None:
            more = next(source, None)
            if more is None:
                break
            if len(buffer) - start > MAX_LINE_BYTES:
                raise UnsureError("a record is too long to be read")
            buffer, at, start = buffer[start:] + more, at - start, 0
            continue
        at = match.end()
        opens = buffer[at - 1] in b"[{"
        depth += 1 if opens else -1
        if opens and depth == 1 + inside:
            _require(buffer[start : at - 1])
            start = at - 1
        elif opens and depth == 1:
            _require(buffer[start : at - 1], comma=False)
            start = at
        elif not opens and depth == inside:
            yield _line(buffer[start:at])
            start = at
        elif not opens and depth == 0:
            _require(buffer[start : at - 1])
            start = at
    if depth:
        raise UnsureError("it ends before its records do")
    _require(buffer[start:])


def _require(between: bytes, *, comma: bool = True) -> None:
    if _BETWEEN.fullmatch(between) is None or (not comma and b"," in between):
        raise UnsureError("something other than records stands in it")


def _line(record: bytes) -> bytes:
    try:
        text = on_one_line(record.decode())
    except UnicodeDecodeError:
        raise UnsureError("it holds bytes that are not UTF-8") from None
    if not _is_plain(text):
        text = without_commas(text)
        if diagnose(text) is not None:
            raise UnsureError("a record in it is no JSON")
    return text.encode() + b"\n"


def _is_plain(text: str) -> bool:
    """Whether a text is JSON that all readers take, as nearly all are: told many times quicker than why one is not."""
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return False
    return text.count("[") + text.count("{") <= DEPTH


def python(file: str, seen: str) -> Iterator[bytes]:
    """Each line that is printed Python as JSON; others as they are. UnsureError where there is none."""
    mended = False
    with open(file, "rb") as stream:
        while line := stream.readline(MAX_LINE_BYTES):
            text = line.decode("utf-8", "replace")
            written = from_python(text.strip()) if "\ufffd" not in text else None
            ending = b"\r\n" if line.endswith(b"\r\n") else b"\n" if line.endswith(b"\n") else b""
            mended = mended or written is not None
            yield line if written is None else written.encode() + ending
    if not mended:
        raise UnsureError("none of its dicts can be written as JSON")


def wide(file: str, seen: str) -> Iterator[bytes]:
    """UTF-16 or UTF-32 as UTF-8, if all of it is that."""
    name = next((name for words, name in _ENCODINGS.items() if words in seen), "")
    if not name:
        raise UnsureError("its encoding is not certain")
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for block in blocks(file):
            yield decoder.decode(block).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError:
        raise UnsureError(f"not all of it is {name.upper()}") from None


Converter = Callable[[str, str], Iterable[bytes]]

CONVERTERS: dict[str, tuple[Converter, Fix]] = {
    "json-array-file": (array, Fix("write each item on a line of its own")),
    "pretty-printed-file": (indented, Fix("write each record on one line")),
    "python-repr-file": (python, Fix("write the printed Python dicts as JSON")),
    "not-utf8": (wide, Fix("write the file as UTF-8")),
}
"""What mends a file as a whole, by rule; a converter is given the file and what was seen of it."""

_ENDS = {"json-array-file": b"]", "pretty-printed-file": b"}"}


def mendable(rule: str, file: str, seen: str) -> bool:
    """Whether the fault of a whole file would be mended, and not left as too unsure; a large one is known by its end.

    Raises:
        OSError: the file cannot be read.
    """
    size = os.path.getsize(file)
    if size > PROBED:
        tail = b"".join(blocks(file, size - TAIL))
        return tail.rstrip(b" \t\r\n,").endswith(_ENDS.get(rule, b""))
    try:
        deque(CONVERTERS[rule][0](file, seen), maxlen=0)
    except UnsureError:
        return False
    return True
