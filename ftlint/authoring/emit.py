"""Mappings, lists and texts as YAML in the style of a person: short data on one line, the rest as blocks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ftlint.authoring.scalars import inline, scalar

FLOW_WIDTH = 88
MAX_KEY = 1000
"""YAML takes no longer keys without further marks (1,024 characters, quotes and escapes included)."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in a text position: never resolved, so that ``No`` and ``007`` need no quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Data:
    """A JSON value, written on one line where it is short."""

    value: Any


class UnwritableError(ValueError):
    """A value that YAML, or the format, has no room for; the text says why."""


def mapping(node: dict[str, Any], indent: int, *, exact: bool) -> str:
    """The entries of a mapping at column ``indent``, without a final line end; ``exact`` as for ``scalars.block``."""
    pad = " " * indent
    return "\n".join(f"{pad}{key(name)}:{value(item, indent, exact=exact)}" for name, item in node.items())


def value(node: Any, indent: int, *, exact: bool) -> str:
    """What stands after ``key:`` at column ``indent``, the white space before it included."""
    if isinstance(node, Data):
        line = flow(node.value)
        if line is not None and (len(line) + indent <= FLOW_WIDTH or not isinstance(node.value, dict | list)):
            return f" {line}"
        node = parts(node.value)
    if isinstance(node, Text):
        return " " + scalar(node.value, indent, resolved=False, exact=exact)
    if isinstance(node, str):
        return " " + scalar(node, indent, resolved=True, exact=True)
    if isinstance(node, dict) and node:
        return "\n" + mapping(node, indent + 2, exact=exact)
    if isinstance(node, list) and node:
        return "".join(f"\n{' ' * (indent + 2)}-{_item(item, indent + 2, exact=exact)}" for item in node)
    return " " + _constant(node)


def parts(data: Any) -> Any:
    """A mapping or list of data, whose values are data."""
    if isinstance(data, dict):
        return {name: Data(item) for name, item in data.items()}
    return [Data(item) for item in data] if isinstance(data, list) else data


def _item(node: Any, indent: int, *, exact: bool) -> str:
    """What stands after the dash at column ``indent``; a mapping starts on its line."""
    written = value(node, indent, exact=exact)
    return " " + written[indent + 3 :] if written.startswith("\n") else written


def flow(data: Any) -> str | None:
    """A JSON value on one line; None for a text that is better a block, and for what holds one."""
    if isinstance(data, str):
        return None if "\n" in data or len(data) > FLOW_WIDTH else inline(data, resolved=True, flow=True)
    if isinstance(data, dict):
        items = [(key(name, flow=True), flow(item)) for name, item in data.items()]
        return None if any(item is None for _, item in items) else "{" + ", ".join(map(": ".join, items)) + "}"  # type: ignore[arg-type]
    if isinstance(data, list):
        parts = [flow(item) for item in data]
        return None if None in parts else "[" + ", ".join(part or "" for part in parts) + "]"
    return _constant(data)


def key(name: str, *, flow: bool = False) -> str:
    written = inline(name, resolved=True, flow=flow)
    if len(written) > MAX_KEY:
        raise UnwritableError(f"a key of {len(name):,} characters is too long for YAML")
    return written


def _constant(data: Any) -> str:
    """A number, true, false, null, {} or []; spelled as in JSON."""
    try:
        return json.dumps(data, allow_nan=False)
    except ValueError:
        raise UnwritableError("a number is too large for JSON readers: write it as a string") from None
