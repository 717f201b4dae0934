"""Tests of use: the cost of a month with and without tuning, and from which request on tuning pays."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from costing import chat, cost, write
from hypothesis import given
from hypothesis import strategies as st

from ftlint import count_tokens
from ftlint.errors import FtlintError
from ftlint.estimate.charge import estimate
from ftlint.estimate.parts import Lengths, Part, Place
from ftlint.estimate.terms import Terms
from ftlint.estimate.usage import Traffic, Usage, usage
from ftlint.render import Options
from ftlint.render.costs import render
from ftlint.targets import resolve

PROMPT = "You answer as briefly as you can. " * 60


def asked(folder: Path, **given: Any) -> Usage:
    write(folder / "train.jsonl", [chat(f"How far is town {n}?", "Far.", PROMPT) for n in range(10)])
    found = cost(folder, requests=1_000_000, **given).usage
    assert found is not None
    return found


def test_a_long_prompt_that_is_spared_pays(tmp_path: Path) -> None:
    found = asked(tmp_path, targets=("gpt-4.1-mini",))
    counts = [count_tokens(chat(f"How far is town {n}?", "Far.", PROMPT), "gpt-4.1-mini").by_role for n in range(10)]
    assert found.saved == Fraction(sum(count["system"] for count in counts), 10) + 4
    assert found.output == Fraction(sum(count["assistant"] for count in counts), 10)
    assert found.base is not None
    assert found.tuned is not None
    assert found.training is not None
    assert found.base == (found.input * Fraction("0.40") + found.output * Fraction("1.60")) / 1_000_000
    rest = found.input - found.saved
    assert found.tuned == (rest * Fraction("0.80") + found.output * Fraction("3.20")) / 1_000_000
    assert found.break_even is not None
    assert found.break_even * (found.base - found.tuned) >= found.training
    assert (found.break_even - 1) * (found.base - found.tuned) < found.training
    assert found.month(found.base) == round(Decimal(float(found.base * 1_000_000)), 4)


def test_never_and_why(tmp_path: Path) -> None:
    none_saved = asked(tmp_path, targets=("gpt-4.1-mini",), saved=0)
    assert none_saved.break_even is None
    assert none_saved.why.startswith("a request to the tuned model costs no less ($")
    assert asked(tmp_path, targets=("azure/gpt-4.1",)).why == (
        "no price is known for using azure/gpt-4.1-2025-04-14 untuned"
    )
    other = asked(tmp_path, targets=("azure/gpt-4.1",), base_model="openai/gpt-4.1")
    assert other.why == "no price is known for using a tuned azure/gpt-4.1-2025-04-14"
    (tmp_path / "ftlint.yaml").write_text(
        "models: {azure/gpt-4.1: {price: {train: 1, input: 2, output: 2}, base_price: {input: 2, output: 2}}}\n"
    )
    own = asked(tmp_path, configured=True, targets=("azure/gpt-4.1",))
    assert own.break_even is not None
    dearer = asked(tmp_path, targets=("gpt-4.1-mini",), base_model="gpt-4.1", saved=0)
    assert dearer.break_even is not None


@given(*(st.integers(1, 10**6) for _ in range(3)), st.integers(0, 2000))
def test_the_break_even_is_where_it_pays(prompt: int, answer: int, billed: int, saved: int) -> None:
    target = resolve("gpt-4o")
    lengths = Lengths(total=prompt + answer, prompt=prompt, answer=answer)
    lengths.billed[billed] = 1
    terms = Terms(target=target.name, meter="m", train=Decimal(25), epochs=1)
    saved = min(saved, prompt)
    parts = {Place("a", "train", "a"): Part(examples=1, lengths={"m": lengths})}
    found = usage(estimate(parts, terms), parts, target, target, Traffic(1, saved=saved))
    assert found.base is not None
    assert found.tuned is not None
    assert found.training is not None
    gain = found.base - found.tuned
    if found.break_even is None:
        assert gain <= 0
    else:
        assert (found.break_even - 1) * gain < Fraction(found.training) <= found.break_even * gain


@given(st.integers(1, 10**6), st.integers(1, 10**7), st.integers(9, 900))
def test_what_pays_has_paid_before_tuned_models_stop(requests: int, billed: int, days: int) -> None:
    target = resolve("gpt-4o")
    assert target.shutdown is not None
    parts = {Place("a", "train", "a"): Part(examples=1, lengths={"m": Lengths(billed=Counter({billed: 1}))})}
    terms = Terms(target=target.name, meter="m", train=Decimal(25), epochs=1)
    today = target.shutdown - timedelta(days)
    found = usage(estimate(parts, terms), parts, target, target, Traffic(requests, 1000, 10, 900), today)
    assert found.base is not None
    assert found.tuned is not None
    assert found.requests_left is not None
    assert found.training is not None
    assert found.requests_left == days * 4800 * requests // 146_097
    assert found.pays == (found.requests_left * (found.base - found.tuned) >= found.training)
    assert found.stops == today + timedelta(days)
    endless = usage(estimate(parts, terms), parts, target, target, Traffic(requests, 1000, 10, 900))
    assert (endless.pays, endless.stops, endless.requests_left) == (True, None, None)


@pytest.mark.parametrize(
    ("requests", "today", "words"),
    [
        (900_000, "2026-11-23", "; tuned models stop in 1.7 months, on 2027-01-14"),
        (10, "2026-11-23", "but only 17 can be made: tuned models stop in 1.7 months, on 2027-01-14"),
        (10, "2027-01-05", "but only 2 can be made: tuned models stop in 0.2 months, on 2027-01-14"),
        (10, "2027-01-06", "never pays for itself: openai/gpt-4o-2024-08-06 closed to new jobs on 2027-01-06; use"),
    ],
)
def test_the_day_on_which_tuned_models_stop_is_told(tmp_path: Path, requests: int, today: str, words: str) -> None:
    write(tmp_path / "train.jsonl", [chat("Hi?", "Ho.", PROMPT)] * 10)
    traffic = {"requests": requests, "prompt": 1000, "answer": 10, "saved": 900}
    report = cost(tmp_path, targets=("gpt-4o",), today=date.fromisoformat(today), **traffic)
    unnamed = cost(tmp_path, today=date.fromisoformat(today), **traffic).usage
    assert unnamed is not None
    assert report.usage is not None
    assert unnamed.stops == report.usage.stops
    assert (unnamed.break_even is None) == (report.usage.break_even is None)
    for name in ("text", "markdown"):
        assert words in "".join(render(report, name, Options(width=500)))
    found = json.loads("".join(render(report, "json", Options())))["usage"]
    assert (found["pays"], found["stops"]) == (requests > 10, "2027-01-14")
    assert (found["months"] is None) == (today == "2027-01-06") == (found["break_even"] is None)


def test_of_all_models_the_cheapest_that_is_open_is_used(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", [chat("Hi?", "Ho.", PROMPT)] * 10)
    report = cost(tmp_path, compare_models=True, requests=5)
    assert report.usage is not None
    assert report.estimates[0].closed
    assert report.usage.tuned_model == "openai/gpt-4o-mini-2024-07-18"


def test_it_is_shown(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", [chat("Hi?", "Ho.", PROMPT)] * 10)
    report = cost(tmp_path, targets=("gpt-4.1-mini",), requests=50_000)
    text = "".join(render(report, "text", Options(width=100)))
    assert "50,000 requests a month" in text
    assert "training pays for itself after " in text
    assert '"break_even":' in "".join(render(report, "json", Options()))
    markdown = "".join(render(report, "markdown", Options()))
    assert "**50,000 requests a month**, each of " in markdown
    assert "- training pays for itself after " in markdown


@given(*(st.integers(1, 10**9) for _ in range(4)))
def test_what_is_named_stands_in_for_the_examples(prompt: int, answer: int, saved: int, requests: int) -> None:
    target, terms = resolve("gpt-4o"), Terms(target="t", meter="m", train=Decimal(25), epochs=1)
    saved = min(saved, prompt)
    for parts in ({}, {Place("a", "train", "a"): Part(examples=3, lengths={"m": Lengths(prompt=7, answer=8)})}):
        traffic = Traffic(requests, prompt, answer, saved)
        found = usage(estimate(parts, terms), parts, target, target, traffic)
        assert (found.input, found.output, found.saved) == (prompt, answer, saved)
        assert found.base == Fraction(prompt * 250 + answer * 1000, 100 * 1_000_000)
        assert found.tuned == Fraction((prompt - saved) * 375 + answer * 1500, 100 * 1_000_000)


def test_a_part_may_be_named_and_no_more_saved_than_there_is(tmp_path: Path) -> None:
    average = asked(tmp_path, targets=("gpt-4o",))
    found = asked(tmp_path, targets=("gpt-4o",), answer=90, saved=10)
    assert (found.input, found.output, found.given) == (average.input, 90, ("output",))
    words = "".join(render(cost(tmp_path, requests=5, answer=90, saved=10), "text", Options(width=100)))
    assert f"each of {round(found.input)} tokens in, as the examples are, and 90 out, as given" in words
    with pytest.raises(FtlintError, match=r"^the average example asks with \d+ tokens, of which 9,000 cannot be saved"):
        asked(tmp_path, saved=9000)
    with pytest.raises(FtlintError, match=r"^a request has 800 tokens, of which 9,000 cannot be saved"):
        asked(tmp_path, saved=9000, prompt=800)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--requests", "5"], "--requests N goes with"),
        (["--without-system"], "--requests N goes with"),
        (["--requests", "5", "--without-system", "--saved-prompt-tokens", "3"], "choose one"),
        (["--base", "HEAD", "--compare", "x"], "choose one"),
        (["--compare-models", "--target", "gpt-4o"], "leave out"),
        (["--base-model", "gpt-4o"], "give --requests N too"),
        (["--answer-tokens", "5"], "--answer-tokens is about use: give --requests N too"),
        (["--requests", "5", "--without-system", "--format", "csv"], "leave out --requests"),
        (["--fail-above", "much"], "neither a sum of money"),
        (["--requests", "9" * 99, "--without-system"], "--requests is at most 1,000,000,000,000."),
    ],
)
def test_options_that_do_not_go_together(tmp_path: Path, options: list[str], words: str) -> None:
    write(tmp_path / "train.jsonl", [chat("Hi?", "Ho.")] * 10)
    command = [sys.executable, "-m", "ftlint", "cost", *options]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2
    assert words in done.stderr
