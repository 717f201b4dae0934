"""The outcome of a check: diagnostics, exact counts, what could not be checked, and the summary of the dataset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from ftlint.model import Diagnostic, Severity


class Cost(Struct, frozen=True):
    """What training costs: billed tokens x epochs x price, in US dollars; the price has an as-of date."""

    usd: Decimal
    usd_per_million: Decimal
    as_of: str


class TokenSummary(Struct, frozen=True):
    """Token counts of all sound examples, one pass (epoch) over them.

    Attributes:
        total: tokens of all examples.
        billed: tokens of the training split that are trained on and paid for: each example cut at its limit.
        max, p50, p90, p95: of an example (nearest rank).
        over_limit: examples over ``limit``.
        exact: False where some number is an estimate (tool calls, images, an unknown model).
        histogram: rows of (lowest, highest, examples).
    """

    total: int = 0
    billed: int = 0
    max: int = 0
    p50: int = 0
    p90: int = 0
    p95: int = 0
    over_limit: int = 0
    exact: bool = True
    limit: int | None = None
    histogram: tuple[tuple[int, int, int], ...] = ()


class Summary(Struct, frozen=True):
    """What was checked, in numbers.

    Attributes:
        target: ``provider/model``.
        target_named: whether the user named it.
        messages: how many by role.
        tokens: None where no totals were asked for; then ``messages``, ``epochs`` and ``cost`` are not known either.
        trained: billed tokens of all epochs.
        epochs: None where nothing is to be trained on, or datasets differ; ``epochs_auto``: worked out from their
            numbers of examples.
        cost: None where the price is not known; ``cost_note`` says why.
    """

    target: str
    target_named: bool
    files: int = 0
    examples: int = 0
    messages: Mapping[str, int] = {}
    tokens: TokenSummary | None = None
    epochs: int | None = None
    epochs_auto: bool = True
    cost: Cost | None = None
    cost_note: str = ""
    trained: int = 0


class Report(Struct, frozen=True, dict=True):
    """The outcome of one run.

    Attributes:
        diagnostics: sorted by path, line and column; at most ``checks.base.KEEP`` of a rule in a file.
        totals: how many findings there are of each (path, rule name), those not kept included.
        severities: the severity under which each rule name in ``totals`` was reported.
        suppressed: findings silenced by the configuration.
        unchecked: files that could not be checked, each with the reason (exit code 2).
        skipped: files that are no datasets (logs, traces), each with the reason; found in a folder, not asked for.
        timings: nanoseconds of CPU by what they were spent on, over all processes; nothing unless it was asked for.
        accepted: findings that the baseline accepts.
        fixed: how many findings were mended before the check, by (path, rule name).
    """

    diagnostics: tuple[Diagnostic, ...]
    totals: Mapping[tuple[str, str], int]
    severities: Mapping[str, Severity]
    summary: Summary
    suppressed: int = 0
    unchecked: tuple[tuple[str, str], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    timings: Mapping[str, int] = {}
    accepted: int = 0
    fixed: Mapping[tuple[str, str], int] = {}

    @cached_property
    def counts(self) -> dict[str, int]:
        """Exact counts: ``error``, ``warning``, ``note``, ``suppressed`` and ``accepted``."""
        counts = {"error": 0, "warning": 0, "note": 0, "suppressed": self.suppressed, "accepted": self.accepted}
        for (_, name), total in self.totals.items():
            counts[str(self.severities[name])] += total
        return counts

    def fixable(self, *, safe: bool) -> int:
        """How many findings have a safe (or an unsafe) fix; those not kept are taken to be as the kept ones."""
        kept: Counter[tuple[str, str]] = Counter()
        some: Counter[tuple[str, str]] = Counter()
        for item in self.diagnostics:
            key = item.position.path, item.name
            kept[key] += 1
            some[key] += item.fix is not None and item.fix.safe is safe
        return sum(max(self.totals.get(key, 0), many) if many == kept[key] else many for key, many in some.items())

    def exit_code(self, *, strict: bool = False) -> int:
        """0: clean; 1: errors (with ``strict``, warnings too); 2: something could not be checked."""
        if self.unchecked:
            return 2
        return int(bool(self.counts["error"] or (strict and self.counts["warning"])))
