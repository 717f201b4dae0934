"""Whether training can be priced, and can still be bought: checks of the target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from ftlint.checks.base import Check, Found, Tally, kind
from ftlint.config import Budget
from ftlint.cost import dollars
from ftlint.model import Finding, Location
from ftlint.record import Record
from ftlint.suggest import did_you_mean
from ftlint.targets import Target, similar


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
            yield self.finding(suggestion=self._suggestion())

    def _suggestion(self) -> str:
        """`` — did you mean "gpt-4o"?``, where the provider has a model of nearly that name."""
        return "" if self.target.known else did_you_mean(similar(self.target), " — ")


@kind
class UncheckedBudget(TargetCheck):
    """A budget in dollars that cannot be held, as training has no known price by the token."""

    usd: Decimal | None
    budget_at: Location
    budgets: Mapping[str, Budget] = {}
    budget_places: Mapping[str, Location] = {}
    kind = "unchecked-budget"

    def judge(self) -> Iterator[Finding]:
        price = self.target.price
        if (price and price.train is not None) or _is_retired(self.target, self.today):
            return
        hourly = price.train_per_hour if price else None
        why = "no training price is known" if hourly is None else f"training costs {dollars(hourly)} an hour"
        for dataset, usd, at in self._sums():
            values = {"why": why, "model": self.target.name, "budget": dollars(usd)}
            yield Finding(at, f"{dataset}:{self.target.name}" if dataset else self.target.name, values)

    def _sums(self) -> Iterator[tuple[str, Decimal, Location]]:
        """The budgets in dollars, the first of each dataset, and the whole one's."""
        if self.usd is not None:
            yield "", self.usd, self.budget_at
        for dataset, budget in self.budgets.items():
            usd = budget.usd_per_example if budget.usd is None else budget.usd
            if usd is not None and (dataset or self.usd is None):
                yield dataset, usd, self.budget_places.get(dataset, self.budget_at)


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
