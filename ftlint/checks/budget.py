"""What training costs against what it may: checks of the budgets, of all datasets, of one, and of an example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from ftlint.batch import Batch
from ftlint.checks.base import DatasetCheck, Found, Tally, kind
from ftlint.config import Budget
from ftlint.cost import MILLION, auto_epochs, dollars, run_of, training_cost
from ftlint.counting import counts, repeated
from ftlint.model import Finding, Location
from ftlint.record import Record
from ftlint.targets import Target

Lengths = dict[int, tuple[int, Location, str]]
"""How many examples have so many billed tokens, with the place and the digest of the first."""


class Spent(Struct):
    """What one dataset takes: its training examples, and their billed tokens."""

    examples: int = 0
    billed: int = 0
    lengths: Lengths = {}


class BudgetTally:
    """What is spent, by dataset; nothing where there is no budget."""

    def __init__(self, check: BudgetCheck) -> None:
        self.check = check
        self.examples: Counter[str] = Counter()
        self.billed: Counter[str] = Counter()
        self.lengths: dict[str, Lengths] = {}

    def add(self, batch: Sequence[Record]) -> None:
        check = self.check
        if not check.is_set():
            return
        trained = repeated(Batch(record for record in batch if record.split == "train"))
        for record, count in zip(trained, counts(trained, check.target, check.size), strict=True):
            dataset, billed = record.line.source.dataset, min(count.billed, check.cut_at or count.billed)
            self.examples[dataset] += 1
            self.billed[dataset] += billed
            if check.each:
                lengths = self.lengths.setdefault(dataset, {})
                number, at, subject = lengths.get(billed) or (0, record.at, record.digest)
                lengths[billed] = number + 1, at, subject

    def merge(self, later: BudgetTally) -> None:
        self.examples.update(later.examples)
        self.billed.update(later.billed)
        for dataset, more in later.lengths.items():
            lengths = self.lengths.setdefault(dataset, {})
            for billed, one in more.items():
                first = lengths.get(billed)
                lengths[billed] = (first[0] + one[0], *first[1:]) if first else one

    def found(self) -> Found:
        spent = {
            dataset: Spent(examples, self.billed[dataset], self.lengths.get(dataset, {}))
            for dataset, examples in self.examples.items()
        }
        found = Found()
        found.extend(self.check.judge(spent))
        return found


class BudgetCheck(DatasetCheck):
    """A check of what is spent; ``each`` says whether single examples matter."""

    target: Target
    cut_at: int | None
    size: int
    epochs: int | None
    usd: Decimal | None
    tokens: int | None
    budget_at: Location
    budgets: Mapping[str, Budget] = {}
    budget_places: Mapping[str, Location] = {}
    apart: Collection[str] = ()
    scope = "run"
    each = False

    def start(self) -> Tally:
        return BudgetTally(self)

    def is_set(self) -> bool:
        """Whether there is any budget to be held."""
        raise TypeError(f"{type(self).__name__} must say whether it is set")

    def judge(self, spent: Mapping[str, Spent]) -> Iterator[Finding]:
        """The findings for what is spent, by dataset."""
        raise TypeError(f"{type(self).__name__} must judge")

    def place(self, dataset: str) -> Location:
        """Where the budget of a dataset stands."""
        return self.budget_places.get(dataset, self.budget_at)

    def runs(self, spent: Mapping[str, Spent]) -> dict[str, tuple[int, int]]:
        """Billed tokens and epochs of each training run: of a configured dataset, or of all other files."""
        sums: dict[str, tuple[int, int]] = {}
        for dataset, one in spent.items():
            billed, examples = sums.get(run_of(dataset, self.apart), (0, 0))
            sums[run_of(dataset, self.apart)] = billed + one.billed, examples + one.examples
        return {run: (billed, self.epochs or auto_epochs(examples)) for run, (billed, examples) in sums.items()}


@kind
class OverBudget(BudgetCheck):
    """Training that costs more dollars, or takes more tokens, than the user allows: in all, or for one dataset."""

    kind = "over-budget"

    def is_set(self) -> bool:
        sums = (
            self.usd,
            self.tokens,
            *(sum_ for budget in self.budgets.values() for sum_ in (budget.usd, budget.tokens)),
        )
        return any(sum_ is not None for sum_ in sums)

    def judge(self, spent: Mapping[str, Spent]) -> Iterator[Finding]:
        """At most one finding for each budget."""
        runs = self.runs(spent)
        yield from self._over("", list(runs.values()), Budget(self.usd, self.tokens))
        for dataset, budget in self.budgets.items():
            if dataset and dataset in runs:
                yield from self._over(dataset, [runs[dataset]], budget)

    def _over(self, dataset: str, runs: list[tuple[int, int]], budget: Budget) -> Iterator[Finding]:
        price, trained = self.target.price, sum(billed * epochs for billed, epochs in runs)
        usd = training_cost(trained, 1, price) if price else None
        at, name, label = self.place(dataset), f"{dataset}:" * bool(dataset), f"{dataset}: " * bool(dataset)
        if budget.usd is not None and usd is not None and price and price.train is not None and usd > budget.usd:
            sum_ = f"{label}{_product(runs, 'usd')} × {dollars(price.train)} a million = {dollars(usd)}"
            yield Finding(at, f"{name}usd", {"sum": sum_, "budget": dollars(budget.usd)})
        if budget.tokens is not None and trained > budget.tokens:
            sum_ = f"{label}{_product(runs)} = {trained:,} tokens"
            yield Finding(at, f"{name}tokens", {"sum": sum_, "budget": f"{budget.tokens:,} tokens"})


@kind
class OverExampleBudget(BudgetCheck):
    """Single examples that take more tokens, or cost more dollars, than the user allows for one."""

    kind = "over-example-budget"
    each = True

    def is_set(self) -> bool:
        return any(_of_example(budget) for budget in self.budgets.values())

    def judge(self, spent: Mapping[str, Spent]) -> Iterator[Finding]:
        """At most one finding for each dataset and budget, at the longest example."""
        runs, price = self.runs(spent), self.target.price
        for dataset, one in spent.items():
            own, whole = self.budgets.get(dataset, Budget()), self.budgets.get("", Budget())
            tokens = own.tokens_per_example if own.tokens_per_example is not None else whole.tokens_per_example
            usd = own.usd_per_example if own.usd_per_example is not None else whole.usd_per_example
            if tokens is not None:
                yield from self._over(one, tokens, f"{tokens:,} tokens", "tokens")
            if usd is not None and price and price.train is not None:
                epochs = runs[run_of(dataset, self.apart)][1]
                each = epochs * price.train
                if each:
                    words = f" × {_epochs(epochs)} × {dollars(price.train)} a million"
                    yield from self._over(one, usd * MILLION / each, dollars(usd), words, each)

    def _over(
        self, spent: Spent, most: Decimal | int, budget: str, words: str, each: Decimal | None = None
    ) -> Iterator[Finding]:
        over = sum(number for billed, (number, *_) in spent.lengths.items() if billed > most)
        if not over:
            return
        billed = max(spent.lengths)
        _, at, subject = spent.lengths[billed]
        sum_ = (
            f"{billed:,} tokens" if each is None else f"{billed:,} tokens{words} = {dollars(billed * each / MILLION)}"
        )
        others = f" ({over - 1:,} more {'is' if over == 2 else 'are'} over it)" if over > 1 else ""
        yield Finding(at, f"{subject}:{words}", {"sum": sum_, "budget": budget, "others": others})


def _of_example(budget: Budget) -> bool:
    return budget.tokens_per_example is not None or budget.usd_per_example is not None


def _product(runs: list[tuple[int, int]], factor: str = "") -> str:
    """``27 tokens × 4 epochs``; of several runs their sum, in brackets where another factor follows."""
    if len({epochs for _, epochs in runs}) <= 1:
        return _times(sum(billed for billed, _ in runs), runs[0][1] if runs else 1)
    if len(runs) > 3:
        return f"{sum(billed * epochs for billed, epochs in runs):,} tokens of all epochs in {len(runs)} datasets"
    text = " + ".join(_times(*run) for run in runs)
    return f"({text})" if factor else text


def _times(billed: int, epochs: int) -> str:
    return f"{billed:,} token{'s' * (billed != 1)} × {_epochs(epochs)}"


def _epochs(epochs: int) -> str:
    return f"{epochs} epoch{'s' * (epochs != 1)}"
