"""What conversations of a comparison are picked out and sorted by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ftlint.submit.comparison import Row


def loss(row: Row) -> float:
    """How much farther from what is wanted the tuned model is than the base; 0 where that cannot be said."""
    base, tuned = (side.measures.distance for side in row.sides)
    return 0.0 if base is None or tuned is None else tuned - base


def refused(row: Row) -> bool:
    return any(side.answer.refused for side in row.sides)


def _winner(row: Row) -> str:
    return row.verdict.winner if row.verdict else ""


KINDS: Mapping[str, Callable[[Row], bool]] = {
    "tuned judged better": lambda row: _winner(row) == "tuned",
    "base judged better": lambda row: _winner(row) == "base",
    "judged a tie": lambda row: _winner(row) == "tie",
    "tuned closer to what is wanted": lambda row: loss(row) < 0,
    "base closer to what is wanted": lambda row: loss(row) > 0,
    "tuned not exact": lambda row: row.tuned.measures.exact is False,
    "tuned no JSON, or not to the schema": lambda row: False in (row.tuned.measures.parses, row.tuned.measures.holds),
    "both say the same": lambda row: row.base.answer.text == row.tuned.answer.text and not refused(row),
    "refused": refused,
    "cut off": lambda row: any(side.answer.finish == "length" for side in row.sides),
}
ORDERS: Mapping[str, tuple[str, Callable[[Row], float]]] = {
    "far": ("tuned farthest from what is wanted", lambda row: row.tuned.measures.distance or 0.0),
    "lost": ("tuned loses most to base", loss),
    "long": ("longest answers", lambda row: max(side.measures.characters for side in row.sides)),
}
"""By the attribute that holds it, the largest first."""


def kinds(row: Row) -> Iterator[int]:
    """The kinds that a row is of, by their numbers."""
    return (number for number, is_so in enumerate(KINDS.values()) if is_so(row))
