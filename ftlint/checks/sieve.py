"""Sieves: what tells quickly of most records and lines that a check finds nothing in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from ftlint.batch import Batch
from ftlint.checks.base import RecordCheck
from ftlint.model import Finding
from ftlint.record import Record


class SievedCheck(RecordCheck):
    """A check that looks only at the records that its sieve keeps; it finds nothing in the others."""

    def examine_many(self, batch: Sequence[Record]) -> Iterable[Finding]:
        return chain.from_iterable(map(self.examine, self.sieve(Batch.of(batch))))

    def sieve(self, batch: Batch) -> Iterable[Record]:
        """The records that may have findings, in order: those that are no plain chats, unless a check says more."""
        return batch.special


class WordCheck(SievedCheck):
    """A check that finds something only in records in whose texts one of its ``words`` stands."""

    def sieve(self, batch: Batch) -> Iterable[Record]:
        return batch.holding(self.words())
