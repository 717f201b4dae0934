"""A shard becomes blocks: records and faults, where a damaged record is one fault however many lines it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec import Struct, field

from ftlint.batch import Batch, Lines
from ftlint.model import Shard
from ftlint.plain import turns
from ftlint.record import Line, Record
from ftlint.shape import BOM, Fault, Outcome, examine, invalid_json
from ftlint.sources.jsonl import MAX_LINE_BYTES, is_authored, lines, opens_record

RUN_BYTES = 64 << 10
BATCH = 1024


class Block(Struct):
    """Some lines of a shard, the sound records among them, and the faults of the others."""

    lines: Lines = field(default_factory=Lines)
    records: Batch = field(default_factory=Batch)
    faults: list[Fault] = []

    def add(self, line: Line, outcome: Outcome) -> None:
        """Add a line with what became of it."""
        self.lines.append(line)
        if outcome.record is not None:
            self.records.append(outcome.record)
        self.faults += outcome.faults


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


class Reader:
    """Reads lines into blocks; a damaged record may go on from one block to the next."""

    def __init__(self) -> None:
        self.run: Run | None = None

    def block(self, physical: Iterable[Line]) -> Block:
        """Lines become a block; the last ones may be kept for the next."""
        block = Block()
        for line in physical:
            texts = turns(line.data) if self.run is None and line.length <= MAX_LINE_BYTES else None
            if texts is None:
                self._look(line, block)
            else:
                block.lines.append(line)
                block.records.append(Record.of_turns(line, texts))
        return block

    def _look(self, line: Line, block: Block) -> None:
        if self.run is not None and not opens_record(line.data):
            self.run.absorb(line)
            return
        self.end(block)
        is_read = line.data.strip() and line.length <= MAX_LINE_BYTES
        outcome = examine(line) if is_read else Outcome()
        if outcome.broken:
            self.run = Run(line, outcome)
        else:
            block.add(line, outcome)

    def end(self, block: Block) -> None:
        """Add the damaged record that has ended, if there is one."""
        if self.run is not None:
            block.add(*self.run.end())
            self.run = None


def read(shard: Shard) -> Iterator[Block]:
    """The lines of a shard with what became of them; of an authored file, its examples.

    Raises:
        OSError: the file cannot be read.
    """
    if is_authored(shard.source.path):
        from ftlint.sources import authored

        return _gathered(authored.outcomes(shard))
    return blocks(lines(shard))


def blocks(physical: Iterable[Line]) -> Iterator[Block]:
    """Each line with what became of it; a run of lines of one damaged record comes once, with its first line."""
    physical, reader = iter(physical), Reader()
    while batch := list(islice(physical, BATCH)):
        yield reader.block(batch)
    rest = Block()
    reader.end(rest)
    if rest.lines:
        yield rest


def _gathered(outcomes: Iterator[tuple[Line, Outcome]]) -> Iterator[Block]:
    while batch := list(islice(outcomes, BATCH)):
        block = Block()
        for line, outcome in batch:
            block.add(line, outcome)
        yield block
