"""A text and its places: characters, lines and columns of a YAML file or of a file that it includes."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ftlint.authoring.model import Place, Style
from ftlint.model import Position

_BLANK = " \t\r\n"
_ENDS = re.compile(r"\r\n?|\n")
_NEWLINE = re.compile("\n")
_STYLES: dict[Any, Style] = {None: "plain", "": "plain", "'": "'", '"': '"', "|": "|", ">": ">"}


@dataclass
class SourceText:
    r"""A text, without byte order mark: ``path`` is shown to the user, ``file`` is opened.

    Only ``\n``, ``\r\n`` and ``\r`` end its lines, as editors count them.
    """

    path: str
    file: str
    text: str

    @cached_property
    def starts(self) -> list[int]:
        ends = _ENDS if "\r" in self.text else _NEWLINE
        return [0, *[end.end() for end in ends.finditer(self.text)]]

    def point(self, index: int) -> tuple[int, int]:
        """Line and column of a character, both from 1."""
        line = bisect_right(self.starts, index)
        return line, index - self.starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The character at a line and column."""
        return self.starts[line - 1] + column - 1

    def line(self, number: int) -> str:
        """The text of a line, without its end."""
        stop = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : stop].rstrip("\r\n")

    def place(self, start: int, stop: int, style: Style) -> Place:
        """The place of some characters, without white space at their end."""
        while stop > start and self.text[stop - 1] in _BLANK:
            stop -= 1
        return Place(self.path, self.file, *self.point(start), *self.point(stop), style)

    def blank_end(self, index: int) -> int:
        """The end of the white space at a character."""
        while index < len(self.text) and self.text[index] in _BLANK:
            index += 1
        return index

    def shown(self, start: int, stop: int) -> Position:
        """A position for some characters: to the end of their first line where they cross lines."""
        line, column = self.point(start)
        text = self.line(line)
        return Position(self.path, line, column, min(column + max(stop - start, 0), len(text) + 1), text)


Site = tuple[SourceText, int, int, Style]
"""Where a value stands, before anybody asks for lines and columns: characters ``[start, stop)`` of a source."""


def place(site: Site) -> Place:
    """The lines and columns of a site."""
    return site[0].place(*site[1:])


def site(source: SourceText, node: Any) -> Site:
    """The characters of a node; blocks end with their last value, and not before the next token."""
    start: int = node.start_mark.index
    if node.id == "scalar":
        return source, start, node.end_mark.index, _STYLES[node.style]
    stop = 0
    last = node
    while last.id != "scalar" and not last.flow_style and last.value:
        last = last.value[-1]
        if type(last) is tuple:
            key, last = last
            stop = max(stop, key.end_mark.index)
    stop = max(stop, last.end_mark.index)
    return source, start, stop if stop > start else node.end_mark.index, "node"


def whole(source: SourceText) -> Site:
    """The whole text of an included file."""
    return source, 0, len(source.text), "file"
