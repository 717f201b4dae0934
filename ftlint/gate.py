"""The quick proof that a line is sound: one typed decode, with types that are never laxer than ``schemas/``.

What the gate lets pass, ``jsonschema`` lets pass too (a law of the tests); the reference looks at what it refuses.
Most lines are plain chats: ``turns`` proves them sound, without a key that stands twice, and gives their texts at once.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from ftlint.lazy import lazy_pattern
from ftlint.model import Shape
from ftlint.record import in_turn

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$(?!\n)")]
Url = Annotated[str, Meta(pattern="^(https?://|data:image/(png|jpeg|webp);base64,)")]


class Text(Struct, tag_field="type", tag="text", forbid_unknown_fields=True):
    text: str


class TextOnly(Struct, forbid_unknown_fields=True):
    """``Text`` where no other part may stand: outside a union msgspec lets a tag be missing."""

    type: Literal["text"]
    text: str


class Refusal(Struct, tag_field="type", tag="refusal", forbid_unknown_fields=True):
    refusal: str


class ImageUrl(Struct, forbid_unknown_fields=True):
    url: Url
    detail: Literal["auto", "low", "high"] | UnsetType = UNSET


class Image(Struct, tag_field="type", tag="image_url", forbid_unknown_fields=True):
    image_url: ImageUrl


class FunctionCall(Struct, forbid_unknown_fields=True):
    name: Name
    arguments: str


class ToolCall(Struct, forbid_unknown_fields=True):
    id: str
    type: Literal["function"]
    function: FunctionCall


class System(Struct, tag_field="role", tag="system", forbid_unknown_fields=True):
    content: str | list[TextOnly]
    name: Name | UnsetType = UNSET


class Developer(Struct, tag_field="role", tag="developer", forbid_unknown_fields=True):
    content: str | list[TextOnly]
    name: Name | UnsetType = UNSET


class User(Struct, tag_field="role", tag="user", forbid_unknown_fields=True):
    content: str | list[Text | Image]
    name: Name | UnsetType = UNSET


class Answer(Struct, forbid_unknown_fields=True):
    content: str | list[Text | Refusal] | UnsetType | None = UNSET
    name: Name | UnsetType = UNSET
    refusal: str | UnsetType | None = UNSET
    weight: Literal[0, 1] | UnsetType = UNSET
    tool_calls: Annotated[list[ToolCall], Meta(min_length=1)] | UnsetType = UNSET
    function_call: FunctionCall | UnsetType = UNSET

    def __post_init__(self) -> None:
        if (self.content is None or self.content is UNSET) and self.tool_calls is UNSET and self.function_call is UNSET:
            raise ValueError("an assistant message without content or calls")


class Assistant(Answer, tag_field="role", tag="assistant"):
    pass


class OnlyAssistant(Answer, kw_only=True):
    role: Literal["assistant"]


class Tool(Struct, tag_field="role", tag="tool", forbid_unknown_fields=True):
    content: str | list[TextOnly]
    tool_call_id: str
    name: Name | UnsetType = UNSET


class Function(Struct, tag_field="role", tag="function", forbid_unknown_fields=True):
    content: str | None
    name: Name


class Definition(Struct, forbid_unknown_fields=True):
    name: Name
    description: str | UnsetType = UNSET
    parameters: dict[str, Any] | UnsetType = UNSET
    strict: bool | UnsetType | None = UNSET


class ToolDefinition(Struct, forbid_unknown_fields=True):
    type: Literal["function"]
    function: Definition


Message = System | User | Assistant | Tool | Function
Messages = Annotated[list[Message], Meta(min_length=1)]
Tools = list[ToolDefinition] | UnsetType


class Chat(Struct, forbid_unknown_fields=True):
    messages: Messages
    tools: Tools = UNSET
    parallel_tool_calls: bool | UnsetType = UNSET
    functions: Annotated[list[Definition], Meta(min_length=1, max_length=128)] | UnsetType = UNSET


class Input(Struct, forbid_unknown_fields=True):
    messages: Messages
    tools: Tools = UNSET
    parallel_tool_calls: bool | UnsetType = UNSET


Output = Annotated[list[OnlyAssistant], Meta(min_length=1, max_length=1)]


class Preference(Struct, forbid_unknown_fields=True):
    input: Input
    preferred_output: Output
    non_preferred_output: Output


class Reinforcement(Struct):
    messages: Annotated[list[System | Developer | User | Assistant | Tool], Meta(min_length=1)]
    tools: Tools = UNSET
    parallel_tool_calls: bool | UnsetType = UNSET


class Completion(Struct, forbid_unknown_fields=True):
    prompt: str
    completion: str
    label: bool | UnsetType = UNSET


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


TYPES: dict[Shape, type[Struct]] = {
    "chat": Chat,
    "preference": Preference,
    "reinforcement": Reinforcement,
    "completion": Completion,
}


@cache
def _decoder(shape: Shape) -> Any:
    return msgspec.json.Decoder(TYPES[shape])


def lets_pass(line: bytes, shape: Shape) -> bool:
    """Whether the line, already known to be JSON without duplicate keys, is certainly sound.

    False means only that the reference has to look.
    """
    try:
        _decoder(shape).decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


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
