"""Tokens of records, counted once a record and target however many rules ask."""

from __future__ import annotations

from collections.abc import Sequence

from ftlint.record import Record
from ftlint.targets import Target
from ftlint.tokens import TokenCount, count_records


def counts(batch: Sequence[Record], target: Target, size: int = 0) -> list[TokenCount]:
    """The token counts of some records; ``size`` is about how many bytes will be counted in the whole run."""
    missing = [record for record in batch if target.name not in record.token_counts]
    if missing:
        counted = count_records([record.data for record in missing], target, size)
        for record, count in zip(missing, counted, strict=True):
            record.token_counts[target.name] = count
    return [record.token_counts[target.name] for record in batch]
