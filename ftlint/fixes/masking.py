"""What a diff hides, each character as a dot: secrets, and addresses where a rule finds them, in any spelling."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ftlint.checks.secrets import Secret, secrets

DOT = "•"
Finder = Callable[[str], Iterable[Secret]]
"""What finds the parts of a text that nobody is to see."""

_SPELT = re.compile(
    r"\\+(?:\r?\n[ \t]*+|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|U000[0-9a-fA-F]{5}|.)|[ \t]*+\r?\n[ \t]*+", re.DOTALL
)
"""What may stand for another character than itself: escapes (of escapes, too), and line ends."""

_MEANT = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "\r": "", "\n": ""}
_BEGINS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY(?!.*-----END)", re.DOTALL)
_BODY = re.compile(r"\s*(?:[A-Za-z0-9+/=]*|-----END [A-Z -]*)[\"',}\]\s]*|\s*[\w-]+:.*\s*")
"""A line inside a private key, or its last."""


class Row(NamedTuple):
    """A line of a diff and what became of it: ``" "`` it stayed, ``"-"`` it went, ``"+"`` it came.

    ``body`` says that it stands inside a private key that began on an earlier line.
    """

    tag: str
    text: str
    body: bool = False


def masked(text: str, find: Finder = secrets) -> str:
    """A text with a dot for each character of its secrets; line ends stay."""
    at, parts = 0, []
    for start, stop in sorted(hidden(text, find)):
        if stop > at:
            parts += [text[at : max(start, at)], re.sub(r"[^\r\n]", DOT, text[max(start, at) : stop])]
            at = stop
    return "".join([*parts, text[at:]])


def hidden(text: str, find: Finder = secrets) -> Iterator[tuple[int, int]]:
    """Where a text has secrets: as it stands, and as it reads without escapes and folded lines; they may overlap."""
    if "\0" in text:  # of UTF-16 or UTF-32
        kept = [place for place, char in enumerate(text) if char != "\0"]
        yield from ((kept[start], kept[stop - 1] + 1) for start, stop in hidden(text.replace("\0", ""), find))
        return
    yield from ((secret.start, secret.stop) for secret in find(text))
    parts, said, at = list[str](), [0], [0]  # where what something stands for ends, and where it ends itself
    for match in _SPELT.finditer(text):
        before, meant = text[at[-1] : match.start()], _said(match[0])
        parts += [before, meant]
        said.append(said[-1] + len(before) + len(meant))
        at.append(match.end())
    for secret in find("".join([*parts, text[at[-1] :]])) if parts else ():
        start, stop = (bisect_right(said, place) - 1 for place in (secret.start, secret.stop))
        yield at[start] + secret.start - said[start], at[stop] + secret.stop - said[stop]


def _said(spelt: str) -> str:
    """What an escape or a line end stands for: nothing, or one character."""
    code = spelt.lstrip("\\")
    if code == spelt:
        return " "
    if len(code) > 1 and code[0] in "xuU":
        return chr(int(code[1:], 16))
    return _MEANT.get(code[:1], code[:1])


class Mask:
    """What hides the secrets of one file's diff, as ``find`` finds them; ``lines`` counts the lines with dots."""

    def __init__(self, find: Finder = secrets) -> None:
        self.lines, self.find = 0, find

    def watch(self, rows: Iterable[Row]) -> Iterator[Row]:
        """All lines of both versions in order, those marked that stand inside a private key of several lines."""
        inside = dict.fromkeys("-+", False)
        for row in rows:
            body = False
            for side in "-+" if row.tag == " " else row.tag:
                if inside[side] and _BODY.fullmatch(row.text):
                    body, inside[side] = True, "-----END" not in row.text
                else:
                    inside[side] = "PRIVATE KEY" in row.text and _BEGINS.search(row.text) is not None
            yield row._replace(body=True) if body else row

    def hide(self, rows: list[Row]) -> list[Row]:
        """The lines of a hunk without secrets.

        No dot is ever applied: where a line that comes has one, those that go have some, and fit no file.
        """
        texts = [_dots(row.text) if row.body else row.text for row in rows]
        for other in "-+":
            chosen = [index for index, row in enumerate(rows) if row.tag != other]
            whole = masked("".join(rows[index].text for index in chosen), self.find)
            for index, line in zip(chosen, whole.split("\n"), strict=False):
                texts[index] = _both(texts[index], line)
        changed = {row.tag for row, text in zip(rows, texts, strict=True) if row.text != text}
        if "+" in changed and "-" not in changed:
            gone = "-" if any(row.tag == "-" for row in rows) else " "
            texts = [_dots(text) if row.tag == gone else text for row, text in zip(rows, texts, strict=True)]
        self.lines += sum(row.text != text for row, text in zip(rows, texts, strict=True))
        return [row._replace(text=text) for row, text in zip(rows, texts, strict=True)]


def _dots(line: str) -> str:
    return re.sub(r"[^\s]", DOT, line)


def _both(one: str, other: str) -> str:
    """A line with the dots of two versions of it."""
    if one.startswith(other):
        return one
    pairs = zip(one, other, strict=False)
    return "".join(DOT if DOT in pair else pair[0] for pair in pairs) + one[len(other) :]
