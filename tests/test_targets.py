"""Tests of targets: the names that users write, the user's overrides, and the data files."""

from __future__ import annotations

import json
import pickle
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ftlint.errors import ConfigError, UnknownName
from ftlint.targets import all_targets, load, resolve

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "token_vectors.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("given", "name", "known"),
    [
        ("openai/gpt-4o", "openai/gpt-4o-2024-08-06", True),
        ("gpt-4.1-mini", "openai/gpt-4.1-mini-2025-04-14", True),
        ("GPT-4o-mini", "openai/gpt-4o-mini-2024-07-18", True),
        ("ft:gpt-4.1-mini-2025-04-14:org::id", "openai/gpt-4.1-mini-2025-04-14", True),
        ("ft:gpt-4o-2024-08-06:org:suffix:id:ckpt-step-90", "openai/gpt-4o-2024-08-06", True),
        ("openai/ft:o4-mini-2025-04-16:o::x", "openai/o4-mini-2025-04-16", True),
        ("gpt-4o-mini-2024-07-18.ft-0e208cf33a6a466994aff31a08aba678", "azure/gpt-4o-mini-2024-07-18", True),
        ("azure/gpt-4o-mini-2024-07-18.ft-0e208", "azure/gpt-4o-mini-2024-07-18", True),
        ("gpt-35-turbo-0125", "azure/gpt-3.5-turbo-0125", False),
        ("Ministral-3B-2411", "azure/Ministral-3B-2411", True),
        ("gpt-9", "openai/gpt-9", False),
        ("together", "together", False),
        ("together/meta-llama/Llama-3.1-8B", "together/meta-llama/Llama-3.1-8B", False),
        ("meta-llama/Llama-3.1-8B", "generic/meta-llama/Llama-3.1-8B", False),
        ("mistralai/Mistral-7B-v0.3", "generic/mistralai/Mistral-7B-v0.3", False),
        ("my-own-model", "generic/my-own-model", False),
    ],
)
def test_names(given: str, name: str, known: bool) -> None:
    target = resolve(given)
    assert (target.name, target.known, target.named) == (name, known, True)
    assert known or target.price is None
    assert resolve(target.name).name == name


def test_without_a_name() -> None:
    target = resolve()
    assert (target.name, target.named) == ("openai/gpt-4.1-mini-2025-04-14", False)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("opnai/gpt-4o", "openai/gpt-4o"),
        ("togethr", "together"),
        ("davinci-02", "davinci-002"),
        ("Mistrl/x", "mistral/x"),
    ],
)
def test_misspelt_names(given: str, hint: str) -> None:
    with pytest.raises(UnknownName, match=f'did you mean "{hint}"'):
        resolve(given)


def test_encodings() -> None:
    for model, said in VECTORS["encoding_names"].items():
        target = resolve(model)
        assert target.encoding == said.split(" ")[0].replace("harmony", "base"), model
        assert target.encoding_exact == ("harmony" not in said), model


@pytest.mark.parametrize("given", ["gpt-4o", "openai/gpt-4o", "gpt-4o-2024-08-06", "openai/gpt-4o-2024-08-06"])
@pytest.mark.parametrize("key", ["gpt-4o", "openai/gpt-4o", "gpt-4o-2024-08-06", "openai/gpt-4o-2024-08-06"])
def test_overrides_by_any_of_the_names(given: str, key: str) -> None:
    target = resolve(given, {key: {"price": {"train": 20.1, "as_of": "2026-12"}}, "gpt-4.1": {"max_tokens": 1}})
    assert target.price is not None
    assert (target.price.train, target.price.input, target.price.as_of) == (Decimal("20.1"), Decimal("3.75"), "2026-12")
    assert target.max_tokens == 65_536


def test_overrides_of_unknown_models() -> None:
    options = {"encoding": "cl100k_base", "max_tokens": 8192, "price": {"train": "0.48"}}
    target = resolve("together/meta-llama/Llama-3.1-8B", {"meta-llama/Llama-3.1-8B": options})
    assert (target.encoding, target.encoding_exact, target.max_tokens) == ("cl100k_base", True, 8192)
    assert target.price is not None
    assert (target.price.train, target.price.output) == (Decimal("0.48"), None)


