"""The quickest proof that a line is sound: most are plain chats, known by their texts alone after one typed decode."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from ftlint.lazy import lazy_pattern
from ftlint.record import in_turn


class Says(Struct, forbid_unknown_fields=True, gc=False):
    content: str


class SystemSays(Says, tag_field="role", tag="system"):
    pass


class UserSays(Says, tag_field="role", tag="user"):
    pass


class AssistantSays(Says, tag_field="role", tag="assistant"):
    pass


class PlainChat(Struct, forbid_unknown_fields=True, gc=False):
    messages: Annotated[list[SystemSays | UserSays | AssistantSays], Meta(min_length=1)]


_plain = msgspec.json.Decoder(PlainChat).decode
_key_end = lazy_pattern(rb'"[ \t\r]*+:')
_escaped_key_end = lazy_pattern(rb'\\"[ \t\r]*+:')


def turns(line: bytes) -> list[str] | None:
    """The texts of a line that is a plain chat (``Record.turns``) in which no key stands twice; None: look again.

    A quote before a colon ends a key, unless it is escaped or opens a text; so keys are counted, not read once more.
    """
    try:
        messages = _plain(line).messages
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    texts = [message.content for message in messages]
    if not _in_turn(tuple(map(type, messages))) or not all(texts) or any(map(str.isspace, texts)):
        return None
    spare = len(_key_end.findall(line)) - (1 + 2 * len(messages))
    return texts if not spare or spare == len(_escaped_key_end.findall(line)) else None


@lru_cache
def _in_turn(types: tuple[type[Struct], ...]) -> bool:
    return in_turn(tuple([str(kind.__struct_config__.tag) for kind in types]))
