"""The quick way to read an example: an id, and texts that are spelled as most are. The builder reads all others.

What is read here, the builder reads alike and without a word about it (a law of the tests).
"""

from __future__ import annotations

from typing import Any

from ftlint.record import Message

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
SPEAKERS = ("user", "assistant", "system", "developer")

_FLAT = frozenset(("id", "user", "assistant"))
_IN_TURNS = frozenset(("id", "turns"))
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


def conversation(source: str, node: Any) -> tuple[str, int, list[Message]] | None:
    """The id (or nothing), where it stands, and the messages of an example; None where not all is as usual."""
    if node.id != "mapping" or node.tag:
        return None
    try:
        fields = {key.value: value for key, value in node.value}
    except TypeError:  # a list or mapping as a key cannot be hashed
        return None
    if len(fields) != len(node.value):
        return None
    if fields.keys() <= _FLAT and "user" in fields and "assistant" in fields:
        said = [("user", fields["user"]), ("assistant", fields["assistant"])]
    elif fields.keys() <= _IN_TURNS and "turns" in fields:
        said = _turns(fields["turns"])
    else:
        return None
    messages = []
    for role, value in said:
        if (text := plain_text(source, value)) is None:
            return None
        messages.append({"role": role, "content": text})
    if "id" not in fields:
        return ("", 0, messages) if messages else None
    name = plain_text(source, fields["id"])
    return None if name is None or not messages else (name, fields["id"].start_mark.index, messages)


def _turns(node: Any) -> list[tuple[str, Any]]:
    """Who says what in turns that have nothing else; nothing for all others."""
    if node.id != "sequence":
        return []
    said = []
    for turn in node.value:
        if turn.id != "mapping" or turn.tag or len(turn.value) != 1:
            return []
        [(key, value)] = turn.value
        if key.id != "scalar" or key.value not in _ROLES:
            return []
        said.append((_ROLES[key.value], value))
    return said
