"""The contents of a part by digest: which examples there are, so that two states of a dataset can be held together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from ftlint.identity import canonical, number
from ftlint.record import INSTRUCTIONS, Record
from ftlint.tokens import TokenCount

NO_PROMPT = 0


class Example(NamedTuple):
    """One content, of which there may be copies; digests are 8 bytes as whole numbers.

    Attributes:
        copies: how often it stands there.
        total, billed: tokens of one copy, billed before a limit cuts it.
        body, asked: digests without the system prompt, and without the answer too.
        prompt: digest of the system prompt, 0 if there is none; ``prompt_tokens``: its tokens.
        line: where the first copy stands, from 1.
    """

    copies: int
    total: int
    billed: int
    body: int
    asked: int
    prompt: int
    prompt_tokens: int
    line: int


class Contents(Struct):
    """Examples by the digest of their whole content."""

    examples: dict[int, Example] = {}

    def add(self, records: Sequence[Record], counted: Sequence[TokenCount]) -> None:
        for record, count in zip(records, counted, strict=True):
            key = int(record.digest, 16)
            self._put(key, self.examples.get(key) or _example(record, count), 1)

    def merge(self, later: Contents) -> None:
        for key, example in later.examples.items():
            self._put(key, self.examples.get(key, example), example.copies)

    def _put(self, key: int, example: Example, copies: int) -> None:
        known = self.examples.get(key)
        self.examples[key] = example._replace(copies=copies + (known.copies if known else 0))


def _example(record: Record, count: TokenCount) -> Example:
    prompt, body, asked = _digests(record)
    prompt_tokens = sum(count.by_role.get(role, 0) for role in INSTRUCTIONS)
    return Example(0, count.total, count.billed, body, asked, prompt, prompt_tokens, record.line.number)


def _digests(record: Record) -> tuple[int, int, int]:
    """Of the system prompt, of all but it, and of what is asked alone."""
    if record.turns is not None:
        start = len(record.turns) % 2
        system, turns = record.turns[:start], record.turns[start:]
        return _number(system) if system else NO_PROMPT, _number(turns), _number(turns[:-1])
    if record.shape == "completion":
        return NO_PROMPT, _number(record.data), _number(record.data["prompt"])
    said = record.conversation
    prompts = [message for message in said if message.get("role") in INSTRUCTIONS]
    talk = [message for message in said if message.get("role") not in INSTRUCTIONS]
    rest = {key: value for key, value in record.data.items() if key not in ("messages", "input")}
    around = {key: value for key, value in record.home.items() if key != "messages"}
    body = _number([talk, rest, around])
    asked = talk[:-1] if talk and talk[-1].get("role") == "assistant" else talk
    return _number(prompts) if prompts else NO_PROMPT, body, _number(asked)


def _number(data: Any) -> int:
    return number(canonical(data))
