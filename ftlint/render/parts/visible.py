"""Text as a terminal may show it: nothing that hides or moves the cursor, measured in cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from unicodedata import category, east_asian_width

from ftlint.model import Severity

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
JOINERS = frozenset("\u200c\u200d")
"""Format characters that scripts and emoji need inside words, and that do no harm."""

COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}

Paint = Callable[..., str]
"""Styles a text; takes the keywords of ``click.style``."""


def glyph(char: str) -> str:
    """One character as it is shown: itself, a control picture (``␛``) or its code point (``<U+202E>``)."""
    if char.isprintable() or char in JOINERS or category(char) not in HIDDEN:
        return char
    if char < " ":
        return chr(ord("␀") + ord(char))
    return "␡" if char == "\x7f" else f"<U+{ord(char):04X}>"


def visible(text: str) -> str:
    """The text on one line, with control, bidirectional and other hidden characters made visible."""
    return text if text.isprintable() else "".join(map(glyph, text))


def cells(text: str) -> int:
    """How many terminal cells a visible text takes: two a wide character, none a combining mark."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def _cell(char: str) -> int:
    if char in JOINERS or category(char) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def clip(text: str, room: int) -> str:
    """A visible text, cut with … where it takes more cells than there is room."""
    if cells(text) <= room:
        return text
    text = text[:room]
    while text and cells(text) >= room:
        text = text[:-1]
    return f"{text}…"


def wrap(text: str, width: int, indent: str = "", first: str | None = None) -> Iterator[str]:
    """The visible text in lines of at most ``width`` cells; words stay whole, that a path can be copied."""
    line, empty = indent if first is None else first, True
    for word in visible(text).split(" "):
        if not empty and cells(line) + 1 + cells(word) > width:
            yield line
            line, empty = indent, True
        line, empty = line + ("" if empty else " ") + word, False
    yield line


def painter(color: bool) -> Paint:
    """What styles text, or leaves it alone."""
    if not color:
        return lambda text, **_: text
    from click import style

    return style
