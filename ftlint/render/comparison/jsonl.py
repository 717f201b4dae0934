"""The comparison as JSON Lines: an object a conversation, with both answers and their measures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ftlint.submit.comparison import Comparison, Side


def render(found: Comparison, width: int) -> Iterator[str]:
    """One line a conversation."""
    for row in found.rows:
        told: dict[str, Any] = {
            "place": row.case.place,
            "messages": row.case.messages,
            "wanted": row.case.wanted,
            "base": _side(found.base, row.base),
            "tuned": _side(found.tuned, row.tuned),
        }
        if row.verdict is not None:
            told["judge"] = {"model": found.judge, **msgspec.to_builtins(row.verdict)}
        yield msgspec.json.encode(told).decode() + "\n"


def _side(model: str, side: Side) -> dict[str, Any]:
    answer = side.answer
    head: dict[str, Any] = {"model": model, "text": answer.text, "finish": answer.finish}
    if answer.refused:
        return {"model": model, "refused": answer.refused}
    tokens = {"prompt_tokens": answer.asked, "completion_tokens": answer.answered}
    measures = msgspec.to_builtins(side.measures)
    return {**head, **tokens, **{name: value for name, value in measures.items() if value is not None}}
