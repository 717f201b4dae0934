"""Quick ways agree with plain ones: sieves with ``examine``, turns with messages, one proof with another."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import chain
from typing import Any

import pytest
import strategies
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from saying import read

from ftlint.batch import ENOUGH, Batch
from ftlint.checks import load
from ftlint.checks.base import RecordCheck
from ftlint.checks.leakage import ConflictingAnswers, SplitLeakage, asks, exchange
from ftlint.checks.toolschema import plainly_sound
from ftlint.counting import counts, lengths
from ftlint.locate import duplicate_keys
from ftlint.model import Source
from ftlint.plain import turns
from ftlint.record import Line, Record
from ftlint.shape import examine
from ftlint.targets import resolve
from ftlint.tokens import count_records, count_turns

TARGET = resolve("openai/gpt-4o")
OPTIONS: dict[str, Any] = {"target": TARGET, "max_tokens": 25, "size": 0, "pattern": "a|<|b", "hints": ("<|", "ab")}
TRAPS = st.sampled_from(
    "TODO: x|lorem ipsum dolor|Lorem Ipsum dolor|LOREM IPSUM DOLOR|[YOUR NAME]|<insert name>|{{name}}|XX-XX|xxx|XXXX"
    "|sk-proj-|4539 1488 0343 6467 card|GB29NWBK60161331926818|a_b@mail.org|<|im_start|>|[INST]|\tfrac|$\nabla$|C:\temp"
    "|Ã©|\ufffd|I'm sorry, but I can't help|  | end |\n".split("|")
)
TEXTS = st.one_of(strategies.plain, TRAPS, st.builds("{} {}".format, strategies.plain, TRAPS), strategies.wild)
ROLES = st.sampled_from(["user", "assistant", "system"])
TALK = st.lists(
    st.fixed_dictionaries({"role": ROLES, "content": st.one_of(TEXTS, st.just(""))}), min_size=1, max_size=4
)


@st.composite
def talks(draw: st.DrawFn) -> dict[str, Any]:
    """A chat in turn or out of it."""
    messages = draw(TALK)
    for index, message in enumerate(messages if draw(st.booleans()) else ()):
        message["role"] = ("user", "assistant")[index % 2]
    return {"messages": messages}


DATA = st.one_of(strategies.records(TEXTS), talks(), talks())


BATCHES = st.lists(DATA, max_size=5).map(
    lambda batch: [record for number, data in enumerate(batch, 1) if (record := read(data, number))]
)


def large(batch: list[Record], words: Iterable[str]) -> Batch:
    """So many of the same records that their lines are searched instead of their texts."""
    result = Batch(batch * ENOUGH)
    result.words = frozenset(words)
    return result


def made(kind: type[RecordCheck]) -> RecordCheck:
    return kind(**{name: OPTIONS[name] for name in kind.defaults() if name in OPTIONS})


@pytest.mark.parametrize("kind", [kind for kind in load().values() if issubclass(kind, RecordCheck)])
@given(batch=BATCHES)
def test_a_sieve_loses_nothing(kind: type[RecordCheck], batch: list[Record]) -> None:
    check = made(kind)
    for some in (batch, large(batch, check.words())):
        assert list(check.examine_many(some)) == list(chain.from_iterable(map(check.examine, some)))


@given(BATCHES, st.lists(st.one_of(TRAPS, st.text(min_size=1, max_size=2)).filter(bool), max_size=3))
def test_words_are_found_where_they_stand(batch: list[Record], words: list[str]) -> None:
    for some in (Batch(batch), large(batch, words)):
        assert some.holding(words) == [record for record in some if any(word in record.plain for word in words)]


@given(DATA, st.booleans(), st.sampled_from([(", ", ": "), (",", ":"), (" , ", " : "), ("\t,", "\t:")]))
def test_the_quick_gate_agrees_with_the_reference(data: dict[str, Any], escaped: bool, signs: tuple[str, str]) -> None:
    line = json.dumps(data, ensure_ascii=escaped, separators=signs).encode()
    quick = turns(line)
    record = examine(Line(Source("train.jsonl", "train.jsonl"), 1, 0, line)).record
    if quick is not None:
        assert record is not None
        assert quick == record.turns
        assert Record.of_turns(record.line, quick).data == record.data
        assert Record.of_turns(record.line, quick).digest == record.digest
    elif record is not None and record.turns is not None:
        assert signs[1] != ": " or any('"' in text or " :" in text for text in record.turns)


@given(DATA)
def test_turns_are_those_of_a_plain_chat(data: dict[str, Any]) -> None:
    record = read(data)
    if record is None:
        return
    messages = data.get("messages", ())
    talk = messages[1:] if messages and messages[0]["role"] == "system" else messages
    in_turn = [message["role"] for message in talk] == ["user", "assistant"] * (len(talk) // 2)
    said = all(isinstance(message.get("content"), str) and message["content"].strip() for message in messages)
    plain = data.keys() == {"messages"} and talk and in_turn and said and all(len(message) == 2 for message in messages)
    assert record.turns == ([message["content"] for message in messages] if plain else None)


@given(st.lists(st.lists(strategies.wild, min_size=1, max_size=2), max_size=3), st.booleans())
def test_turns_count_as_their_messages_do(chats: list[list[str]], instructed: bool) -> None:
    whole = [["Be kind."] * instructed + [text for text in texts for _ in range(2)] for texts in chats]
    roles = ["system"] * instructed + ["user", "assistant"] * 2
    records = [
        {"messages": [{"role": role, "content": text} for role, text in zip(roles, texts, strict=False)]}
        for texts in whole
    ]
    assert count_turns(whole, TARGET) == count_records(records, TARGET)


@given(BATCHES)
def test_lengths_are_those_of_the_counts(batch: list[Record]) -> None:
    quick = lengths(Batch(batch), TARGET)
    counted = counts(Batch(batch), TARGET)
    assert sorted(zip(*quick[:2], strict=True)) == sorted((count.total, count.billed) for count in counted)
    assert quick[2] == all(count.exact for count in counted)
    assert lengths(Batch(batch), TARGET)[2] == quick[2]


@given(DATA)
def test_keys_of_a_plain_chat_are_those_of_its_messages(data: dict[str, Any]) -> None:
    record = read(data)
    if record is None or record.turns is None:
        return
    asked, _ = exchange(record)
    assert asks(asked)
    weighted = Record(record.line, {"messages": [*asked, {**data["messages"][-1], "weight": 1}]}, "chat")
    assert weighted.turns is None
    for check in (SplitLeakage(), ConflictingAnswers()):
        assert check.keys(record) == check.keys(weighted)
        assert check.keys(record) == check.keys(Record(record.line, data, "chat"))


KEY = st.sampled_from(["messages", "role", "content", "name", 'a\\":', "\\"])
PAIRS = st.sampled_from(
    ['"role":"user"', '"content":"a"', '"content" : "b\\\\"', '"content":"\\":"', '"role":"assistant"', '"name" :"n"']
)
OBJECTS = st.lists(PAIRS, min_size=2, max_size=3).map(lambda pairs: "{" + ",".join(pairs) + "}")


@given(st.lists(OBJECTS, min_size=1, max_size=2), st.sampled_from(["", '"messages" :[[]],', '"messages":[{"a":1}],']))
@example(['{"role":"user","content":"a"}', '{"role":"assistant","content":"b"}'], "")
def test_no_key_that_stands_twice_is_overlooked(messages: list[str], before: str) -> None:
    text = "{" + before + '"messages":[' + ",".join(messages) + "]}"
    assert turns(text.encode()) is None or not list(duplicate_keys(text))
    outcome = examine(Line(Source("train.jsonl", "train.jsonl"), 1, 0, text.encode()))
    assert any(fault.rule == "duplicate-key" for fault in outcome.faults) == bool(list(duplicate_keys(text)))


WORDS = st.sampled_from(["object", "array", "string", "strings", 7, None, ["object"], [], {}, True])
SCHEMAS = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.just({})),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "type": WORDS,
            "enum": WORDS,
            "title": WORDS,
            "required": st.one_of(WORDS, st.lists(st.sampled_from(["a", "b", 1]), max_size=3)),
            "properties": st.one_of(WORDS, st.dictionaries(st.sampled_from("ab"), inner, max_size=2)),
            "items": inner,
            "additionalProperties": inner,
            "minimum": WORDS,
        },
    ),
    max_leaves=4,
)


@given(SCHEMAS)
@example({"type": "object", "properties": {"a": {"type": "string", "enum": []}}, "required": ["a"]})
def test_what_is_plainly_a_schema_is_one(schema: Any) -> None:
    if plainly_sound(schema):
        Draft202012Validator.check_schema(schema)
