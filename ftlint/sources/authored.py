"""The reader of authored YAML: a file is one shard, an example is the line that will be written of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

from ftlint.authoring.model import AuthoringFault, Example
from ftlint.authoring.read import Authored, read
from ftlint.authoring.write import line as written
from ftlint.model import Finding, Location, Shard, Source
from ftlint.record import Line
from ftlint.shape import Fault, Outcome, examine
from ftlint.sources.globs import below


def load(source: Source) -> Authored:
    """The examples and faults of an authored file.

    Raises:
        OSError: the file cannot be read.
    """
    own = os.path.dirname(os.path.realpath(source.file))
    root = os.path.realpath(source.root) if source.root else own
    return read(source.path, source.file, root if below(own, root) or own == root else own)


def outcomes(shard: Shard) -> Iterator[tuple[Line, Outcome]]:
    """Each example with what became of it, and before them the mistakes of the author."""
    authored = load(shard.source)
    head = Line(shard.source, 1, -1, b"")
    yield head, Outcome(faults=tuple(_fault(head, fault) for fault in authored.faults))
    for example in authored.examples:
        line = _line(shard.source, example)
        yield line, examine(line)


def _line(source: Source, example: Example) -> Line:
    split = example.split or source.split
    return Line(
        source=source if split == source.split else replace(source, split=split),
        number=example.place.line,
        offset=example.index,
        data=written(example.record)[:-1],
        repeat=example.repeat,
        shared=example.shared,
    )


def _fault(head: Line, fault: AuthoringFault) -> Fault:
    place = fault.place
    stop = place.end_column if place.end_line == place.line else place.column
    at = Location(place.path, place.line, part="line", span=(place.column - 1, stop - 1))
    subject = f"{fault.rule}:{sorted(fault.values.items())}"
    return Fault(fault.rule, Finding(at, subject, fault.values), fault.soft)
