"""The Python API: ``check`` as a function, its report, and what it raises."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import ftlint
from ftlint import words
from ftlint.checks.base import KEEP
from ftlint.testing import TODAY

ROW = '{{"messages": [{{"role": "user", "content": "How far is {}?"}}, {{"role": "assistant", "content": "Far."}}]}}\n'
GOOD = "".join(ROW.format(f"town {n}") for n in range(10))
BROKEN = '{"messages": [{"role": "user", "content": "one\n{"messages": []}\n'

pytestmark = pytest.mark.usefixtures("here")


def test_every_public_name_exists() -> None:
    assert sorted(ftlint.__all__) == ftlint.__all__
    assert all(getattr(ftlint, name) is not None for name in ftlint.__all__)
    with pytest.raises(AttributeError):
        ftlint.__getattr__("chekc")


def test_a_clean_file_gives_an_empty_report_with_a_summary(here: Path) -> None:
    (here / "train.jsonl").write_text(GOOD)
    report = ftlint.check([here / "train.jsonl"], options=ftlint.Options(today=TODAY))
    assert report.diagnostics == ()
    assert report.exit_code(strict=True) == 0
    assert report.summary.examples == 10
    assert report.summary.messages == {"assistant": 10, "user": 10}
    assert report.summary.epochs == ftlint.auto_epochs(10)


def test_the_cost_is_exact(here: Path) -> None:
    (here / "train.jsonl").write_text(GOOD)
    summary = ftlint.check(["train.jsonl"], options=ftlint.Options(target="gpt-4o", epochs=3, today=TODAY)).summary
    assert summary.cost is not None
    assert summary.cost.usd == Decimal(summary.tokens.billed * 3 * 25) / 1_000_000


def test_counts_are_exact_where_findings_are_not_kept(here: Path) -> None:
    (here / "train.jsonl").write_text(ROW.format("x").replace("assistant", "assistnat") * 1200)
    report = ftlint.check(["train.jsonl"])
    assert report.counts["error"] >= 1200
    assert report.totals["train.jsonl", "unknown-role"] == 1200
    assert sum(item.name == "unknown-role" for item in report.diagnostics) == 1000


def test_a_broken_record_is_one_finding_and_the_next_is_read(here: Path) -> None:
    (here / "train.jsonl").write_text(GOOD + BROKEN)
    found = [(item.position.line, item.name) for item in ftlint.check(["train.jsonl"]).diagnostics]
    assert found == [(11, "invalid-json"), (12, "empty-messages")]


def test_long_and_many_lines_have_exact_places(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = ROW.format("b" * words.SHORT).replace("Far.", "TODO")
    text = ROW.format("a").replace("Far.", "TODO") + long + ROW.format("c").replace("Far.", "TODO")
    (here / "train.jsonl").write_text(text)
    options = ftlint.Options(today=TODAY, select=("placeholder-text",))
    places = [item.position for item in ftlint.check(["train.jsonl"], options=options).diagnostics]
    starts = [line.index("TODO") + 1 for line in text.splitlines()]
    assert [(place.line, place.column) for place in places] == list(enumerate(starts, 1))
    monkeypatch.setattr(words, "ROOM", 1)
    assert [item.position for item in ftlint.check(["train.jsonl"], options=options).diagnostics] == places


def test_progress_ends_at_the_whole(here: Path) -> None:
    (here / "train.jsonl").write_text(GOOD)
    seen: list[tuple[int, int]] = []
    ftlint.check(["train.jsonl"], progress=lambda done, total: seen.append((done, total)), shard_bytes=200)
    assert seen[-1] == (len(GOOD), len(GOOD))
    assert seen == sorted(seen)


def test_a_configuration_is_found_above_the_current_folder(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "ftlint.yaml").write_text("target: openai/gpt-4o\n")
    (here / "data").mkdir()
    (here / "data" / "train.jsonl").write_text(GOOD)
    monkeypatch.chdir(here / "data")
    assert ftlint.check(["train.jsonl"]).summary.target.startswith("openai/gpt-4o")
    assert not ftlint.check(["train.jsonl"], config=ftlint.Config(None, here)).summary.target_named


def test_errors_are_ftlints_own(here: Path) -> None:
    with pytest.raises(ftlint.UnreadableFile, match=r"none\.jsonl"):
        ftlint.check(["none.jsonl"])
    with pytest.raises(ftlint.UnreadableFile, match="nothing to check"):
        ftlint.check(here)
    (here / "train.jsonl").write_text(GOOD)
    with pytest.raises(ftlint.UnknownName, match="did you mean"):
        ftlint.check(here, options=ftlint.Options(target="opnai/gpt-4o"))
    with pytest.raises(ftlint.ConfigError):
        ftlint.load_config("none.yaml")


def test_a_whole_dataset_is_read_for_a_part_of_it(here: Path) -> None:
    (here / "ftlint.yaml").write_text("datasets: {all: {train: train.jsonl, validation: valid.jsonl}}\n")
    (here / "train.jsonl").write_text(GOOD)
    (here / "valid.jsonl").write_text(GOOD)
    found = {item.name for item in ftlint.check(["valid.jsonl"]).diagnostics}
    assert "split-leakage" in found
    assert {item.position.path for item in ftlint.check(["valid.jsonl"]).diagnostics} == {"valid.jsonl"}


def test_findings_in_files_that_were_not_asked_for_crowd_out_none(here: Path) -> None:
    (here / "train.jsonl").write_text(ROW.format("Oslo") * (KEEP + 2))
    (here / "valid.jsonl").write_text(ROW.format("Rome") * 2)
    (here / "ftlint.yaml").write_text("datasets: {d: {train: train.jsonl, validation: valid.jsonl}}\n")
    options = ftlint.Options(select=["duplicate-example"])
    for shard_bytes in (1000, 1 << 20):
        report = ftlint.check("valid.jsonl", options=options, shard_bytes=shard_bytes)
        assert [(item.position.path, item.position.line) for item in report.diagnostics] == [("valid.jsonl", 2)]
        whole = ftlint.check((), options=options, shard_bytes=shard_bytes)
        assert len(whole.diagnostics) == KEEP + 1
        assert whole.totals == {("train.jsonl", "duplicate-example"): KEEP + 1, ("valid.jsonl", "duplicate-example"): 1}
