"""One pass over a file: what is wrong with it as a whole is mended, or else its lines are; the rest is copied."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

from ftlint.fixes import Seen
from ftlint.fixes.draft import Draft, blocks
from ftlint.fixes.mend import Mender
from ftlint.fixes.whole import CONVERTERS
from ftlint.model import Shard, Source
from ftlint.record import Line
from ftlint.shape import Fault, Outcome
from ftlint.sources.jsonl import lines
from ftlint.sources.read import blocks as blocks_of

BATCH = 256
LONGEST = 8 << 20
"""Bytes of a damaged record, with all its lines, that are still mended."""

Region = tuple[Line, Outcome, int]
"""A line with what became of it, and its bytes: those of the lines of the same damaged record included."""


def convert(source: Source, fault: Fault, draft: Draft) -> Counter[str]:
    """Mend what is wrong with a file as a whole; ``UnsureError`` where that would be guessing."""
    converter, _ = CONVERTERS[fault.rule]
    size = os.path.getsize(source.file)
    draft.change(size, converter(source.file, str(fault.finding.values.get("seen", ""))))
    return Counter({fault.rule: 1})


def mend(source: Source, mender: Mender, draft: Draft) -> Counter[str]:
    """Mend the lines of a file; ``UnsettledError`` where fixes undo one another."""
    counts: Counter[str] = Counter()
    walk = regions(source)
    while batch := list(islice(walk, BATCH)):
        suspects = mender.suspects([(line, outcome) for line, outcome, _ in batch])
        for line, outcome, length in batch:
            if line.offset not in suspects or length > LONGEST:
                _keep(draft, line, length)
                continue
            new, mended = _mended(source, mender, line, outcome, length)
            counts += mended
            if mended:
                draft.change(length, new)
            else:
                _keep(draft, line, length)
    return counts


def drop_repeats(source: Source, seen: set[str], draft: Draft, spared: Callable[[str], bool]) -> int:
    """Leave out the records whose content was seen before and is not spared, unless none would be left; how many."""
    dropped = kept = 0
    for line, outcome, length in regions(source):
        digest = outcome.record.digest if outcome.record else ""
        if digest and digest in seen and source.asked and not spared(digest):
            draft.change(length, ())
            dropped += 1
        else:
            _keep(draft, line, length)
            kept += bool(digest)
        seen.add(digest)
    return dropped if kept else 0


def regions(source: Source) -> Iterator[Region]:
    """All bytes of a file, by line; the lines of one damaged record are one region."""
    size = os.path.getsize(source.file)
    before: tuple[Line, Outcome] | None = None
    for line, outcome in _outcomes(source, size):
        if before is not None:
            yield *before, line.offset - before[0].offset
        before = line, outcome
    if before is not None:
        yield *before, size - before[0].offset


def _outcomes(source: Source, size: int) -> Iterator[tuple[Line, Outcome]]:
    for block in blocks_of(lines(Shard(source, 0, size, 1))):
        records = {record.line.offset: record for record in block.records}
        faults: dict[int, list[Fault]] = {}
        for fault in block.faults:
            faults.setdefault(fault.finding.at.offset, []).append(fault)
        for line in block.lines:
            yield line, Outcome(records.get(line.offset), tuple(faults.get(line.offset, ())))


def _keep(draft: Draft, line: Line, length: int) -> None:
    if len(line.data) + len(line.ending) == length:
        draft.keep_bytes(line.data, line.ending)
    else:
        draft.keep(length)


def _mended(
    source: Source, mender: Mender, line: Line, outcome: Outcome, length: int
) -> tuple[list[bytes], Counter[str]]:
    """What becomes of a region; blank lines at the end of a damaged record are lines of their own."""
    if length == len(line.data) + len(line.ending):
        work = mender.mend(Seen(line, outcome))
        return work.done, work.counts
    new: list[bytes] = []
    counts: Counter[str] = Counter()
    for piece in _pieces(line, b"".join(blocks(source.file, line.offset, line.offset + length))):
        work = mender.mend(piece)
        new += work.done
        counts += work.counts
    return new, counts


def _pieces(line: Line, raw: bytes) -> Iterator[Seen]:
    """A damaged record of several lines, and each of the blank lines behind it."""
    rows = raw.removesuffix(b"\n").split(b"\n")
    rows[:-1] = [row + b"\n" for row in rows[:-1]]
    rows[-1] += b"\n" * raw.endswith(b"\n")
    stop = max(index for index, row in enumerate(rows) if row.strip() or index == 0) + 1
    for number, part in enumerate([b"".join(rows[:stop]), *rows[stop:]]):
        ending = b"\r\n" if part.endswith(b"\r\n") else b"\n" if part.endswith(b"\n") else b""
        data = part.removesuffix(ending)
        first = line.number if number == 0 else line.number + stop + number - 1
        yield Seen(Line(line.source, first, line.offset, data, ending, len(part)))