@pytest.mark.parametrize(
    "options",
    [{"encoding": "p50k_base"}, {"max_tokens": 0}, {"max_tokens": True}, {"price": {"train": "dear"}}]
    + [
        {"price": {"input": -1}},
        {"price": {"output": True}},
        {"price": {"train": 10**6 + 1}},
        {"price": {"train": Decimal("1e300")}},
        {"price": {"train": Decimal("0.1234567891")}},
        {"price": {"train": float("nan")}},
        {"price": 1},
        {"cost": 1},
    ],
    ids=str,
)
def test_overrides_that_are_wrong(options: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="models: gpt-4o"):
        resolve("gpt-4o", {"gpt-4o": options})


def test_limits_and_dates() -> None:
    least = {name: resolve(name).min_examples for name in load.PROVIDERS}
    assert least == {"openai": 10, "azure": 10, "together": 1, "fireworks": 3, "mistral": 0, "generic": 0}
    assert [name for name in load.PROVIDERS if resolve(name).alternation] == ["together"]
    assert {name: resolve(name).bom for name in load.PROVIDERS if resolve(name).bom != "refused"} == {"azure": "wanted"}
    assert (resolve("openai").max_images, resolve("azure").max_images) == (10, 64)
    assert (resolve("gpt-4o").jobs_close, resolve("gpt-4o").shutdown) == (date(2027, 1, 6), date(2027, 1, 14))
    assert resolve("gpt-4.1-nano").shutdown == date(2026, 10, 23)
    limits = {name: resolve(name).max_tokens for name in ("gpt-3.5-turbo-0613", "gpt-3.5-turbo", "gpt-4", "gpt-4.1")}
    assert limits == {"gpt-3.5-turbo-0613": 4096, "gpt-3.5-turbo": 16_385, "gpt-4": 8192, "gpt-4.1": 65_536}


def test_prices() -> None:
    table = {
        "gpt-4.1": ("25", "3", "12"),
        "gpt-4.1-mini": ("5", "0.8", "3.2"),
        "gpt-4.1-nano": ("1.5", "0.2", "0.8"),
        "gpt-4o": ("25", "3.75", "15"),
        "gpt-4o-mini": ("3", "0.3", "1.2"),
        "gpt-3.5-turbo": ("8", "3", "6"),
        "davinci-002": ("6", "12", "12"),
        "babbage-002": ("0.4", "1.6", "1.6"),
    }
    for model, expected in table.items():
        price = resolve(model).price
        assert price is not None
        assert (price.train, price.input, price.output) == tuple(map(Decimal, expected)), model
    first = resolve("gpt-3.5-turbo-0613").price_history[0]
    assert (first.train, first.input, first.output, first.as_of) == (Decimal(8), Decimal(12), Decimal(16), "2023-08")


def test_every_target_resolves_to_itself_and_pickles() -> None:
    targets = all_targets()
    assert len({target.name for target in targets}) == len(targets) > 20
    for target in targets:
        assert resolve(target.name) == target
        assert pickle.loads(pickle.dumps(target)) == target


def test_every_limit_price_and_date_has_a_source() -> None:
    for name in load.PROVIDERS:
        data = load.provider(name)
        assert data["provider"] == name
        assert date.fromisoformat(data["as_of"])
        for fact in data["facts"].values():
            assert fact["confidence"] in ("read", "reported", "inferred", "unknown")
            assert fact["source"]
            assert (fact["value"] in (None, [])) or fact["confidence"] != "unknown" or isinstance(fact["value"], bool)
        for model in data["models"]:
            assert model["sources"], model["id"]
            for price in filter(None, (model.get("price"), *model.get("price_history", ()))):
                assert price["source"]
                assert re.match(r"20\d\d-\d\d|litellm", price["as_of"])
                amounts = (price.get(key) for key in ("train", "input", "output", "train_per_hour"))
                assert all(value is None or re.fullmatch(r"\d+\.\d\d", value) for value in amounts)
