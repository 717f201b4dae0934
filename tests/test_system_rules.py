"""Tests of the rules about system prompts: the norm, what strays from it, and the laws of their tallies."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saying import look, merged

from ftlint.checks.base import Check
from ftlint.checks.system import MissingSystemPrompt, MixedSystemPrompts, NearVariantSystemPrompt, digests
from ftlint.model import Source
from ftlint.record import Line, Record

CHECKS: list[Check] = [MissingSystemPrompt(), MixedSystemPrompts(), NearVariantSystemPrompt()]


def records(*prompts: str | None, path: str = "train.jsonl", role: str = "system") -> list[Record]:
    """A chat for each system prompt; None for a chat without."""
    found = []
    for number, prompt in enumerate(prompts, 1):
        head = [] if prompt is None else [{"role": role, "content": prompt}]
        talk = [*head, {"role": "user", "content": f"{number}?"}, {"role": "assistant", "content": "Yes."}]
        found.append(Record(Line(Source(path, path), number, 100 * number, b"{}"), {"messages": talk}, "chat"))
    return found


def test_missing_prompts_are_counted_by_file() -> None:
    seen = records("Be kind.", None, None, "Be kind.") + records("Be kind.", None, "Be kind.", path="more.jsonl")
    first, second = look(MissingSystemPrompt(), seen).kept
    assert (str(first.at), first.values["missing"]) == ("train.jsonl:2:messages[0]", 2)
    assert (str(second.at), second.values["missing"]) == ("more.jsonl:2:messages[0]", 1)
    assert (first.values["present"], first.values["records"]) == (4, 7)


def test_missing_prompts_are_fine_where_most_have_none() -> None:
    assert look(MissingSystemPrompt(), records(None, None)).total == 0
    assert look(MissingSystemPrompt(), records("Be kind.", None, None)).total == 0
    assert look(MissingSystemPrompt(share=0.3), records("Be kind.", None, None)).total == 1
    assert look(MissingSystemPrompt(), records("Be kind.", "Be kind.", role="developer")).total == 0


def test_mixed_prompts_are_told_once_each() -> None:
    found = look(
        MixedSystemPrompts(), records("Be kind.", "Rhyme.", "Be kind.", "Rhyme.", "Be kind.", "Joke.", "Be kind.")
    )
    assert [(str(one.at), one.values["count"], one.values["norm"]) for one in found.kept] == [
        ("train.jsonl:2:messages[0].content", 2, 4),
        ("train.jsonl:6:messages[0].content", 1, 4),
    ]
    assert {one.related[0].at.line for one in found.kept} == {1}


def test_variety_is_meant() -> None:
    assert look(MixedSystemPrompts(), records("Help Ada.", "Help Grace.")).total == 0
    assert look(MixedSystemPrompts(), records("One.", "One.", "Two.", "Three.", "Four.")).total == 0
    assert look(MixedSystemPrompts(share=0.4), records("One.", "One.", "Two.", "Three.", "Four.")).total == 3


def test_near_variants_have_one_rule() -> None:
    seen = records("Be kind.", "be  kind", "Be kind.", "Rhyme.")
    (finding,) = look(NearVariantSystemPrompt(), seen).kept
    assert (finding.at.line, finding.related[0].at.line) == (2, 1)
    assert (finding.values["count"], finding.values["norm"]) == (1, 2)
    (stray,) = look(MixedSystemPrompts(), seen).kept
    assert (stray.at.line, stray.values["norm"]) == (4, 3)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Be kind.", "BE KIND", True),
        ("Be kind.", "Be\u00a0kind!", True),
        ("\ufeffBe kind.", "Be kind\u200b.", True),
        ("\uff22\uff45 kind", "Be kind", True),
        ("Use “quotes”, please", 'Use "quotes" please', True),
        ("Write C", "Write C++", False),
        ("Add 15 %", "Add 1.5 %", False),
        ("Be kind.", "Be kinder.", False),
    ],
)
def test_essence(one: str, other: str, same: bool) -> None:
    assert (digests(one)[0] == digests(other)[0]) is same
    assert digests(one)[1] != digests(other)[1]


def test_other_shapes() -> None:
    completion = Record(Line(Source("a", "a"), 1, 0, b"{}"), {"prompt": "a", "completion": "b"}, "completion")
    talk = {"messages": [{"role": "user", "content": "Hi"}]}
    pair = Record(
        Line(Source("a", "a"), 2, 9, b"{}"),
        {"input": talk, "preferred_output": [], "non_preferred_output": []},
        "preference",
    )
    (finding,) = look(MissingSystemPrompt(), [*records("Be kind."), completion, pair]).kept
    assert str(finding.at) == "a:2:input.messages[0]"
    assert finding.values["records"] == 2


def test_parts_and_strings_are_one_prompt() -> None:
    seen = records("Be kind.", "Be kind.")
    seen[1].data["messages"][0]["content"] = [{"type": "text", "text": "Be kind."}]
    assert [look(check, seen).total for check in CHECKS] == [0, 0, 0]


prompts = st.lists(st.sampled_from([None, "Be kind.", "be kind", "BE KIND", "Rhyme.", "Joke.", " "]), max_size=14)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.kind)
@given(items=prompts, cuts=st.lists(st.integers(0, 14), max_size=4), left=st.booleans())
def test_any_cut_finds_the_same(check: Check, items: Any, cuts: list[int], left: bool) -> None:
    seen = records(*items)
    assert merged(check, seen, [min(cut, len(seen)) for cut in cuts], left=left) == look(check, seen)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.kind)
@given(items=prompts, order=st.randoms(use_true_random=False))
def test_moving_lines_changes_no_identity(check: Check, items: Any, order: Any) -> None:
    moved = list(items)
    order.shuffle(moved)
    first, second = (sorted(one.subject for one in look(check, records(*each)).kept) for each in (items, moved))
    assert first == second
