"""Who speaks when: checks of the order of roles, of weights, and of messages that say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ftlint.checks.base import kind
from ftlint.checks.sieve import SievedCheck
from ftlint.model import Finding, Location
from ftlint.record import INSTRUCTIONS, Message, Record
from ftlint.targets import Target

INSTEAD = ("tool_calls", "function_call", "refusal")
"""What an assistant message may hold instead of content."""


@kind
class RepeatedRole(SievedCheck):
    """Two messages in a row by one speaker; people of different names may well speak in turn.

    Silent where one side does not speak at all or a call has no result, which other rules tell.
    """

    target: Target
    roles: tuple[str, ...] = ("user", "assistant")
    kind = "repeated-role"

    def examine(self, record: Record) -> Iterator[Finding]:
        messages = record.conversation
        if not any(first["role"] == second["role"] for first, second in pairwise(messages)) or _one_sided(record):
            return
        for index, (before, message) in enumerate(pairwise(messages), 1):
            same = message["role"] == before["role"] in self.roles and self._is_one(before, message)
            if same and not before.get("tool_calls"):
                yield record.finding(_role(record, index), role=message["role"], demand=_demand(self.target))

    def _is_one(self, before: Message, message: Message) -> bool:
        return self.target.alternation or before.get("name") == message.get("name")


@kind
class NoUserMessage(SievedCheck):
    """A conversation in which no user speaks, although the assistant may."""

    kind = "no-user-message"

    def examine(self, record: Record) -> Iterator[Finding]:
        messages = record.conversation
        if not messages or _speaks("user", messages) or _lacks_its_end(record):
            return
        if record.shape != "chat" or _speaks("assistant", messages):
            yield record.finding(_home(record))


@kind
class NoAssistantMessage(SievedCheck):
    """A chat record with nothing to learn: no message of the assistant."""

    kind = "no-assistant-message"

    def examine(self, record: Record) -> Iterator[Finding]:
        if record.shape == "chat" and not _speaks("assistant", record.conversation):
            yield record.finding(_home(record))


@kind
class EndsWithoutAssistant(SievedCheck):
    """A chat record whose last message is not the assistant's, although it speaks before."""

    kind = "ends-without-assistant"

    def examine(self, record: Record) -> Iterator[Finding]:
        if _lacks_its_end(record):
            messages = record.conversation
            role = messages[-1]["role"]
            yield record.finding(_role(record, len(messages) - 1), role=role)


@kind
class LateSystemMessage(SievedCheck):
    """A system message after the conversation has begun; one at the very end is told by ``ends-without-assistant``."""

    kind = "late-system-message"

    def examine(self, record: Record) -> Iterator[Finding]:
        messages = record.conversation
        begun = False
        for index, message in enumerate(messages[:-1] if _lacks_its_end(record) else messages):
            if message["role"] not in INSTRUCTIONS:
                begun = True
            elif begun:
                yield record.finding(_role(record, index), role=message["role"])


@kind
class SecondSystemMessage(SievedCheck):
    """Several system messages before the conversation begins; named ones are few-shot examples, and meant."""

    kind = "second-system-message"

    def examine(self, record: Record) -> Iterator[Finding]:
        for index, message in enumerate(record.conversation):
            if message["role"] not in INSTRUCTIONS:
                return
            if index and "name" not in message:
                yield record.finding(_role(record, index), role=message["role"])


@kind
class OpensWithAssistant(SievedCheck):
    """The assistant speaks first, before any user; where it does not speak last either, that is told instead."""

    target: Target
    kind = "opens-with-assistant"

    def examine(self, record: Record) -> Iterator[Finding]:
        messages = record.conversation
        for index, message in enumerate(messages):
            if message["role"] not in INSTRUCTIONS:
                if message["role"] == "assistant" and _speaks("user", messages) and not _lacks_its_end(record):
                    yield record.finding(_role(record, index), demand=_demand(self.target))
                return


@kind
class EmptyContent(SievedCheck):
    """A message or completion of no text, or of white space only. A tool may well return nothing."""

    kind = "empty-content"

    def examine(self, record: Record) -> Iterator[Finding]:
        if record.shape == "completion":
            text = record.data["completion"]
            if isinstance(text, str) and not text.strip():
                yield record.finding(record.at / "completion", what="completion")
        elif any(map(_is_empty, record.spoken)):
            for at, message in record.all_messages():
                if _is_empty(message):
                    yield record.finding(at / "content", what=f"{message['role']} message")


@kind
class NoTrainedMessage(SievedCheck):
    """A chat record in which every assistant message has the weight 0."""

    kind = "no-trained-message"

    def examine(self, record: Record) -> Iterator[Finding]:
        if record.shape != "chat" or _lacks_its_end(record):
            return
        messages = record.conversation
        spoken = [index for index, message in enumerate(messages) if message["role"] == "assistant"]
        if spoken and all(_is_zero(messages[index].get("weight")) for index in spoken):
            yield record.finding(_home(record) / spoken[-1] / "weight")


def _home(record: Record) -> Location:
    return record.at / "input" / "messages" if record.shape == "preference" else record.at / "messages"


def _role(record: Record, index: int) -> Location:
    return _home(record) / index / "role"


def _speaks(role: str, messages: list[Message]) -> bool:
    return any(message["role"] == role for message in messages)


def _one_sided(record: Record) -> bool:
    """Whether a side that has to speak never does."""
    messages = record.conversation
    return not _speaks("user", messages) or (record.shape == "chat" and not _speaks("assistant", messages))


def _lacks_its_end(record: Record) -> bool:
    """Whether the last word of a chat record is not the assistant's, although it speaks before."""
    messages = record.conversation
    return record.shape == "chat" and messages[-1]["role"] != "assistant" and _speaks("assistant", messages)


def _demand(target: Target) -> str:
    return f", which {target.provider.capitalize()} refuses" if target.alternation else ""


def _is_zero(weight: object) -> bool:
    return weight == 0 and weight is not False


def _is_empty(message: Message) -> bool:
    content = message.get("content")
    if isinstance(content, str):
        if content and not content.isspace():
            return False
    elif content is None or not all(part["type"] == "text" and not part["text"].strip() for part in content):
        return False
    return message["role"] not in ("tool", "function") and not any(map(message.get, INSTEAD))
