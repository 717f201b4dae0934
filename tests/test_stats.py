"""Tests of the statistics of a dataset: exact counts, however it is cut, and what a terminal shows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from costing import chat, write
from hypothesis import given
from hypothesis import strategies as st
from strategies import records, wild

from ftlint import count_tokens
from ftlint.config import default
from ftlint.estimate.measure import Asked
from ftlint.render import Options
from ftlint.render.stats import render
from ftlint.stats.report import Statistics, distribution, stats
from ftlint.stats.scripts import main_script
from ftlint.work import Work


def statistics(folder: Path, shard_bytes: int = 1 << 20) -> Statistics:
    return stats(default(folder), Asked((str(folder),), work=Work(shard_bytes=shard_bytes)))


@given(st.lists(records(wild), max_size=8), st.integers(1, 3000))
def test_it_is_the_same_however_a_file_is_cut(examples: list[dict[str, Any]], shard_bytes: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        write(Path(name) / "train.jsonl", examples)
        whole, cut = statistics(Path(name)), statistics(Path(name), shard_bytes)
    assert whole == cut
    assert whole.lengths.count == len(examples)
    assert whole.lengths.total == sum(count_tokens(example).total for example in examples)
    assert sum(prompt.examples for prompt in whole.prompts) == sum("completion" not in e for e in examples)
    assert "".join(render(whole, "text", Options()))
    assert json.loads("".join(render(whole, "json", Options())))["lengths"]["count"] == len(examples)


def test_no_byte_depends_on_the_seed_of_hashes(tmp_path: Path) -> None:
    tools = [{"type": "function", "function": {"name": name}} for name in "look send take read move stop".split()]
    write(tmp_path / "train.jsonl", [{**chat("Hi?", "Ho."), "tools": tools}])
    command = [sys.executable, "-m", "ftlint", "stats", "train.jsonl", "--format", "json"]
    found = {
        subprocess.run(
            command, cwd=tmp_path, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in "123"
    }
    assert [list(json.loads(each)["declared"]) for each in found] == ["look send take read move stop".split()]


@given(st.lists(st.integers(0, 50), min_size=1))
def test_percentiles_are_by_nearest_rank(numbers: list[int]) -> None:
    found = distribution(Counter(numbers))
    ordered = sorted(numbers)
    for percent in (10, 50, 90, 95, 99, 100):
        name = "max" if percent == 100 else f"p{percent}"
        assert found.percentiles[name] == ordered[max(1, -(-len(ordered) * percent // 100)) - 1]
    assert found.percentiles["min"] == min(numbers)
    assert found.mean == sum(numbers) / len(numbers)


def test_what_is_counted(tmp_path: Path) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    tools = [{"type": "function", "function": {"name": name}} for name in ("look", "send")]
    said = [
        {"role": "user", "content": "Привет, как дела?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "1", "content": "1"},
        {"role": "assistant", "content": "Хорошо.", "weight": 0},
    ]
    write(tmp_path / "train.jsonl", [{"messages": said, "tools": tools}, *[chat("Hi", "Ho", "Be brief.")] * 3])
    write(tmp_path / "validation.jsonl", [chat("東京はどこですか", "日本です")])
    found = statistics(tmp_path)
    assert [(split.split, split.examples) for split in found.splits] == [("train", 4), ("validation", 1)]
    assert (found.declared, found.called) == ({"look": 1, "send": 1}, {"look": 1})
    assert found.scripts == {"Latin": 3, "Cyrillic": 1, "Han and Kana": 1}
    assert (found.duplicates, found.repeated) == (2, 1)
    assert found.weights == {"0": 1, "none": 5}
    assert [(prompt.examples, prompt.text) for prompt in found.prompts] == [(3, "Be brief."), (2, "")]
    assert found.turns.percentiles["max"] == 4
    text = "".join(render(found, "text", Options(width=80)))
    assert "2 examples stand there already, of 1 content" in text
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Grüße", "Latin"),
        ("здравствуйте и hello", "Cyrillic"),
        ("中文 abc", "Latin"),
        ("我们在这里 a", "Han"),
        ("123 …", "no letters"),
        ("שלום", "Hebrew"),
        ("안녕하세요", "Hangul"),
        ("नमस्ते", "Devanagari"),
    ],
)
def test_scripts(text: str, name: str) -> None:
    assert main_script(text) == name


def test_the_command_line(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", [chat(f"Question {n}", "Yes. " * n) for n in range(1, 20)])
    done = subprocess.run([sys.executable, "-m", "ftlint", "stats"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "19 examples (19 chat)" in done.stdout
    assert "█" in done.stdout
    (tmp_path / "train.jsonl").write_text("[\n{}\n]")
    bad = subprocess.run([sys.executable, "-m", "ftlint", "stats"], cwd=tmp_path, capture_output=True, text=True)
    assert bad.returncode == 2
    assert "json-array-file" in bad.stdout


def test_prompts_are_told_in_the_order_of_the_records(tmp_path: Path) -> None:
    spoken = {"messages": [{**message, "name": "Jo"} for message in chat("a", "b", "First.")["messages"]]}
    write(tmp_path / "train.jsonl", [spoken, chat("a", "b", "Second."), {**spoken, "messages": spoken["messages"][1:]}])
    for shard_bytes in (1, 1 << 20):
        assert [prompt.text for prompt in statistics(tmp_path, shard_bytes).prompts] == ["First.", "Second.", ""]
