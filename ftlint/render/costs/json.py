"""Costs as JSON (``schemas/cost.schema.json``): dollars as exact decimals, and the state that ``--compare`` reads."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from ftlint.estimate.charge import Estimate, Row
from ftlint.estimate.difference import Change, Delta
from ftlint.estimate.report import CostReport
from ftlint.estimate.snapshot import VERSION, saved
from ftlint.estimate.usage import Usage, rounded
from ftlint.render import Options
from ftlint.render.costs.words import left_out

_encode = msgspec.json.Encoder(decimal_format="number").encode


def render(report: CostReport, options: Options) -> Iterator[str]:
    """One JSON object."""
    data: dict[str, Any] = {
        "version": VERSION,
        "estimates": [_estimate(each) for each in report.estimates],
        "left_out": left_out(report),
        "over": [msgspec.structs.asdict(verdict) for verdict in report.verdicts],
    }
    if report.delta:
        data["delta"] = _delta(report.delta)
    if report.usage:
        data["usage"] = _usage(report.usage)
    if report.state.parts and all(part.contents for part in report.state.parts.values()):
        data["state"] = saved(report.state)
    yield _encode(data).decode() + "\n"


def _estimate(each: Estimate) -> dict[str, Any]:
    terms = each.terms
    return {
        "target": terms.target,
        "usd_per_million": terms.train,
        "as_of": terms.as_of,
        "closed": each.closed,
        "closing": each.closing,
        "closes": each.closes and each.closes.isoformat(),
        "notes": each.notes,
        "total": _row(each.total),
        "datasets": [_row(row) for row in each.datasets],
        "splits": [_row(row) for row in each.splits],
        "files": [_row(row) for row in each.files],
    }


def _row(row: Row) -> dict[str, Any]:
    names = {key: value for key in ("dataset", "split", "path") if (value := getattr(row, key))}
    counts = {key: getattr(row, key) for key in ("examples", "tokens", "billed", "estimated", "trained")}
    epochs = row.epochs and {"min": row.epochs[0], "max": row.epochs[1]}
    return {**names, **counts, "epochs": epochs, "usd": row.usd if row.epochs else None}


def _delta(delta: Delta) -> dict[str, Any]:
    return {
        "base": delta.label,
        "usd": delta.usd,
        "percent": None if delta.percent is None else round(delta.percent, 2),
        "trained": delta.head.total.trained - delta.base.total.trained,
        "before": _estimate(delta.base),
        "changes": [_change(change) for change in delta.changes],
        "notes": delta.notes,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "dataset": change.dataset,
        "split": change.split,
        "before": change.base and _row(change.base),
        "after": change.head and _row(change.head),
        "added": change.added,
        "removed": change.removed,
        "changed": change.changed,
        "tokens": dict(zip(("added", "removed", "changed", "prompts"), change.tokens, strict=True)),
        "prompts": [msgspec.structs.asdict(prompt) for prompt in change.prompts],
        "longest": change.longest and msgspec.structs.asdict(change.longest),
    }


def _usage(found: Usage) -> dict[str, Any]:
    fields = msgspec.structs.asdict(found)
    more = {key: getattr(found, key) for key in ("months", "requests_left", "pays")}
    data = {key: _number(value) for key, value in (fields | more).items()}
    return {**data, "base_month": found.month(found.base), "tuned_month": found.month(found.tuned)}


def _number(value: Any) -> Any:
    return rounded(value, 9).normalize() + Decimal(0) if isinstance(value, Fraction) else value
