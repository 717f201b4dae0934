"""A unified diff as people read it on a terminal: lines cut to what changed in them, which stands out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, zip_longest

import click

from ftlint.fixes.change import alike
from ftlint.render.parts.visible import visible

BEFORE = 30
"""Characters shown before a change."""
SIGNS = {"-": "red", "+": "green"}


def changes(diff: str, width: int) -> Iterator[str]:
    """The lines of a diff or of a part of it, at most about ``width`` characters each, in colours."""
    rows = diff.split("\n")[:-1]
    while rows and not diff.startswith("@@"):
        head, _, diff = diff.partition("\n")
        yield click.style(visible(head), bold=True)
        rows = rows[1:]
    for is_change, group in groupby(rows, _is_change):
        lines = list(group)
        yield from _changed(lines, width) if is_change else [_plain(line, width) for line in lines]


def _is_change(row: str) -> bool:
    return row[:1] in SIGNS


def _plain(row: str, width: int) -> str:
    text = visible(_cut(row, width))
    return click.style(text, fg="cyan") if row.startswith("@@") else click.style(text, dim=True)


def _changed(rows: list[str], width: int) -> Iterator[str]:
    """The lines that went and those that came, of which the first belongs to the first, and so on."""
    old, new = ([row[1:] for row in rows if row[0] == sign] for sign in SIGNS)
    shown = [_pair(gone, come, width) for gone, come in zip_longest(old, new)]
    yield from (gone for gone, _ in shown if gone)
    yield from (come for _, come in shown if come)


def _pair(gone: str | None, come: str | None, width: int) -> tuple[str, str]:
    """A line before and after, cut to where they differ; a line without the other is all new or all gone."""
    if gone is None or come is None:
        return _row("-", gone, 0, 0, width), _row("+", come, 0, 0, width)
    start, same = alike(gone, come)
    return _row("-", gone, start, same, width), _row("+", come, start, same, width)


def _row(sign: str, text: str | None, start: int, same: int, width: int) -> str:
    if text is None:
        return ""
    stop, first = len(text) - same, max(0, start - BEFORE)
    pieces = (text[first:start], text[start:stop], text[stop:])
    room = width - 2
    shown = []
    for piece, is_new in zip(pieces, (False, True, False), strict=True):
        part = visible(_cut(piece, room))
        room -= len(part)
        shown.append(click.style(part, fg=SIGNS[sign], bold=is_new, reverse=is_new and part.isspace()))
    return click.style(sign + ("…" if first else ""), fg=SIGNS[sign]) + "".join(shown)


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 1, 0)] + "…" * (room > 0)
