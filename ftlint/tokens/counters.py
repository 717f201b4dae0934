"""The counters: how many tokens a text is, exactly, by the fastest library at hand; tiktoken has the last word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Protocol

from ftlint.lazy import lazy_pattern
from ftlint.tokens.ranks import encoding as tiktoken_encoding
from ftlint.tokens.runs import parts

BULK = 6_000_000
"""From about so many bytes on toktok's slower start pays (measured: 4 to 9 MB)."""

NEW_TO_TOKTOK = lazy_pattern(
    "[ſ\u088f\u0c5c\u0cdc\u1acf-\u1aeb\ua7ce-\ua7f1\U00010940-\U0001eeff\U0002b73a-\U00033479]"
)
"""What toktok 0.3 may class otherwise than tiktoken: code points of Unicode 17, and the long s of contractions.

Few wide ranges, since a search for all 27 narrow ones takes four times as long.
"""

SELF_CHECK = {
    "tiktoken is great!": (6, 6),
    "antidisestablishmentarianism": (6, 6),
    "2 + 2 = 4": (7, 7),
    "お誕生日おめでとう": (9, 8),
    "hi <|endoftext|>": (7, 8),
}
"""Texts with their tokens in cl100k_base and o200k_base (OpenAI's cookbook; the last by tiktoken)."""


class Counter(Protocol):
    """Counts the tokens of texts; text that spells a special token is ordinary, a lone surrogate is U+FFFD.

    Attributes:
        name: the library that counts.
        note: why it is not the usual one, or nothing.
    """

    name: str
    note: str

    def count(self, text: str, /) -> int: ...

    def count_all(self, texts: Sequence[str], /) -> list[int]: ...


def scalar(text: str) -> str:
    """The text as the reference reads it: surrogate pairs joined, lone surrogates replaced by U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class Reference:
    """tiktoken, with the shipped vocabulary."""

    name = "tiktoken"

    def __init__(self, encoding: str, note: str = "") -> None:
        self.encoding, self.note = encoding, note
        loaded = tiktoken_encoding(encoding)
        self._ordinary, self._piece = loaded.encode_ordinary, loaded._encode_single_piece  # noqa: SLF001

    def count(self, text: str, /) -> int:
        encoders: tuple[Callable[[str], list[int]], ...] = (self._ordinary, self._piece)
        return sum(len(encoders[whole](part)) for part, whole in parts(text, self.encoding))

    def count_all(self, texts: Sequence[str], /) -> list[int]:
        return [self.count(text) for text in texts]


class RsBpe:
    """rs-bpe: ready soonest."""

    name, note = "rs-bpe", ""

    def __init__(self, encoding: str) -> None:
        from rs_bpe.bpe import openai

        self._count: Callable[[str], int] = getattr(openai, encoding)().count

    def count(self, text: str, /) -> int:
        try:
            return self._count(text)
        except UnicodeEncodeError:
            return self._count(scalar(text))

    def count_all(self, texts: Sequence[str], /) -> list[int]:
        try:
            return list(map(self._count, texts))
        except UnicodeEncodeError:
            return list(map(self.count, texts))


class Toktok:
    """toktok: fastest once it is loaded."""

    name, note = "toktok", ""

    def __init__(self, encoding: str) -> None:
        import toktok

        self.encoding = encoding
        self._batch: Callable[..., list[int]] = toktok.batch_count

    def count(self, text: str, /) -> int:
        return self.count_all((text,))[0]

    def count_all(self, texts: Sequence[str], /) -> list[int]:
        try:
            counts = self._batch(texts, self.encoding, 1)
        except UnicodeEncodeError:
            texts = list(map(scalar, texts))
            counts = self._batch(texts, self.encoding, 1)
        for index, text in enumerate(texts):
            if not text.isascii() and NEW_TO_TOKTOK.search(text):
                counts[index] = reference(self.encoding).count(text)
        return counts


@cache
def reference(encoding: str) -> Reference:
    """The counter that decides what is right."""
    return Reference(encoding)


def counter(encoding: str, size: int = 0) -> Counter:
    """The counter for about ``size`` bytes of text in ``cl100k_base`` or ``o200k_base``; loaded once a process."""
    return _bulk(encoding) if size >= BULK else _quick(encoding)


@cache
def _bulk(encoding: str) -> Counter:
    return first((Toktok, RsBpe), encoding)


@cache
def _quick(encoding: str) -> Counter:
    return Growing(first((RsBpe,), encoding), encoding)


class Growing:
    """The counter that is ready soonest, until so much was counted that the quickest in bulk would have paid."""

    def __init__(self, ready: Counter, encoding: str) -> None:
        self.ready, self.encoding, self.room = ready, encoding, BULK
        self.name, self.note = ready.name, ready.note

    def count(self, text: str, /) -> int:
        return self.count_all((text,))[0]

    def count_all(self, texts: Sequence[str], /) -> list[int]:
        if self.room < 0:
            return _bulk(self.encoding).count_all(texts)
        self.room -= sum(map(len, texts))
        return self.ready.count_all(texts)


def first(kinds: Sequence[Callable[[str], Counter]], encoding: str) -> Counter:
    """The first of ``kinds`` that is installed and counts the self-check right; else the reference, with a note."""
    notes = []
    for kind in kinds:
        try:
            made = kind(encoding)
            if sound(made, encoding):
                return made
            notes.append(f"{made.name} miscounts: counted with tiktoken")
        except (ImportError, AttributeError, KeyError):
            continue
    return Reference(encoding, "; ".join(notes))


def sound(made: Counter, encoding: str) -> bool:
    """Whether a counter agrees with the published counts."""
    column = ("cl100k_base", "o200k_base").index(encoding)
    expected: list[Any] = [counts[column] for counts in SELF_CHECK.values()]
    return made.count_all(list(SELF_CHECK)) == expected
