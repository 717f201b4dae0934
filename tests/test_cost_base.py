"""Tests of the difference from a commit or a file: real repositories; base and delta make the head, exactly."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from costing import chat, commit, cost, git, write
from hypothesis import given, settings
from hypothesis import strategies as st
from test_estimate import limit

from ftlint.errors import FtlintError
from ftlint.estimate import snapshot
from ftlint.estimate.report import CostReport
from ftlint.render import Options
from ftlint.render.costs import FORMATS, render

CONFIG = "target: gpt-4o-mini\ndatasets: {books: {train: 'train/*.jsonl', validation: held.jsonl}}\n"
SYSTEMS = ("", "You are a librarian.", "You are a librarian who answers in one short sentence.")
examples = st.builds(chat, st.sampled_from("abcdef"), st.sampled_from("xyz"), st.sampled_from(SYSTEMS))
states = st.fixed_dictionaries({"train/1": st.lists(examples, max_size=8), "train/2": st.lists(examples, max_size=8)})


YAML = "defaults:\n  system: {file: prompt.md}\nexamples:\n  - turns:\n      - user: Hi\n      - assistant: Ho\n"


def shown(report: CostReport, name: str = "text") -> str:
    return "".join(render(report, name, Options(width=120)))


def repository(folder: Path, base: list[dict[str, Any]], head: list[dict[str, Any]], config: str = CONFIG) -> Path:
    (folder / "ftlint.yaml").write_text(config)
    write(folder / "held.jsonl", [chat("held", "out")])
    write(folder / "train/1.jsonl", base)
    commit(folder)
    write(folder / "train/1.jsonl", head)
    return folder


@settings(max_examples=10)
@given(states, states, st.sampled_from(["", "epochs: 4\n"]), st.sampled_from(["", "epochs: 7\n"]))
def test_base_and_delta_make_the_head(old: Any, new: Any, before: str, after: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for state, config in ((old, before), (new, after)):
            (folder / "ftlint.yaml").write_text(CONFIG + config)
            write(folder / "held.jsonl", [chat("held", "out")])
            for path, records in state.items():
                write(folder / f"{path}.jsonl", records)
            if state is old:
                then = cost(folder, configured=True, contents=True)
                commit(folder)
        report = cost(folder, configured=True, base="HEAD")
    (head,), (base,), delta = report.estimates, then.estimates, report.delta
    assert delta is not None
    assert delta.base.total == base.total
    assert delta.head.total == head.total
    assert base.total.usd is not None
    assert delta.usd is not None
    assert base.total.usd + delta.usd == head.total.usd
    assert {change.split for change in delta.changes} <= {"train"}
    rows = {row.split: row for row in base.splits}, {row.split: row for row in head.splits}
    for change in delta.changes:
        first, last = (row.get("train") for row in rows)
        assert (first.examples if first else 0) + change.added - change.removed == (last.examples if last else 0)
        assert (first.tokens if first else 0) + sum(change.tokens) == (last.tokens if last else 0)
    counts = [Counter(str(record) for records in state.values() for record in records) for state in (old, new)]
    came, went = (counts[1] - counts[0]).total(), (counts[0] - counts[1]).total()
    swapped = sum(change.changed + sum(p.examples for p in change.prompts) for change in delta.changes)
    assert sum(change.added for change in delta.changes) == came - swapped
    assert sum(change.removed for change in delta.changes) == went - swapped


def test_the_report_names_what_changed(tmp_path: Path) -> None:
    base = [chat(f"Question {n}", "Yes.", SYSTEMS[1]) for n in range(40)]
    head = [chat(f"Question {n}", "Yes.", SYSTEMS[2]) for n in range(2, 40)]
    head = [chat("Question 2", "No, never.", SYSTEMS[2]), *head[1:], chat("A new one", "Yes, " * 50, SYSTEMS[2])]
    repository(tmp_path, base, head, CONFIG + "epochs: 3\n")
    report = cost(tmp_path, configured=True, base="HEAD")
    assert report.delta is not None
    (change,) = report.delta.changes
    assert (change.added, change.removed, change.changed) == (1, 2, 1)
    (prompt,) = change.prompts
    assert (prompt.examples, prompt.each, prompt.epochs, prompt.trained) == (37, 6, 3, 37 * 6 * 3)
    assert prompt.usd == Decimal(prompt.trained * 3) / 1_000_000
    assert change.longest is not None
    assert (change.longest.path.rpartition("/")[2], change.longest.line) == ("1.jsonl", 39)
    text = shown(report)
    assert "a system prompt changed: +6 tokens × 37 examples × 3 epochs = +666 tokens" in text
    assert "held" not in text
    assert shown(report, "markdown").startswith("<!-- ftlint cost -->\n**Training costs ")


def test_nothing_when_nothing_changed(tmp_path: Path) -> None:
    records = [chat(f"Question {n}", "Yes.") for n in range(9)]
    repository(tmp_path, records, records[::-1])
    (tmp_path / "train/1.jsonl").rename(tmp_path / "train/renamed.jsonl")
    report = cost(tmp_path, configured=True, base="HEAD", fail_above=limit("0%"))
    assert report.delta is not None
    assert report.delta.is_empty
    assert report.exit_code == 0
    assert {shown(report, name) for name in ("text", "markdown")} == {""}


def test_a_renamed_dataset_is_the_same(tmp_path: Path) -> None:
    write(tmp_path / "old.jsonl", [chat(f"Question {n}", "Yes.") for n in range(9)])
    commit(tmp_path)
    (tmp_path / "old.jsonl").rename(tmp_path / "new.jsonl")
    report = cost(tmp_path, base="HEAD")
    assert report.delta is not None
    assert report.delta.is_empty


def test_of_several_copies_the_first_is_the_renamed_one(tmp_path: Path) -> None:
    write(tmp_path / "old.jsonl", [chat(f"Question {n}", "Yes.") for n in range(9)])
    commit(tmp_path)
    for name in "abcdef":
        write(tmp_path / f"{name}.jsonl", [chat(f"Question {n}", "Yes.") for n in range(9)])
    (tmp_path / "old.jsonl").unlink()
    delta = cost(tmp_path, base="HEAD").delta
    assert delta is not None
    assert [(Path(change.dataset).name, change.added) for change in delta.changes] == [
        (f"{name}.jsonl", 9 * (name != "a")) for name in "abcdef"
    ]


def test_a_repository_elsewhere(tmp_path: Path) -> None:
    write(tmp_path / "data" / "train.jsonl", [chat(f"Question {n}", "Yes.") for n in range(9)])
    commit(tmp_path / "data")
    write(tmp_path / "data" / "train.jsonl", [chat(f"Question {n}", "Yes.") for n in range(7)])
    report = cost(tmp_path, tmp_path / "data" / "train.jsonl", base="HEAD")
    assert report.delta is not None
    assert [change.removed for change in report.delta.changes] == [2]


def test_neither_checkout_nor_index_is_touched(tmp_path: Path) -> None:
    repository(tmp_path, [chat("a", "b")], [chat("a", "c")])
    status = git(tmp_path, "status", "--porcelain")
    before = (tmp_path / ".git/index").read_bytes(), sorted(tmp_path.rglob("*"))
    cost(tmp_path, configured=True, base="HEAD")
    assert ((tmp_path / ".git/index").read_bytes(), sorted(tmp_path.rglob("*"))) == before
    assert git(tmp_path, "status", "--porcelain") == status


def test_a_limit_in_percent(tmp_path: Path) -> None:
    repository(tmp_path, [chat("a", " a" * 100)] * 100, [chat("a", " a" * 100)] * 110, CONFIG + "epochs: 1\n")
    assert cost(tmp_path, configured=True, base="HEAD", fail_above=limit("10%")).exit_code == 0
    over = cost(tmp_path, configured=True, base="HEAD", fail_above=limit("9.99%"), warn_above=limit("5%"))
    assert over.exit_code == 1
    assert [verdict.fails for verdict in over.verdicts] == [True, False]
    assert shown(over, "markdown").splitlines()[1] == "> [!CAUTION]"


def test_yaml_includes_what_the_commit_had(tmp_path: Path) -> None:
    (tmp_path / "prompt.md").write_text("Be brief.\n")
    (tmp_path / "a.ft.yaml").write_text(YAML)
    commit(tmp_path)
    (tmp_path / "prompt.md").write_text("Be as brief as you can be.\n")
    report = cost(tmp_path, base="HEAD")
    assert report.delta is not None
    assert [prompt.each for change in report.delta.changes for prompt in change.prompts] == [5]


def test_git_lfs(tmp_path: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 9\n"
    oid = "ab" + "c" * 62
    (tmp_path / "train.jsonl").write_text(pointer.format(oid))
    write(tmp_path / "other.jsonl", [chat("a", "b")])
    commit(tmp_path)
    write(tmp_path / "train.jsonl", [chat("a", "b"), chat("c", "d")])
    lost = cost(tmp_path, base="HEAD").delta
    assert lost is not None
    assert lost.changes == ()
    assert any("train.jsonl is left out on both sides: its object is not here" in note for note in lost.notes)
    write(tmp_path / ".git/lfs/objects/ab/cc" / oid, [chat("a", "b")])
    here = cost(tmp_path, base="HEAD").delta
    assert here is not None
    assert [change.added for change in here.changes] == [1]


def test_a_file_to_compare_with(tmp_path: Path) -> None:
    repository(tmp_path, [chat("a", "b", "c")] * 9, [chat("a", "b")] * 12)
    by_git = cost(tmp_path, configured=True, base="HEAD", contents=True)
    git(tmp_path, "stash", "-q")
    (tmp_path / "base.json").write_text(shown(cost(tmp_path, configured=True, contents=True), "json"))
    git(tmp_path, "stash", "pop", "-q")
    by_file = cost(tmp_path, configured=True, compare=tmp_path / "base.json")
    assert by_git.delta is not None
    assert by_file.delta is not None
    assert by_file.delta.changes == by_git.delta.changes
    assert by_file.delta.base.total == by_git.delta.base.total
    with pytest.raises(FtlintError, match="counts tokens otherwise"):
        cost(tmp_path, configured=True, compare=tmp_path / "base.json", targets=("gpt-3.5-turbo",))
    for damaged in (b"\xff", b"{}", b'{"version": 1, "state": {}}'):
        (tmp_path / "bad.json").write_bytes(damaged)
        with pytest.raises(FtlintError, match="write it again"):
            snapshot.load(tmp_path / "bad.json")


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [chat("a", "b")])
    with pytest.raises(FtlintError, match="git cannot tell the past"):
        cost(tmp_path, base="HEAD")
    commit(tmp_path)
    with pytest.raises(FtlintError, match='git knows no commit "nowhere"'):
        cost(tmp_path, base="nowhere")
    with pytest.raises(FtlintError, match="knows no commit"):
        cost(tmp_path, base="--output=x")
    with pytest.raises(FtlintError, match="name one --target"):
        cost(tmp_path, base="HEAD", targets=("gpt-4o", "gpt-4o-mini"))


@pytest.mark.parametrize("name", FORMATS)
def test_the_command_line(tmp_path: Path, name: str) -> None:
    repository(tmp_path, [chat("a", "b")] * 9, [chat("a", "b")] * 12)
    command = [sys.executable, "-m", "ftlint", "cost", "--base", "HEAD", "--format", name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "books" in done.stdout
    assert not done.stderr
