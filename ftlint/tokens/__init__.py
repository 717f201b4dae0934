"""Exact counts of tokens, offline: of texts, of records with their tools and images, and bounds from bytes."""

from __future__ import annotations

from ftlint.tokens.count import TokenCount, bound, count_gathered, count_records, count_tokens, count_turns
from ftlint.tokens.counters import BULK, Counter, counter, reference
from ftlint.tokens.custom import counter_of
from ftlint.tokens.gather import Gathered, gather

__all__ = [
    "BULK",
    "Counter",
    "Gathered",
    "TokenCount",
    "bound",
    "count_gathered",
    "count_records",
    "count_tokens",
    "count_turns",
    "counter",
    "counter_of",
    "gather",
    "reference",
]
