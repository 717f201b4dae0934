"""The quick proof that a line is sound: one typed decode, with types that are never laxer than ``schemas/``.

What the gate lets pass, ``jsonschema`` lets pass too (a law of the tests); the reference looks at what it refuses.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from ftlint.model import Shape

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
