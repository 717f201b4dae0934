"""Numbers of costs in words, the same in every format for people."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import floor

from ftlint.cost import dollars
from ftlint.estimate.charge import TRAINED, Estimate, Row
from ftlint.estimate.difference import Change, Delta
from ftlint.estimate.report import CostReport
from ftlint.estimate.terms import Terms
from ftlint.estimate.usage import Usage, small
from ftlint.render.parts.words import money, plural

NONE = "–"
SIDE_BY_SIDE = 4
"""Targets of which the files are told; more of them are told by their sums."""


def price(usd: Decimal | None) -> str:
    """A sum as it stands in a table, or a dash where there is no price."""
    return NONE if usd is None else money(usd).replace("less than ", "<")


def signed(number: int) -> str:
    """``+1,204`` or ``−3``, with a true minus; nothing for zero."""
    return f"{'+' if number > 0 else '−'}{abs(number):,}" if number else ""


def signed_money(usd: Decimal | None) -> str:
    """``+$3.14``; a dash where there is no price, and for no change."""
    if usd is None or not usd:
        return NONE
    return ("+" if usd > 0 else "−") + price(abs(usd))


def epochs(row: Row) -> str:
    """``3``, or a range where datasets differ."""
    if row.epochs is None:
        return NONE
    low, high = row.epochs
    return f"{low}" if low == high else f"{low}–{high}"


def billed(row: Row) -> str:
    return f"{row.billed:,}" if row.epochs else NONE


def tokens(row: Row) -> str:
    """The tokens of a row; ``~`` where some are an estimate."""
    return f"{'~' * bool(row.estimated)}{row.tokens:,}"


def paid(row: Row) -> str:
    """What a row costs; validation costs nothing, which is no price."""
    return price(row.usd) if row.epochs else NONE


def rate(terms: Terms) -> str:
    """The price of trained tokens, and of when it is; nothing where there is none."""
    if terms.train is None:
        return ""
    return f"{dollars(terms.train)} a million trained tokens (price of {terms.as_of or 'ftlint.yaml'})"


def model(each: Estimate) -> tuple[str, str, str, str, str, str]:
    """A row for one of several models: name, billed tokens, price and its date, cost, and whether it is open."""
    terms, total = each.terms, each.total
    cost = NONE if terms.train is None else dollars(terms.train)
    cost = cost if terms.per_hour is None else f"{dollars(terms.per_hour)}/h"
    count = f"{'~' * bool(total.estimated)}{billed(total)}"
    open_ = f"{'closed' if each.closed else 'until'} {each.closes}" if each.closes else ""
    return terms.target, count, cost, (terms.as_of or "own") if cost != NONE else "", paid(total), open_


def models(report: CostReport) -> Iterator[str]:
    """What is to be said of models side by side: which is the cheapest, and what no sum has."""
    if not report.estimates:
        yield "no model of the catalogue is known to train on this data"
        return
    first = report.estimates[0]
    passes, trained = epochs(first.total), sum(row.examples for row in first.files if row.epochs)
    yield f"{plural(trained, 'example')} × {passes} epoch{'s' * (passes != '1')}"
    cheapest = next((each for each in report.estimates if not each.closed and each.total.usd is not None), None)
    if cheapest:
        yield f"the cheapest that is open: {cheapest.terms.target} at {price(cheapest.total.usd)}"
        yield from cheapest.notes
    elif all(each.closed for each in report.estimates):
        yield "none of these models is open any longer"
    if any(each.total.usd is None and each.terms.per_hour is None for each in report.estimates):
        yield "where no sum stands, no price by the token is known: set one under `models:` in ftlint.yaml"
    if any(each.terms.per_hour is not None for each in report.estimates):
        yield "/h: training is charged by the hour, which is left out, as is grading"


def split_name(dataset: str, split: str) -> str:
    return f"{dataset} · {split}"


def headline(delta: Delta) -> str:
    """What the change comes to, in one line."""
    usd, percent = delta.usd, delta.percent
    before, after = delta.base.total, delta.head.total
    if usd is None:
        grown = after.trained - before.trained
        return f"Training takes {_more(f'{abs(grown):,} tokens', grown)}: {before.trained:,} → {after.trained:,}"
    if not usd:
        return f"Training costs as much as before: {money(after.usd or Decimal(0))}"
    share = f" ({'+' if percent > 0 else '−'}{abs(percent):,.1f} %)" if percent is not None else ""
    sums = f"{money(before.usd or Decimal(0))} → {money(after.usd or Decimal(0))}"
    return f"Training costs {_more(money(abs(usd)), usd)}{share}: {sums}"


def _more(amount: str, sign: Decimal | int) -> str:
    return f"{amount} {'more' if sign > 0 else 'less'}" if sign else "as much"


def examples(change: Change) -> str:
    """``+70 −10 ~5``: added, removed, with another answer or prompt."""
    prompted = sum(prompt.examples for prompt in change.prompts)
    parts = (signed(change.added), signed(-change.removed), f"~{change.changed + prompted:,}")
    return " ".join(part for part in parts if part not in ("", "~0")) or NONE


def trained_change(change: Change) -> int:
    return (change.head.trained if change.head else 0) - (change.base.trained if change.base else 0)


def usd_change(change: Change) -> Decimal | None:
    """What a split costs more; None if it never had a price, or is not trained on."""
    if change.split != TRAINED:
        return None
    sums = [row.usd for row in (change.base, change.head) if row is not None]
    if not sums or None in sums:
        return None
    after, before = (change.head.usd if change.head else None), (change.base.usd if change.base else None)
    return (after or Decimal(0)) - (before or Decimal(0))


def epoch_change(change: Change) -> str:
    names = [epochs(row) for row in (change.base, change.head) if row is not None]
    return " → ".join(dict.fromkeys(names))


def remarks(delta: Delta) -> list[str]:
    """What the numbers do not tell: terms, prompts, the longest new example, what could not be compared."""
    said = []
    before, after = delta.base.terms, delta.head.terms
    if before.target != after.target:
        said.append(f"the target changed from {before.target} to {after.target}")
    elif before.train != after.train:
        old, new = (NONE if one.train is None else dollars(one.train) for one in (before, after))
        said.append(f"the price of a million tokens changed from {old} to {new}")
    if before.cut_at != after.cut_at:
        said.append(f"examples are cut at {after.cut_at or 'no'} tokens rather than at {before.cut_at or 'no'}")
    for change in delta.changes:
        where = split_name(change.dataset, change.split)
        for prompt in change.prompts:
            product = f"{signed(prompt.each) or '±0'} tokens × {plural(prompt.examples, 'example')}"
            if prompt.epochs:
                sum_ = f" × {plural(prompt.epochs, 'epoch')} = {signed(prompt.trained) or '0'} tokens"
                sum_ += "" if prompt.usd is None else f", {signed_money(prompt.usd)}"
            else:
                sum_ = f" = {signed(prompt.each * prompt.examples) or '0'} tokens"
            said.append(f"{where}: a system prompt changed: {product}{sum_}")
    longest = [change.longest for change in delta.changes if change.longest]
    if longest:
        most = max(longest, key=lambda one: one.tokens)
        said.append(f"the longest new example has {plural(most.tokens, 'token')} ({most.path}:{most.line})")
    return [*said, *delta.notes, *(note for note in delta.head.notes if "left out" in note or "no training" in note)]


def request(found: Usage) -> str:
    """How long a request and its answer are, and who says so."""
    parts = ((f"{tokens_of(found.input)} tokens in", "input"), (f"{tokens_of(found.output)} out", "output"))
    whose = ["as given" if name in found.given else "as the examples are" for _, name in parts]
    if whose[0] == whose[1]:
        return f"each of {parts[0][0]} and {parts[1][0]}, {whose[0]}"
    return f"each of {parts[0][0]}, {whose[0]}, and {parts[1][0]}, {whose[1]}"


def tokens_of(average: Fraction) -> str:
    """An average number of tokens, whole."""
    return f"{round(average):,}"


def use(found: Usage) -> Iterator[tuple[str, str, str, str, str]]:
    """A row for the model untuned and one for the tuned one: name, tokens in, tokens out, a request, a month."""
    for label, name, asked, each in (
        ("base", found.base_model, found.input, found.base),
        ("tuned", found.tuned_model, found.input - found.saved, found.tuned),
    ):
        a_request = NONE if each is None else small(each)
        yield f"{label}: {name}", tokens_of(asked), tokens_of(found.output), a_request, price(found.month(each))


def break_even(found: Usage) -> str:
    """When training has paid for itself, or why never."""
    if found.break_even is None:
        return f"training never pays for itself: {found.why}"
    assert found.months is not None
    after = f"for itself after {plural(found.break_even, 'request')} ({_months(found.months)})"
    stop = f"tuned models stop in {_months(found.months_left)}, on {found.stops}" if found.months_left else ""
    if not found.pays:
        return f"training would pay {after}, but only {found.requests_left:,} can be made: {stop}"
    spared = f"each spares {tokens_of(found.saved)} tokens of the prompt"
    return f"training pays {after}; {spared}{stop and f'; {stop}'}"


def _months(number: Fraction) -> str:
    """Whole tenths of months."""
    tenths = floor(number * 10)
    return f"{Decimal(tenths) / 10:,.1f} months" if tenths else "less than 0.1 months"


def left_out(report: CostReport) -> list[str]:
    """What no number holds, and no remark tells of: files that were not read, lines that are no records."""
    is_told = report.delta is not None and not report.delta.is_empty
    said = [] if is_told else [f"{path} is not counted: {reason}" for path, reason in report.state.missing]
    for path, number in report.state.unsound:
        each = "it holds" if number == 1 else "they hold"
        said.append(f"{path}: {plural(number, 'line')} not counted, as {each} no sound record: see `ftlint check`")
    return said
