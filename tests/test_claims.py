"""A configured file is in one split: where it is named most narrowly, and nowhere if that is said of two."""

from __future__ import annotations

from pathlib import Path

import discovery
import pytest
from discovery import Config, layout, make

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


@pytest.mark.parametrize(("train", "validation"), [("d/v.jsonl", "d/v.jsonl"), ("d/*.jsonl", "d/v*.jsonl"), ("d", "d")])
@pytest.mark.parametrize("asked", [[], ["d/v.jsonl"]])
def test_a_file_in_two_splits_is_a_mistake(here: Path, asked: list[str], train: str, validation: str) -> None:
    make("d/v.jsonl")
    with pytest.raises(ConfigError) as error:
        discover(asked, splits(here, train, validation=validation))
    assert str(error.value) == (
        "ftlint.yaml: datasets.a: 'd/v.jsonl' is in train and in validation; write its path in one of the two only"
    )


def test_a_file_may_be_named_twice_in_one_split(here: Path) -> None:
    make("d/t.jsonl", "v.jsonl")
    assert layout(discover([], splits(here, "d/*.jsonl", "d/t.jsonl", "d", validation="v.jsonl"))) == {
        "a": ["train d/t.jsonl", "validation v.jsonl"]
    }
