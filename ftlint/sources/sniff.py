"""A first look at a file: what makes reading it line by line pointless is told once, for the file as a whole."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from ftlint.lazy import lazy_pattern
from ftlint.model import Source
from ftlint.record import Line
from ftlint.shape import BOM, Fault, is_log, shape_of
from ftlint.sources.jsonl import is_authored
from ftlint.sources.opening import open_source

HEAD_BYTES = 64 << 10
LFS = b"version https://git-lfs.github.com/spec/"
BINARY = {
    b"\x1f\x8b": "a gzip file",
    b"PK\x03\x04": "a zip file (perhaps an .xlsx)",
    b"PAR1": "a Parquet file",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
    b"ARROW1": "an Arrow file",
    b"SQLite": "an SQLite database",
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG image",
}
CONTROL = bytes({*range(32)} - {*b"\t\n\v\f\r\x1b"})

_array = lazy_pattern(rb"\s*\[\s*(?:[\[{]|$)")
_json_like = lazy_pattern(rb"""\s*(?:\{|\[\s*(?:[\[{"']|$))""")


class Look(Struct, frozen=True):
    """What a first look told.

    Attributes:
        fault: what is wrong with the file as a whole; its lines are then not read.
        unchecked: why the file cannot be checked at all (exit code 2).
        log: the file reads as a log or trace.
    """

    fault: Fault | None = None
    unchecked: str = ""
    log: bool = False


def look(source: Source) -> Look:
    """Look at the first 64 KiB of a file.

    Raises:
        OSError: the file cannot be read.
    """
    if is_authored(source.path):
        return Look()
    with open_source(source.file) as file:
        head = file.read(HEAD_BYTES)
        whole = not file.read(1)
    return look_at(head, source, whole=whole)


def look_at(head: bytes, source: Source, *, whole: bool) -> Look:
    """Look at the first bytes of a file, which may be all of them."""
    line = Line(source, 1, 0, head.split(b"\n", 1)[0][:1024])
    if head.startswith(LFS):
        reason = "a Git LFS pointer stands in its place: run `git lfs pull`"
        return Look(_fault("git-lfs-pointer", line, size=_lfs_size(head)), reason)
    if encoding := _wide_encoding(head):
        return Look(_fault("not-utf8", line, seen=f"the file is {encoding}"))
    if not head.removeprefix(BOM).strip() and whole:
        return Look(_fault("empty-file", line))
    if seen := next((words for magic, words in BINARY.items() if head.startswith(magic)), "") or _binary(head):
        return Look(_fault("wrong-shape", line, seen=seen))
    return _look_at_text(line, head.removeprefix(BOM), whole)


def _fault(rule: str, line: Line, **values: str | int) -> Fault:
    return Fault(rule, line.finding(line.at.chars(0, 0), None, **values))


def _binary(head: bytes) -> str:
    controls = len(head) - len(head.translate(None, CONTROL))
    return "a binary file" if controls > len(head) // 20 else ""


def _lfs_size(head: bytes) -> str:
    sizes = [row[5:] for row in head.split(b"\n") if row.startswith(b"size ")]
    return sizes[0].decode("ascii", "replace")[:20] if sizes else "?"


def _wide_encoding(head: bytes) -> str:
    """UTF-16 or UTF-32, told by its byte order mark or by the NUL of every other byte."""
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    zeros = [not byte for byte in head[:8]]
    patterns = {
        "UTF-16 (little-endian)": [False, True] * 4,
        "UTF-16 (big-endian)": [True, False] * 4,
        "UTF-32 (little-endian)": [False, True, True, True] * 2,
        "UTF-32 (big-endian)": [True, True, True, False] * 2,
    }
    return next((name for name, pattern in patterns.items() if zeros == pattern), "")


def _look_at_text(line: Line, head: bytes, whole: bool) -> Look:
    rows = [row for row in head.split(b"\n") if row.strip()]
    if not whole and len(rows) > 1:
        rows.pop()
    if not rows:
        return Look()
    values = [_parse(row) for row in rows]
    whole_rows = zip(rows, values, strict=True)
    sound = [value for row, value in whole_rows if isinstance(value, dict) and not row[:1].isspace()]
    array = _array.match(head) and (len(rows) == 1 or not isinstance(values[0], list))
    if sound and not (array and len(sound) == 1):
        return Look(log=_is_log(sound, rows))
    if all(row.startswith((b"{'", b"[{'")) for row in rows) and any(map(_is_repr, rows)):
        return Look(_fault("python-repr-file", line))
    if array:
        return Look(_fault("json-array-file", line))
    if _is_pretty_printed(head):
        return Look(_fault("pretty-printed-file", line))
    if not any(_json_like.match(row) for row in rows):
        return Look(_fault("wrong-shape", line, seen=_prose(rows)))
    return Look()


def _is_log(sound: list[dict[str, Any]], rows: list[bytes]) -> bool:
    """Whether most rows are lines of a log, and none is a record."""
    return not any(map(shape_of, sound)) and sum(map(is_log, sound)) * 2 > len(rows)


def _parse(row: bytes) -> object:
    try:
        return msgspec.json.decode(row)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _parse_slowly(row)


def _parse_slowly(row: bytes) -> object:
    """What Python's decoder takes beside: NaN, lone surrogates."""
    import json

    try:
        return json.loads(row)
    except (ValueError, RecursionError):
        return None


def _is_pretty_printed(head: bytes) -> bool:
    """Whether the file starts with one JSON object that is spread over several lines."""
    text = head.decode("utf-8", "replace").lstrip()
    first, newline, _ = text.partition("\n")
    if not newline or not text.startswith("{"):
        return False
    import json

    try:
        _, stop = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        return error.pos >= len(text) - 256 and first.rstrip().endswith(("{", "[", ","))
    except RecursionError:
        return False
    return "\n" in text[:stop]


def _is_repr(row: bytes) -> bool:
    from ftlint.jsonfaults import python_literal

    return python_literal(row.decode("utf-8", "replace").strip().removeprefix("[").removesuffix("]"))


def _prose(rows: list[bytes]) -> str:
    """What text that holds no JSON objects looks like, for people."""
    if all(isinstance(_parse(row), str) for row in rows[:5]):
        return "JSON that was encoded twice: each line is a string that holds JSON"
    if rows[0].startswith(b"data: {"):
        return "a stream of server-sent events (data: …)"
    if rows[0].lstrip().startswith((b"<!", b"<html", b"<?xml")):
        return "an HTML or XML page"
    if rows[0].startswith((b"---", b"examples:", b"- ")) or (rows[0].rstrip().endswith(b":")):
        return "YAML"
    if all(isinstance(_parse(b"{" + row.partition(b"{")[2]), dict) for row in rows[:5]):
        return "JSON with something before each object: a number, or the mark of a diff"
    texts = [row.decode("utf-8", "replace") for row in rows[:5]]
    for mark, words in ((",", "comma-separated values (CSV)"), ("\t", "tab-separated values (TSV)")):
        counts = {_columns(text, mark) for text in texts}
        if len(rows) > 1 and len(counts) == 1 and counts.pop() > 1:
            return words
    return "plain text"


def _columns(row: str, mark: str) -> int:
    import csv

    try:
        return len(next(csv.reader([row], delimiter=mark), []))
    except csv.Error:
        return 0
