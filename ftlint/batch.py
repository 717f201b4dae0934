"""Batches of lines and of records, and what many checks first look at in all of them, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from itertools import groupby
from typing import TypeAlias

import msgspec

from ftlint.model import Source
from ftlint.record import Kept, Line, Record

ENOUGH = 32
"""Records from which on it pays to look for all words of all checks at once."""

ESCAPED = tuple(rb"\u00%d" % digit for digit in range(8))
"""What a JSON string holds that spells an ASCII character as an escape without need."""

Matches: TypeAlias = Callable[[bytes, bool], list[tuple[int, int, int]]]


class Lines(list[Line]):
    """Some lines of one shard, in order."""

    @Kept
    def odd(self) -> list[Line]:
        """The lines that are blank, end otherwise than in a line feed, or are the first of their file."""
        return [
            line for line in self if line.ending != b"\n" or line.number == 1 or line.data.isspace() or not line.data
        ]


class Batch(list[Record]):
    """Some records of one shard, in order; ``words`` are all that checks will look for in them (``holding``)."""

    words: frozenset[str] = frozenset()

    @classmethod
    def of(cls, records: Sequence[Record]) -> Batch:
        """The records as a batch, if they are none already."""
        return records if isinstance(records, Batch) else cls(records)

    @Kept
    def special(self) -> list[Record]:
        """The records that are no plain chats, of two speakers in turn who say something."""
        return [record for record in self if record.turns is None]

    @Kept
    def chats(self) -> list[Record]:
        """The plain chats: the records that have ``turns``."""
        return [record for record in self if record.turns is not None]

    @Kept
    def answers(self) -> list[str]:
        """The answers of all plain chats."""
        turns = [record.turns for record in self if record.turns is not None]
        return [text for texts in turns for text in texts[len(texts) % 2 + 1 :: 2]]

    @Kept
    def longest(self) -> int:
        """The bytes of the longest line of a plain chat."""
        return max([len(record.line.data) for record in self.chats], default=0)

    @property
    def runs(self) -> list[tuple[Source, Batch]]:
        """The records, by the file and split that they are of."""
        return self._several or [(record.line.source, self) for record in self[:1]]

    @Kept
    def _several(self) -> list[tuple[Source, Batch]]:
        """The same where there are several files; a batch that kept itself would live until cycles are looked for."""
        if len({id(record.line.source) for record in self}) <= 1:
            return []
        return [(source, Batch(run)) for source, run in groupby(self, lambda record: record.line.source)]

    @Kept
    def alike(self) -> list[tuple[Record, int]]:
        """Records with how many they stand for: of the plain chats of a source one for each system prompt."""
        groups: dict[object, list[Record]] = {}
        for source, records in self.runs:
            for record in records:
                turns = record.turns
                key = id(record) if turns is None else (source, turns[0] if len(turns) % 2 else None)
                groups.setdefault(key, []).append(record)
        return [(group[0], len(group)) for group in groups.values()]

    def holding(self, words: Collection[str]) -> list[Record]:
        """The records in whose texts one of the words stands."""
        suspects = map(self.__getitem__, sorted(self.suspects(words)))
        return [record for record in suspects if any(word in record.plain for word in words)]

    def suspects(self, words: Collection[str]) -> set[int]:
        """The indices of all records in whose lines one of the words may stand, in a text or elsewhere."""
        if len(self) >= ENOUGH and self.words.issuperset(words):
            return self._seen[""].union(*[self._seen[word] for word in words])
        patterns = {*ESCAPED, *(pattern for word in words for pattern in spellings(word))}
        return {index for index, record in enumerate(self) if any(pattern in record.line.data for pattern in patterns)}

    @Kept
    def _seen(self) -> dict[str, set[int]]:
        """The indices of the records in whose lines each word may stand."""
        matches, owners = searcher(self.words)
        seen: dict[str, set[int]] = {word: set() for word in ("", *self.words)}
        for index, record in enumerate(self):
            for pattern, _, _ in matches(record.line.data, True):
                seen[owners[pattern]].add(index)
        return seen


@cache
def searcher(words: frozenset[str]) -> tuple[Matches, list[str]]:
    """A search for all words in raw JSON, and which word each of its patterns stands for ("": an escape)."""
    from ahocorasick_rs import BytesAhoCorasick, Implementation

    patterns = [(pattern, "") for pattern in ESCAPED]
    patterns += [(pattern, word) for word in words for pattern in spellings(word)]
    search = BytesAhoCorasick([pattern for pattern, _ in patterns], implementation=Implementation.DFA)
    return search.find_matches_as_indexes, [word for _, word in patterns]


def spellings(word: str) -> set[bytes]:
    """How a word stands in a JSON string, ``ESCAPED`` spellings aside; all others of a foreign word hold an escape."""
    plain = msgspec.json.encode(word)[1:-1]
    found = {plain, plain.replace(b"/", rb"\/")}
    return found if word.isascii() else found | {rb"\u"}
