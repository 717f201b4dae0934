"""What a misspelt word was meant to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftlint.suggest import LONGEST, did_you_mean, nearest, suggest


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("chekc", ["check", "cost"], "check"),
        (" CHECK ", ["check", "cost"], "check"),
        ("train.jsonl", ["Train.jsonl", "README.md"], "Train.jsonl"),
        ("ft1002", ["FT101", "FT102"], "FT102"),
        ("human", ["system", "user", "assistant"], "user"),
        ("human", ["humane", "user-name"], "humane"),
        ("messages", ["images", "turns"], "turns"),
        ("messages", ["images"], "images"),
        ("xyz", ["check", "cost"], ""),
        ("", ["check"], ""),
        ("check", [], ""),
    ],
)
def test_the_nearest_word_as_it_is_spelt(word: str, known: list[str], near: str) -> None:
    assert nearest(word, known) == near


def test_the_cutoff_is_how_alike_they_must_be() -> None:
    assert nearest("mistral", ["mistral-7b"]) == "mistral-7b"
    assert nearest("mistral", ["mistral-7b"], 0.9) == ""


@given(st.text(max_size=20), st.lists(st.text(max_size=20)))
def test_what_is_meant_is_known(word: str, known: list[str]) -> None:
    assert nearest(word, known) in {*known, ""}
    assert suggest(word, known) in {*(f' — did you mean "{name}"?' for name in known if name != word), ""}


def test_nothing_is_asked_without_a_name() -> None:
    assert did_you_mean("") == suggest("user", ["user"]) == ""
    assert did_you_mean("a/b", quote="'") == "; did you mean 'a/b'?"


def test_a_whole_text_is_like_no_word() -> None:
    assert nearest("user" + "r" * LONGEST, ["user"]) == ""
    assert nearest("user".ljust(LONGEST), ["user"]) == "user"
