"""The rules that the indexes list: those of released versions, so that a new page touches no other file."""

from __future__ import annotations

from ftlint import Rule, __version__
from ftlint.pages import catalogue


def version(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def released() -> list[Rule]:
    return [rule for rule in catalogue().values() if version(rule.since) <= version(__version__)]
