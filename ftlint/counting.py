"""Tokens of records, counted once a record and target however many rules ask."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from ftlint.batch import Batch
from ftlint.record import Record
from ftlint.targets import Target
from ftlint.tokens import TokenCount, count_records, count_turns
from ftlint.tokens.count import NOT_BILLED, turn_totals, turns_exact


def counts(batch: Sequence[Record], target: Target, size: int = 0) -> list[TokenCount]:
    """The token counts of some records; ``size`` is about how many bytes will be counted in the whole run."""
    name = target.name
    missing = Batch(record for record in batch if name not in record.token_counts)
    counted = count_turns([record.turns for record in missing.chats if record.turns], target, size)
    if missing.special:
        counted += count_records([record.data for record in missing.special], target, size)
    for record, count in zip(missing.chats + missing.special, counted, strict=True):
        record.token_counts[name] = count
    return [record.token_counts[name] for record in batch]


def lengths(batch: Batch, target: Target, size: int = 0) -> tuple[list[int], list[int], bool]:
    """The totals of some records, what an epoch of each is billed, in any order, and whether all are exact.

    A quicker ``counts`` for who does not ask what each role says.
    """
    if batch and target.name in batch[0].token_counts:
        rest, plain = counts(batch, target, size), []
    else:
        rest = counts(batch.special, target, size)
        plain = turn_totals([record.turns for record in batch.chats if record.turns], target, size)
    billed = [total - NOT_BILLED for total in plain] + [count.billed for count in rest]
    exact = all(count.exact for count in rest) and (not plain or turns_exact(target))
    return plain + [count.total for count in rest], billed, exact


_repeat = attrgetter("line.repeat")


def repeated(batch: Batch) -> Batch:
    """The records as they are trained on: one with ``repeat`` in its YAML as often as it is written."""
    if set(map(_repeat, batch)) <= {1}:
        return batch
    return Batch(record for record in batch for _ in range(record.line.repeat))
