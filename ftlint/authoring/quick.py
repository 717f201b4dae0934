"""The quick way to read an example: an id, and texts that are spelled as most are. The builder reads all others.

What is read here, the builder reads alike and without a word about it (a law of the tests).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ftlint.record import Message
from ftlint.yamltree.nodes import NULLS

SPEAKERS = ("user", "assistant", "system", "developer")

_PLAIN = frozenset(("user", "assistant", "turns", "id", "group", "tags"))
_ROLES = {role: role for role in SPEAKERS}
"""The same string for each role, where every node has one of its own."""


def plain_text(source: str, node: Any) -> str | None:
    """What a scalar says, without a final line end; None for one that deserves a second look.

    Such are those with a tag or an anchor, an escape, or a comment close behind, folded ones, and those without text.
    """
    if node.id != "scalar":
        return None
    text: str = node.value
    start, style = node.start_mark.index, node.style
    if not style:
        odd = text in NULLS or source[start] in "&!" or source.startswith(" #", node.end_mark.index)
        return None if odd else text
    if source[start] != style or style == ">":
        return None
    if style == '"' and source.find("\\", start, node.end_mark.index) >= 0:
        return None
    if text[-1:] == "\n":
        text = text[:-1]
    return text if text or style != "|" else None


class Said(NamedTuple):
    """What an example says: its messages, its id (or nothing) and where that stands, and settings of its own."""

    messages: list[Message]
    id: str
    id_at: int
    settings: dict[str, Any]


def example(source: str, node: Any) -> Said | None:
    """What an example says; None where it holds more than a conversation and a few settings, or not all as usual."""
    if node.id != "mapping" or node.tag:
        return None
    try:
        fields = {key.value: value for key, value in node.value}
    except TypeError:  # a list or mapping as a key cannot be hashed
        return None
    if len(fields) != len(node.value) or not fields.keys() <= _PLAIN:
        return None
    messages = _messages(source, fields)
    if not messages:
        return None
    read = {name: _LABELS[name](source, fields[name]) for name in fields if name in _LABELS}
    if None in read.values():
        return None
    name = read.pop("id", "")
    return Said(messages, name, fields["id"].start_mark.index if name else 0, read)


def _messages(source: str, fields: Mapping[str, Any]) -> list[Message] | None:
    if "turns" not in fields:
        if "user" not in fields or "assistant" not in fields:
            return None
        user, assistant = plain_text(source, fields["user"]), plain_text(source, fields["assistant"])
        if user is None or assistant is None:
            return None
        return [{"role": "user", "content": user}, {"role": "assistant", "content": assistant}]
    turns = fields["turns"]
    if "user" in fields or "assistant" in fields or turns.id != "sequence":
        return None
    messages = []
    for node in turns.value:
        if (message := turn(source, node)) is None:
            return None
        messages.append(message)
    return messages


def turn(source: str, node: Any) -> Message | None:
    """What somebody says in a turn that has nothing else."""
    if node.id != "mapping" or node.tag or len(node.value) != 1:
        return None
    [(key, value)] = node.value
    role = _ROLES.get(key.value) if key.id == "scalar" else None
    text = plain_text(source, value) if role else None
    return None if text is None else {"role": role, "content": text}


def _words(source: str, node: Any) -> tuple[str, ...] | None:
    words = [plain_text(source, item) for item in node.value] if node.id == "sequence" else [None]
    return None if None in words else tuple(filter(None, words))


_LABELS: Mapping[str, Callable[[str, Any], Any]] = {"id": plain_text, "group": plain_text, "tags": _words}
