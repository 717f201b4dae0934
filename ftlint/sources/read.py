"""A shard becomes outcomes: records and faults, where a damaged record is one fault however many lines it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ftlint.model import Shard
from ftlint.record import Line
from ftlint.shape import BOM, Outcome, examine, invalid_json
from ftlint.sources.jsonl import MAX_LINE_BYTES, is_authored, lines, opens_record

RUN_BYTES = 64 << 10


class Run:
    """A damaged record: its first line, and the lines after it that start no record of their own."""

    def __init__(self, line: Line, outcome: Outcome) -> None:
        self.line, self.outcome = line, outcome
        self.lines = 1
        self.data = bytearray(line.data.removeprefix(BOM) if line.number == 1 else line.data)
        self.room = RUN_BYTES

    def absorb(self, line: Line) -> None:
        if line.data.strip():
            self.lines = line.number - self.line.number + 1
        if self.room > 0:
            self.data += b"\n" + line.data[: self.room]
            self.room -= len(line.data) + 1

    def end(self) -> tuple[Line, Outcome]:
        if self.lines == 1 or self.outcome.faults[0].rule == "not-utf8":
            return self.line, self.outcome
        text = self.data.decode("utf-8", "replace").rstrip("\n")
        return self.line, Outcome(faults=(invalid_json(self.line, text, self.lines),), broken=True)


def read(shard: Shard) -> Iterator[tuple[Line, Outcome]]:
    """The lines of a shard with what became of them; of an authored file, its examples.

    Raises:
        OSError: the file cannot be read.
    """
    if is_authored(shard.source.path):
        from ftlint.sources import authored

        return authored.outcomes(shard)
    return outcomes(lines(shard))


def outcomes(physical: Iterable[Line]) -> Iterator[tuple[Line, Outcome]]:
    """Each line with what became of it; a run of lines of one damaged record comes once, with its first line."""
    run: Run | None = None
    for line in physical:
        if run is not None and not opens_record(line.data):
            run.absorb(line)
            continue
        if run is not None:
            yield run.end()
            run = None
        outcome = _outcome(line)
        if outcome.broken:
            run = Run(line, outcome)
        else:
            yield line, outcome
    if run is not None:
        yield run.end()


def _outcome(line: Line) -> Outcome:
    return examine(line) if line.data.strip() and line.length <= MAX_LINE_BYTES else Outcome()
