"""The numbers of a dataset as a tally like any other: examples, messages by role, tokens, what is billed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import field

from ftlint.batch import Batch
from ftlint.checks.base import Tally
from ftlint.checks.sums import Sums, SumsCheck
from ftlint.cost import auto_epochs, run_of, training_cost
from ftlint.counting import lengths, repeated
from ftlint.record import Record
from ftlint.report import Cost, Summary, TokenSummary
from ftlint.settings import Settings
from ftlint.targets import Price, Target

BARS = 8


class TotalsTally(Sums):
    """Exact and mergeable: a Counter of token counts holds every percentile in a few thousand entries.

    ``trained`` counts the examples, ``billed`` the tokens of each training run (``ftlint.cost.run_of``).
    """

    target: Target
    limit: int | None
    cut_at: int | None
    size: int
    roles: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    trained: Counter[str] = field(default_factory=Counter)
    billed: Counter[str] = field(default_factory=Counter)
    apart: Collection[str] = ()
    counted: bool = True
    exact: bool = True
    examples: int = 0

    def add(self, batch: Sequence[Record]) -> None:
        for source, records in repeated(Batch.of(batch)).runs:
            self.examples += len(records)
            if self.counted:
                self._count(records, run_of(source.dataset, self.apart) if source.split == "train" else None)

    def _count(self, records: Batch, run: str | None) -> None:
        totals, billed, exact = lengths(records, self.target, self.size)
        self.lengths.update(totals)
        self.exact &= exact
        if run is not None:
            self.trained[run] += len(records)
            self.billed[run] += sum(billed if self.cut_at is None else [min(tokens, self.cut_at) for tokens in billed])
        turns = [len(record.turns) for record in records.chats if record.turns]
        self.roles.update(message["role"] for record in records.special for message in record.spoken)
        pairs, prompts = sum([count // 2 for count in turns]), sum([count % 2 for count in turns])
        self.roles += Counter(user=pairs, assistant=pairs, system=prompts)

    def merge(self, later: TotalsTally) -> None:
        self.roles.update(later.roles)
        self.lengths.update(later.lengths)
        self.trained += later.trained
        self.billed += later.billed
        self.exact &= later.exact
        self.examples += later.examples


class Totals(SumsCheck):
    """Not a rule: what the summary is made of."""

    target: Target
    max_tokens: int | None = None
    cut_at: int | None = None
    size: int = 0
    counted: bool = True
    apart: Collection[str] = ()
    kind = "totals"

    def start(self) -> Tally:
        return TotalsTally(self.target, self.max_tokens, self.cut_at, self.size, apart=self.apart, counted=self.counted)


def summarize(totals: TotalsTally, settings: Settings, files: int) -> Summary:
    """The summary of a run: percentiles by nearest rank, cost by the target's price."""
    target, lengths = settings.target, totals.lengths
    if not totals.counted:
        return Summary(target.name, target.named, files, totals.examples)
    over = sum(count for length, count in lengths.items() if totals.limit and length > totals.limit)
    p50, p90, p95, longest = ranks(lengths, (50, 90, 95, 100))
    tokens = TokenSummary(
        total=sum(length * count for length, count in lengths.items()),
        billed=totals.billed.total(),
        max=longest,
        p50=p50,
        p90=p90,
        p95=p95,
        over_limit=over,
        exact=totals.exact,
        limit=totals.limit,
        histogram=tuple(histogram(lengths)),
    )
    passes = {run: settings.epochs or auto_epochs(examples) for run, examples in totals.trained.items()}
    trained = sum(totals.billed[run] * epochs for run, epochs in passes.items())
    cost = _cost(trained, target.price) if passes and target.price else None
    return Summary(
        target=target.name,
        target_named=target.named,
        files=files,
        examples=totals.examples,
        messages=dict(sorted(totals.roles.items())),
        tokens=tokens,
        epochs=passes.popitem()[1] if len(set(passes.values())) == 1 else None,
        trained=trained,
        epochs_auto=settings.epochs is None,
        cost=cost,
        cost_note="" if cost else _why_no_cost(target, bool(totals.trained)),
    )


def _cost(trained: int, price: Price) -> Cost | None:
    usd = training_cost(trained, 1, price)
    return None if usd is None or price.train is None else Cost(usd, price.train, price.as_of)


def _why_no_cost(target: Target, is_trained: bool) -> str:
    if not is_trained:
        return "there are no training examples"
    if target.price is not None and target.price.train_per_hour is not None:
        return f"training is charged by the hour ({target.price.train_per_hour} USD), not by tokens"
    return f"no training price is known for {target.name}"


def ranks(lengths: Counter[int], percents: Iterable[int]) -> list[int]:
    """Percentiles by nearest rank; zeros where there are no examples."""
    total, found, seen = lengths.total(), [], 0
    ordered: Iterator[tuple[int, int]] = iter(sorted(lengths.items()))
    length = 0
    for percent in percents:
        while seen < max(1, -(-total * percent // 100)) and (step := next(ordered, None)):
            length, seen = step[0], seen + step[1]
        found.append(length)
    return found


def histogram(lengths: Counter[int]) -> Iterator[tuple[int, int, int]]:
    """Up to eight rows of equal width between the shortest and the longest example."""
    if len(lengths) < 2:
        return
    low, high = min(lengths), max(lengths)
    width = max(1, -(-(high - low + 1) // BARS))
    for start in range(low, high + 1, width):
        stop = min(start + width - 1, high)
        yield start, stop, sum(count for length, count in lengths.items() if start <= length <= stop)


def token_limit(target: Target, limit: int | str) -> int | None:
    """The tokens that an example may have: a number, or ``model``; a model's own smaller limit always holds."""
    numbers = [number for number in (limit, target.max_tokens) if isinstance(number, int)]
    return min(numbers, default=None)
