"""Sieves: what tells quickly of most records that a check finds nothing in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import chain

from ftlint.checks.base import RecordCheck
from ftlint.model import Finding
from ftlint.record import Record

COMMON = " etaoinsrhldcumfpgwybv.,kTAISWCMPB-HNRLEDFOGxjUVYqzKJQZX"
"""Characters from the commonest on; those that are not among them are rarer."""


class SievedCheck(RecordCheck):
    """A check that looks only at the records that its sieve keeps; it finds nothing in the others."""

    def examine_many(self, batch: Sequence[Record]) -> Iterable[Finding]:
        return chain.from_iterable(map(self.examine, self.sieve(batch)))

    def sieve(self, batch: Sequence[Record]) -> Iterable[Record]:
        """The records that may have findings, in order."""
        return special(batch)


def special(batch: Sequence[Record]) -> list[Record]:
    """The records that are no plain chats, of two speakers in turn who say something."""
    return [record for record in batch if record.turns is None]


def holding(batch: Sequence[Record], words: Iterable[str], also: Callable[[str], object] | None = None) -> list[Record]:
    """The records in whose texts one of the words stands, or of whose texts ``also`` holds."""
    texts = [record.plain for record in batch]
    found = {index for index, text in enumerate(texts) if also(text)} if also else set()
    for word in words:
        rare = rarest(word)
        found.update([index for index, text in enumerate(texts) if rare in text and word in text])
    return [batch[index] for index in sorted(found)]


@cache
def rarest(word: str) -> str:
    """The character of a word that stands in the fewest texts: looking for it is twenty times as quick."""
    return max(word, key=lambda character: COMMON.find(character) % 99, default="")
