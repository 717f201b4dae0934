"""One text beside another as HTML: what only this one says is marked, what only the other says is struck out."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

import regex
from msgspec import Struct

_words = regex.compile(r"(\s*)([[\w\p{M}]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]]+|(?!\s)\X|\Z)", regex.VERSION1)
"""A word and the white space before it (the last, empty one has what a text ends with). Where words are not set apart,
each sign is one, as it is seen: an emoji may have many parts."""


CHANCE = 3
"""Characters up to which two texts may say the same by chance."""


class Run(Struct, frozen=True):
    """What this text says at a place, and what the other says there."""

    same: bool
    said: str
    other: str

    def __add__(self, after: Run) -> Run:
        return Run(self.same and after.same, self.said + after.said, self.other + after.other)

    def html(self) -> str:
        if self.same:
            return escape(self.said)
        new = self.said.lstrip()
        gap = "" if new else ' class="gap"'
        gone = f"<del{gap}>{escape(self.other)}</del>" if self.other else ""
        return gone + escape(self.said[: len(self.said) - len(new)]) + (f"<mark>{escape(new)}</mark>" if new else "")


def marked(text: str, other: str) -> str:
    """A text as HTML, with ``<mark>`` and ``<del>``; without the latter it says what the text says."""
    return "".join(run.html() for run in _joined(_runs(text, other)))


def _runs(text: str, other: str) -> Iterator[Run]:
    """Runs of words that both say, and between them what each says for itself."""
    from rapidfuzz.distance import Indel

    mine, others = _words.findall(text), _words.findall(other)
    steps = Indel.opcodes([word for _, word in mine], [word for _, word in others])
    for same, group in groupby(steps, key=lambda step: step.tag == "equal"):
        spans = [*group]
        said = mine[spans[0].src_start : spans[-1].src_end]
        yield Run(same, _text(said), _text(others[spans[0].dest_start : spans[-1].dest_end]))


def _text(words: list[tuple[str, str]]) -> str:
    return "".join(space + word for space, word in words)


def _joined(runs: Iterator[Run]) -> list[Run]:
    """The runs without what both say by chance, as a comma or an article between what differs."""
    done: list[Run] = []
    for run in runs:
        done.append(run)
        if len(done) > 2 and done[-2].same and len(done[-2].said.strip()) <= CHANCE:
            done[-3:] = [done[-3] + done[-2] + done[-1]]
    return done
