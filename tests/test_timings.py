"""Where time goes, and what is not counted: ``--timings`` and ``--no-totals``; which, not how long."""

from __future__ import annotations

import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import running
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import ftlint
from ftlint import Options
from ftlint.render.parts.timings import table
from ftlint.resources import schema_text
from ftlint.timing import MERGING, PREPARING, READING, WORDS, Stopwatch

ROW = '{{"messages": [{{"role": "user", "content": "{}"}}, {{"role": "assistant", "content": "Far."}}]}}\n'


@pytest.fixture
def train(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "train.jsonl"
    path.write_text("".join(ROW.format(f"Is town {number} far?") for number in range(12)))
    return path


def test_time_is_told_of_every_part_and_check(train: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        report = ftlint.check(train, options=Options(timings=True), map_=pool.map, shard_bytes=300)
    assert {PREPARING, READING, MERGING, WORDS, "counting totals", "repeated-role"} <= report.timings.keys()
    assert all(spent >= 0 for spent in report.timings.values())


def test_time_is_taken_only_if_asked_and_changes_nothing_else(train: Path) -> None:
    train.write_text(train.read_text() + '{"messages": []}\n')
    plain, timed = ftlint.check(train), ftlint.check(train, options=Options(timings=True))
    assert plain.timings == {}
    assert (plain.diagnostics, plain.summary) == (timed.diagnostics, timed.summary)


def test_laps_add_up_and_pickle() -> None:
    first, second = Stopwatch(), Stopwatch()
    first.spent.update(reading=2, words=1)
    second.spent.update(reading=3)
    first.merge(pickle.loads(pickle.dumps(second)))
    assert first.spent == {"reading": 5, "words": 1}
    assert first.found().total == 0


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(0, 10**12)))
def test_the_table_holds_the_whole(timings: dict[str, int]) -> None:
    _, *rows, last = (line.split(maxsplit=2) for line in table(timings))
    shares = [float(share.rstrip("%")) for _, share, _ in rows]
    assert last[2] == "in all\n"
    assert not sum(timings.values()) or abs(sum(shares) - 100) < 0.1 * len(shares) + 0.1
    named = [name for _, _, name in rows if not name.endswith("others\n")]
    assert named == sorted(named, key=lambda name: (-timings[name.strip()], name))


def test_the_table_goes_to_standard_error(train: Path) -> None:
    done = running.ftlint("check", "--no-config", "--timings", "--format", "json", "train.jsonl")
    json.loads(done.stdout)
    assert "starting" in done.stderr
    assert done.stderr.endswith("in all\n")


def test_without_totals_findings_are_the_same_and_nothing_is_summed_up(train: Path) -> None:
    train.write_text(train.read_text() + ROW.format("Very " * 5000 + "far?") + '{"messages": []}\n')
    whole, bare = ftlint.check(train), ftlint.check(train, options=Options(totals=False))
    assert {item.name for item in bare.diagnostics} >= {"over-token-limit", "empty-messages"}
    assert (whole.diagnostics, whole.totals) == (bare.diagnostics, bare.totals)
    assert (bare.summary.examples, bare.summary.files) == (whole.summary.examples, 1)
    assert (bare.summary.tokens, bare.summary.cost, bare.summary.epochs) == (None, None, None)


def test_a_budget_is_held_without_totals(train: Path) -> None:
    (train.parent / "ftlint.yaml").write_text("target: openai/gpt-4.1-mini\nbudget: {tokens: 10}\n")
    bare = ftlint.check(train, options=Options(totals=False))
    assert "over-budget" in {item.name for item in bare.diagnostics}


@pytest.mark.parametrize("name", ["text", "concise"])
def test_no_format_speaks_of_tokens_without_totals(train: Path, name: str) -> None:
    done = running.ftlint("check", "--no-config", "--no-totals", "--format", name, "train.jsonl")
    assert done.exit_code == 0
    assert "No findings in 12 examples." in done.stdout
    assert not {"tokens", "epochs", "cost", "billed"} & set(done.stdout.split())


def test_the_json_without_totals_keeps_its_contract(train: Path) -> None:
    done = running.ftlint("check", "--no-config", "--no-totals", "--format", "json", "train.jsonl")
    report = json.loads(done.stdout)
    Draft202012Validator(json.loads(schema_text("report"))).validate(report)
    assert report["summary"]["tokens"] is None
    assert report["summary"]["examples"] == 12
