"""A comparison in numbers: what each model's answers are like on the whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from ftlint.submit.comparison import SIDES, Comparison, Row, Side


class Share(Struct, frozen=True):
    """How many of how many."""

    count: int
    of: int

    def __str__(self) -> str:
        return f"{self.count} of {self.of}" if self.of else ""

    @property
    def part(self) -> float | None:
        return self.count / self.of if self.of else None


class Cell(Struct, frozen=True):
    """A number with its heading; ``part`` is its share of what it could be, 0 to 1, where that can be said."""

    head: str
    text: str
    part: float | None = None


class Numbers(Struct, frozen=True):
    """One model's answers.

    Attributes:
        characters: mean length.
        exact, parses, holds: how many, of those that can be.
        distance: mean edit distance from the wanted answers; None without any.
        wins: how many the judge found better, of those it was asked about.
        refused: questions that the service did not take.
    """

    name: str
    characters: float
    exact: Share
    distance: float | None
    parses: Share
    holds: Share
    wins: Share
    refused: int

    def cells(self) -> list[Cell]:
        """What there is to tell; without a text where there is nothing."""
        distance = "" if self.distance is None else f"{self.distance:.2f}"
        return [
            Cell("mean length", f"{self.characters:,.0f}"),
            Cell("exact", str(self.exact), self.exact.part),
            Cell("mean edit distance", distance, self.distance),
            Cell("JSON parses", str(self.parses), self.parses.part),
            Cell("schema holds", str(self.holds), self.holds.part),
            Cell("judged better", str(self.wins), self.wins.part),
            Cell("refused", str(self.refused or "")),
        ]


def summary(found: Comparison) -> tuple[Numbers, Numbers]:
    """The numbers of the base model and of the tuned one."""
    base, tuned = (_numbers(found, name, index) for index, name in enumerate((found.base, found.tuned)))
    return base, tuned


def _numbers(found: Comparison, name: str, index: int) -> Numbers:
    sides = [row.sides[index] for row in found.rows]
    measured = [side.measures for side in sides if not side.answer.refused]
    distances = [one.distance for one in measured if one.distance is not None]
    return Numbers(
        name=name,
        characters=_mean([one.characters for one in measured]) or 0.0,
        exact=_share(one.exact for one in measured),
        distance=_mean(distances),
        parses=_share(one.parses for one in measured),
        holds=_share(one.holds for one in measured),
        wins=_wins(found.rows, SIDES[index]),
        refused=len(sides) - len(measured),
    )


def _mean(numbers: Sequence[float]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None


def _share(values: Iterable[bool | None]) -> Share:
    known = [value for value in values if value is not None]
    return Share(sum(known), len(known))


def _wins(rows: Iterable[Row], side: str) -> Share:
    judged = [row.verdict.winner for row in rows if row.verdict is not None]
    return Share(judged.count(side), len(judged))  # type: ignore[arg-type]


def marks(side: Side) -> list[str]:
    """The measures of one answer, in a few words each."""
    one = side.measures
    if side.answer.refused:
        return ["refused"]
    words = [f"{one.characters:,} characters"]
    if one.distance is not None:
        distance = f"{one.distance:.2f}" if one.distance >= 0.01 else "under 0.01"
        words.append("exact" if one.exact else f"edit distance {distance}")
    if one.parses is not None:
        words.append("JSON" if one.parses else "no JSON")
    if one.holds is not None:
        words.append("schema holds" if one.holds else "schema fails")
    return [*words, "cut off"] if side.answer.finish == "length" else words
