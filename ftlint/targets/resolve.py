"""From a name as users write it to a target."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec.structs import replace

from ftlint.errors import ConfigError, UnknownName
from ftlint.lazy import lazy_pattern
from ftlint.suggest import did_you_mean, nearest
from ftlint.targets import load
from ftlint.targets.target import Price, Target

DEFAULT = "openai/gpt-4.1-mini"
"""Whose encoding, limits and prices are shown when no target is named."""

Overrides = Mapping[str, Mapping[str, object]]

ALIKE = 0.8
"""How near a name must be to a known one to be refused: other providers have models of names that are alike."""

AZURE_TAIL = lazy_pattern(r"\.ft-[\w-]+$")
PRICES = ("train", "input", "output")
LEAST, MOST = Decimal("1E-9"), Decimal(1_000_000)
"""Dollars: prices are multiples of the one up to the other, so that sums have no more digits than are kept of them."""
OPTIONS = ("encoding", "tokenizer", "max_tokens", "price", "base_price")


def resolve(name: str | None = None, overrides: Overrides | None = None) -> Target:
    """The target that a name means; with no name the default one, with ``named`` false.

    Args:
        name: ``provider/model``, a provider, a model or its alias, a tuned model (``ft:base:org:suffix:id``, with or
            without ``:ckpt-step-N``; Azure's ``base.ft-job``), or an open-weight model as ``organisation/model``.
        overrides: by model, what the user's ``models:`` says instead: ``encoding``, ``max_tokens``, and ``price`` with
            ``train``, ``input``, ``output`` in dollars for 1,000,000 tokens and ``as_of``.

    Raises:
        UnknownName: the provider or model looks misspelt; the message suggests the nearest.
        ConfigError: an override is not of its kind.
    """
    given = DEFAULT if name is None else name.strip()
    provider, model = split(given)
    if not model.strip("/") and given.lower() not in load.PROVIDERS:
        raise UnknownName(f"the target {given!r} names no model: write it like {DEFAULT}")
    target = load.build(provider, model, named=name is not None)
    for key, options in (overrides or {}).items():
        if means(key, target, given, model):
            target = override(target, key, options)
    return target


def all_targets() -> list[Target]:
    """Every provider's every model that the data files hold, in their order."""
    return [load.build(name, m["id"], named=True) for name in load.PROVIDERS for m in load.provider(name)["models"]]


def split(name: str) -> tuple[str, str]:
    """The provider and the bare model that a name means."""
    head, slash, tail = name.partition("/")
    if head.lower() in load.PROVIDERS:
        return head.lower(), known_model(head.lower(), base_model(tail))
    if not slash:
        return find_provider(name), base_model(name)
    near = nearest(head, load.PROVIDERS, ALIKE)
    if near and not head.lower().startswith(near):
        raise UnknownName(f'no provider is named "{head}"{did_you_mean(f"{near}/{tail}")}')
    return "generic", name


def known_model(provider: str, model: str) -> str:
    """The model, unless it looks like a misspelt one of a provider whose models have names of one kind."""
    names = list(load.names(provider))
    kind = provider in ("openai", "azure") and not model.startswith("gpt-")
    if kind and model.lower() not in names and not load.encoding(model)[1] and (near := nearest(model, names, ALIKE)):
        raise UnknownName(f'{provider} has no model "{model}"{did_you_mean(f"{provider}/{near}")}')
    return model


def base_model(name: str) -> str:
    """The model under a tuned model's name, in OpenAI's spelling."""
    if name.startswith("ft:"):
        name = name[3:].partition(":")[0]
    name = AZURE_TAIL.sub("", name)
    return "gpt-3.5-turbo" + name[12:] if name.startswith("gpt-35-turbo") else name


def find_provider(name: str) -> str:
    """Who has the model of this bare name: Azure if it is spelt its way, else the first that lists it."""
    if AZURE_TAIL.search(name) or name.startswith("gpt-35-turbo"):
        return "azure"
    model = base_model(name)
    for provider in load.PROVIDERS:
        if model.lower() in load.names(provider):
            return provider
    if name.startswith(("ft:", "gpt-")) or load.encoding(model)[1]:
        return "openai"
    known = [*load.PROVIDERS, *(known for provider in load.PROVIDERS for known in load.names(provider))]
    if near := nearest(model, known, ALIKE):
        raise UnknownName(f'no target is named "{name}"{did_you_mean(near)}')
    return "generic"


def similar(target: Target) -> str:
    """The model of the provider, with or without its date, that a target may have meant; empty if none is near."""
    models = [other.model for other in all_targets() if other.provider == target.provider]
    return nearest(target.model, [*(model.partition("-20")[0] for model in models), *models], ALIKE)


def means(key: str, target: Target, given: str, model: str) -> bool:
    """Whether the key of an override is this target, by any of its names."""
    if key in (given, model, target.model, target.name):
        return True
    entry = load.names(target.provider).get(key.removeprefix(f"{target.provider}/").lower())
    return entry is not None and entry["id"] == target.model


def override(target: Target, key: str, options: Mapping[str, object]) -> Target:
    """The target with what the user knows better."""
    changes: dict[str, Any] = {}
    for option, value in options.items():
        if option not in OPTIONS:
            raise ConfigError(f"models: {key}: unknown option {option!r}; choose among {', '.join(OPTIONS)}")
        if option == "encoding":
            changes |= {"encoding": encoding(key, value), "encoding_exact": True}
        elif option == "tokenizer":
            changes |= tokenizer(key, str(value))
        elif option == "max_tokens":
            changes["max_tokens"] = positive(key, value)
        else:
            changes[option] = price(getattr(target, option), key, value)
    return replace(target, **changes)


def encoding(key: str, value: object) -> str:
    if value not in load.ENCODINGS:
        raise ConfigError(f"models: {key}: encoding is {value!r}; choose among {', '.join(load.ENCODINGS)}")
    return str(value)


def tokenizer(key: str, path: str) -> dict[str, Any]:
    """The fields of a target that is counted with the user's ``tokenizer.json``."""
    import hashlib
    from pathlib import Path

    try:
        digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError as error:
        words = f"models: {key}: tokenizer: {path} cannot be read: {error.strerror}"
        raise ConfigError(words, "models", key, "tokenizer") from None
    return {"encoding": f"tokenizer-{digest[:12]}", "encoding_exact": True, "tokenizer": path}


def positive(key: str, value: object) -> int:
    if type(value) is not int or value < 1:
        raise ConfigError(f"models: {key}: max_tokens is {value!r}; write a whole number of 1 or more")
    return value


def price(known: Price | None, key: str, given: object) -> Price:
    """The user's price, the rest of it from the data files."""
    if not isinstance(given, Mapping) or given.keys() - {*PRICES, "as_of"}:
        raise ConfigError(f"models: {key}: price holds {', '.join(PRICES)} and as_of, such as {{train: 5.00}}")
    old = known or Price(None, None, None, "", "")
    amounts: dict[str, Any] = {name: dollars(key, name, given[name]) for name in PRICES if name in given}
    return replace(old, **amounts, as_of=str(given.get("as_of", "")), source="models: in the configuration")


def dollars(key: str, option: str, value: object) -> Decimal:
    try:
        result = Decimal(str(value))
        is_price = 0 <= result <= MOST and result.quantize(LEAST) == result
    except InvalidOperation:
        is_price = False
    if isinstance(value, bool) or not is_price:
        raise ConfigError(
            f"models: {key}: price: {option} is {value!r}; write dollars for 1,000,000 tokens, such as 5.00"
        )
    return result
