"""A YAML text as its author sees it: lines, keys and labels, and lines written as they should be."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from ftlint.authoring.model import AuthoringFault, Place
from ftlint.authoring.source import SourceText
from ftlint.model import Scalar
from ftlint.yamltree.words import printable

TEXT_KEYS = frozenset("user assistant system developer preferred rejected prompt completion result note".split())
"""Keys whose value is text in the first place."""
KEYS = TEXT_KEYS | frozenset(
    "defaults examples turns call calls args results weight images name tools id tags split group meta repeat".split()
    + "reference whitespace parallel_tool_calls file".split()
)
"""All keys of the authoring format; those of tool arguments and schemas are anybody's."""

_KEY_LINE = re.compile(rf" *(?:- +)*({'|'.join(sorted(KEYS))})[ \t]*(?::|$)", re.MULTILINE)
_LABEL = re.compile(r" *(?:- +)*")
_MOST = 40


@dataclass(eq=False)
class SourceLines(SourceText):
    """A source text by its lines: what they start with, and where they end."""

    @cached_property
    def aliases(self) -> frozenset[str]:
        """Every word behind a ``*``, of which some may be aliases."""
        return frozenset(re.findall(r"\*([^\s,\[\]{}]+)", self.text))

    def start(self, at: int) -> int:
        """Where the line of a character starts."""
        return self.starts[bisect_right(self.starts, at) - 1]

    def end(self, at: int) -> int:
        """Where the line of a character ends, white space at its end left out; not before the character."""
        line = bisect_right(self.starts, at)
        stop = self.starts[line] if line < len(self.starts) else len(self.text)
        return at + len(self.text[at:stop].rstrip())

    def column(self, at: int) -> int:
        """How many characters stand before this one in its line."""
        return at - self.start(at)

    def indent(self, at: int) -> int:
        """By how many spaces the line of a character is indented."""
        line = self.text[self.start(at) : self.end(self.start(at))]
        return len(line) - len(line.lstrip(" "))

    def together(self, one: int, other: int) -> bool:
        """Whether two characters stand on one line."""
        return self.start(one) == self.start(other)

    def key(self, at: int) -> str:
        """The key of the format that the line of a character starts with, or nothing."""
        found = _KEY_LINE.match(self.text, self.start(at))
        return found[1] if found else ""

    def label(self, at: int) -> str:
        """What stands before a value on its line, without indentation and dashes: ``user: ``."""
        start = self.start(at)
        found = _LABEL.match(self.text, start, at)
        return self.text[found.end() if found else start : at].lstrip()

    def fault(self, rule: str, start: int, stop: int, soft: bool = False, **values: Scalar) -> AuthoringFault:
        """A fault of the characters ``[start, stop)``; texts among the values are made printable."""
        start, stop = (min(at, len(self.text)) - (self.text[at - 1 : at + 1] == "\r\n") for at in (start, stop))
        place = Place(self.path, self.file, *self.point(start), *self.point(stop))
        shown = {name: printable(value) if isinstance(value, str) else value for name, value in values.items()}
        return AuthoringFault(rule, place, shown, soft)


def clip(text: str, most: int = _MOST) -> str:
    """The start of a text, for a message."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def quoted(text: str) -> str:
    """A text of one line as a YAML scalar in quotes."""
    if "'" in text and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def in_quotes(label: str, text: str) -> str:
    """The advice to write a text of one line in quotes, behind its label."""
    return f"put the text in quotes: {label}{quoted(clip(text))}"


def in_block(label: str) -> str:
    """The advice to write a text of several lines as a block."""
    return f'write "{label.rstrip()} |" and start the text on the next line, all its lines indented alike'
