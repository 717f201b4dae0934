"""YAML text composed into PyYAML's nodes: bounded, quickly, and with Unicode's line separators as mere characters."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from ftlint.yamltree import parser
from ftlint.yamltree.nodes import MAX_EXPANSION, FaultError, measure

_TAB = ord("\t")
_SEPARATORS = "\x85\u2028\u2029\ufeff"
_STAND_IN = "\ue000"
_AS_TEXT = dict.fromkeys(map(ord, _SEPARATORS), _STAND_IN)
_ANCHOR = re.compile(r"&(?<=[\s\[{,:?-]&)\S")
_LED_BY_TAB = re.compile(r"^( +)\t", re.MULTILINE)
_START = re.compile(r" *(?:- +)*")
_BLOCK = re.compile(r"(?:^| )[|>][-+1-9]{0,2}$")
_SURROGATE = re.compile("[\ud800-\udfff]")


class AliasBombError(Exception):
    """Aliases expand without end, or beyond the bound: (index of the character, words)."""


@contextmanager
def paused() -> Iterator[None]:
    """No garbage collection meanwhile, nor of what was made: it would look through all nodes again and again."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()  # all that lives is old from here on
            gc.enable()


def compose(text: str) -> Any:
    """The root node of a document, None for an empty one.

    A plain scalar has the tag ``?``, any other without a tag has none; marks count the characters of ``text``.

    Raises:
        yaml.YAMLError, FaultError: the text is no YAML, or nests too deep.
        AliasBombError: its aliases expand beyond a bound.
    """
    stand_ins = _stand_ins(text) if any(char in text for char in (*_SEPARATORS, " \t")) else {}
    seen = text
    if stand_ins:
        seen = without_tabs(text, stand_ins[_TAB]).translate({**stand_ins, _TAB: "\t"})
    with parser(seen) as loader:
        root = loader.get_single_node()
    if root is None:
        return None
    if _ANCHOR.search(text):
        try:
            measure(root, max(MAX_EXPANSION, 2 * len(text)), {})
        except FaultError as error:
            raise AliasBombError(*error.args) from None
    if stand_ins:
        _restore(root, {ord(stand_in): original for original, stand_in in stand_ins.items()})
    if not _is_compiled(loader):
        _refuse_surrogates(root)
    return root


def tokens(text: str) -> Iterator[Any]:
    """PyYAML's tokens of a text as ``compose`` reads it: what ends a line for libyaml alone is text, and so are tabs.

    Raises:
        yaml.YAMLError, ValueError: at the character at which the text is no YAML.
    """
    import yaml

    loader: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    return iter(yaml.scan(without_tabs(text, _STAND_IN).translate(_AS_TEXT), Loader=loader))


def pairs(root: Any) -> Iterator[tuple[int, Any, int]]:
    """Every key of a document: where it starts, and its mapping with its number there."""
    waiting, known = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in known or node.id == "scalar":
            continue
        known.add(id(node))
        if node.id == "sequence":
            waiting += node.value
            continue
        for at, (key, value) in enumerate(node.value):
            yield key.start_mark.index, node, at
            waiting += [key, value]


def without_tabs(text: str, stand_in: str) -> str:
    """A text with another character for each tab that the first line of a block starts with, behind its indentation.

    It belongs to the text of the block, and yet libyaml refuses it.
    """
    if " \t" not in text:
        return text
    return _LED_BY_TAB.sub(lambda line: line[1] + (stand_in if _begins_block(text, line) else "\t"), text)


def _begins_block(text: str, line: re.Match[str]) -> bool:
    """Whether a line is the first of a block, and indented deeper than its key or dash."""
    stop, above = line.start(), ""
    while stop and not above.strip(" \r"):
        start = text.rfind("\n", 0, stop - 1) + 1
        above, stop = text[start : stop - 1], start
    above = above.partition(" #")[0].rstrip()
    column = _START.match(above).end()  # type: ignore[union-attr]
    header = _BLOCK.search(above[column:])
    return bool(header) and len(line[1]) > column - (header.start() == 0)  # type: ignore[union-attr]


def _stand_ins(text: str) -> dict[int, str]:
    """Characters of private use that stand in for separators and tabs: neither in the text, nor as an escape in it."""
    escaped, originals = text.lower(), [*map(ord, _SEPARATORS), _TAB]
    unused = (chr(code) for code in chain(range(0xE000, 0xF900), range(0xF0000, 0xFFFFE)))
    free = (char for char in unused if char not in text and f"{ord(char):x}" not in escaped)
    return dict(zip(originals, islice(free, len(originals)), strict=True))


def _restore(root: Any, originals: dict[int, int]) -> None:
    for node in _scalars(root):
        node.value = node.value.translate(originals)


def _scalars(root: Any) -> Iterator[Any]:
    """Every scalar once, keys included."""
    seen, todo = set(), [root]
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.id == "scalar":
            yield node
        else:
            todo += chain.from_iterable(node.value) if node.id == "mapping" else node.value


def _is_compiled(loader: Any) -> bool:
    return hasattr(loader, "raw_parse")


def _refuse_surrogates(root: Any) -> None:
    """What libyaml refuses and PyYAML's own parser lets pass: halves of characters, written as escapes."""
    from yaml.scanner import ScannerError

    for node in _scalars(root):
        if _SURROGATE.search(node.value):
            problem = "found invalid Unicode character escape code"
            raise ScannerError("while parsing a quoted scalar", node.start_mark, problem, node.start_mark)
