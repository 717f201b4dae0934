"""The portrait: distributions with percentiles, and what there is how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from ftlint.config import Config
from ftlint.estimate.measure import Asked, found, scanned, settings_for
from ftlint.stats.tally import StatsCheck, StatsTally
from ftlint.totals import histogram, ranks

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


class Portrait(Struct, frozen=True):
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


def stats(config: Config, asked: Asked) -> Portrait:
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
    return Portrait(
        target=settings.target.name,
        splits=tuple(SplitSize(*key, examples, tally.tokens[key]) for key, examples in tally.splits.items()),
        lengths=distribution(tally.lengths),
        turns=distribution(tally.turns),
        answers=distribution(tally.answers),
        roles={role: distribution(tokens) for role, tokens in tally.roles.items()},
        prompts=tuple(Prompt(number, tally.excerpts[key]) for key, number in tally.prompts.most_common()),
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


def distribution(numbers: Counter[int]) -> Distribution:
    """The summary of numbers that were counted."""
    return Distribution(
        count=numbers.total(),
        total=sum(number * times for number, times in numbers.items()),
        percentiles=dict(zip(PERCENTS, ranks(numbers, PERCENTS.values()), strict=True)),
        histogram=tuple(histogram(numbers)),
    )
