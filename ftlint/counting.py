"""Tokens of records, counted once a record and target however many rules ask."""

from __future__ import annotations

from collections.abc import Sequence

from ftlint.record import Record
from ftlint.targets import Target
from ftlint.tokens import TokenCount, count_records, count_turns


def counts(batch: Sequence[Record], target: Target, size: int = 0) -> list[TokenCount]:
    """The token counts of some records; ``size`` is about how many bytes will be counted in the whole run."""
    name = target.name
    missing = [record for record in batch if name not in record.token_counts]
    plain = [record for record in missing if record.turns is not None]
    other = [record for record in missing if record.turns is None]
    counted = count_turns([record.turns for record in plain if record.turns], target, size) if plain else []
    counted += count_records([record.data for record in other], target, size) if other else []
    for record, count in zip(plain + other, counted, strict=True):
        record.token_counts[name] = count
    return [record.token_counts[name] for record in batch]


def repeated(batch: Sequence[Record]) -> Sequence[Record]:
    """The records as they are trained on: one with ``repeat`` in its YAML as often as it is written."""
    if all(record.line.repeat == 1 for record in batch):
        return batch
    return [record for record in batch for _ in range(record.line.repeat)]
