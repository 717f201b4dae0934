"""Bytes rather than records: checks of line ends, blank lines, the byte order mark and the size of a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from ftlint.batch import Lines
from ftlint.checks.base import Check, Found, LineCheck, Tally, kind
from ftlint.model import Finding, Location
from ftlint.record import Line
from ftlint.shape import BOM
from ftlint.sources.jsonl import MAX_LINE_BYTES
from ftlint.targets import Target


class OddLineCheck(LineCheck):
    """A check that finds something only in lines that are blank, short of a line feed, or the first of their file."""

    def examine_many(self, batch: Sequence[Line]) -> Iterator[Finding]:
        lines = batch if isinstance(batch, Lines) else Lines(batch)
        return chain.from_iterable(map(self.examine, lines.odd))


@kind
class BlankLine(OddLineCheck):
    """A line with nothing on it."""

    kind = "blank-line"

    def examine(self, line: Line) -> Iterator[Finding]:
        if line.ending and not line.data.strip():
            yield line.finding(line.at.chars(0, 0))


@kind
class MissingFinalNewline(OddLineCheck):
    """A last line that no line end closes."""

    kind = "missing-final-newline"

    def examine(self, line: Line) -> Iterator[Finding]:
        if not line.ending and line.data.strip():
            end = len(line.data.decode("utf-8", "replace"))
            yield line.finding(line.at.chars(end, end), "")


@kind
class CrlfLineEnd(OddLineCheck):
    """A line that ends as Windows ends lines."""

    kind = "crlf-line-end"

    def examine(self, line: Line) -> Iterator[Finding]:
        if line.ending == b"\r\n":
            end = len(line.data.decode("utf-8", "replace"))
            yield line.finding(line.at.chars(end, end))


@kind
class ByteOrderMark(OddLineCheck):
    """A byte order mark at the start of a file, for a target that refuses it."""

    target: Target
    kind = "byte-order-mark"

    def examine(self, line: Line) -> Iterator[Finding]:
        if line.number == 1 and line.data.startswith(BOM) and self.target.bom == "refused":
            yield line.finding(line.at.chars(0, 1), "", provider=self.target.provider)


@kind
class OversizeLine(LineCheck):
    """A line of more than ``limit`` bytes; what is over ``MAX_LINE_BYTES`` is not read at all."""

    limit: int = MAX_LINE_BYTES
    kind = "oversize-line"

    def examine_many(self, batch: Sequence[Line]) -> Iterator[Finding]:
        limit = min(self.limit, MAX_LINE_BYTES)
        return chain.from_iterable(map(self.examine, [line for line in batch if line.length > limit]))

    def examine(self, line: Line) -> Iterator[Finding]:
        limit = min(self.limit, MAX_LINE_BYTES)
        if line.length > limit:
            yield line.finding(line.at.chars(0, 0), size=line.length, limit=limit)


class SizeTally:
    """The last line of a file, and its bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.last: Location | None = None
        self.length = 0

    def add(self, batch: Sequence[Line]) -> None:
        if batch:
            self.last, self.length = batch[-1].at, batch[-1].length

    def merge(self, later: SizeTally) -> None:
        if later.last:
            self.last, self.length = later.last, later.length

    def found(self) -> Found:
        found = Found()
        if self.last and (size := self.last.offset + self.length) > self.limit:
            values = {"size": size, "limit": self.limit}
            found.extend([Finding(Location.of_file(self.last.path), "", values)])
        return found


@kind
class OversizeFile(Check):
    """A file that is larger than the target takes; ``limit`` in bytes, 0 for the target's own."""

    target: Target
    limit: int = 0
    kind = "oversize-file"
    reads = "lines"

    def start(self) -> Tally:
        return SizeTally(self.limit or self.target.max_file_bytes or 1 << 62)
