"""How a record is written: one line of JSON, the same bytes for the same record on every run and Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

ORDER = (
    *("role", "id", "type", "function", "messages", "input", "preferred_output", "non_preferred_output"),
    *("prompt", "completion", "content", "text", "refusal", "image_url", "url", "detail"),
    *("name", "description", "parameters", "strict", "arguments", "tool_calls", "function_call", "tool_call_id"),
    *("weight", "tools", "parallel_tool_calls", "functions", "label"),
)
"""The keys of the formats, in the order in which they are written; other keys follow as the author ordered them."""

_RANKS = {key: rank for rank, key in enumerate(ORDER)}
_FREE = frozenset({"parameters", "arguments"})
_OPENERS = frozenset({"messages", "input", "preferred_output", "non_preferred_output", "prompt", "completion", "tools"})
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(", ", ": ")).encode


def line(record: Mapping[str, Any]) -> bytes:
    r"""One record as a line of a JSONL file: UTF-8, keys in their fixed order, ``\n`` at the end.

    What is free in form (a tool's parameters, a grader's reference) keeps the order of its keys.

    Raises:
        ValueError: a lone surrogate, an infinite number or NaN, for which JSON has no spelling.
    """
    ordered = {key: _ordered(record[key]) if key in _OPENERS else record[key] for key in _sorted(tuple(record))}
    return (_encode(ordered) + "\n").encode()


def _ordered(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {key: value[key] if key in _FREE else _ordered(value[key]) for key in _sorted(tuple(value))}
    return [_ordered(item) for item in value] if isinstance(value, list | tuple) else value


@lru_cache(1024)
def _sorted(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(keys, key=lambda key: _RANKS.get(key, len(ORDER))))
