"""Tests of the rules about a dataset as a whole: what they see, what they leave alone, the laws of their tallies."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saying import HELD, TRAIN, look, merged

from ftlint.checks.base import Check
from ftlint.checks.data import EdgeWhitespace, IdenticalPreferencePair, TooFewExamples, WrongMethod
from ftlint.checks.leakage import ConflictingAnswers, DuplicateExample, SplitLeakage
from ftlint.errors import ConfigError
from ftlint.model import Source
from ftlint.record import Line, Record


def records(*items: Any, source: Source = TRAIN, shape: Any = "chat") -> list[Record]:
    """Records of the given data, one a line."""
    found, offset = [], 0
    for number, data in enumerate(items, 1):
        text = json.dumps(data).encode()
        found.append(Record(Line(source, number, offset, text), data, shape))
        offset += len(text) + 1
    return found


def chat(asked: str, said: str | None, system: str = "", **more: Any) -> dict[str, Any]:
    head = [{"role": "system", "content": system}] if system else []
    user = [{"role": "user", "content": asked}] if asked else []
    return {"messages": [*head, *user, {"role": "assistant", "content": said, **more}]}


def pair(good: dict[str, Any], bad: dict[str, Any]) -> dict[str, Any]:
    asked = {"messages": [{"role": "user", "content": "Hi"}]}
    return {"input": asked, "preferred_output": [good], "non_preferred_output": [bad]}


def lines(check: Check, seen: list[Record]) -> list[str]:
    return [str(finding.at) for finding in look(check, seen).kept]


def test_too_few_counts_distinct_records() -> None:
    check = TooFewExamples(SimpleNamespace(min_examples=3))  # type: ignore[arg-type]
    (finding,) = look(check, records(chat("a", "b"), chat("c", "d"), chat("a", "b"))).kept
    assert (finding.at.path, finding.at.line) == ("train.jsonl", 1)
    assert finding.values == {"split": "train", "distinct": 2, "least": 3, "duplicates": 1}
    assert look(check, []).total == 0
    assert look(check, records(*(chat(word, "b") for word in "abc"))).total == 0


def test_too_few_looks_at_each_split() -> None:
    three = [chat(word, "x") for word in "abc"]
    check = TooFewExamples(min=3)
    assert lines(check, records(*three) + records(*three[:2], source=HELD)) == ["validation.jsonl:1"]
    assert lines(check, records(*three, source=HELD)) == []


def test_too_few_says_what_min_may_be() -> None:
    with pytest.raises(ConfigError, match='min is "many"'):
        TooFewExamples(min="many").start()


def test_duplicates_are_content() -> None:
    first = chat("a", "b")
    message, reply = first["messages"]
    turned = {"messages": [dict(reversed(message.items())), reply]}
    found = look(DuplicateExample(), records(first, chat("c", "d"), turned, first)).kept
    assert [(one.at.line, one.related[0].at.line) for one in found] == [(3, 1), (4, 1)]
    assert {one.subject for one in found} == {records(first)[0].digest}
    assert look(DuplicateExample(), records(first) + records(first, source=HELD)).total == 0


def test_conflicts_are_told_once_a_prompt() -> None:
    seen = records(chat("a", "1"), chat("b", "1"), chat("a", "1"), chat("a", "2"), chat("a", "3"), chat("a", "2"))
    (finding,) = look(ConflictingAnswers(), seen).kept
    assert (finding.at.line, finding.related[0].at.line, finding.values["answers"]) == (4, 1, 3)


def test_conflicts_need_one_prompt() -> None:
    def seen(url: str) -> dict[str, Any]:
        image = {"type": "image_url", "image_url": {"url": url}}
        return {"messages": [{"role": "user", "content": [image]}, {"role": "assistant", "content": url}]}

    assert look(ConflictingAnswers(), records(seen("https://a"), seen("https://b"))).total == 0
    tools = [{"type": "function", "function": {"name": "f"}}]
    assert look(ConflictingAnswers(), records(chat("a", "1"), chat("a", "2") | {"tools": tools})).total == 0
    assert look(ConflictingAnswers(), records(chat("", "1", "s"), chat("", "2", "s"))).total == 0
    assert look(ConflictingAnswers(), records(chat("a", "1"), chat("a", "2", weight=0))).total == 0


def test_conflicts_overlook_ids_of_calls() -> None:
    def call(number: str, arguments: str) -> dict[str, Any]:
        made = {"id": number, "type": "function", "function": {"name": "f", "arguments": arguments}}
        return chat("a", None, tool_calls=[made])

    assert look(ConflictingAnswers(), records(call("x", "{}"), call("y", "{}"))).total == 0
    assert look(ConflictingAnswers(), records(call("x", "{}"), call("x", '{"n": 1}'))).total == 1


def test_conflicts_of_other_shapes() -> None:
    plain = [{"prompt": "a", "completion": word} for word in "xy"]
    assert look(ConflictingAnswers(), records(*plain, shape="completion")).total == 1
    labelled = [item | {"label": True} for item in plain]
    assert look(ConflictingAnswers(), records(*labelled, shape="completion")).total == 0
    empty = [item | {"prompt": ""} for item in plain]
    assert look(ConflictingAnswers(), records(*empty, shape="completion")).total == 0
    good, bad, worse = ({"role": "assistant", "content": word} for word in "xyz")
    assert look(ConflictingAnswers(), records(pair(good, bad), pair(worse, bad), shape="preference")).total == 0


@pytest.mark.parametrize("held_first", [False, True])
def test_leakage_stands_at_the_held_out_record(held_first: bool) -> None:
    train, held = records(chat("a", "1"), chat("b", "2")), records(chat("c", "1"), chat("b", "3"), source=HELD)
    (finding,) = look(SplitLeakage(), held + train if held_first else train + held).kept
    assert (str(finding.at), str(finding.related[0].at)) == ("validation.jsonl:2", "train.jsonl:2")


def test_leakage_is_silent_in_one_split_and_about_bare_system_prompts() -> None:
    assert look(SplitLeakage(), records(chat("a", "1"), chat("a", "2"))).total == 0
    bare = chat("", "1", "You write poems.")
    assert look(SplitLeakage(), records(bare) + records(bare, source=HELD)).total == 0


@pytest.mark.parametrize(
    ("text", "span"),
    [("ok\n", (2, 3)), (" ok ", (0, 1)), ("\n\nok", (0, 2)), ("ok", None), (" ", None), ("a\n b", None)],
)
def test_edges_of_answers(text: str, span: tuple[int, int] | None) -> None:
    found = look(EdgeWhitespace(), records(chat(" q ", text))).kept
    assert [one.at.span for one in found] == ([span] if span else [])


def test_edges_only_where_trained() -> None:
    assert look(EdgeWhitespace(), records(chat("a", "b ", weight=0))).total == 0
    spaced, trim = {"role": "assistant", "content": "b "}, {"role": "assistant", "content": "b"}
    assert lines(EdgeWhitespace(), records(pair(spaced, trim), shape="preference")) == [
        "train.jsonl:1:preferred_output[0].content"
    ]
    assert look(EdgeWhitespace(), records(pair(trim, spaced), shape="preference")).total == 0
    graded = {"messages": [spaced, {"role": "user", "content": "q"}]}
    assert look(EdgeWhitespace(), records(graded, shape="reinforcement")).total == 0
    old = [{"prompt": "a", "completion": text} for text in (" b", " b ", [spaced], " b\n")]
    assert [one.at.line for one in look(EdgeWhitespace(), records(*old, shape="completion")).kept] == [2, 3]


def test_edges_of_parts_are_the_outer_ones() -> None:
    parts = [{"type": "text", "text": "a "}, {"type": "text", "text": " b"}]
    message = {"role": "assistant", "content": parts}
    assert look(EdgeWhitespace(), records({"messages": [message]})).total == 0


def test_identical_pairs() -> None:
    good = {"role": "assistant", "content": "b"}
    check = IdenticalPreferencePair()
    assert lines(check, records(pair(good, good | {"name": "x"}), shape="preference")) == [
        "train.jsonl:1:non_preferred_output"
    ]
    assert look(check, records(pair(good, good | {"content": "c"}), shape="preference")).total == 0


def test_wrong_method() -> None:
    mixed = records(*[chat(word, "x") for word in "abc"])
    mixed[1].shape = mixed[2].shape = "preference"
    (finding,) = look(WrongMethod(), mixed).kept
    assert finding.at.line == 1
    assert (finding.values["count"], finding.values["records"], finding.values["norm"]) == (1, 3, "preference")
    assert lines(WrongMethod(method="chat"), mixed) == ["train.jsonl:2"]
    assert lines(WrongMethod(method="reinforcement"), mixed) == ["train.jsonl:1", "train.jsonl:2"]
    assert lines(WrongMethod(), mixed[:1]) == []


CHECKS: list[Check] = [
    TooFewExamples(min=4), DuplicateExample(), ConflictingAnswers(), SplitLeakage(),
    EdgeWhitespace(), IdenticalPreferencePair(), WrongMethod(),
]  # fmt: skip
datasets = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y", "z "]), st.booleans()), max_size=14)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.kind)
@given(train=datasets, held=datasets, cuts=st.lists(st.integers(0, 14), max_size=4), left=st.booleans())
def test_any_cut_finds_the_same(check: Check, train: Any, held: Any, cuts: list[int], left: bool) -> None:
    seen = []
    for items, source in ((train, TRAIN), (held, HELD)):
        part = records(*(chat(asked, said) for asked, said, _ in items), source=source)
        for record, (_, _, odd) in zip(part, items, strict=True):
            record.shape = "reinforcement" if odd else "chat"
        seen += part
    cuts = [min(cut, len(seen)) for cut in cuts]
    assert merged(check, seen, cuts, left=left) == look(check, seen)
    places = [(finding.at.path, finding.at.line) for finding in look(check, seen).kept]
    assert places == sorted(places)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.kind)
@given(items=datasets, order=st.randoms(use_true_random=False))
def test_moving_lines_changes_no_identity(check: Check, items: Any, order: Any) -> None:
    def subjects(rows: Any) -> list[str]:
        return sorted(one.subject for one in look(check, records(*(chat(*row[:2]) for row in rows))).kept)

    moved = list(items)
    order.shuffle(moved)
    assert subjects(items) == subjects(moved)
