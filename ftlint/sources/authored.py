"""The reader of authored YAML: a file is one shard, an example is the line that will be written of it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from msgspec.structs import replace

from ftlint.authoring.example import Example
from ftlint.authoring.model import AuthoringFault
from ftlint.authoring.read import Authored, read
from ftlint.authoring.splits import assign
from ftlint.authoring.write import line as written
from ftlint.model import Finding, Location, Shard, Source, Split
from ftlint.record import Line
from ftlint.shape import Fault, Outcome, examine
from ftlint.sources import jsonl
from ftlint.sources.globs import below
from ftlint.sources.jsonl import is_authored


def load(source: Source) -> Authored:
    """The examples and faults of an authored file.

    Raises:
        OSError: the file cannot be read.
    """
    named = os.path.abspath(source.path)
    is_copy = not is_authored(source.file)
    own = os.path.dirname(os.path.realpath(named if is_copy else source.file))
    root = os.path.realpath(source.root) if source.root and below(own, os.path.realpath(source.root)) else own
    if not is_copy:
        return read(source.path, source.file, root)
    with open(source.file, encoding="utf-8", errors="replace", newline="") as copy:
        return read(source.path, named, root, given=copy.read())


def outcomes(shard: Shard) -> Iterator[tuple[Line, Outcome]]:
    """Each example with what became of it, and before them the mistakes of the author."""
    authored = load(shard.source)
    head = Line(shard.source, 1, -1, b"")
    yield head, Outcome(faults=(*map(fault_of, authored.faults), *_included(authored)))
    yield from outcomes_of(authored, shard.source)


def outcomes_of(authored: Authored, source: Source) -> Iterator[tuple[Line, Outcome]]:
    """Each example of a file with what became of it."""
    splits, _ = assign([(one, source.split) for one in authored.examples], dict(source.shares))
    for example, split in zip(authored.examples, splits, strict=True):
        line = _line(source, example, split)
        yield line, examine(line)


def _included(authored: Authored) -> Iterator[Fault]:
    """What the cache wants to know, as if it were faults: files that were read; one without a digest was not."""
    for file, (real, digest) in authored.files.digests.items():
        yield Fault(jsonl.INCLUDED, Finding(Location(file), digest, {"real": real}))
    for fault in authored.faults:
        if fault.rule in ("missing-file", "outside-file"):
            yield Fault(jsonl.INCLUDED, Finding(Location(authored.files.path), ""))


def _line(source: Source, example: Example, split: Split) -> Line:
    return Line(
        source=source if split == source.split else replace(source, split=split),
        number=example.line,
        offset=example.index,
        data=written(example.record)[:-1],
        repeat=example.repeat,
        group=example.group,
        said_split=example.split or (source.split if source.split != "train" else None),
        shared=example.shared,
    )


def fault_of(fault: AuthoringFault) -> Fault:
    """A mistake of an author as a fault of the head line."""
    place = fault.place
    stop = place.end_column if place.end_line == place.line else place.column
    at = Location(place.path, place.line, part="line", span=(place.column - 1, stop - 1))
    subject = f"{fault.rule}:{sorted(fault.values.items())}"
    return Fault(fault.rule, Finding(at, subject, fault.values), fault.soft)
