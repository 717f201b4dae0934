"""Tests of estimates: published sums to the cent, exact merging, models side by side, and what is left out."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

import click
import pytest
from costing import TODAY, chat, completion, cost, write
from hypothesis import given
from hypothesis import strategies as st
from strategies import records

from ftlint import Options, check, count_tokens, load_config
from ftlint.errors import FtlintError
from ftlint.estimate.report import Limit
from ftlint.targets import all_targets


def sized(tokens: int, model: str) -> dict[str, object]:
    """A chat of so many billed tokens."""
    return chat("Hi", " a" * (tokens - count_tokens(chat("Hi", " a"), model).billed + 1))


@pytest.mark.parametrize(
    ("model", "tokens", "epochs", "usd"),
    [("gpt-3.5-turbo", 200_000, 5, "8.00"), ("gpt-3.5-turbo", 100_000, 3, "2.40"), ("gpt-4o-mini", 100_000, 3, "0.90")],
)
def test_published_sums(tmp_path: Path, model: str, tokens: int, epochs: int, usd: str) -> None:
    write(tmp_path / "train.jsonl", [sized(tokens // 100, model)] * 100)
    (estimate,) = cost(tmp_path, targets=(model,), epochs=epochs).estimates
    assert (estimate.total.billed, estimate.total.trained) == (tokens, tokens * epochs)
    assert estimate.total.usd == Decimal(usd)


def test_davinci(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", [completion(1000)] * 150)
    (estimate,) = cost(tmp_path, targets=("davinci-002",), epochs=4).estimates
    assert estimate.total.usd == Decimal("3.60")
    assert estimate.closed.startswith("was shut down on 2026-10-23; use ")


def test_auto_epochs_are_those_of_a_dataset(tmp_path: Path) -> None:
    write(tmp_path / "marv.jsonl", [sized(100, "gpt-4o-mini")] * 13)
    write(tmp_path / "more.jsonl", [sized(100, "gpt-4o-mini")] * 40)
    together = cost(tmp_path, targets=("gpt-4o-mini",)).estimates[0].total
    assert (together.epochs, together.trained) == ((3, 3), 5300 * 3)
    (tmp_path / "ftlint.yaml").write_text("datasets: {marv: marv.jsonl, more: more.jsonl}\n")
    (estimate,) = cost(tmp_path, configured=True, targets=("gpt-4o-mini",)).estimates
    assert [row.epochs for row in estimate.datasets] == [(7, 7), (3, 3)]
    assert (estimate.total.epochs, estimate.total.trained) == ((3, 7), 1300 * 7 + 4000 * 3)
    assert estimate.total.usd == sum(row.usd or 0 for row in estimate.datasets)
    checked = check(config=load_config(tmp_path / "ftlint.yaml"), options=Options(target="gpt-4o-mini")).summary
    assert (checked.trained, checked.epochs) == (estimate.total.trained, None)
    assert checked.cost is not None
    assert checked.cost.usd == estimate.total.usd


def test_validation_is_free_and_a_long_example_is_cut(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", [completion(5000)] * 2)
    write(tmp_path / "validation.jsonl", [completion(70)])
    (estimate,) = cost(tmp_path, targets=("davinci-002",), epochs=1).estimates
    assert [(row.split, row.tokens, row.billed) for row in estimate.splits] == [
        ("train", 10_000, 8192),
        ("validation", 70, 0),
    ]
    assert estimate.total.usd == 8192 * Decimal(6) / 1_000_000


@given(st.lists(records(), min_size=1, max_size=12), st.data())
def test_cost_is_the_same_however_a_dataset_is_cut(examples: list[dict[str, object]], data: st.DataObject) -> None:
    stops = data.draw(st.lists(st.integers(0, len(examples)), max_size=4).map(sorted))
    shard_bytes = data.draw(st.integers(1, 4000))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ftlint.yaml").write_text("datasets: {one: whole.jsonl, cut: cut/*.jsonl}\n")
        write(folder / "whole.jsonl", examples)
        for index, (start, stop) in enumerate(zip([0, *stops], [*stops, len(examples)], strict=True)):
            write(folder / "cut" / f"{index}.jsonl", examples[start:stop])
        report = cost(folder, configured=True, targets=("gpt-4o", "gpt-3.5-turbo"), shard_bytes=shard_bytes)
    for estimate in report.estimates:
        one, cut = estimate.datasets
        assert (one.examples, one.tokens, one.billed, one.estimated) == (
            cut.examples,
            cut.tokens,
            cut.billed,
            cut.estimated,
        )
        assert (one.epochs, one.trained, one.usd) == (cut.epochs, cut.trained, cut.usd)
        counts = [count_tokens(example, estimate.terms.target) for example in examples]
        assert one.tokens == sum(count.total for count in counts)
        assert one.billed == sum(min(count.billed, estimate.terms.cut_at or count.billed) for count in counts)


def test_an_unknown_model_shows_tokens_and_no_dollars(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", [chat("Hi", "Ho")] * 10)
    report = cost(tmp_path, targets=("my-own-model",))
    assert report.estimates[0].total.usd is None
    assert report.estimates[0].total.tokens > 0
    assert report.exit_code == 0
    assert any("no training price is known" in note for note in report.estimates[0].notes)
    with pytest.raises(FtlintError, match="cannot be held"):
        cost(tmp_path, targets=("my-own-model",), fail_above=limit("5"))


def limit(text: str) -> object:
    from ftlint.cli.cost import Threshold

    return Threshold().convert(text, None, None)


def test_limits_of_the_whole_cost(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", [sized(1000, "gpt-4o-mini")] * 100)
    exact = {"targets": ("gpt-4o-mini",), "epochs": 1}
    assert cost(tmp_path, **exact, fail_above=limit("$0.30")).exit_code == 0
    over = cost(tmp_path, **exact, fail_above=limit("0.299"), warn_above=limit("0.1"))
    assert [verdict.fails for verdict in over.verdicts] == [True, False]
    assert over.exit_code == 1
    with pytest.raises(FtlintError, match="give --base or --compare too"):
        cost(tmp_path, fail_above=limit("10%"))


@pytest.mark.parametrize("text", ["5", "$5", " 5.00 ", "0", "0%", "5%", "12.5%", "0.001"])
def test_limits_that_are_understood(text: str) -> None:
    found = limit(text)
    assert isinstance(found, Limit)
    assert (found.amount, found.percent) == (Decimal(text.strip().strip("$%")), "%" in text)


@pytest.mark.parametrize("text", ["-1", "-0", "-5%", "5$", "$5%", "%", "$", "", "nan", "inf", "1e9", "1_0", "1,0", "٥"])
def test_limits_that_are_not(text: str) -> None:
    with pytest.raises(click.BadParameter, match="neither a sum of money"):
        limit(text)


def test_a_limit_is_held_for_each_of_several_targets(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", [sized(1000, "gpt-4o-mini")] * 100)
    both = {"targets": ("gpt-4o-mini", "azure/gpt-4o-mini"), "epochs": 1}
    with pytest.raises(
        FtlintError, match="cannot be held: no training price is known for azure/gpt-4o-mini-2024-07-18"
    ):
        cost(tmp_path, **both, fail_above=limit("5"))
    assert [verdict.fails for verdict in cost(tmp_path, **both, warn_above=limit("0.2")).verdicts] == [False]
    assert cost(tmp_path, compare_models=True, epochs=1, fail_above=limit("1000")).verdicts == ()
    write(tmp_path / "train.jsonl", [{"messages": [{"role": "user", "content": "Q"}], "reference": "y"}] * 10)
    with pytest.raises(FtlintError, match="no training price is known for any model"):
        cost(tmp_path, compare_models=True, fail_above=limit("5"))


def test_models_that_take_the_data_the_cheapest_first(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", [chat("Hi", "Ho")] * 10)
    report = cost(tmp_path, compare_models=True)
    names = [each.terms.target for each in report.estimates]
    prices = [each.total.usd for each in report.estimates]
    priced = [usd for usd in prices if usd is not None]
    assert priced == sorted(priced)
    assert prices[len(priced) :] == [None] * (len(prices) - len(priced))
    assert "openai/o4-mini-2025-04-16" not in names
    assert "openai/davinci-002" not in names
    closed = {each.terms.target for each in report.estimates if each.closed}
    assert closed == {t.name for t in all_targets() if t.name in names and t.shutdown and t.shutdown <= TODAY}


def test_shapes_and_images_choose_models(tmp_path: Path) -> None:
    image = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    write(tmp_path / "train.jsonl", [chat([image], "A cat.")] * 10)  # type: ignore[arg-type]
    report = cost(tmp_path, compare_models=True)
    assert {each.terms.target for each in report.estimates} == {t.name for t in all_targets() if t.vision}
    assert any("10 images of unknown size" in note for note in report.estimates[0].notes)
    write(tmp_path / "train.jsonl", [completion(9)] * 10)
    names = {each.terms.target for each in cost(tmp_path, compare_models=True).estimates}
    assert names == {"openai/davinci-002", "openai/babbage-002"}


def test_what_is_not_counted_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "train.jsonl", [chat("Hi", "Ho")] * 3)
    path.write_text(path.read_text() + '{"messages": 1}\nnonsense\n\n')
    (tmp_path / "old.jsonl").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n")
    report = cost(tmp_path)
    assert [number for _, number in report.state.unsound] == [2]
    assert "Git LFS pointer" in report.state.missing[0][1]
    assert report.exit_code == 2
