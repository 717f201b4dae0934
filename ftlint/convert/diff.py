"""A short unified diff of two files of long lines: only what differs, and of a line only the part that does."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest

WIDTH = 160
"""Characters of a line that are shown, ``BEFORE`` of them before the first that differs."""
BEFORE = 40
COMPARED = 200
"""Lines from the first difference on that are compared one by one."""
SHOWN = 20
"""Lines that are shown."""


def short_diff(old: bytes, new: bytes, name: str) -> Iterator[str]:
    """The lines of the diff, without line ends; nothing where the files are equal."""
    if old == new:
        return
    before, after = (data.decode("utf-8", "replace").split("\n") for data in (old, new))
    pairs = enumerate(zip_longest(before, after))
    start = next((index for index, (one, other) in pairs if one != other), 0)
    changes = list(_changes(before[start : start + COMPARED], after[start : start + COMPARED], start + 1))
    yield from (f"--- {name}", f"+++ {name} (as the sources give it)", *changes[:SHOWN])
    if len(changes) > SHOWN or max(len(before), len(after)) > start + COMPARED:
        yield f"… (in all {_count(old):,} lines before, {_count(new):,} after)"


def _count(data: bytes) -> int:
    return data.count(b"\n") + (not data.endswith(b"\n") and data != b"")


def _changes(before: list[str], after: list[str], first: int) -> Iterator[str]:
    """Hunks without context; the line numbers start at ``first``."""
    for tag, i, i_end, j, j_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield f"@@ -{first + i},{i_end - i} +{first + j},{j_end - j} @@"
            pairs = list(zip_longest(before[i:i_end], after[j:j_end]))
            yield from (f"-{_part(one, other)}" for one, other in pairs if one is not None)
            yield from (f"+{_part(other, one)}" for one, other in pairs if other is not None)


def _part(text: str, other: str | None) -> str:
    """The part of a line around its first difference from another, safe to print."""
    differ = (index for index, pair in enumerate(zip(text, other or "", strict=False)) if pair[0] != pair[1])
    start = max(next(differ, min(len(text), len(other or ""))) - BEFORE, 0)
    cut = text[start : start + WIDTH]
    safe = "".join(char if char.isprintable() else repr(char)[1:-1] for char in cut)
    return ("…" if start else "") + safe + ("…" if start + WIDTH < len(text) else "")
