"""Tests of the JSON of costs and statistics: whatever is asked, what is printed keeps to the shipped schema."""

from __future__ import annotations

import json
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from costing import chat, commit, completion, cost, write
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from strategies import records, wild

from ftlint import api
from ftlint.config import default
from ftlint.estimate.report import CostReport, Limit
from ftlint.render import Options
from ftlint.render.costs import render
from ftlint.render.stats import render as render_stats
from ftlint.resources import schema_text

Data = dict[str, Any]
IMAGE = [{"type": "text", "text": "What?"}, {"type": "image_url", "image_url": {"url": "https://a.example/b.png"}}]
PREFERENCE = {
    "input": {"messages": [{"role": "user", "content": "Hi?"}]},
    "preferred_output": [{"role": "assistant", "content": "Hello."}],
    "non_preferred_output": [{"role": "assistant", "content": "Go."}],
}


def kept(name: str, text: str) -> Data:
    """The data of an output, which keeps to its schema."""
    data: Data = json.loads(text, parse_float=Decimal)
    Draft202012Validator(json.loads(schema_text(name))).validate(data)
    return data


def told(report: CostReport) -> Data:
    return kept("cost", "".join(render(report, "json", Options())))


def seen(folder: Path) -> Data:
    return kept("stats", "".join(render_stats(api.stats(folder, config=default(folder)), "json", Options())))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Files of all shapes, a repository of an older state, and a file that is not here."""
    folder = tmp_path / "data"
    write(folder / "train.jsonl", [chat(f"{n}?", "Yes.", "Be brief.") for n in range(12)])
    write(folder / "gone.jsonl", [chat("Gone?", "Gone.")])
    commit(folder)
    (folder / "gone.jsonl").unlink()
    write(folder / "train.jsonl", [chat(f"{n}?", "No!" if n % 2 else "Yes.", "Be very brief.") for n in range(3, 15)])
    write(folder / "validation.jsonl", [chat("Held?", "Held.")])
    write(folder / "pairs.jsonl", [PREFERENCE])
    write(folder / "old.jsonl", [completion(3)])
    write(
        folder / "seen.jsonl", [{"messages": [{"role": "user", "content": IMAGE}, *chat("", "A dog.")["messages"][1:]]}]
    )
    (folder / "big.jsonl").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n")
    return folder


def test_the_schemas_are_schemas() -> None:
    for name in ("cost", "stats"):
        Draft202012Validator.check_schema(json.loads(schema_text(name)))


def test_costs_of_every_kind(data: Path, tmp_path: Path) -> None:
    plain = told(cost(data, contents=True))
    assert plain["estimates"][0]["total"]["usd"] > 0
    assert plain["left_out"]
    assert [len(example) for part in plain["state"]["parts"] for example in part["examples"]] == [9] * 16
    assert len(told(cost(data, targets=("gpt-4o", "gpt-4.1-mini")))["estimates"]) == 2
    assert len(told(cost(data, compare_models=True))["estimates"]) == 0
    (tmp_path / "base.json").write_text("".join(render(cost(data, contents=True), "json", Options())))
    assert told(cost(data, compare=tmp_path / "base.json"))["delta"]["changes"] == []
    over = told(cost(data, fail_above=Limit(Decimal(0)), warn_above=Limit(Decimal(0))))["over"]
    assert [each["fails"] for each in over] == [True, False]


def test_costs_against_a_commit(data: Path) -> None:
    found = told(cost(data, base="HEAD", contents=True))["delta"]
    assert {change["split"] for change in found["changes"]} == {"train", "validation"}
    assert any(change["prompts"] for change in found["changes"])
    assert any(change["longest"] for change in found["changes"])
    assert {None} < {change["before"] and "row" for change in found["changes"]}
    assert {None} < {change["after"] and "row" for change in found["changes"]}
    assert told(cost(data, base="HEAD", targets=("mistral/none-such",)))["delta"]["usd"] is None


def test_costs_of_use(data: Path) -> None:
    paying = {"requests": 10**6, "prompt": 1000, "saved": 900, "answer": 5}
    assert told(cost(data, targets=("gpt-4o",), **paying))["usage"]["break_even"] > 0
    assert told(cost(data, targets=("gpt-4o",), requests=5, saved=0))["usage"]["break_even"] is None
    assert told(cost(data, targets=("azure/gpt-4.1",), requests=5))["usage"]["base"] is None


@pytest.mark.parametrize(
    "target", ["openai/none-such", "gpt-3.5-turbo", "o4-mini", "together/none", "local/any", "gpt-4o"]
)
def test_costs_with_targets_of_every_kind(data: Path, target: str) -> None:
    """Unknown, closed, charged by the hour, of an unknown price, of no service."""
    (found,) = told(cost(data, targets=(target,), contents=True))["estimates"]
    assert (found["usd_per_million"] is None) == (found["total"]["usd"] is None)
    assert bool(found["closed"]) == (target in ("gpt-3.5-turbo", "o4-mini"))


def test_nothing_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text("{}\n")
    assert told(cost(tmp_path, contents=True))["estimates"][0]["files"] == []
    assert seen(tmp_path)["lengths"]["count"] == 0


def test_statistics(data: Path) -> None:
    found = seen(data)
    assert set(found["shapes"]) == {"chat", "preference", "completion"}
    assert found["unread"]
    assert found["missing"]


@settings(max_examples=25)
@given(st.lists(records(wild), max_size=5))
def test_of_any_records(examples: list[Data]) -> None:
    with tempfile.TemporaryDirectory() as name:
        write(Path(name) / "train.jsonl", examples)
        told(cost(Path(name), contents=True, requests=3))
        seen(Path(name))
