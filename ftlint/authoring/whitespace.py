"""Mistakes of white space: tabs and odd spaces as indentation, lines that slid out of their text, keys out of line."""

from __future__ import annotations

import re
from typing import Any

from ftlint.authoring.lines import KEYS, TEXT_KEYS, SourceLines, clip, in_block
from ftlint.authoring.model import AuthoringFault
from ftlint.authoring.stop import Stop, Token

ODD_SPACES = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
"""Characters that look like a space, or like nothing, and that YAML takes for text (as a set of ``re``)."""

_TAB = re.compile(r"([ \t-]*?)(\t[ \t]*)")
_SOLID = re.compile(r"[^ \t]")
_TABBED = re.compile(r"^ *\t", re.MULTILINE)
_ODD = re.compile(rf"[ \t-]*?(?:(?:{'|'.join(sorted(KEYS))}):)?([{ODD_SPACES}][{ODD_SPACES} ]*)")
_ODD_LINE = re.compile(rf"^[ \t-]*[{ODD_SPACES}]", re.MULTILINE)
_BLANK = re.compile(r"(?<=[\r\n])( *)(?:\r\n?|\n)")


def tab(stop: Stop) -> AuthoringFault | None:
    """A tab where YAML takes only spaces."""
    source, start = stop.source, stop.source.start(stop.index)
    found = _TAB.match(stop.text, start)
    if stop.text[stop.index : stop.index + 1] == "\t":
        begin, end = stop.index, _content(stop.text, stop.index)
    elif found and found.start(2) <= stop.index <= found.end(2):
        begin, end = found.span(2)
    else:
        return None
    before = stop.text[start:begin].strip()
    if before:
        where, fix = f'stands behind "{clip(before)}"', "write one space in its place"
    else:
        where, fix = "indents this line", f"indent the line by {_width(stop, end)} spaces"
    others = len(_TABBED.findall(stop.text)) - (not before)
    more = f"; {others} more line{'s'[: others != 1]} start{'s'[: others == 1]} with a tab" if others else ""
    return source.fault("tab-indentation", begin, end, where=where, fix=fix + more)


def _content(text: str, at: int) -> int:
    """Where spaces and tabs end."""
    return next((found.start() for found in _SOLID.finditer(text, at)), len(text))


def _width(stop: Stop, content: int) -> int:
    """By how many spaces the line whose content begins at a character was meant to be indented."""
    dash = stop.text.startswith("-", content)
    if stop.text[stop.at : stop.at + 1] in ("|", ">") and stop.begins_value():
        return _text_column(stop, Token("scalar", stop.at, stop.at), stop.owner())
    opened = stop.last.kind in ("value", "entry") and not stop.text[stop.last.stop : content].strip()
    if opened or not stop.blocks:
        return stop.blocks[-1][1] + 2 if stop.blocks else 0
    if not dash and not re.compile(rf"(?:{'|'.join(KEYS)})\s*:").match(stop.text, content):
        return _text_column(stop, stop.last, stop.owner())
    return next((column for kind, column in reversed(stop.blocks) if (kind == "sequence") == dash), 0)


def odd_space(stop: Stop) -> AuthoringFault | None:
    """A no-break space, or another that is none to YAML, as indentation or behind a colon."""
    tokens = [token.start for token in stop.tokens[-4:] if token.kind == "scalar" and not token.style]
    for at in [*tokens, stop.at, stop.index]:
        if fault := odd_indent(stop.source, at):
            return fault
    return None


def odd_indent(source: SourceLines, at: int) -> AuthoringFault | None:
    """The fault of the line of a character if it is indented, or goes on behind its key, with odd spaces."""
    found = _ODD.match(source.text, source.start(at))
    if not found:
        return None
    begin, end = found.span(1)
    count = sum(bool(_ODD.match(line)) for line in source.text.split("\n"))
    name = {"\u00a0": "a no-break space", "\ufeff": "a byte order mark"}.get(found[1][0], f"U+{ord(found[1][0]):04X}")
    fix = "type plain spaces in its place" + (f", on {count} lines in all" if count > 1 else "")
    return source.fault("no-break-space-indent", begin, end, name=name, fix=fix)


def odd_key(text: str, path: str, file: str, root: Any) -> AuthoringFault | None:
    """The fault of the first key that starts with an odd space, in YAML that parses: its line was meant to be indented.

    What else is wrong with such a file is a consequence; ``root`` is its composed node, or None.
    """
    if root is None or text.isascii() or not _ODD_LINE.search(text):
        return None
    todo, seen, starts = [root], set[int](), []
    while todo:
        node = todo.pop()
        if id(node) in seen or node.id == "scalar":
            continue
        seen.add(id(node))
        pairs = node.value if node.id == "mapping" else [(node, item) for item in node.value]
        starts += [key.start_mark.index for key, _ in pairs if key.id == "scalar" and _ODD.match(key.value)]
        todo += [value for _, value in pairs]
    return odd_indent(SourceLines(path, file, text), min(starts)) if starts else None


