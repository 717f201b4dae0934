"""Tests of the rules about lengths: the exact edges of a limit, what is lost beyond it, and special tokens."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saying import sound

from ftlint import api
from ftlint.checks.base import RecordCheck
from ftlint.checks.tokens import NearTokenLimit, OverFileTokens, OverTokenLimit
from ftlint.config import Config
from ftlint.model import Diagnostic
from ftlint.pages import build, catalogue
from ftlint.targets import resolve
from ftlint.tokens import count_tokens

TARGET = resolve("openai/gpt-4.1-mini")
PROSE = "The Rhine rises in the Alps, flows north through six countries, and ends in the North Sea near Rotterdam. "


def chat(answer: str, question: str = "Tell me about the Rhine.") -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


def of_length(tokens: int) -> dict[str, Any]:
    """A chat of prose that has exactly so many tokens."""
    answer = PROSE * (tokens // 30)
    missing = tokens - count_tokens(chat(answer), TARGET).total
    assert missing > 0
    data = chat(answer + " a" * missing)
    data = chat(answer + " a" * (missing + tokens - count_tokens(data, TARGET).total))
    assert count_tokens(data, TARGET).total == tokens
    return data


def told(folder: Path, *records: dict[str, Any], rules: dict[str, Any] | None = None) -> list[Diagnostic]:
    """What the whole program says of some records about their lengths."""
    path = folder / "train.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    options = api.Options(select=["FT3"])
    return list(api.check([path], config=Config(None, folder, rules=rules or {}), options=options).diagnostics)


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (3999, []),
        (4000, []),
        (4001, ["near-token-limit"]),
        (4096, ["near-token-limit"]),
        (4097, ["over-token-limit"]),
        (5000, ["over-token-limit"]),
    ],
)
def test_the_edges_of_the_limit(tmp_path: Path, tokens: int, expected: list[str]) -> None:
    assert [item.name for item in told(tmp_path, of_length(tokens))] == expected


def test_what_is_lost_is_the_answer(tmp_path: Path) -> None:
    data = of_length(4097)
    (item,) = told(tmp_path, data)
    answer = count_tokens(data, TARGET).by_role["assistant"]
    assert item.message == (
        f"4,097 tokens, 1 over the limit of 4,096: the last 1 of the {answer:,} tokens of the answer would be cut"
    )
    assert (item.severity.name, item.route) == ("ERROR", "messages[1]")
    (item,) = told(tmp_path, chat("The Rhine.", PROSE * 250))
    assert item.message.endswith("over the limit of 4,096: all of the answer would be cut")


def test_near_scales_with_the_limit(tmp_path: Path) -> None:
    rules = {"over-token-limit": {"limit": 8192}}
    assert told(tmp_path, of_length(8000), rules=rules) == []
    assert [item.name for item in told(tmp_path, of_length(8001), rules=rules)] == ["near-token-limit"]
    assert [item.name for item in told(tmp_path, of_length(8193), rules=rules)] == ["over-token-limit"]


def test_the_model_may_set_the_limit(tmp_path: Path) -> None:
    assert told(tmp_path, of_length(4097), rules={"over-token-limit": {"limit": "model"}}) == []


def lost(data: dict[str, Any], limit: int) -> str:
    (finding,) = OverTokenLimit(resolve(None), limit, 0).examine(sound(data))
    return f"{finding.at}: {finding.values['tokens']}: {finding.values['lost']}"


def test_a_named_model_that_takes_more_is_told() -> None:
    (finding,) = OverTokenLimit(TARGET, 25, 0).examine(sound({"prompt": PROSE, "completion": " It is long."}))
    takes = "where that limit holds (gpt-4.1-mini-2025-04-14 itself takes 65,536)"
    assert str(finding.values["lost"]).endswith(f"would be cut {takes}")


def test_other_shapes_lose_their_ends() -> None:
    expected = "train.jsonl:1:completion: 27: the last 2 of the 4 tokens of the answer would be cut"
    assert lost({"prompt": PROSE, "completion": " It is long."}, 25) == expected
    asked = [{"role": "user", "content": PROSE}]
    assert lost({"messages": asked, "answer": "no"}, 25).endswith("of the message would be cut")
    good, bad = [{"role": "assistant", "content": "Yes."}], [{"role": "assistant", "content": PROSE}]
    pair = {"input": {"messages": asked}, "preferred_output": good, "non_preferred_output": bad}
    longer = count_tokens({"messages": [*asked, *bad]}, TARGET).total
    assert lost(pair, longer - 1).startswith(f"train.jsonl:1:non_preferred_output[0]: {longer}: the last 1 of")
    assert list(OverTokenLimit(TARGET, longer, 0).examine(sound(pair))) == []


def test_no_limit_no_findings() -> None:
    for check in (OverTokenLimit(TARGET, None, 0), NearTokenLimit(TARGET, None, 0)):
        assert list(check.examine(sound(of_length(5000)))) == []


def test_a_file_has_no_limit_unless_it_is_set(tmp_path: Path) -> None:
    both = (chat("a"), chat("b"))
    total = sum(count_tokens(record, TARGET).total for record in both)
    assert told(tmp_path, *both) == []
    assert told(tmp_path, *both, rules={"over-file-tokens": {"limit": total}}) == []
    (item,) = told(tmp_path, *both, rules={"over-file-tokens": {"limit": total - 1}})
    assert item.message == f"{total} tokens in this file, over the limit of {total - 1}"


@given(st.lists(st.sampled_from("abc"), max_size=6), st.integers(0, 6))
def test_sums_do_not_depend_on_the_cut(letters: list[str], cut: int) -> None:
    check = OverFileTokens(TARGET, 0, limit=1)
    records = [sound(chat(letter)) for letter in letters]
    whole, first, second = check.start(), check.start(), check.start()
    whole.add(records)
    first.add(records[:cut])
    second.add(records[cut:])
    first.merge(pickle.loads(pickle.dumps(second)))
    assert first.found() == whole.found()
    assert whole.found().total == (1 if letters else 0)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("The Rhine.<|im_end|>", "<|im_end|>"),
        ("<|begin_of_text|>Hi", "<|begin_of_text|>"),
        ("a<|endoftext|>b<|endoftext|>", "<|endoftext|>"),
        ("x <| y |> z", None),
        ("<|my_own_mark|>", None),
        ("<| endoftext |>", None),
    ],
)
def test_special_tokens(text: str, token: str | None) -> None:
    check = build(catalogue()["special-token-text"], {}, None)
    assert isinstance(check, RecordCheck)
    found = list(check.examine(sound(chat(text))))
    assert [finding.values["text"] for finding in found] == ([token] if token else [])
    for finding in found:
        start, stop = finding.at.span or (0, 0)
        assert text[start:stop] == token
