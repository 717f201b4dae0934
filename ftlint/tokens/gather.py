"""What of a record is to be counted: the tokens that are known at once, and the texts that a counter must see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from ftlint.targets.target import Target
from ftlint.tokens.images import image_tokens
from ftlint.tokens.tools import mapping, render

ONE_TOKEN_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
"""Role names that are one token in both encodings."""

A_MESSAGE, A_NAME, A_CALL, A_FUNCTION_ROLE = 3, 1, 3, -2
A_REPLY, A_NAMESPACE, A_SYSTEM_WITH_TOOLS = 3, 9, -4
FORCED_CALL, FORBIDDEN_CALL = 4, 1
OUTPUTS = ("preferred_output", "non_preferred_output")


class Gathered(Struct):
    """A record, ready to be counted.

    Attributes:
        texts, roles: what a counter must see, and beside each text the role that says it, or "" for the framing.
        overhead: tokens of the framing that need no counter.
        images: tokens of the images, by role.
        chat: whether there are messages (their framing is billed 2 tokens less than it is estimated).
        exact: whether a published count confirms every rule that was used.
    """

    texts: list[str] = []
    roles: list[str] = []
    overhead: int = 0
    images: dict[str, int] = {}
    chat: bool = False
    exact: bool = True

    def say(self, role: str, text: object) -> None:
        """Add what a role says, if it is text."""
        if isinstance(text, str) and text:
            self.texts.append(text)
            self.roles.append(role)


def gather(record: Mapping[str, Any], target: Target) -> Gathered:
    """A record of any shape, ready to be counted; what is not of its type is passed over.

    The framing, as OpenAI's cookbook on counting tokens has it: 3 a message, its role and name, 1 a name, and 3 once.
    """
    found = Gathered(exact=target.encoding_exact)
    home = record if "messages" in record else mapping(record.get("input"))
    add_tools(found, home)
    newline = "\n" if found.texts else ""
    for message in spoken(record, home):
        add_message(found, message, target, newline)
        if message.get("role") == "system" and newline:
            newline = ""
            found.overhead += A_SYSTEM_WITH_TOOLS
    for key, role in (("prompt", "user"), ("completion", "assistant")):
        found.say(role, record.get(key))
    if found.chat:
        found.overhead += A_REPLY
    if "input" in record or (found.chat and target.tokenizer):
        found.exact = False
    return found


def spoken(record: Mapping[str, Any], home: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All messages: the conversation, the outputs of a preference, and a prompt or completion made of messages."""
    for value in (home.get("messages"), *map(record.get, (*OUTPUTS, "prompt", "completion"))):
        for message in value if isinstance(value, list) else ():
            if type(message) is dict or isinstance(message, Mapping):  # the first is soon told
                yield message


def add_message(found: Gathered, message: Mapping[str, Any], target: Target, newline: str) -> None:
    """Add one message; the first system message beside tools gets a newline."""
    role = message.get("role")
    role = role if isinstance(role, str) else ""
    found.chat = True
    found.overhead += A_MESSAGE
    if role in ONE_TOKEN_ROLES:
        found.overhead += 1
    else:
        found.say("", role)
    content = message.get("content")
    if isinstance(content, str):
        found.say(role, content + newline if role == "system" else content)
    elif isinstance(content, list):
        add_parts(found, role, content, target)
    if len(message) > 2:
        add_rest(found, role, message)


def add_rest(found: Gathered, role: str, message: Mapping[str, Any]) -> None:
    """Add what few messages have: a name, a refusal, calls."""
    if isinstance(name := message.get("name"), str) and name:
        found.say("", name)
        found.overhead += A_NAME
    found.say(role, message.get("refusal"))
    if role == "function":
        found.overhead += A_FUNCTION_ROLE
    if isinstance(call := message.get("function_call"), Mapping):
        add_call(found, role, call)
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        add_call(found, role, mapping(mapping(call).get("function")))
        found.exact = False
    if role == "tool":
        found.exact = False


def add_call(found: Gathered, role: str, call: Mapping[str, Any]) -> None:
    found.overhead += A_CALL
    found.say(role, call.get("name"))
    found.say(role, call.get("arguments"))


def add_parts(found: Gathered, role: str, content: list[Any], target: Target) -> None:
    """Add the parts of a content: texts, refusals and images."""
    for part in content:
        kind = mapping(part).get("type")
        if kind in ("text", "refusal"):
            found.say(role, part.get(kind))
        elif kind == "image_url":
            image = mapping(part.get("image_url"))
            url, detail = image.get("url"), image.get("detail")
            tokens, exact = image_tokens(target.images, url if isinstance(url, str) else "", str(detail))
            found.images[role] = found.images.get(role, 0) + tokens
            found.exact &= exact


def add_tools(found: Gathered, home: Mapping[str, Any]) -> None:
    """Add the declared tools, or the older functions, and a call that is asked for by name."""
    functions = [function for function in declared(home) if isinstance(function.get("name"), str)]
    if functions:
        found.say("", render(functions))
        found.overhead += A_NAMESPACE
    choice = home.get("function_call")
    if choice == "none":
        found.overhead += FORBIDDEN_CALL
    elif isinstance(choice, Mapping):
        found.say("", choice.get("name"))
        found.overhead += FORCED_CALL


def declared(home: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The functions of ``functions`` and of ``tools``."""
    functions, tools = home.get("functions"), home.get("tools")
    yield from map(mapping, functions if isinstance(functions, list) else ())
    yield from (mapping(mapping(tool).get("function")) for tool in (tools if isinstance(tools, list) else ()))
