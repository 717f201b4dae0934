"""What a user may decide of a job, held to the service's limits before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from ftlint.errors import FtlintError
from ftlint.targets import load

Method = Literal["supervised", "dpo", "reinforcement"]
Auto = Literal["auto"]
OWN_KEY = "ftlint"
"""The key of a job's metadata that holds the digest of the submission."""
HYPERPARAMETERS = ("n_epochs", "batch_size", "learning_rate_multiplier", "beta")


class Parameters(Struct, frozen=True, kw_only=True):
    """All that is sent beside the files; None leaves the choice to the service.

    Attributes:
        method: None for the one that the data is made for.
        beta: of preference data only.
        wandb: ``project``, and optionally ``name``, ``entity`` and ``tags``.
        grader: of reinforcement data, as the API takes it.
    """

    method: Method | None = None
    n_epochs: int | Auto | None = None
    batch_size: int | Auto | None = None
    learning_rate_multiplier: float | Auto | None = None
    beta: float | Auto | None = None
    suffix: str | None = None
    seed: int | None = None
    metadata: Mapping[str, str] = {}
    wandb: Mapping[str, Any] | None = None
    grader: Mapping[str, Any] | None = None


def limits() -> dict[str, int]:
    """The service's maxima, as ``targets/openai.json`` gives them with their source."""
    found: dict[str, int] = load.provider("openai")["facts"]["job"]["value"]
    return found


def verify(given: Parameters, method: Method) -> None:
    """Hold the parameters to the service's limits.

    Raises:
        FtlintError: some would be refused; the text says each of them.
    """
    if found := list(faults(given, method)):
        raise FtlintError("; ".join(found))


def faults(given: Parameters, method: Method) -> Iterator[str]:
    """A sentence for each parameter that the service would refuse."""
    yield from _numbers(given)
    yield from _texts(given)
    yield from _metadata(given.metadata)
    most = limits()
    if given.suffix is not None and not 1 <= len(given.suffix) <= most["suffix"]:
        yield f"the suffix has {len(given.suffix)} characters; the service takes 1 to {most['suffix']}"
    if given.seed is not None and not 0 <= given.seed <= most["seed"]:
        yield f"the seed is {given.seed}; the service takes 0 to {most['seed']}"
    if given.wandb is not None and not given.wandb.get("project"):
        yield "the integration with Weights & Biases names no project"
    if given.beta is not None and method != "dpo":
        yield f"beta belongs to dpo, and this is {method} data"
    if method == "reinforcement" and not given.grader:
        yield "reinforcement training needs a grader; give its JSON with --grader"
    if method != "reinforcement" and given.grader:
        yield f"a grader belongs to reinforcement, and this is {method} data"


def _numbers(given: Parameters) -> Iterator[str]:
    most = limits()
    for name in ("n_epochs", "batch_size"):
        value = getattr(given, name)
        if value not in (None, "auto") and not 1 <= value <= most[name]:
            yield f"{name} is {value}; the service takes auto or 1 to {most[name]}"
    rate, beta = given.learning_rate_multiplier, given.beta
    if rate not in (None, "auto") and not 0 < float(rate) < float("inf"):
        yield f"learning_rate_multiplier is {rate}; the service takes auto or a number above 0"
    if beta not in (None, "auto") and not 0 < float(beta) <= most["beta"]:
        yield f"beta is {beta}; the service takes auto or a number above 0, at most {most['beta']}"


def _texts(given: Parameters) -> Iterator[str]:
    texts = {
        "suffix": [given.suffix or ""],
        "metadata": [*given.metadata, *given.metadata.values()],
        "name of the project": map(str, (given.wandb or {}).values()),
    }
    for name, parts in texts.items():
        if re.search("[\ud800-\udfff]", "".join(parts)):
            yield f"the {name} is not UTF-8 text"


def _metadata(pairs: Mapping[str, str]) -> Iterator[str]:
    most = limits()
    room = most["metadata_pairs"] - 1
    if len(pairs) > room:
        yield (
            f"the metadata has {len(pairs)} pairs; the service takes {room + 1}, one of which ftlint needs "
            "to find the job again"
        )
    if OWN_KEY in pairs:
        yield f'the metadata key "{OWN_KEY}" is ftlint\'s own'
    for key, value in pairs.items():
        if not 1 <= len(key) <= most["metadata_key"]:
            yield f'the metadata key "{key[:20]}…" has {len(key)} characters; the service takes {most["metadata_key"]}'
        if len(value) > most["metadata_value"]:
            yield (
                f'the metadata value of "{key[:20]}" has {len(value)} characters; '
                f"the service takes {most['metadata_value']}"
            )


def request(given: Parameters, method: Method) -> dict[str, Any]:
    """The parameters as ``fine_tuning.jobs.create`` takes them, the metadata left out."""
    chosen = {name: getattr(given, name) for name in HYPERPARAMETERS if getattr(given, name) is not None}
    how: dict[str, Any] = {"hyperparameters": chosen} if chosen else {}
    if given.grader:
        how["grader"] = dict(given.grader)
    asked: dict[str, Any] = {"method": {"type": method, method: how}}
    if given.suffix is not None:
        asked["suffix"] = given.suffix
    if given.seed is not None:
        asked["seed"] = given.seed
    if given.wandb is not None:
        asked["integrations"] = [{"type": "wandb", "wandb": dict(given.wandb)}]
    return asked
