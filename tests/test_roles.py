"""Tests of the rules about roles: one finding for one cause, silence about sound conversations, and no exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saying import sound

from ftlint.checks import roles
from ftlint.checks.base import RecordCheck
from ftlint.model import Finding
from ftlint.record import Record
from ftlint.targets import resolve

OPENAI, TOGETHER = resolve("openai/gpt-4.1-mini"), resolve("together/any-model")
CHECKS: list[RecordCheck] = [
    roles.RepeatedRole(OPENAI),
    roles.NoUserMessage(),
    roles.NoAssistantMessage(),
    roles.EndsWithoutAssistant(),
    roles.LateSystemMessage(),
    roles.SecondSystemMessage(),
    roles.OpensWithAssistant(OPENAI),
    roles.EmptyContent(),
    roles.NoTrainedMessage(),
]
CALL = {"id": "call_1", "type": "function", "function": {"name": "track", "arguments": "{}"}}


def findings(record: Record) -> Iterator[tuple[str, Finding]]:
    for check in CHECKS:
        for finding in check.examine(record):
            yield check.kind, finding


def names(data: dict[str, Any]) -> list[str]:
    return [name for name, _ in findings(sound(data))]


def say(role: str) -> dict[str, Any]:
    """A message by its first letter; ``c`` is an assistant's call, ``t`` its result, ``0`` an answer of weight 0."""
    known: dict[str, dict[str, Any]] = {
        "s": {"role": "system", "content": "Be kind."},
        "u": {"role": "user", "content": "Hi"},
        "a": {"role": "assistant", "content": "Hello."},
        "0": {"role": "assistant", "content": "Hello.", "weight": 0},
        "c": {"role": "assistant", "content": None, "tool_calls": [CALL]},
        "t": {"role": "tool", "tool_call_id": "call_1", "content": ""},
    }
    return known[role]


def chat(letters: str) -> dict[str, Any]:
    return {"messages": [say(letter) for letter in letters]}


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("ua", []),
        ("suaua", []),
        ("uctta", []),
        ("uc", []),
        ("uu0ua", ["repeated-role"]),
        ("uaaa", ["repeated-role", "repeated-role"]),
        ("uca", []),
        ("s", ["no-assistant-message"]),
        ("u", ["no-assistant-message"]),
        ("uu", ["no-assistant-message"]),
        ("sa", ["no-user-message"]),
        ("saa", ["no-user-message"]),
        ("a", ["no-user-message"]),
        ("uau", ["ends-without-assistant"]),
        ("uct", ["ends-without-assistant"]),
        ("u0u", ["ends-without-assistant"]),
        ("au", ["ends-without-assistant"]),
        ("uas", ["ends-without-assistant"]),
        ("usa", ["late-system-message"]),
        ("us", ["no-assistant-message", "late-system-message"]),
        ("ssua", ["second-system-message"]),
        ("aua", ["opens-with-assistant"]),
        ("u0", ["no-trained-message"]),
        ("u0ua", []),
    ],
)
def test_one_cause_gives_one_finding(letters: str, expected: list[str]) -> None:
    assert names(chat(letters)) == expected


def test_named_speakers_may_follow_each_other_unless_turns_are_demanded() -> None:
    ana, ben = ({"role": "user", "content": "Hi", "name": name} for name in ("ana", "ben"))
    both = {"messages": [ana, ben, say("a")]}
    assert names(both) == []
    assert names({"messages": [ana, ana, say("a")]}) == ["repeated-role"]
    (finding,) = roles.RepeatedRole(TOGETHER).examine(sound(both))
    assert finding.values == {"role": "user", "demand": ", which Together refuses"}


def test_named_system_messages_are_examples() -> None:
    named = {"role": "system", "content": "Hi", "name": "example_user"}
    assert names({"messages": [say("s"), named, say("u"), say("a")]}) == []


