"""The statistics: distributions with percentiles, and what there is how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from itertools import chain

from msgspec import Struct

from ftlint.config import Config
from ftlint.estimate.measure import Asked, found, scanned, settings_for
from ftlint.model import Source
from ftlint.sources.jsonl import cut
from ftlint.sources.read import read
from ftlint.stats.tally import StatsCheck, StatsTally, digest_of, system_prompt
from ftlint.totals import histogram, ranks

EXCERPT = 200
"""Characters of a system prompt that are shown."""

STATS = "counting for stats"
PERCENTS = {"min": 0, "p10": 10, "p50": 50, "p90": 90, "p95": 95, "p99": 99, "max": 100}


class Distribution(Struct, frozen=True):
    """Whole numbers, summed up: percentiles by nearest rank, and rows of (lowest, highest, how many)."""

    count: int
    total: int
    percentiles: Mapping[str, int]
    histogram: tuple[tuple[int, int, int], ...]

    @property
    def mean(self) -> float:
        return self.total / self.count if self.count else 0.0


class SplitSize(Struct, frozen=True):
    """How much there is in one split of a dataset."""

    dataset: str
    split: str
    examples: int
    tokens: int


class Prompt(Struct, frozen=True):
    """A system prompt: how many examples have it, and how it begins; an empty text is none."""

    examples: int
    text: str


class Statistics(Struct, frozen=True):
    """What a person asks of a dataset before training.

    Attributes:
        lengths: tokens an example; ``turns``: messages an example; ``answers``: tokens an answer.
        roles: tokens of each role in the examples in which it speaks.
        prompts: the commonest first.
        declared, called, scripts, shapes, weights: how often each.
        duplicates: examples that stand there already, of ``repeated`` different contents.
        missing: files that were not read, each with the reason; ``unread``: whether one ought to have been.
    """

    target: str
    splits: tuple[SplitSize, ...]
    lengths: Distribution
    turns: Distribution
    answers: Distribution
    roles: Mapping[str, Distribution]
    prompts: tuple[Prompt, ...]
    declared: Mapping[str, int]
    called: Mapping[str, int]
    scripts: Mapping[str, int]
    shapes: Mapping[str, int]
    weights: Mapping[str, int]
    duplicates: int
    repeated: int
    estimated: int
    missing: tuple[tuple[str, str], ...] = ()
    unread: bool = False


def stats(config: Config, asked: Asked) -> Statistics:
    """Count what the paths name.

    Raises:
        FtlintError: there is nothing to count, or something that is named cannot be.
    """
    with found(config, asked) as sources:
        settings = settings_for(config, asked, sources)[0]
        check = StatsCheck(settings.target, settings.size)
        tallies, missing = scanned(sources, config, asked, {STATS: check}, check.size)
        tally = tallies.get((STATS, ""), check.start())
        assert isinstance(tally, StatsTally)
        texts = excerpts(sources, tally.prompts.keys())
    return Statistics(
        target=settings.target.name,
        splits=tuple(SplitSize(*key, examples, tally.tokens[key]) for key, examples in tally.splits.items()),
        lengths=distribution(tally.lengths),
        turns=distribution(tally.turns),
        answers=distribution(tally.answers),
        roles={role: distribution(tokens) for role, tokens in tally.roles.items()},
        prompts=tuple(Prompt(number, texts.get(key, "")) for key, number in tally.prompts.most_common()),
        declared=dict(tally.declared.most_common()),
        called=dict(tally.called.most_common()),
        scripts=dict(tally.scripts.most_common()),
        shapes=dict(tally.shapes.most_common()),
        weights=dict(sorted(tally.weights.items())),
        duplicates=sum(copies - 1 for copies in tally.copies.values()),
        repeated=sum(copies > 1 for copies in tally.copies.values()),
        estimated=tally.estimated,
        missing=tuple((path, reason) for path, reason, _ in missing),
        unread=any(unread for *_, unread in missing),
    )


def excerpts(sources: Iterable[Source], wanted: AbstractSet[int]) -> dict[int, str]:
    """The first characters of system prompts by their digests: read again up to the last, as no cache holds text."""
    texts = {0: ""}
    for source in sources:
        with suppress(OSError):  # what cannot be read was told before
            for shard in cut(source):
                if wanted <= texts.keys():
                    return texts
                for record in chain.from_iterable(block.records for block in read(shard)):
                    prompt = system_prompt(record)
                    if (key := digest_of(prompt)) in wanted:
                        texts.setdefault(key, prompt[:EXCERPT])
    return texts


def distribution(numbers: Counter[int]) -> Distribution:
    """The summary of numbers that were counted."""
    return Distribution(
        count=numbers.total(),
        total=sum(number * times for number, times in numbers.items()),
        percentiles=dict(zip(PERCENTS, ranks(numbers, PERCENTS.values()), strict=True)),
        histogram=tuple(histogram(numbers)),
    )
