"""What a node of YAML takes up with its own comments: the characters that go where it goes, and not one more."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from ftlint.authoring.source import SourceText, site

Span = tuple[int, int]

_DASH = re.compile(r" *-(?:[ \t]+|[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*)")
_REST = re.compile(r"[ \t]*(?:(?<=[ \t])#.*)?\r?(?:\n|\Z)")
_BLANKS = re.compile(r"(?:[ \t]*\r?\n)+")
_KEEPS = re.compile(r"[|>][1-9]?\+")
_ALIAS = re.compile(r"[ \t]*:[ \t\r\n]*\*[^\s,\[\]{}]+")
_ANCHOR = re.compile(r"(?<=[\s\[{,:-])&([^\s,\[\]{}]+)")


def item_cut(source: SourceText, nodes: Sequence[Any], index: int) -> Span | None:
    """The characters of an item of a list; None for one that cannot go alone, such as an alias."""
    node, text = nodes[index], source.text
    if nodes.index(node) < index:
        return None
    start, stop = node.start_mark.index, site(source, node)[2]
    last = index + 1 == len(nodes)
    if (row := _dashed(text, start)) is not None:
        return _whole(text, _rows(text, row, stop, last=last))
    if not last:
        return _whole(text, (start, nodes[index + 1].start_mark.index))
    return _whole(text, (site(source, nodes[index - 1])[2], stop)) if index else None


def pair_cut(source: SourceText, mapping: Any, index: int, gone: Collection[int]) -> Span | None:
    """The characters of a key and its value; None for one that cannot go, with those of the numbers ``gone``."""
    pairs, text = mapping.value, source.text
    start, stop = pairs[index][0].start_mark.index, _end(source, pairs[index])
    last = index + 1 == len(pairs)
    if mapping.flow_style and last:
        return _whole(text, (_end(source, pairs[index - 1]) if index else start, stop))
    if mapping.flow_style:
        return _whole(text, (start, pairs[index + 1][0].start_mark.index))
    row = text.rfind("\n", 0, start) + 1
    if not text[row:start].strip(" "):
        return _whole(text, _rows(text, row, stop, last=last))
    kept = next((at for at in range(index + 1, len(pairs)) if at not in gone), None)
    if kept is None or not _DASH.fullmatch(text, row, start):
        return None
    following = pairs[kept][0].start_mark.index
    rest = _REST.match(text, _bare(text, _end(source, pairs[kept - 1])))
    return None if rest is None or text[rest.end() : following].strip() else _whole(text, (start, following))


def _end(source: SourceText, pair: tuple[Any, Any]) -> int:
    """The end of a value, or of the alias that stands for it."""
    key, value = pair
    alias = _ALIAS.match(source.text, key.end_mark.index)
    return alias.end() if alias else max(site(source, value)[2], key.end_mark.index)


def _dashed(text: str, start: int) -> int | None:
    """The start of the line with the dash of an item; None where the item stands in brackets."""
    row = start + 1
    while row > 0:
        row = text.rfind("\n", 0, row - 1) + 1
        if _DASH.fullmatch(text, row, start):
            return row
        line = text[row:start].partition("\n")[0].strip()
        if line and not line.startswith("#"):
            return None
    return None


def _bare(text: str, stop: int) -> int:
    """The end of a node without the white space in it."""
    return len(text[:stop].rstrip(" \t\r\n")) if text[stop - 1 : stop].isspace() else stop


def _rows(text: str, row: int, stop: int, *, last: bool) -> Span | None:
    """Whole lines: those of the node, of the comments right above it and in it, and blank ones that set it apart."""
    rest = _REST.match(text, _bare(text, stop))
    if rest is None:
        return None
    stop, column = rest.end(), len(text[row:stop]) - len(text[row:stop].lstrip(" "))
    inner = re.compile(rf"(?:[ \t]*\r?\n)*? {{{column + 1},}}#.*(?:\n|\Z)")
    while comment := inner.match(text, stop):
        stop = comment.end()
    above = re.compile(rf" {{{column}}}#.*\n")
    while row and above.fullmatch(text, line := text.rfind("\n", 0, row - 1) + 1, row):
        row = line
    if not text[stop:].strip() and not _KEEPS.search(text):
        while row and not text[(line := text.rfind("\n", 0, row - 1) + 1) : row].strip():
            row = line
        return row, stop
    blanks = None if last else _BLANKS.match(text, stop)
    lone = not text[text.rfind("\n", 0, max(row - 1, 0)) + 1 : row].strip()
    return row, blanks.end() if blanks and lone else stop


def _whole(text: str, span: Span | None) -> Span | None:
    """The span, unless it holds an anchor that something else refers to."""
    if span is None:
        return None
    start, stop = span
    names = "|".join(map(re.escape, _ANCHOR.findall(text, start, stop)))
    return None if names and re.compile(rf"\*(?:{names})(?![^\s,\[\]{{}}])").search(text, stop) else span
