"""A table for a terminal: columns as wide as their cells, numbers to the right, styles that take no room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from ftlint.render.parts.visible import Paint, cells, clip, visible

GAP = "  "


class Cell(Struct, frozen=True):
    """A text, and the keywords of ``click.style`` that it is painted with."""

    text: str
    style: Mapping[str, object] = {}


Given = Cell | str


def table(
    rows: Sequence[Sequence[Given]], align: str, paint: Paint, heads: Sequence[str] = (), width: int = 0
) -> Iterator[str]:
    """The lines of a table, indented; ``align`` has ``<`` or ``>`` for each column.

    An empty row is a rule. With a ``width`` the first column is cut to make the table fit.
    """
    shown = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
    shown = [[Cell(visible(cell.text), cell.style) for cell in row] for row in shown]
    if heads:
        shown.insert(0, [Cell(head, {"dim": True}) for head in heads])
    widths = [max((cells(row[at].text) for row in shown if row), default=0) for at in range(len(align))]
    spare = width - sum(widths) - len(GAP) * len(widths)
    if width and spare < 0:
        widths[0] = max(12, widths[0] + spare)
    for row in shown:
        if row:
            yield (GAP + GAP.join(_cells(row, widths, align, paint))).rstrip() + "\n"
        else:
            yield GAP + paint("─" * (sum(widths) + len(GAP) * (len(widths) - 1)), dim=True) + "\n"


def _cells(row: Sequence[Cell], widths: Sequence[int], align: str, paint: Paint) -> Iterator[str]:
    for cell, width, side in zip(row, widths, align, strict=True):
        text = clip(cell.text, width)
        room = " " * (width - cells(text))
        painted = paint(text, **cell.style) if cell.style and text else text
        yield room + painted if side == ">" else painted + room
