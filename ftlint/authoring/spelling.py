"""How the source of a YAML scalar spells its text, character by character."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ftlint.authoring.model import Style

Piece = tuple[str, int, int]
"""A piece of text and the characters ``[start, stop)`` that spell it: one for one, or all of them together."""

_PROPERTY = re.compile(r"(?:&\S+[ \t\r\n]*)+")
_BREAK = re.compile(r"\r\n?|\n")
_BREAKS = r"(?:(?:\r\n?|\n)[ \t]*+)"
_FOLD = rf"[ \t]++{_BREAKS}*+|{_BREAKS}++"
_ESCAPE = rf"\\(?:x[0-9a-fA-F]{{2}}|u[0-9a-fA-F]{{4}}|U[0-9a-fA-F]{{8}}|{_BREAKS}++|.)"
_TOKENS = {
    "plain": re.compile(_FOLD),
    "'": re.compile(rf"''|{_FOLD}"),
    '"': re.compile(rf"{_ESCAPE}|{_FOLD}", re.DOTALL),
    "file": re.compile("\r\n"),
}
_ROW = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_INDENT = re.compile(r"^( *)[^ \r\n]", re.MULTILINE)
_ESCAPES = dict(zip('0abtnvfre "/\\N_LP\t', '\0\a\b\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029\t', strict=True))


def locate(pieces: Iterator[Piece], first: int, last: int) -> tuple[int, int] | None:
    """The source of the characters ``[first, last)`` of a text; None where it has no such characters."""
    found: int | None = None
    end = at = 0
    for piece, start, stop in pieces:
        alike = len(piece) == stop - start
        if found is None and first < at + len(piece):
            found = start + first - at if alike else start
        if last > at:
            end = min(start + last - at, stop) if alike else stop
        at += len(piece)
        if found is not None and last <= at:
            break
    return None if found is None else (found, max(end, found))


def pieces(text: str, start: int, stop: int, style: Style, said: str) -> Iterator[Piece]:
    r"""The text that a scalar spells, piece by piece; nothing for what is no scalar.

    Args:
        text: what holds the scalar.
        start, stop: the scalar with its quotes, or from its ``|`` or ``>`` on; an anchor may come before it.
        style: how it is written; ``file`` for an included text, whose line ends were made ``\n``.
        said: what the scalar says, which tells the indentation of a block; its final line ends may lack.
    """
    if style == "node":
        return iter(())
    if style != "file" and (properties := _PROPERTY.match(text, start, stop)):
        start = properties.end()
    if style in ("|", ">"):
        return _rows(text, start, stop, said, folded=style == ">")
    edge = style in ("'", '"')
    return _tokens(text, start + edge, stop - edge, _TOKENS[style])


def _tokens(text: str, start: int, stop: int, pattern: re.Pattern[str]) -> Iterator[Piece]:
    for token in pattern.finditer(text, start, stop):
        if token.start() > start:
            yield text[start : token.start()], start, token.start()
        yield ("\n" if pattern is _TOKENS["file"] else _said(token[0])), *token.span()
        start = token.end()
    if start < stop:
        yield text[start:stop], start, stop


def _said(token: str) -> str:
    """What an escape, a doubled quote, or white space with line ends stands for."""
    breaks = len(_BREAK.findall(token))
    if token[0] == "\\":
        code = token[2:]
        return chr(int(code, base=16)) if code and not breaks else "\n" * (breaks - 1) or _ESCAPES.get(token[1], "")
    if token[0] == "'":
        return "'"
    return "\n" * (breaks - 1) or " " if breaks else token


def _rows(text: str, start: int, stop: int, said: str, *, folded: bool) -> Iterator[Piece]:
    """The lines of a block scalar, with all line ends after the last."""
    header = _ROW.match(text, start, stop)
    assert header is not None
    indent = _indent(text[header.end() : stop]) - _indent(said)
    ends: list[Piece] = []
    keep = True
    for row in _ROW.finditer(text, header.end(), stop):
        line = row[0].rstrip("\r\n")
        content = line[indent:]
        at = row.start() + len(line) - len(content)
        if not content:
            ends.append(("\n", at, row.end()))
            continue
        spaced = content[0] in " \t"
        yield from ends if keep or spaced or not folded else _joined(ends)
        yield content, at, at + len(content)
        ends, keep = [("\n", at + len(content), row.end())], spaced
    yield from ends


def _joined(ends: list[Piece]) -> list[Piece]:
    """The line ends between two lines of text, folded: a single one becomes a space, of several the first goes."""
    return ends[1:] or [(" ", start, stop) for _, start, stop in ends]


def _indent(text: str) -> int:
    """The spaces before the first line that has more than spaces."""
    match = _INDENT.search(text)
    return len(match[1]) if match else 0
