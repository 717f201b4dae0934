"""Mistakes in YAML that parses: text that was cut, joined or changed without a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from ftlint.authoring.lines import SourceLines, clip, in_block, in_quotes
from ftlint.authoring.model import AuthoringFault

if TYPE_CHECKING:
    import yaml

_CONTROLS = {
    "0": "a null character",
    "a": "a bell",
    "b": "a backspace",
    "e": "an escape character",
    "f": "a form feed",
    "n": "a line break",
    "r": "a carriage return",
    "t": "a tab",
    "v": "a vertical tab",
    "N": "a next-line character",
    "_": "a no-break space",
    "L": "a line separator",
    "P": "a paragraph separator",
}
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|(.))", re.DOTALL)
_EATEN = re.compile(
    r"[abefv_LNP][A-Za-z]+"
    r"|t(?:imes|heta|herefore|riangle|(?:ilde|frac|ext(?:bf|it|rm|sf|tt)?)(?=\{)|au(?=[_^}$\\]))(?![A-Za-z])"
    r"|n(?:abla|eq|otin|ewcommand|ewline)(?![A-Za-z])"
    r"|r(?:ight(?:arrow)?|ho|angle|ceil|floor)(?![A-Za-z])"
)
"""What stands behind a backslash that was meant as one; the escapes of the first line have hardly another use."""
_PATH = re.compile(
    r"(?<![A-Za-z])[C-Zc-z]:(?:\\{1,2}[\w.-]+)*?"
    r"\\([abefvN_LP][\w.-]+|t(?:[\w-]+(?=\\[^n]|\.[a-z]{1,4}\b)|(?:emp|est|ools|mp)\b)|n(?:ew|ode|otes)\b|r(?:eports|elease)\b)"
)
_FOLDED = re.compile(r"(?:[-*+]|\d{1,3}[.)])[ \t]+\S|```|~~~|\||#{1,6} ")
_ANCHOR = re.compile(r"&([^\s,\[\]{}]+)")
_BEFORE = re.compile(r"(?:[&!]\S*\s+)*")


def altered_texts(text: str, path: str, file: str, texts: Iterable[yaml.ScalarNode]) -> Iterator[AuthoringFault]:
    """The faults of scalars in text positions, given with their marks, in their order; all of them are soft."""
    source = SourceLines(path, file, text)
    for node in texts:
        start, stop = node.start_mark.index, node.end_mark.index
        if node.style in (None, ""):
            yield from _cut(source, start, stop)
            yield from _lost_anchor(source, start, stop)
        elif node.style == '"':
            yield from _eaten(source, start, stop)
        elif node.style == ">":
            yield from _folded(source, start, stop)


def _cut(source: SourceLines, start: int, stop: int) -> Iterator[AuthoringFault]:
    """One space before ``#``, as in a sentence that goes on; comments on purpose stand two spaces away."""
    if start == stop or not source.text.startswith(" #", stop) or source.text.startswith(" # ftlint:", stop):
        return
    at = stop + 1
    end = source.end(at)
    label, one_line = source.label(start), source.together(start, at)
    advice = in_quotes(label, source.text[start:end]) if one_line else in_block(label)
    fix = f"{advice}; if it is a comment, put two spaces before it"
    yield source.fault("comment-cuts-text", at, end, soft=True, cut=clip(source.text[at:end]), fix=fix)


def _lost_anchor(source: SourceLines, start: int, stop: int) -> Iterator[AuthoringFault]:
    """A first word that is an anchor, which nothing refers to."""
    word = _ANCHOR.match(source.text, start, stop)
    if word and word[1] not in source.aliases:
        fix = in_quotes(source.label(start), source.text[start : source.end(start)])
        yield source.fault("reserved-first-character", start, start + 1, soft=True, char="&", fix=fix)


def _eaten(source: SourceLines, start: int, stop: int) -> Iterator[AuthoringFault]:
    r"""Escapes that were meant as the start of ``\frac``, ``C:\temp`` or ``\bword``."""
    if hits := eaten(source.text, start, stop):
        at, meant = hits[0]
        fault = partial(source.fault, "eaten-yaml-escape", at, at + 1 + len(meant), soft=True, n=len(hits))
        fix = f"write \\\\{clip(meant)}, or put the text in single quotes, where a backslash is a backslash"
        yield fault(meant=clip("\\" + meant), control=_CONTROLS[meant[0]], rest=clip(meant[1:]), fix=fix)


def eaten(text: str, start: int, stop: int) -> list[tuple[int, str]]:
    """Where the backslashes of eaten escapes stand in a scalar in double quotes, and what was meant to follow each."""
    if text.find("\\", start, stop) < 0:
        return []
    paths = {found.start(1): found[1] for found in _PATH.finditer(text, start, stop)}
    return [
        (escape.start(), meant)
        for escape in _ESCAPE.finditer(text, start, stop)
        if escape[1] in _CONTROLS and (meant := paths.get(escape.start(1)) or _meant(text, escape.start(1)))
    ]


def _meant(text: str, at: int) -> str:
    found = _EATEN.match(text, at)
    return found[0] if found else ""


def _folded(source: SourceLines, start: int, stop: int) -> Iterator[AuthoringFault]:
    """A list, a table, a heading or code whose lines ``>`` joins with the lines around them."""
    at = _BEFORE.match(source.text, start).end()  # type: ignore[union-attr]
    lines = source.text[at:stop].splitlines()[1:]
    indent = next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), 0)
    joined = [
        line[indent:].rstrip()
        for before, line, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False)
        if _FOLDED.match(line, indent)
        and (_joins(before, indent) or (line.startswith(("```", "~~~", "#"), indent) and _joins(after, indent)))
    ]
    if joined:
        mark = source.text[at : source.end(at)].split("#")[0].rstrip()
        label = source.label(at)
        fix = f"write | in place of >: {label}{mark.replace('>', '|')}"
        yield source.fault("folded-list", at, at + 1, soft=True, line=clip(joined[0]), n=len(joined), fix=fix)


def _joins(line: str, indent: int) -> bool:
    """Whether ``>`` joins a line of a block with its neighbours: it is neither empty nor indented deeper."""
    return bool(line[indent:].strip()) and not line[indent : indent + 1].isspace()
