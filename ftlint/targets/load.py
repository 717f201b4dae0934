"""The data files of the providers, read once, and made into targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from ftlint.targets.target import ImageRule, Price, Target

_found = (path.stem for path in Path(__file__).parent.glob("*.json"))
PROVIDERS = tuple(sorted(_found, key=lambda name: (name == "generic", name != "openai", name)))
"""In the order in which a bare model name is looked up."""

ENCODINGS = ("cl100k_base", "o200k_base")

ENCODING_RULES = (
    (("gpt-4o", "chatgpt-4o", "gpt-4.1", "gpt-4.5", "o1", "o3", "o4-mini", "gpt-5"), "o200k_base"),
    (("gpt-4", "gpt-3.5", "gpt-35-turbo", "davinci-002", "babbage-002"), "cl100k_base"),
)
"""How the names of models begin; the first that fits decides (tiktoken 0.14.0, model.py, mended for ``ft:``)."""


@cache
def provider(name: str) -> dict[str, Any]:
    """A provider's data file: ``facts``, each with ``value``, ``confidence`` and ``source``, and ``models``."""
    data: dict[str, Any] = msgspec.json.decode(Path(__file__).with_name(f"{name}.json").read_bytes())
    return data


@cache
def names(provider_name: str) -> dict[str, dict[str, Any]]:
    """The models of a provider, by id and by alias in lower case."""
    models = provider(provider_name)["models"]
    return {name.lower(): model for model in models for name in (*model["aliases"], model["id"])}


def encoding(model: str) -> tuple[str, bool]:
    """The encoding of a model by its name, and whether that is certain; ``o200k_base`` is the guess."""
    for beginnings, name in ENCODING_RULES:
        if model.startswith(beginnings):
            return name, True
    return "o200k_base", False


def price(data: Mapping[str, Any] | None) -> Price | None:
    """A price from its data; None if there is none."""
    if data is None:
        return None
    amounts = {key: amount(data.get(key)) for key in ("train", "input", "output", "train_per_hour")}
    return Price(**amounts, as_of=data["as_of"], source=data["source"])


def amount(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def build(provider_name: str, model_name: str, *, named: bool) -> Target:
    """The target of a provider and of a model that its data file may or may not hold."""
    data = provider(provider_name)
    model = names(provider_name).get(model_name.lower())
    entry: dict[str, Any] = model or {"id": model_name}
    guess, certain = encoding(entry["id"])
    harmony = "chat_format" in entry
    return Target(
        provider=provider_name,
        model=entry["id"],
        known=model is not None,
        named=named,
        encoding=entry.get("encoding") or guess,
        encoding_exact=not harmony and (certain or bool(entry.get("encoding"))),
        max_tokens=entry.get("max_tokens"),
        price=price(entry.get("price")),
        methods=tuple(entry.get("methods", ())),
        vision=entry.get("vision", False),
        images=image_rule(entry.get("images")),
        jobs_close=day(entry.get("new_jobs_until")),
        shutdown=day(entry.get("shutdown")),
        replacement=entry.get("replacement", ""),
        as_of=data["as_of"],
        sources=tuple(entry.get("sources", ())),
        price_history=tuple(filter(None, map(price, entry.get("price_history", ())))),
        base_price=price(entry.get("base_price")),
        **limits(data["facts"]),
    )


def limits(facts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What a provider says of any file, as fields of a target."""
    value = {key: fact["value"] for key, fact in facts.items()}
    return {
        "min_examples": value["min_examples"] or 0,
        "max_examples": value["max_examples"],
        "max_file_bytes": value["max_file_bytes"],
        "max_images": value["max_images"],
        "roles": frozenset(value["roles"]),
        "extra_keys": value["extra_keys"],
        "bom": value["bom"],
        "alternation": value["strict_alternation"],
        "refused_schema_keywords": tuple(value["refused_schema_keywords"]),
    }


def image_rule(data: Mapping[str, Any] | None) -> ImageRule | None:
    if data is None:
        return None
    if data["rule"] == "tile":
        return ImageRule(base=data["base"], tile=data["tile"])
    return ImageRule(multiplier=Decimal(data["multiplier"]), budget=data["budget"])


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
