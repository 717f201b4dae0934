"""Costs as Markdown for a pull request: a comment with a hidden marker, and nothing where nothing changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ftlint.estimate.charge import Estimate
from ftlint.estimate.report import CostReport
from ftlint.estimate.usage import Usage
from ftlint.render import Options
from ftlint.render.costs import words
from ftlint.render.parts.visible import visible
from ftlint.render.parts.words import plural

MARKER = "<!-- ftlint cost -->"
"""The first line: a comment that holds it is the one to be updated."""


def render(report: CostReport, options: Options) -> Iterator[str]:
    """The comment, or nothing."""
    if report.delta and report.delta.is_empty and not report.verdicts:
        return
    yield f"{MARKER}\n"
    for verdict in report.verdicts:
        yield f"> [!{'CAUTION' if verdict.fails else 'WARNING'}]\n> {verdict.words}\n\n"
    if report.delta:
        yield from _delta(report)
    elif report.compared or len(report.estimates) > words.SIDE_BY_SIDE:
        yield from _models(report)
    else:
        for each in report.estimates:
            yield from _estimate(each)
    if report.usage:
        yield from _usage(report.usage)
    yield from _list(words.left_out(report))


def _delta(report: CostReport) -> Iterator[str]:
    delta = report.delta
    assert delta is not None
    yield f"**{words.headline(delta)}**, {code(delta.head.terms.target)} compared with {code(delta.label)}\n\n"
    rows = []
    for change in delta.changes:
        trained = words.signed(words.trained_change(change)) or words.NONE
        name = f"{code(change.dataset)} · {change.split}"
        usd = words.signed_money(words.usd_change(change))
        rows.append((name, words.examples(change), trained, words.epoch_change(change), usd))
    if rows:
        yield from _table(("", "examples", "trained tokens", "epochs", "cost"), rows)
    yield from _list(words.remarks(delta))


def _estimate(each: Estimate) -> Iterator[str]:
    terms, price = each.terms, words.rate(each.terms)
    yield f"**{words.price(each.total.usd)}** with {code(terms.target)}{price and f', {price}'}\n\n"
    rows = [
        (
            f"{code(row.path)} · {row.split}",
            f"{row.examples:,}",
            words.tokens(row),
            words.billed(row),
            words.epochs(row),
            words.paid(row),
        )
        for row in each.files
    ]
    yield from _table(("", "examples", "tokens", "billed", "epochs", "cost"), rows)
    dates = [f"{terms.target} {when}" for when in (each.closed, each.closing) if when]
    yield from _list([*dates, *each.notes])


def _models(report: CostReport) -> Iterator[str]:
    rows = [(code(name), *cells) for name, *cells in map(words.model, report.estimates)]
    yield from _table(("model", "billed", "a million", "price of", "cost", ""), rows) if rows else ()
    yield from _list(list(words.models(report)))


def _usage(found: Usage) -> Iterator[str]:
    yield f"**{plural(found.requests, 'request')} a month**, {words.request(found)}\n\n"
    rows = [(code(name), *numbers) for name, *numbers in words.use(found)]
    yield from _table(("", "in", "out", "a request", "a month"), rows)
    yield from _list([words.break_even(found)])


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |\n|:---|{'---:|' * (len(heads) - 1)}\n"
    for row in rows:
        yield f"| {' | '.join(row)} |\n"
    yield "\n"


def _list(items: Sequence[str]) -> Iterator[str]:
    for item in dict.fromkeys(items):
        yield f"- {text(item)}\n"
    if items:
        yield "\n"


def text(words_: str) -> str:
    """Words that may hold a file's name, so that nothing in them is markup."""
    return re.sub(r"([\\`*_<>\[\]|#~&@])", r"\\\1", visible(words_))


def code(name: str) -> str:
    """A name as code, whatever stands in it."""
    shown = visible(name).replace("|", "\\|")
    ticks = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    return f"{ticks}{' ' * shown.startswith('`')}{shown}{' ' * shown.endswith('`')}{ticks}"
