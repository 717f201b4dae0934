"""What is wrong with text that is not YAML, in words for its author rather than for the author of a parser."""

from __future__ import annotations

import re

_UNCLOSED = "is opened here and not closed, or a comma is missing: close it, or quote the text"
_STRAY = "text after a closing quote, or a wrong indentation: quote the whole text, or align the key"
_WORDS: tuple[tuple[str, bool, str], ...] = (
    ("character that cannot start any token", False, 'text cannot start with "{char}": put the text in quotes'),
    ("values are not allowed", False, 'a second ": " or a wrong indentation: quote the text, or align the key'),
    ("not find expected ':'", True, 'a key without ": ": add it, or indent the line if it belongs to the text above'),
    ("unexpected end of stream", True, "a quote is opened here and never closed: close it"),
    ("expected ',' or ']'", True, f"a list {_UNCLOSED}"),
    ("expected ',' or '}'", True, f"a mapping {_UNCLOSED}"),
    ("expected '-' indicator", False, 'a list goes on without "- ": start the line with it, or change its indentation'),
    ("expected <block end>", False, _STRAY),
    ("expected key", False, _STRAY),
    ("undefined alias", False, "an alias of an anchor that is not there: quote text that starts with *"),
    ("unknown escape character", False, "a backslash in double quotes is an escape: use single quotes, or write \\\\"),
    ("expected comment or line break", False, "text on the line of | or >: start it on the next line"),
    ("another document", False, "a second document: keep one, and remove the line ---"),
    ("second occurrence", False, "an anchor of this name was there before: rename one"),
)
"""Part of the parser's words; whether the place is where the thing began; what to say."""
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAB = re.compile(r" *(\t)\s*\S")


def explain(error: Exception, text: str) -> tuple[int, str]:
    """The index of the character at fault and words, for an error that PyYAML raised on ``text``."""
    bad = _UNPRINTABLE.search(text)
    if bad:
        words = f"the character U+{ord(bad[0]):04X} cannot stand in YAML: remove it, or escape it in double quotes"
        return bad.start(), words
    mark = getattr(error, "problem_mark", None)
    index = mark.index if mark else 0
    problem = str(getattr(error, "problem", None) or error)
    start = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
    tab = _TAB.match(text, start)
    if tab and "character" in problem:
        return tab.start(1), "a tab is used as indentation: use spaces"
    for part, began, words in _WORDS:
        if part in problem:
            context = getattr(error, "context_mark", None) if began else None
            return context.index if context else index, words.replace("{char}", text[index : index + 1])
    return index, f"this is not valid YAML: {problem}"


def printable(words: str) -> str:
    """Words that may quote any text, on one line and without codes that a terminal obeys."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in words)
