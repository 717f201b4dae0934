"""What PyYAML's nodes mean: plain data by the core schema of YAML 1.2, of a bounded size and depth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MAX_EXPANSION = 1_000_000
"""How many values aliases may expand to (100 characters of text count as one more), or twice the text's length."""
MAX_DEPTH = 100
"""How deep values may be nested; the C parser's stack would overflow at some 50,000."""


Pair = tuple[Any, Any]  # nodes of PyYAML: the key (None in a list and at the root) and the value


class FaultError(Exception):
    """Something wrong at a place of the text: (index of the character, words)."""


def data(root: Any, text: str) -> Any:
    """The data of a document, nothing for none; FaultError where it holds what JSON has no room for."""
    if "*" in text:
        measure(root, max(MAX_EXPANSION, 2 * len(text)), {})
    return None if root is None else _value(root)


def measure(node: Any, limit: int, known: dict[Any, tuple[int, int] | None]) -> tuple[int, int]:
    """How many values and how deep a node is with aliases expanded, each node looked at once."""
    if node in known:
        measured = known[node]
        if measured is None:
            raise FaultError(node.start_mark.index, "an anchor that holds an alias of itself: write the value out")
        return measured
    known[node] = None
    size, depth = 1, 0
    if node.id == "scalar":
        size += len(node.value) // 100
    for child in _parts(node):
        inner = measure(child, limit, known)
        size, depth = size + inner[0], max(depth, inner[1] + 1)
    if size > limit or depth > MAX_DEPTH:
        what = f"to more than {limit:,} values" if size > limit else f"more than {MAX_DEPTH} deep"
        raise FaultError(node.start_mark.index, f"aliases expand {what}: write fewer of them")
    known[node] = size, depth
    return size, depth


def _parts(node: Any) -> Iterator[Any]:
    if node.id == "mapping":
        for pair in node.value:
            yield from pair
    elif node.id == "sequence":
        yield from node.value


def _value(node: Any) -> Any:
    if node.tag == "?":
        return _resolved(node)
    if node.tag:
        tag = node.tag.replace("tag:yaml.org,2002:", "!!")
        words = f'the tag "{tag}" is not used here: remove it, or quote text that starts with "!"'
        raise FaultError(node.start_mark.index, words)
    if node.id == "mapping":
        return {name: _value(value) for name, (_, value) in entries(node).items()}
    return node.value if node.id == "scalar" else [_value(item) for item in node.value]


def entries(node: Any) -> dict[str, Pair]:
    """The keys and values of a mapping by name, with those of its merge keys, which its own replace."""
    own: dict[str, Pair] = {}
    merged: dict[str, Pair] = {}
    for key, value in node.value:
        if key.tag == "?" and key.value == "<<":
            for source in value.value if value.id == "sequence" else [value]:
                if source.id != "mapping":
                    words = '"<<" merges mappings: give it an alias of one, or a list of them'
                    raise FaultError(source.start_mark.index, words)
                merged = entries(source) | merged
            continue
        name = _name(key)
        if name in own:
            raise FaultError(key.start_mark.index, f'the key "{name}" stands here twice: remove one')
        own[name] = key, value
    return merged | own if merged else own


def _name(key: Any) -> str:
    name = _value(key) if key.id == "scalar" else None
    if isinstance(name, str):
        return name
    if key.id == "scalar":
        words = f'the key {key.value or "(nothing)"} is not text: write "{key.value}" in quotes'
    else:
        words = "a list or mapping as a key: quote text that starts with { or ["
    raise FaultError(key.start_mark.index, words)


NULLS = frozenset(("", "~", "null", "Null", "NULL"))
"""How YAML 1.2's core schema spells nothing."""

_CONSTANTS = {
    **dict.fromkeys(NULLS),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **{sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
}
_NUMBER_STARTS = frozenset("+-.0123456789")
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def _resolved(node: Any) -> Any:
    """A plain scalar by the core schema of YAML 1.2 (10.3.2 of its specification)."""
    text = node.value
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _INT.fullmatch(text):
        if len(text) > 4000:  # Python refuses to convert more than 4,300 digits
            raise FaultError(node.start_mark.index, f"a number of {len(text):,} digits: put it in quotes")
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text
