"""The texts of a dataset before the service's moderation: each sent once, and the verdicts as options of a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ftlint.checks.flagged import text_digest
from ftlint.config import Config
from ftlint.model import Source
from ftlint.submit.answers import AnswerCache, Entry
from ftlint.submit.concurrency import ask_concurrently
from ftlint.submit.examples import records
from ftlint.submit.service import Service

RULE = "flagged-text"
CACHE = "moderations"
"""The file of ``.ftlint`` in which verdicts are kept."""
MODEL = "omni-moderation-latest"
BATCH = 32
BATCH_CHARACTERS = 64_000
"""Texts of one request, and about their characters: a longer text goes alone."""
WORKERS = 4
Texts = dict[str, str]
"""Texts by their digests."""


class _Result(Struct, frozen=True):
    flagged: bool
    categories: Mapping[str, bool | None]
    category_scores: Mapping[str, float | None]


class _Moderation(Struct, frozen=True):
    results: list[_Result]
    model: str = ""


class Moderator(Struct, frozen=True):
    """Who moderates: the address of the service, and the model."""

    url: str
    model: str = MODEL

    def key(self, name: str) -> str:
        """What stands for a verdict on the text of a digest."""
        return f"{self.url} {self.model} {name}"


def texts(sources: Iterable[Source], sample: int | None = None) -> Texts:
    """The texts of all sound records, each once; of more than ``sample`` those of the least digests, always the same.

    Raises:
        OSError: a file cannot be read.
    """
    found: Texts = {}
    for record in records(sources):
        for _, _, text in record.texts():
            if text.strip():
                found[text_digest(text)] = text
    if sample is None or len(found) <= sample:
        return found
    return {name: found[name] for name in sorted(found)[:sample]}


def batches(found: Texts) -> Iterator[list[str]]:
    """The digests of texts, as many together as go into one request."""
    batch: list[str] = []
    characters = 0
    for name, text in found.items():
        if batch and (len(batch) == BATCH or characters + len(text) > BATCH_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(name)
        characters += len(text)
    if batch:
        yield batch


def moderate(
    service: Service,
    found: Texts,
    cache: AnswerCache,
    by: Moderator,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Have verdicts on all texts in the cache; gives how many were asked for, the others were there.

    Raises:
        ServiceError: the service cannot be asked; what it has said is cached.
    """
    new = {name: text for name, text in found.items() if by.key(name) not in cache.known}

    def ask(own: Service, batch: Sequence[str]) -> list[Entry]:
        return _ask(own, [new[name] for name in batch], by.model)

    done = 0
    for batch, entries in ask_concurrently(service, [*batches(new)], ask, WORKERS):
        cache.keep((by.key(name), entry) for name, entry in zip(batch, entries, strict=True))
        done += len(batch)
        if progress is not None:
            progress(done, len(new))
    return len(new)


def _ask(service: Service, given: Sequence[str], model: str) -> list[Entry]:
    def call(client: Any) -> Any:
        return client.moderations.with_raw_response.create(model=model, input=list(given))

    said = service.ask(call, _Moderation, lambda said: len(said.results) == len(given))
    return [_entry(result) for result in said.results]


def _entry(result: _Result) -> Entry:
    flagged = [name for name, is_so in result.categories.items() if is_so]
    scores = {name: round(score, 4) for name, score in result.category_scores.items() if score is not None}
    return {"flagged": flagged, "scores": scores}


def verdicts(found: Texts, cache: AnswerCache, by: Moderator, threshold: float | None = None) -> list[str]:
    """What is flagged, as the rule's option has it; with a ``threshold`` every category of that score or more."""
    told = []
    for name in found:
        entry = cache.known[by.key(name)]
        for category, score in entry["scores"].items():
            if category in entry["flagged"] if threshold is None else score >= threshold:
                told.append(f"{name} {category} {score:.2f}")
    return told


def configured(config: Config, flagged: Sequence[str]) -> Config:
    """The configuration in which the rule knows what is flagged."""
    own: dict[str, Any] = {}
    rules = dict(config.rules)
    for word in (RULE, "FT708"):
        own |= rules.pop(word, {})
    return replace(config, rules={**rules, RULE: {**own, "flagged": [*flagged]}})