def stretched_blank(stop: Stop) -> AuthoringFault | None:
    """An empty first line of a block, with more spaces than its text: YAML takes its width for the text's."""
    if stop.last.style not in ("|", ">") or stop.text[stop.last.start + 1 : stop.last.stop].strip("+-0123456789 \r\n"):
        return None
    indent, end = stop.source.indent(stop.at), stop.source.start(stop.at)
    for blank in _BLANK.finditer(stop.text, stop.last.start, end):
        if len(blank[1]) > indent:
            what = "an empty line at the start of a block holds more spaces than its text is indented by"
            fix = "remove the spaces of the empty line"
            return stop.source.fault("invalid-yaml", *blank.span(1), what=what, fix=fix)
    return None


def continuation(stop: Stop) -> AuthoringFault | None:
    """A line of a text that is not indented as its text."""
    source, at, position = stop.source, stop.at, len(stop.tokens) - 1
    if stop.text[source.start(at) : at].strip(" ") or at >= len(stop.text) or source.key(at):
        return None
    if stop.last.kind != "scalar" or stop.head() < 0 or source.together(stop.last.start, at):
        return None
    at, position = _climb(stop, at, position)
    owner = stop.owner(position)
    name = stop.name(owner)
    if name in KEYS - TEXT_KEYS:
        return None
    token = stop.tokens[position]
    if token.style in ("|", ">"):
        width = _text_column(stop, token, owner)
        fix = f"indent it by {width} spaces, as the text above it, and so the lines after it that belong to the text"
    else:
        fix = (
            in_block(source.label(token.start)) if source.together(token.start, (owner or token).start) else "indent it"
        )
    line = clip(stop.text[at : source.end(at)])
    of = f' of "{name}"' if name else ""
    return source.fault("unindented-continuation", at, source.end(at), line=line, of=of, fix=fix)


def _climb(stop: Stop, at: int, position: int) -> tuple[int, int]:
    """The first line that slid out of the text, where lines before this one read as keys of their own."""
    first, current = at, position
    while current >= 5 and stop.name(stop.owner(current)) not in KEYS:
        key, before = stop.owner(current), stop.tokens[current - 4]
        if key is None or before.kind != "scalar" or stop.head(current - 4) < 0:
            break
        first, current = key.start, current - 4
    return (first, current) if stop.name(stop.owner(current)) in TEXT_KEYS else (at, position)


def _text_column(stop: Stop, token: Token, owner: Token | None) -> int:
    """By how many spaces the text of a value is indented, or should be."""
    base = stop.source.column(owner.start) if owner else stop.source.indent(token.start)
    following = re.compile(r"[^\r\n]*[\r\n](?:\s*[\r\n])?( *)[^\s]").match(stop.text, token.start)
    width = stop.source.column(following.end(1)) if following else 0
    return width if width > base else base + 2


def misplaced_key(stop: Stop) -> AuthoringFault | None:
    """A line with a key of the format at a column where nothing stands that it could belong to."""
    source, name = stop.source, stop.source.key(stop.at)
    begin = source.start(stop.at) + source.indent(stop.at)
    if not name or not stop.blocks or stop.text[begin : stop.at].strip("- " + name):
        return None
    column, dash = source.indent(stop.at), stop.text.startswith("-", begin)
    bare = begin + stop.text[begin:].index(name) + len(name)
    if not re.match(r"[ \t]*:(?:\s|$)", stop.text[bare:]):
        return missing_colon(stop, bare)
    kind = "sequence" if dash else "mapping"
    columns = [place for other, place in stop.blocks if other == kind] or [place for _, place in stop.blocks]
    if ("sequence", column) in stop.blocks and not dash:
        what, fix = f'"{name}" stands beside the items of a list', f'start it with "- ", or indent it by {columns[-1]}'
    else:
        near = min(columns, key=lambda place: (abs(place - column), -place))
        what = f'"{name}" is indented by {column} space{"s"[: column != 1]}, which fits nothing above it'
        fix = f"indent it by {near}"
    return source.fault("invalid-yaml", begin, bare, what=what, fix=fix + " spaces")


def missing_colon(stop: Stop, end: int) -> AuthoringFault:
    """A key of the format without ``: `` behind it, by the place at which the key ends."""
    name = stop.source.key(end) or stop.source.label(end).strip()
    if stop.text.startswith(":", end):
        what, fix = f'there is no space behind the colon of "{name}"', f'write "{name}: " and then the value'
        return stop.source.fault("invalid-yaml", end, end + 1, what=what, fix=fix)
    what, fix = f'there is no colon behind "{name}"', f'write "{name}:" and then a space or a new line'
    return stop.source.fault("invalid-yaml", end, end, what=what, fix=fix)
