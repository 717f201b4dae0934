"""Authored YAML that is spelt otherwise than it was meant: eaten escapes, and bytes of Windows-1252."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain

from ftlint.authoring.altered import eaten
from ftlint.authoring.compose import tokens
from ftlint.authoring.model import AuthoringFault
from ftlint.authoring.read import Authored, read
from ftlint.fixes.draft import Draft, blocks
from ftlint.fixes.dropped import hard, text_of, write
from ftlint.fixes.texts import certain
from ftlint.model import Source
from ftlint.shape import BOM
from ftlint.sources.authored import load

Silent = Callable[[AuthoringFault], bool]
ESCAPES = "eaten-yaml-escape"

_HARDLY_MEANT = re.compile(r"(?<!\\)(?:\\\\)*(\\)[abfv]")


def backslashes(authored: Authored) -> Iterator[tuple[AuthoringFault, list[int]]]:
    """Each text with escapes that were eaten, and where their backslashes stand.

    Where one was, no bell, backspace, form feed or vertical tab in the same text was meant either.
    """
    from yaml import ScalarToken, YAMLError

    source = authored.files.sources[authored.file]
    faults = {
        source.offset(fault.place.line, fault.place.column): fault
        for fault in authored.faults
        if fault.rule == ESCAPES and fault.place.file == authored.file
    }
    with suppress(YAMLError, ValueError):
        for token in tokens(source.text) if faults else ():
            if isinstance(token, ScalarToken) and token.style == '"':
                hits = eaten(source.text, token.start_mark.index, token.end_mark.index)
                if hits and (fault := faults.get(hits[0][0])):
                    others = _HARDLY_MEANT.finditer(source.text, token.start_mark.index, token.end_mark.index)
                    yield fault, sorted({at for at, _ in hits} | {other.start(1) for other in others})


def double_backslashes(source: Source, draft: Draft, silent: Silent) -> int:
    """Write two backslashes where one was eaten; how many texts."""
    authored = load(source)
    text, chosen = text_of(source, authored), [pair for pair in backslashes(authored) if not silent(pair[0])]
    if text is None or not chosen:
        return 0
    at, parts = 0, []
    for place in sorted(chain.from_iterable(places for _, places in chosen)):
        parts.append(text[at:place])
        at = place
    new = "\\".join([*parts, text[at:]])
    again = read(authored.files.path, authored.file, authored.files.root, given=new)
    if len(again.examples) != len(authored.examples) or hard(again) - hard(authored):
        return 0
    write(draft, new)
    return len(chosen)


def as_utf8(data: bytes) -> bytes | None:
    """A file with lines of Windows-1252 as UTF-8; None where there are none, or one may be something else."""
    mark = BOM if data.startswith(BOM) else b""
    lines = []
    for line in data.removeprefix(mark).splitlines(keepends=True):
        try:
            lines.append(line.decode())
        except UnicodeDecodeError:
            if not certain(line):
                return None
            lines.append(line.decode("cp1252"))
    new = mark + "".join(lines).encode()
    return None if new == data else new


def to_utf8(source: Source, draft: Draft, silent: Silent) -> int:
    """Write a file as UTF-8, where that is certain."""
    data = b"".join(blocks(source.file))
    new = as_utf8(data)
    if new is None or any(silent(fault) for fault in load(source).faults if fault.rule == "not-utf8"):
        return 0
    draft.change(len(data), [new])
    return 1
