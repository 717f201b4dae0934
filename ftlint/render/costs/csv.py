"""Costs as CSV: a row for each file and target, or for each split that changed; dollars with all their digits."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal

from ftlint.estimate.charge import TRAINED
from ftlint.estimate.report import CostReport
from ftlint.render import Options
from ftlint.render.costs.words import trained_change, usd_change
from ftlint.render.parts.words import plain

COLUMNS = (
    "target dataset split path examples tokens billed estimated epochs trained usd_per_million price_date usd closed"
).split()
CHANGED = "target dataset split added removed changed prompts trained usd".split()


def render(report: CostReport, options: Options) -> Iterator[str]:
    """A head, then the rows; numbers as they are, empty where there is none."""
    delta = report.delta
    if delta is None:
        yield _line(COLUMNS)
        yield from map(_line, _rows(report))
        return
    yield _line(CHANGED)
    for change in delta.changes:
        prompts = sum(prompt.examples for prompt in change.prompts)
        counts = (change.added, change.removed, change.changed, prompts, trained_change(change))
        yield _line([delta.head.terms.target, change.dataset, change.split, *counts, _dollars(usd_change(change))])


def _rows(report: CostReport) -> Iterator[Sequence[object]]:
    for each in report.estimates:
        terms = each.terms
        for row in each.files:
            epochs = row.epochs[0] if row.epochs else ""
            usd = _dollars(row.usd) if row.split == TRAINED else ""
            counts = (row.examples, row.tokens, row.billed, row.estimated, epochs, row.trained)
            about = (terms.target, row.dataset, row.split, row.path)
            yield (*about, *counts, _dollars(terms.train), terms.as_of, usd, each.closed)


def _dollars(usd: Decimal | None) -> str:
    return "" if usd is None else plain(usd)


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
