"""The engine: cut a dataset into shards, scan each into tallies, merge the tallies in order. It knows no rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct

from ftlint.checks.base import Check, Tally
from ftlint.errors import FtlintError, InternalError
from ftlint.model import Shard
from ftlint.sources.jsonl import is_authored
from ftlint.sources.read import read
from ftlint.timing import MERGING, READING, TIMINGS, Stopwatch

Tallies = dict[str, Tally]
Map = Callable[[Callable[[Shard], Tallies], Iterable[Shard]], Iterable[Tallies]]
Key = tuple[str, str]


class Plan(Struct, frozen=True):
    """What is to be run: checks by the name of their rule. Pickles, so that any executor can run it."""

    checks: Mapping[str, Check]

    def words(self) -> frozenset[str]:
        """All words that checks will look for in records."""
        return frozenset(word for check in self.checks.values() for word in check.words() if word)

    def reading(self, what: str) -> list[str]:
        """The names of the checks whose tallies are shown ``lines`` or ``records``."""
        return [name for name, check in self.checks.items() if check.reads == what]


def scan(plan: Plan, shard: Shard) -> Tallies:
    """Show every line and record of a shard to the checks; gives their tallies.

    Raises:
        InternalError: a check raised, or else what names the shard.
        OSError: the file cannot be read.
    """
    try:
        return _scan(plan, shard)
    except (FtlintError, OSError):
        raise
    except Exception as error:
        raise InternalError(f"{shard}: it could not be checked: {type(error).__name__}: {error}") from error


def _scan(plan: Plan, shard: Shard) -> Tallies:
    tallies = {name: check.start() for name, check in plan.checks.items()}
    of_lines, of_records = plan.reading("lines"), plan.reading("records")
    if is_authored(shard.source.path):
        of_lines = []
    words = plan.words()
    watch = tallies.get(TIMINGS)
    lap = watch.lap if isinstance(watch, Stopwatch) else _no_lap
    for block in read(shard):
        lap(READING)
        block.records.words = words
        for names, items in ((of_lines, block.lines), (of_records, block.records)):
            for name in names:
                try:
                    tallies[name].add(items)
                except Exception as error:
                    raise _blame(plan.checks[name], name, items, error) from error
                lap(name)
        for fault in block.faults:
            if fault.rule in tallies:
                tallies[fault.rule].add((fault.finding,))
        lap(READING)
    return tallies


def _no_lap(name: str) -> None:
    """Nobody asked for the time."""


def _blame(check: Check, name: str, items: Sequence[Any], error: Exception) -> FtlintError:
    """An error that names the rule and the first line at which its check raises."""
    if isinstance(error, FtlintError):
        return error
    for item in items:
        try:
            check.start().add([item])
        except Exception:
            return InternalError(f"{item.at}: the check of {name} failed: {type(error).__name__}: {error}")
    return InternalError(f"the check of {name} failed: {type(error).__name__}: {error}")


def run(plan: Plan, shards: Iterable[Shard], map_: Map = map) -> dict[Key, Tally]:
    """Scan all shards with any ``map`` and merge their tallies in the order of the dataset.

    The result's keys are (rule name, path, dataset name or nothing), as the scope of the check says.
    """
    merged: dict[Key, Tally] = {}
    order: list[Shard] = []

    def remember(shard: Shard) -> Shard:
        order.append(shard)
        return shard

    watch = Stopwatch()
    scanned = map_(partial(scan, plan), map(remember, shards))
    for index, tallies in enumerate(scanned):
        watch.restart()
        source = order[index].source
        groups = {"file": source.path, "dataset": source.dataset, "run": ""}
        for name, tally in tallies.items():
            key = (name, groups[plan.checks[name].scope])
            if key in merged:
                merged[key].merge(tally)
            else:
                merged[key] = tally
        watch.lap(MERGING)
    if (TIMINGS, "") in merged:
        merged[TIMINGS, ""].merge(watch)
    return merged
