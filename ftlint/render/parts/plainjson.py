"""JSON in plain ASCII, which every parser and every terminal reads, written piece by piece."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

_odd = re.compile(r"[^ -~]")


def dumps(value: object) -> str:
    """A value on one line; half a surrogate pair becomes U+FFFD."""
    return _odd.sub(_escape, json.dumps(value, ensure_ascii=False))


def array(items: Iterable[object]) -> Iterator[str]:
    """A list with an item a line."""
    start = "[\n"
    for item in items:
        yield start + dumps(item)
        start = ",\n"
    yield "[]" if start == "[\n" else "\n]"


def _escape(match: re.Match[str]) -> str:
    if "\ud800" <= match[0] <= "\udfff":
        return "\\ufffd"
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))
