"""The comparison as a table for a terminal: a row a conversation, then both models on the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ftlint.submit.comparison import Comparison, Row, Side
from ftlint.submit.summary import summary

WORDS = {True: "yes", False: "no", None: ""}
COLUMNS = ("characters", "exact", "distance", "JSON", "schema")


def render(found: Comparison, width: int) -> Iterator[str]:
    """The table, columns that nothing stands in left out."""
    rows = [[row.case.place, *_cells(row.base), *_cells(row.tuned), _winner(row)] for row in found.rows]
    heads = ["place", *(f"base {name}" for name in COLUMNS), *(f"tuned {name}" for name in COLUMNS), "better"]
    yield from _table(heads, rows, width)
    yield "\n"
    both = [one.cells() for one in summary(found)]
    totals = [[base.head, base.text, tuned.text] for base, tuned in zip(*both, strict=True) if base.text or tuned.text]
    yield from _table(["", "base", "tuned"], totals, width)
    yield f"\nbase: {found.base}\ntuned: {found.tuned}\n"
    if found.judge:
        yield f"judge: {found.judge}\n"


def _cells(side: Side) -> list[str]:
    one = side.measures
    if side.answer.refused:
        return ["refused", *[""] * (len(COLUMNS) - 1)]
    distance = "" if one.distance is None else f"{one.distance:.2f}"
    return [f"{one.characters:,}", WORDS[one.exact], distance, WORDS[one.parses], WORDS[one.holds]]


def _winner(row: Row) -> str:
    return row.verdict.winner or "?" if row.verdict else ""


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Left the words, right the numbers; the first column gives way where the terminal is narrow."""
    used = [index for index in range(len(heads)) if any(row[index] for row in rows)]
    lines = [[line[index] for index in used] for line in (heads, *rows)]
    if len(used) > 3:  # two lines of headings where they are many
        tops = [head.partition(" ") for head in lines[0]]
        lines[:1] = [[top for top, _, _ in tops], [rest for _, _, rest in tops]]
    sizes = [max(map(len, column)) for column in zip(*lines, strict=True)]
    sizes[0] = min(sizes[0], max(20, width - sum(sizes[1:]) - 2 * len(sizes)))
    for line in lines:
        first = line[0] if len(line[0]) <= sizes[0] else "…" + line[0][1 - sizes[0] :]
        rest = (cell.rjust(size) for cell, size in zip(line[1:], sizes[1:], strict=True))
        yield "  ".join([first.ljust(sizes[0]), *rest]).rstrip() + "\n"
