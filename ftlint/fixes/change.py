"""What a fix changes in one line, as far as a report may hold it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from ftlint.fixes.edit import rewrite
from ftlint.model import Edit
from ftlint.shape import BOM

SHOWN = 60
"""Characters of a fix that a report holds."""

MARK = BOM.decode()


class Change(Struct, frozen=True):
    """``text`` in place of the characters ``[column, end_column)`` of a line, from 1."""

    column: int
    end_column: int
    text: str


def change(old: str, edits: Sequence[Edit]) -> Change | None:
    """What edits write in a line; None where they write nothing, a secret, or more than a report should hold."""
    from ftlint.fixes.masking import hidden

    mark = MARK if old.startswith(MARK) else ""
    try:
        new = mark + rewrite(old.removeprefix(mark), edits) if edits else old
    except ValueError:
        return None
    start, same = alike(old, new)
    stop = len(new) - same
    if old == new or stop - start > SHOWN or any(first < stop and last > start for first, last in hidden(new)):
        return None
    return Change(start + 1, len(old) - same + 1, new[start:stop])


def alike(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts begin with alike, and how many of the rest they end with alike."""
    start = _prefix(old, new)
    return start, _prefix(old[start:][::-1], new[start:][::-1])


def _prefix(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (first, second) in pairs if first != second), min(len(one), len(other)))
