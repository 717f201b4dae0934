"""A table for a terminal: columns as wide as their cells, numbers to the right, styles that take no room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from ftlint.render.parts.visible import Paint, cells, clip, visible

GAP = "  "
LEAST = 20
"""Cells that the first column keeps; where that is too wide, it has lines of its own."""


class Cell(Struct, frozen=True):
    """A text, and the keywords of ``click.style`` that it is painted with."""

    text: str
    style: Mapping[str, object] = {}


Given = Cell | str


def table(
    rows: Sequence[Sequence[Given]], align: str, paint: Paint, heads: Sequence[str] = (), width: int = 0
) -> Iterator[str]:
    """The lines of a table, indented; ``align`` has ``<`` or ``>`` for each column.

    An empty row is a rule. To fit a ``width`` columns come closer, and the first one is cut or stands above the others;
    where that is too wide still, each number has a line of its own, behind the head of its column.
    """
    shown = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
    shown = [[Cell(visible(cell.text), cell.style) for cell in row] for row in shown]
    if heads:
        shown.insert(0, [Cell(head, {"dim": True}) for head in heads])
    widths = [max((cells(row[at].text) for row in shown if row), default=0) for at in range(len(align))]
    gap = GAP if not width or _span(widths, GAP) <= width else " "
    spare = width - _span(widths, gap) if width else 0
    is_stacked = widths[0] + spare < min(LEAST, widths[0])
    if is_stacked:
        rest, align = widths[1:], align[1:]
        if heads and _span(rest, " ") + 1 > width:
            yield from _folded(shown[1:], [visible(head) for head in heads[1:]], paint, width)
            return
        gap = GAP if _span(rest, GAP) + len(GAP) <= width else " "
        indent = GAP + gap
    else:
        rest, indent = [widths[0] + min(0, spare), *widths[1:]], GAP
    for at, row in enumerate(shown):
        if not row:
            yield GAP + paint("─" * (_span(rest, gap) + len(indent) - 2 * len(GAP)), dim=True) + "\n"
            continue
        if is_stacked and not (heads and at == 0):
            yield GAP + "".join(_cells(row[:1], [width - len(GAP)], "<", paint)).rstrip() + "\n"
        yield (indent + gap.join(_cells(row[is_stacked:], rest, align, paint))).rstrip() + "\n"


def _folded(rows: Sequence[Sequence[Cell]], heads: Sequence[str], paint: Paint, width: int) -> Iterator[str]:
    """The first cell of each row, and below it, behind its head, each of the others that has a text."""
    headed = [cell.text for row in rows for head, cell in zip(heads, row[1:], strict=False) if head]
    last = max(map(cells, headed), default=0)
    right = min(width, max(map(_depth, rows)) + max(map(cells, heads)) + len(GAP) + last)
    for row in rows:
        if not row:
            yield GAP + paint("─" * (right - len(GAP)), dim=True) + "\n"
            continue
        depth = _depth(row)
        yield GAP + "".join(_cells(row[:1], [width - len(GAP)], "<", paint)).rstrip() + "\n"
        for head, cell in zip(heads, row[1:], strict=True):
            named, widths = [Cell(head, {"dim": True}), cell], [right - depth - len(GAP) - last, last]
            pair = _cells(named, widths, "<>", paint) if head else _cells([cell], [cells(cell.text)], "<", paint)
            if cell.text:
                yield " " * depth + GAP.join(pair) + "\n"


def _depth(row: Sequence[Cell]) -> int:
    """How far the numbers of a row are indented below its first cell."""
    return 2 * len(GAP) + len(row[0].text) - len(row[0].text.lstrip()) if row else 0


def _span(widths: Sequence[int], gap: str) -> int:
    """The cells of a line of such columns, indented."""
    return len(GAP) + sum(widths) + len(gap) * (len(widths) - 1)


def _cells(row: Sequence[Cell], widths: Sequence[int], align: str, paint: Paint) -> Iterator[str]:
    for cell, width, side in zip(row, widths, align, strict=True):
        text = clip(cell.text, width)
        room = " " * (width - cells(text))
        painted = paint(text, **cell.style) if cell.style and text else text
        yield room + painted if side == ">" else painted + room
