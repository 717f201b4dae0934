"""A configured file is in one split: where it is named most narrowly, and nowhere if that is said of two."""

from __future__ import annotations

from pathlib import Path

import discovery
import pytest
from discovery import Config, layout, make

from ftlint.config import load
from ftlint.errors import ConfigError
from ftlint.sources.paths import discover

here = discovery.here


def splits(root: Path, *train: str, validation: str) -> Config:
    return Config(root=root, datasets={"a": {"train": train, "validation": (validation,)}}, path=root / "ftlint.yaml")


@pytest.mark.parametrize("train", ["d", "d/", "d/*.jsonl", "."])
def test_a_file_outdoes_a_folder_and_a_glob(here: Path, train: str) -> None:
    make("d/t.jsonl", "d/v.jsonl")
    assert layout(discover([], splits(here, train, validation="d/v.jsonl"))) == {
        "a": ["train d/t.jsonl", "validation d/v.jsonl"]
    }


@pytest.mark.parametrize("asked", [[], ["d/v.jsonl"]])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "{a: {train: d/v.jsonl, validation: d/v.jsonl}}",
            "1:46: datasets.a.validation: 'd/v.jsonl' is in datasets.a.train",
        ),
        (
            "{a: {train: d/*.jsonl, validation: d/v*.jsonl}}",
            "1:46: datasets.a.validation: 'd/v.jsonl' is in datasets.a.train",
        ),
        ("{a: {train: [b, d], test: [./d]}}", "1:38: datasets.a.test[0]: 'd/v.jsonl' is in datasets.a.train[1]"),
        ("{b: d/v.jsonl, a: [d/v.jsonl]}", "1:30: datasets.a[0]: 'd/v.jsonl' is in datasets.b"),
        (
            "{a: {sources: d/v.jsonl}, b: {test: d/v.jsonl}}",
            "1:47: datasets.b.test: 'd/v.jsonl' is in datasets.a.sources",
        ),
        ("\n  a: d\n  b:\n  - d/*.jsonl", "4:5: datasets.b[0]: 'd/v.jsonl' is in datasets.a"),
    ],
)
def test_a_file_in_two_places_is_a_mistake(here: Path, asked: list[str], text: str, told: str) -> None:
    make("d/v.jsonl", "b/x.jsonl")
    Path("ftlint.yaml").write_text(f"datasets: {text}\n")
    with pytest.raises(ConfigError) as error:
        discover(asked, load(Path("ftlint.yaml")))
    rest = "too, and a file counts for one only: write its path in one of the two"
    assert str(error.value) == f"ftlint.yaml:{told} {rest}"


def test_a_file_by_another_name_is_the_same_file(here: Path) -> None:
    make("v.jsonl")
    Path("w.jsonl").symlink_to("v.jsonl")
    Path("ftlint.yaml").write_text("datasets: {a: v.jsonl, b: w.jsonl}\n")
    with pytest.raises(
        ConfigError, match=r":1:27: datasets\.b: 'w\.jsonl' is in datasets\.a too, as 'v\.jsonl', and a"
    ):
        discover([], load(Path("ftlint.yaml")))


def test_a_file_outdoes_the_glob_of_another_dataset(here: Path) -> None:
    make("d/t.jsonl", "d/v.jsonl")
    Path("ftlint.yaml").write_text("datasets: {all: {train: d/*.jsonl}, few: {validation: d/v.jsonl}}\n")
    found = discover(["d/v.jsonl", "d/t.jsonl"], load(Path("ftlint.yaml")))
    assert layout(found) == {"few": ["validation d/v.jsonl"], "all": ["train d/t.jsonl"]}


def test_a_file_may_be_named_twice_in_one_split(here: Path) -> None:
    make("d/t.jsonl", "v.jsonl")
    assert layout(discover([], splits(here, "d/*.jsonl", "d/t.jsonl", "d", validation="v.jsonl"))) == {
        "a": ["train d/t.jsonl", "validation v.jsonl"]
    }
