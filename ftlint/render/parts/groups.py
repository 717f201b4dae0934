"""Findings by file, with what repeats counted rather than shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from ftlint.model import Diagnostic
from ftlint.report import Report

Item = TypeVar("Item")


class More(Struct, frozen=True):
    """How many further findings of a rule a file has."""

    path: str
    name: str
    total: int


def by_file(report: Report, shown: int) -> Iterator[tuple[str, Iterator[Diagnostic | More]]]:
    """Each file with its findings, at most ``shown`` (0: all) of a rule; the number of the rest follows the last."""
    files: dict[str, list[Diagnostic]] = {}
    for diagnostic in report.diagnostics:
        files.setdefault(diagnostic.position.path, []).append(diagnostic)
    totals: dict[str, dict[str, int]] = {}
    for (path, name), total in report.totals.items():
        if total:
            totals.setdefault(path, {})[name] = total
    for path in dict.fromkeys((*files, *totals)):
        yield path, _bounded(path, files.get(path, []), totals.get(path, {}), shown)


def _bounded(path: str, found: list[Diagnostic], totals: dict[str, int], shown: int) -> Iterator[Diagnostic | More]:
    kept = Counter(diagnostic.name for diagnostic in found)
    seen: Counter[str] = Counter()
    for diagnostic in found:
        name = diagnostic.name
        seen[name] += 1
        last = min(shown or kept[name], kept[name])
        if seen[name] <= last:
            yield diagnostic
        if seen[name] == last and (rest := max(totals.get(name, 0), kept[name]) - last):
            yield More(path, name, rest)
    yield from (More(path, name, total) for name, total in totals.items() if name not in kept)


def unlisted(report: Report) -> Iterator[More]:
    """The findings of each rule in a file that are counted, but not among the diagnostics."""
    kept = Counter((diagnostic.position.path, diagnostic.name) for diagnostic in report.diagnostics)
    for (path, name), total in report.totals.items():
        if total > kept[path, name]:
            yield More(path, name, total - kept[path, name])


def first(items: Sequence[Item], shown: int) -> tuple[Sequence[Item], int]:
    """At most ``shown`` (0: all) of the items, and how many more there are."""
    some = items[:shown] if shown else items
    return some, len(items) - len(some)
