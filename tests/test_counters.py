"""Tests of counters: the published vocabularies and texts, and the law that all count alike on any string."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftlint.tokens import BULK, counter, counters, ranks, reference

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "token_vectors.json").read_text("utf-8"))
ENCODINGS = ("cl100k_base", "o200k_base")


@pytest.fixture(params=ENCODINGS)
def encoding(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def made(encoding: str) -> list[counters.Counter]:
    """Every counter that is installed."""
    found: list[counters.Counter] = [reference(encoding)]
    for kind in (counters.RsBpe, counters.Toktok):
        try:
            found.append(kind(encoding))
        except ImportError:
            continue
    return found


# The vocabularies


def test_shipped_ranks_are_the_published_files(encoding: str) -> None:
    expected: dict[str, str] = {}
    ranks.specification(encoding, lambda url, expected_hash: expected.update(hash=expected_hash) or {})
    table = ranks.ranks(encoding)
    published = b"".join(base64.b64encode(token) + b" %d\n" % rank for token, rank in table.items())
    assert hashlib.sha256(published).hexdigest() == expected["hash"]


def test_the_encoding_is_tiktokens_own() -> None:
    assert ranks.encoding("cl100k_base").n_vocab == 100_277
    assert ranks.encoding("o200k_base").n_vocab == 200_019


@pytest.mark.parametrize("case", VECTORS["text"], ids=lambda case: case["text"])
def test_published_texts(case: dict[str, Any], encoding: str) -> None:
    assert {made.count(case["text"]) for made in made(encoding)} == {case[encoding]}


def test_published_ids() -> None:
    case = VECTORS["text"][-1]
    for encoding in ENCODINGS:
        ids = ranks.encoding(encoding).encode_ordinary(case["text"])
        assert ids == case[f"{encoding.removesuffix('_base')}_ids"]


def test_text_of_special_tokens_is_text() -> None:
    for case in VECTORS["special_token_text"]:
        expected = case.get("disallowed_special_empty", case["default_encode"])
        assert {each.count(case["text"]) for each in made(case["encoding"])} == {expected}


# Counters


# fmt: off
SHREDS = st.sampled_from(
    list(" \n\t\u00a0\u3000\x1c\x00\ufeff\ud800\udc00/\u20c1\u088f\ua7ce\U000323b0")
    + ["  ", "\r\n", "//\n", "!?", "...\n\n", "<|endoftext|>", "e\u0301", "👩\u200d👩\u200d👧"]
    + [
        "'s", "'LL", "'ſ", "it's", "ſ", "K", "a", "Z", "ß", "é", "12", "1234", "½", "٣", "語", "お誕", "한",
        "ไทย", "عر", "ǅ", "ʰ", "🇩🇪",
    ]
)
# fmt: on
TEXTS = st.one_of(st.lists(SHREDS, max_size=30).map("".join), st.text(), st.text(st.characters(codec=None)))


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=5))
def test_all_counters_agree_on_any_strings(texts: list[str]) -> None:
    for encoding in ENCODINGS:
        expected = reference(encoding).count_all(texts)
        for each in made(encoding):
            assert each.count_all(texts) == expected, each.name
            assert [each.count(text) for text in texts] == expected, each.name


def test_counters_agree_on_every_code_point(encoding: str) -> None:
    texts = [f"a{chr(c)}b {chr(c)}{chr(c)} 1{chr(c)}\n{chr(c)}A{chr(c)}'s" for c in range(0x80, 0x34000)]
    expected = reference(encoding).count_all(texts)
    for each in made(encoding):
        assert each.count_all(texts) == expected, each.name


@pytest.mark.parametrize(
    "text",
    [
        " " * 1_000_000,
        "x" + " " * 1_000_000 + "x",
        "\n" * 1_000_000,
        " \n" * 400_000 + " " * 300_000 + "!",
        "." + "\n" * 60_000 + "\t" * 60_000,
        "!\n" + " " * 60_000 + "\n" + " " * 60_000 + "b" + "\u3000" * 70_000,
        "a" * 300_000,
        "7" * 200_000,
    ],
    ids=range(8),
)
def test_long_runs_are_counted_alike(text: str, encoding: str) -> None:
    assert len({each.count(text) for each in made(encoding)}) == 1


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([" ", "\n", "\r", "\t", "a", "!", "'s", "1", "/"]), max_size=40).map("".join))
def test_cutting_white_space_changes_no_count(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ftlint.tokens.runs.LONG", 3)
        patch.setattr("ftlint.tokens.runs.LONG_RUN", re.compile(r"[ \n\r\t]{3,}"))
        for encoding in ENCODINGS:
            whole = len(ranks.encoding(encoding).encode_ordinary(text))
            assert reference(encoding).count(text) == whole


def test_lone_surrogates_count_as_replacement_characters(encoding: str) -> None:
    for each in made(encoding):
        assert each.count("a\ud800b") == each.count("a\ufffdb")
        assert each.count("\ud83d\ude00") == each.count("😀")


def test_a_counter_that_miscounts_is_replaced_with_a_note() -> None:
    class Wrong(counters.RsBpe):
        name = "wrong"

        def count_all(self, texts: Any, /) -> list[int]:
            return [1] * len(texts)

    chosen = counters.first((Wrong,), "cl100k_base")
    assert (chosen.name, chosen.note) == ("tiktoken", "wrong miscounts: counted with tiktoken")
    assert chosen.count("2 + 2 = 4") == 7


def test_a_counter_that_is_missing_is_passed_over() -> None:
    def missing(encoding: str) -> counters.Counter:
        raise ImportError(encoding)

    chosen = counters.first((missing,), "o200k_base")
    assert (chosen.name, chosen.note) == ("tiktoken", "")


def test_any_size_gets_a_counter(encoding: str) -> None:
    assert counter(encoding).count("hello world") == counter(encoding, BULK).count("hello world") == 2


def test_a_quick_start_grows_into_bulk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "BULK", 10)
    grown = counters.Growing(counters.reference("o200k_base"), "o200k_base")
    texts = ["tiktoken is great!", "2 + 2 = 4", "hi <|endoftext|>", "お誕生日おめでとう"]
    assert [grown.count(text) for text in texts] == [6, 7, 8, 8]
    assert grown.room < 0
