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

_SEPARATORS = "\x85\u2028\u2029\ufeff"
_ANY_SEPARATOR = re.compile(f"[{_SEPARATORS}]")
_ANCHOR = re.compile(r"&(?<=[\s\[{,:?-]&)\S")
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
    stand_ins = _stand_ins(text) if _ANY_SEPARATOR.search(text) else {}
    with parser(text.translate(stand_ins) if stand_ins else text) as loader:
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


def _stand_ins(text: str) -> dict[int, str]:
    """Characters of private use that stand in for the separators: neither in the text, nor as an escape in it."""
    escaped = text.lower()
    unused = (chr(code) for code in chain(range(0xE000, 0xF900), range(0xF0000, 0xFFFFE)))
    free = (char for char in unused if char not in text and f"{ord(char):x}" not in escaped)
    return dict(zip(map(ord, _SEPARATORS), islice(free, len(_SEPARATORS)), strict=True))


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
