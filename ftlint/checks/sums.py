"""Sums: the bases of tallies that are an outcome themselves, such as totals, and of what asks for them."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import Struct

from ftlint.checks.base import Check, Found


class Sums(Struct):
    """A tally of numbers, from which no finding is read; its fields say by their types what an entry may hold."""

    def found(self) -> Found:
        return Found()


class SumsCheck(Check):
    """Not a rule: what gives ``Sums`` of a whole run."""

    scope: ClassVar[Literal["file", "dataset", "run"]] = "run"

    @property
    def is_placed(self) -> bool:
        """Whether its sums tell numbers of lines, which do not move with their shard."""
        return False
