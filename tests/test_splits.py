"""Splits: what an author says holds, a group stays together, and examples that are added move no other."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftlint import config
from ftlint.authoring.example import Example
from ftlint.authoring.source import SourceText
from ftlint.authoring.splits import assign, by_hash
from ftlint.errors import ConfigError
from ftlint.model import Split

SPLITS: tuple[Split, ...] = ("train", "validation", "test")
HOME = SourceText("a.ft.yaml", "a.ft.yaml", "- user: …\n")
SHARES: dict[Split, Decimal] = {"validation": Decimal("0.2"), "test": Decimal("0.1")}


def example(text: str = "", *, id: str = "", group: str = "", split: Split | None = None) -> Example:
    record = {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": "Yes."}]}
    return Example(0, id, (HOME, 0, 1, "node"), record, "chat", split=split, group=group)


def splits(*examples: Example, shares: dict[Split, Decimal] = SHARES, home: Split = "train") -> list[Split]:
    return assign([(item, home) for item in examples], shares)[0]


EXAMPLES = st.lists(
    st.builds(
        example,
        st.text(max_size=3),
        id=st.text(max_size=2),
        group=st.sampled_from(["", "", "a", "b", "c", "d"]),
        split=st.sampled_from([None, None, None, *SPLITS]),
    ),
    max_size=12,
)


@given(EXAMPLES, st.sampled_from([{}, SHARES, {"test": Decimal("0.5")}]))
def test_a_group_never_straddles(examples: list[Example], shares: dict[Split, Decimal]) -> None:
    found = splits(*examples, shares=shares)
    for group in {item.group for item in examples} - {""}:
        assert len({split for item, split in zip(examples, found, strict=True) if item.group == group}) == 1


@given(EXAMPLES, EXAMPLES)
def test_what_is_added_moves_no_other(examples: list[Example], added: list[Example]) -> None:
    added = [item for item in added if not (item.group and item.split)]
    both = splits(*added, *examples)
    assert both[len(added) :] == splits(*examples)


@given(EXAMPLES)
def test_the_authors_word_holds(examples: list[Example]) -> None:
    found = splits(*examples)
    assert all(
        split == item.split for item, split in zip(examples, found, strict=True) if item.split and not item.group
    )


@given(st.text(max_size=5), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_larger_share_moves_training_examples_only(text: str, small: int, large: int, test: int) -> None:
    small, large = sorted([small, large])
    kept = Decimal(test) / 100
    before = by_hash(example(text), {"validation": Decimal(small) / 100, "test": kept})
    after = by_hash(example(text), {"validation": Decimal(large) / 100, "test": kept})
    assert after == before or (before, after) == ("train", "validation")


def test_the_shares_are_kept_to() -> None:
    counts = Counter(splits(*(example(f"Question {number}") for number in range(10_000))))
    assert abs(counts["validation"] - 2000) < 150
    assert abs(counts["test"] - 1000) < 150
    assert Counter(splits(*(example(str(n)) for n in range(99)), shares={})) == {"train": 99}


def test_halves_leave_nothing_to_train() -> None:
    half = Decimal("0.5")
    assert "train" not in splits(*map(example, map(str, range(500))), shares={"validation": half, "test": half})


def test_the_hash_is_of_group_or_id_or_content() -> None:
    def points(**same: Any) -> set[Split]:
        return {by_hash(example(str(n), **same), SHARES) for n in range(200)}

    assert len(points(group="g")) == len(points(id="i")) == 1
    assert points() == set(SPLITS)
    reordered = example("x")
    message = reordered.record["messages"][0]
    reordered.record["messages"][0] = dict(reversed(message.items()))
    assert by_hash(reordered, SHARES) == by_hash(example("x"), SHARES)


def test_the_hash_is_the_same_in_every_process() -> None:
    code = "import test_splits as t; print(*(t.by_hash(t.example(str(n)), t.SHARES) for n in range(50)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [by_hash(example(str(n)), SHARES) for n in range(50)]
    assert done.stdout.split().count("validation") == 12


def test_a_file_of_another_split_speaks_for_its_examples() -> None:
    assert splits(example("a"), example("b", split="train"), home="validation") == ["validation", "train"]


def test_a_word_on_one_example_holds_for_its_group() -> None:
    assert splits(example("a", group="g"), example("b", group="g", split="test")) == ["test", "test"]


def test_a_group_with_two_words_is_a_fault() -> None:
    pairs: list[tuple[Example, Split]] = [
        (example("a", group="receipts", split="train"), "train"),
        (example("b", group="receipts", split="validation"), "train"),
        (example("c", group="receipts", split="train"), "train"),
    ]
    found, faults = assign(pairs, {})
    assert found == ["train"] * 3
    [fault] = faults
    assert (fault.rule, fault.place, fault.soft) == ("straddling-group", pairs[1][0].place, False)
    assert fault.values == {"group": "receipts", "split": "validation", "other": "train"}


def load(folder: Path, text: str) -> config.Config:
    (folder / "ftlint.yaml").write_text(text, "utf-8")
    return config.load(folder / "ftlint.yaml")


def test_the_configuration_names_sources_outputs_and_shares(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        "datasets:\n  a: {sources: a/*.ft.yaml, output: a.jsonl}\n"
        "  b: {sources: [b, c], train: old.jsonl, output: {test: t.jsonl}, split: {test: 12.5%, validation: 50%}}\n"
        "  sources: data/sources.jsonl\n",
    )
    assert found.builds == {
        "a": config.Build(("a/*.ft.yaml",), {"train": "a.jsonl"}),
        "b": config.Build(("b", "c"), {"test": "t.jsonl"}, {"test": Decimal("0.125"), "validation": Decimal("0.5")}),
    }
    assert found.datasets == {
        "a": {"train": ("a/*.ft.yaml",)},
        "b": {"train": ("old.jsonl", "b", "c")},
        "sources": {"train": ("data/sources.jsonl",)},
    }


@pytest.mark.parametrize(
    ("dataset", "words"),
    [
        ("{split: {test: 5%}}", '1:15: the key "sources" is missing: add it (Authored YAML'),
        ("{output: a.jsonl}", '1:15: the key "sources" is missing'),
        ("{sources: []}", "1:25: an empty list: name at least one"),
        ("{sources: a, split: {test: 5}}", "1:42: expected text, found a number: put it in quotes"),
        ("{sources: a, split: {test: 51%}}", '1:42: "51%" will not do: A share of at most 50%, written as 10%'),
        ("{sources: a, split: {train: 5%}}", '1:36: unknown key "train": use validation or test'),
        ("{sources: a, output: {valid: b}}", '1:37: unknown key "valid" — did you mean "validation"?'),
        ("{source: a}", '1:16: unknown key "source" — did you mean "sources"?'),
    ],
)
def test_a_fault_in_the_configuration_has_a_place(tmp_path: Path, dataset: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, f"datasets: {{a: {dataset}}}")
    assert f"ftlint.yaml:{words}" in str(caught.value)