def test_other_shapes() -> None:
    pair = {"preferred_output": [say("a")], "non_preferred_output": [say("a")]}
    assert names({"input": {"messages": [say("s"), say("u")]}, **pair}) == []
    assert names({"input": {"messages": [say("s")]}, **pair}) == ["no-user-message"]
    assert names({"input": {"messages": [say("u"), say("u")]}, **pair}) == ["repeated-role"]
    blank = {"role": "assistant", "content": "\u3000\n"}
    assert names({"input": {"messages": [say("u")]}, **pair, "preferred_output": [blank]}) == ["empty-content"]
    assert names({"messages": [say("u")], "answer": "144"}) == []
    assert names({"messages": [{"role": "developer", "content": "Be kind."}, say("u")], "answer": "1"}) == []
    assert names({"prompt": "", "completion": "yes", "label": True}) == []
    assert names({"prompt": "a", "completion": " \n"}) == ["empty-content"]


@pytest.mark.parametrize(
    ("message", "empty"),
    [
        ({"content": ""}, True),
        ({"content": []}, True),
        ({"content": [{"type": "text", "text": " "}]}, True),
        ({"content": "", "tool_calls": [CALL]}, False),
        ({"content": None, "refusal": "No."}, False),
        ({"content": "", "refusal": "No."}, False),
        ({"content": [{"type": "refusal", "refusal": "No."}]}, False),
    ],
)
def test_empty_means_that_nothing_else_is_said(message: dict[str, Any], empty: bool) -> None:
    data = {"messages": [say("u"), {"role": "assistant", **message}]}
    assert names(data) == ["empty-content"] * empty


@pytest.mark.parametrize("weight", [False, "0", None, 0.5])
def test_a_bad_weight_is_told_only_as_such(weight: object) -> None:
    assert names({"messages": [say("u"), {**say("a"), "weight": weight}]}) == []


TEXT = st.sampled_from(["", " \n", "Hi", "…"])
NAME = st.one_of(st.none(), st.sampled_from(["ana", "not a name"]), st.integers(0, 1))
WEIGHT: st.SearchStrategy[object] = st.sampled_from([None, 0, 1, 0.0, False, "1", 2, [], "absent"])
TEXTS: st.SearchStrategy[dict[str, Any]] = TEXT.map(lambda text: {"type": "text", "text": text})
IMAGE: dict[str, Any] = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
REFUSAL: dict[str, Any] = {"type": "refusal", "refusal": "No."}


@st.composite
def message(draw: st.DrawFn, speakers: str = "suat") -> dict[str, Any]:
    role = {"s": "system", "u": "user", "a": "assistant", "t": "tool"}[draw(st.sampled_from(speakers))]
    other = {"user": st.just(IMAGE), "assistant": st.just(REFUSAL)}.get(role, TEXTS)
    parts = st.lists(TEXTS | other, max_size=2)
    made: dict[str, Any] = {"role": role, "content": draw(st.one_of(TEXT, parts))}
    if (name := draw(NAME)) is not None:
        made["name"] = name
    if (weight := draw(WEIGHT)) != "absent" and role == "assistant":
        made["weight"] = weight
    if role == "assistant" and draw(st.booleans()):
        made |= {"tool_calls": [CALL], "content": None}
    return made | ({"tool_call_id": "call_1"} if role == "tool" else {})


MESSAGES = st.lists(message(), min_size=1, max_size=6)
OUTPUT = st.lists(message("a"), min_size=1, max_size=1)
RECORDS = st.one_of(
    st.fixed_dictionaries({"messages": MESSAGES}),
    MESSAGES.map(lambda told: {"messages": [*told, say("u")], "answer": 1}),
    st.fixed_dictionaries(
        {
            "input": st.fixed_dictionaries({"messages": MESSAGES}),
            "preferred_output": OUTPUT,
            "non_preferred_output": OUTPUT,
        }
    ),
    st.fixed_dictionaries({"prompt": st.one_of(TEXT, MESSAGES), "completion": st.one_of(TEXT, OUTPUT)}),
)


@given(RECORDS)
def test_sound_records_never_raise_and_findings_lead_to_values(data: dict[str, Any]) -> None:
    seen = []
    for name, finding in findings(sound(data)):
        value: Any = data
        for step in finding.at.route:
            value = value[step]
        seen.append(name)
    assert len({"no-user-message", "no-assistant-message", "ends-without-assistant"} & {*seen}) <= 1
    assert "repeated-role" not in seen or not {"no-user-message", "no-assistant-message"} & {*seen}
