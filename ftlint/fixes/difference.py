"""The unified diff of two versions of a file, line by line and in bounded memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import IO

from ftlint.ci import repository
from ftlint.fixes.masking import Mask, Row
from ftlint.sources.globs import below

CONTEXT = 3
WINDOW = 400
"""Lines of each version that are held against one another at a time."""


def start(files: Iterable[str]) -> str:
    """The folder that names in diffs start from: the current one, the top of its repository, or above all files."""
    here, real = os.path.realpath(os.curdir), [os.path.realpath(file) for file in files]
    folders = (here, repository(), *(str(folder) for file in real[:1] for folder in Path(file).parents))
    return next((folder for folder in folders if all(below(file, folder) for file in real)), here)


def difference(name: str, old: Path, new: Path, mask: Mask) -> Iterator[str]:
    """The diff as ``git apply`` reads it, but for what the mask hides.

    Bytes that are not UTF-8 are lone surrogates (``surrogateescape``).
    """
    with old.open("rb") as before, new.open("rb") as after:
        hunks = (_hunk(mask.hide(rows), start) for rows, start in _hunks(mask.watch(_tagged(before, after))))
        first = next(hunks, None)
        if first is not None:
            yield f"--- {_quoted(f'a/{name}')}\n+++ {_quoted(f'b/{name}')}\n"
            yield first
            yield from hunks


def _quoted(name: str) -> str:
    """A name as git writes it: a tab ends one with spaces, one with odd characters is quoted in octal escapes."""
    if name.isprintable() and not {'"', "\\"} & set(name):
        return name + "\t" * (" " in name)
    plain = set(range(0x20, 0x7F)) - set(b'"\\')
    return '"' + "".join(chr(byte) if byte in plain else f"\\{byte:03o}" for byte in os.fsencode(name)) + '"'


def _tagged(before: IO[bytes], after: IO[bytes]) -> Iterator[Row]:
    """Every line of both versions: what is alike goes by at once, the rest a window at a time."""
    old: deque[bytes] = deque()
    new: deque[bytes] = deque()
    while _fill(old, before, 1) | _fill(new, after, 1):
        if old and new and old[0] == new[0]:
            yield Row(" ", _text(old.popleft()))
            new.popleft()
            continue
        _fill(old, before, WINDOW)
        _fill(new, after, WINDOW)
        yield from _window(old, new)


def _fill(lines: deque[bytes], stream: IO[bytes], most: int) -> bool:
    while len(lines) < most and (line := stream.readline()):
        lines.append(line)
    return bool(lines)


def _window(old: deque[bytes], new: deque[bytes]) -> Iterator[Row]:
    """The changes up to the last line that both windows hold; all of both where they hold none."""
    blocks = SequenceMatcher(None, list(old), list(new), autojunk=False).get_opcodes()
    last = max((index for index, block in enumerate(blocks) if block[0] == "equal"), default=len(blocks) - 1)
    for what, first, stop, begin, end in blocks[: last + 1]:
        for _ in range(first, stop):
            line = old.popleft()
            yield Row(" " if what == "equal" else "-", _text(line))
        for _ in range(begin, end):
            line = new.popleft()
            if what != "equal":
                yield Row("+", _text(line))


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


Hunk = tuple[list[Row], tuple[int, int]]
"""Changes with three lines around them, and where that starts in both versions."""


def _hunks(rows: Iterable[Row]) -> Iterator[Hunk]:
    before: deque[Row] = deque(maxlen=CONTEXT)
    hunk: list[Row] | None = None
    quiet, numbers = 0, [1, 1]
    start = (1, 1)
    for row in rows:
        if row.tag == " ":
            quiet += 1
            if hunk is not None and quiet > 2 * CONTEXT:
                yield hunk[: len(hunk) - CONTEXT], start
                before.extend(hunk[-CONTEXT:])
                hunk = None
        else:
            if hunk is None:
                start = numbers[0] - len(before), numbers[1] - len(before)
                hunk = list(before)
            quiet = 0
        (before if hunk is None else hunk).append(row)
        numbers[0] += row.tag != "+"
        numbers[1] += row.tag != "-"
    if hunk is not None:
        yield hunk[: len(hunk) - max(quiet - CONTEXT, 0)], start


def _hunk(rows: list[Row], start: tuple[int, int]) -> str:
    old, new = (sum(row.tag != other for row in rows) for other in "+-")
    first, second = (at if count else at - 1 for at, count in zip(start, (old, new), strict=True))
    return f"@@ -{first},{old} +{second},{new} @@\n" + "".join(map(_shown, rows))


def _shown(row: Row) -> str:
    ending = "" if row.text.endswith("\n") else "\n\\ No newline at end of file\n"
    return row.tag + row.text + ending
