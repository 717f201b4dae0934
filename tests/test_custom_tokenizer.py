"""Tests of a model's own ``tokenizer.json``: exact texts, an estimated template, and what is wrong with a file."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from costing import chat, commit, completion, cost, write
from hypothesis import given
from hypothesis import strategies as st
from strategies import records
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from ftlint import count_tokens, load_config, resolve
from ftlint.errors import ConfigError, FtlintError
from ftlint.tokens import bound, counter_of

TEXTS = ["The Rhine is a river.", "Name three rivers: the Rhine, the Danube and the Elbe.", "river river <|end|>"]


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small byte-level vocabulary with a special token, and with truncation and padding set."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=["<|end|>"], initial_alphabet=alphabet)
    made.train_from_iterator(TEXTS * 3, trainer)
    made.enable_truncation(4)
    made.enable_padding(length=50)
    path = tmp_path_factory.mktemp("vocabulary") / "tokenizer.json"
    made.save(str(path))
    return path


def options(path: Path) -> dict[str, dict[str, object]]:
    return {"generic/mine": {"tokenizer": str(path), "price": {"train": "2"}}}


@given(text=st.text(max_size=60) | st.sampled_from([*TEXTS, "\ud83d", "a\udc00b"]))
def test_texts_are_counted_as_the_package_has_it(vocabulary: Path, text: str) -> None:
    plain = Tokenizer.from_file(str(vocabulary))
    plain.no_truncation()
    plain.no_padding()
    plain.encode_special_tokens = True
    clean = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    count = counter_of(resolve("generic/mine", options(vocabulary))).count(text)
    assert count == len(plain.encode(clean, add_special_tokens=False).ids)


def test_texts_are_exact_and_the_template_is_an_estimate(vocabulary: Path) -> None:
    target = resolve("generic/mine", options(vocabulary))
    assert count_tokens(completion(5), target).exact
    counted = count_tokens(chat("The Rhine?", "A river."), target)
    assert not counted.exact
    assert counted.total - sum(counted.by_role.values()) == 3 + 2 * 4
    assert count_tokens(chat("", "<|end|>"), target).by_role["assistant"] > 1


@given(record=records())
def test_the_bound_holds(vocabulary: Path, record: dict[str, object]) -> None:
    target = resolve("generic/mine", options(vocabulary))
    assert count_tokens(record, target).total <= bound(json.dumps(record).encode(), target)


def test_the_bound_holds_where_texts_grow(tmp_path: Path) -> None:
    made = Tokenizer(models.BPE(byte_fallback=False, unk_token="?", vocab={"?": 0}, merges=[]))
    made.normalizer = normalizers.NFKC()
    made.save(str(tmp_path / "t.json"))
    target = resolve("generic/mine", options(tmp_path / "t.json"))
    record = chat("\ufdfa" * 200, "x")
    counted = count_tokens(record, target).total
    assert 200 * 18 <= counted <= bound(json.dumps(record, ensure_ascii=False).encode(), target)


def test_costs_and_their_difference(tmp_path: Path, vocabulary: Path) -> None:
    (tmp_path / "mine.json").write_bytes(vocabulary.read_bytes())
    (tmp_path / "ftlint.yaml").write_text(
        "target: generic/mine\nepochs: 1\nmodels: {generic/mine: {tokenizer: mine.json, price: {train: 2}}}\n"
        "datasets: {a: a.jsonl}\n"
    )
    write(tmp_path / "a.jsonl", [completion(10)] * 5)
    commit(tmp_path)
    write(tmp_path / "a.jsonl", [completion(10)] * 6)
    report = cost(tmp_path, configured=True, base="HEAD")
    total = report.estimates[0].total
    tokens = count_tokens(completion(10), resolve("generic/mine", options(vocabulary))).total
    assert (total.tokens, total.estimated) == (6 * tokens, 0)
    assert report.delta is not None
    assert report.delta.usd == Decimal(tokens * 2) / 1_000_000
    assert [change.added for change in report.delta.changes] == [1]


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    (tmp_path / "ftlint.yaml").write_text("models: {mine: {tokenizer: none.json}}\n")
    with pytest.raises(ConfigError, match=r"models: mine: tokenizer: .*none.json cannot be read: No such file"):
        resolve("mine", load_config(tmp_path / "ftlint.yaml").models)
    (tmp_path / "none.json").write_text("{}")
    with pytest.raises(FtlintError, match="is no tokenizer"):
        count_tokens(completion(1), resolve("mine", load_config(tmp_path / "ftlint.yaml").models))
