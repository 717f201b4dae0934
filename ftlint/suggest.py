"""Did you mean …: the known word that an unknown one was probably meant to be, and the words that ask so."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

ROLES = {"human": "user", "gpt": "assistant", "bot": "assistant", "ai": "assistant", "model": "assistant"}
"""Other people's names of roles."""

LONGEST = 200
"""Longer words, in characters, are like none that we know."""

KEYS = {"messages": "turns", "conversation": "turns", "conversations": "turns"}
"""What JSONL calls the list that authored YAML calls otherwise."""


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known word that is most like another, case aside; empty where none is near.

    Args:
        word: the word; other people's names of roles mean ours, and ``messages`` the turns of authored YAML.
        known: the words that it may have been meant to be.
        cutoff: how alike they must be, from 0 to 1.
    """
    return _nearest(word, tuple(known), cutoff) if len(word) <= LONGEST else ""


@lru_cache(maxsize=1024)
def _nearest(word: str, known: tuple[str, ...], cutoff: float) -> str:
    from difflib import get_close_matches

    plain = word.strip().lower()
    spelt = {name.lower(): name for name in known}
    meant = ROLES.get(plain) or KEYS.get(plain)
    near = [meant] if meant in spelt else get_close_matches(plain, spelt, 1, cutoff)
    return spelt[near[0]] if near else ""


def did_you_mean(name: str, before: str = "; ", quote: str = '"') -> str:
    """``; did you mean "check"?``, or nothing where there is no name."""
    return f"{before}did you mean {quote}{name}{quote}?" if name else ""


def suggest(word: str, known: Iterable[str]) -> str:
    """`` — did you mean "assistant"?``, as findings ask; nothing where no other known word is near."""
    near = nearest(word, known)
    return did_you_mean(near if near != word else "", " — ")
