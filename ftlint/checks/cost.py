"""What training costs and whether it can still be bought: checks of the budget and of the target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from ftlint.batch import Batch
from ftlint.checks.base import Check, DatasetCheck, Found, Tally, kind
from ftlint.cost import auto_epochs, dollars, training_cost
from ftlint.counting import counts, repeated
from ftlint.model import Finding, Location
from ftlint.record import Record
from ftlint.targets import Target


class BudgetTally:
    """Billed tokens and examples of the training splits."""

    def __init__(self, check: OverBudget) -> None:
        self.check, self.billed, self.examples = check, 0, 0

    def add(self, batch: Sequence[Record]) -> None:
        check = self.check
        if check.usd is None and check.tokens is None:
            return
        trained = repeated(Batch(record for record in batch if record.split == "train"))
        self.examples += len(trained)
        for count in counts(trained, check.target, check.size):
            self.billed += min(count.billed, check.cut_at or count.billed)

    def merge(self, later: BudgetTally) -> None:
        self.billed += later.billed
        self.examples += later.examples

    def found(self) -> Found:
        found = Found()
        found.extend(self.check.judge(self.billed, self.examples))
        return found


@kind
class OverBudget(DatasetCheck):
    """Training that costs more dollars, or takes more tokens, than the user allows."""

    target: Target
    cut_at: int | None
    size: int
    epochs: int | None
    usd: Decimal | None
    tokens: int | None
    budget_at: Location
    kind = "over-budget"
    scope = "run"

    def start(self) -> Tally:
        return BudgetTally(self)

    def judge(self, billed: int, examples: int) -> Iterator[Finding]:
        """The findings for so many tokens an epoch and examples: at most one for each of the two budgets."""
        epochs = self.epochs or auto_epochs(examples)
        product = f"{billed:,} token{'s' * (billed != 1)} × {epochs} epoch{'s' * (epochs != 1)}"
        price = self.target.price
        usd = training_cost(billed, epochs, price) if price else None
        if self.usd is not None and usd is not None and price and price.train is not None and usd > self.usd:
            sum_ = f"{product} × {dollars(price.train)} a million = {dollars(usd)}"
            yield Finding(self.budget_at, "usd", {"sum": sum_, "budget": dollars(self.usd)})
        if self.tokens is not None and billed * epochs > self.tokens:
            sum_ = f"{product} = {billed * epochs:,} tokens"
            yield Finding(self.budget_at, "tokens", {"sum": sum_, "budget": f"{self.tokens:,} tokens"})


class TargetCheck(Check):
    """A check of the target alone, whatever the data; silent about a target that the user did not name."""

    target: Target
    today: date
    target_at: Location
    scope = "run"

    def start(self) -> Tally:
        return TargetTally(self)

    def judge(self) -> Iterator[Finding]:
        """The findings about the target."""
        raise TypeError(f"{type(self).__name__} must judge")

    def finding(self, **values: str | int) -> Finding:
        """A finding at the place where the target was named."""
        return Finding(self.target_at, self.target.name, {"model": self.target.name, **values})


class TargetTally:
    """Nothing of the data: the target is judged when the findings are read."""

    def __init__(self, check: TargetCheck) -> None:
        self.check = check

    def add(self, batch: Sequence[Record]) -> None:
        """Records do not matter."""

    def merge(self, later: TargetTally) -> None:
        """Nor do other shards."""

    def found(self) -> Found:
        found = Found()
        found.extend(self.check.judge() if self.check.target.named else ())
        return found


@kind
class UnknownPrice(TargetCheck):
    """A model whose training has no known price, and no budget that would need one (``unchecked-budget``).

    Silent where a price by the token makes no sense: on one's own machines, and by the hour.
    """

    usd: Decimal | None
    kind = "unknown-price"

    def judge(self) -> Iterator[Finding]:
        priced = self.target.price and (self.target.price.train is not None or self.target.price.train_per_hour)
        if (
            not priced
            and self.usd is None
            and self.target.provider != "generic"
            and not _is_retired(self.target, self.today)
        ):
            yield self.finding()


@kind
class UncheckedBudget(TargetCheck):
    """A budget in dollars that cannot be held, as training has no known price by the token."""

    usd: Decimal | None
    budget_at: Location
    kind = "unchecked-budget"

    def judge(self) -> Iterator[Finding]:
        price = self.target.price
        if self.usd is None or (price and price.train is not None) or _is_retired(self.target, self.today):
            return
        hourly = price.train_per_hour if price else None
        why = "no training price is known" if hourly is None else f"training costs {dollars(hourly)} an hour"
        values = {"why": why, "model": self.target.name, "budget": dollars(self.usd)}
        yield Finding(self.budget_at, self.target.name, values)


@kind
class ClosedTarget(TargetCheck):
    """A model that takes no new jobs, or within ``days`` will not."""

    days: int = 60
    kind = "closed-target"

    def judge(self) -> Iterator[Finding]:
        closes, shutdown = self.target.jobs_close, self.target.shutdown
        if closes is None or _is_retired(self.target, self.today) or self.today + timedelta(self.days) < closes:
            return
        left = (closes - self.today).days
        when = f"closes to new jobs on {closes} (in {left} day{'s' * (left != 1)})"
        if left <= 0:
            when = f"closed to new jobs on {closes}"
        stops = f", and tuned models stop on {shutdown}" if shutdown else ""
        yield self.finding(when=when, stops=stops, instead=_instead(self.target))


@kind
class RetiredModel(TargetCheck):
    """A model that has been shut down."""

    kind = "retired-model"

    def judge(self) -> Iterator[Finding]:
        if _is_retired(self.target, self.today):
            yield self.finding(date=f"{self.target.shutdown}", instead=_instead(self.target))


def _is_retired(target: Target, today: date) -> bool:
    return target.shutdown is not None and target.shutdown <= today


def _instead(target: Target) -> str:
    return target.replacement or "another model"
