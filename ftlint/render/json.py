"""The JSON format (``schemas/report.schema.json``): every finding that was kept, one a line, in plain ASCII."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ftlint.model import Diagnostic, Position
from ftlint.render import Options
from ftlint.render.parts.plainjson import array, dumps
from ftlint.render.parts.words import plain
from ftlint.report import Cost, Report, Summary


def render(report: Report, options: Options) -> Iterator[str]:
    """One JSON object, whatever the options: a machine gets the whole, and ``totals`` count what was not kept."""
    totals = ({"path": path, "name": name, "total": total} for (path, name), total in report.totals.items() if total)
    yield '{"version": 1,\n"diagnostics": '
    yield from array(map(_diagnostic, report.diagnostics))
    yield ',\n"totals": '
    yield from array(totals)
    for key, files in (("unchecked", report.unchecked), ("skipped", report.skipped)):
        yield f',\n"{key}": '
        yield from array({"path": path, "reason": reason} for path, reason in files)
    yield ',\n"fixed": '
    yield from array({"path": path, "name": name, "total": total} for (path, name), total in report.fixed.items())
    yield f',\n"counts": {dumps(report.counts)},\n"summary": {_summary(report.summary)}}}\n'


def _diagnostic(found: Diagnostic) -> dict[str, Any]:
    return {
        **_place(found.position),
        "end_column": found.position.end_column,
        "route": found.route,
        "code": found.code,
        "name": found.name,
        "severity": str(found.severity),
        "message": found.message,
        "hint": found.hint,
        "fingerprint": found.fingerprint,
        "fix": found.fix and {"safety": "safe" if found.fix.safe else "unsafe", "description": found.fix.what},
        "related": [{**_place(other), "message": label} for other, label in found.related],
        "count": found.count,
    }


def _place(at: Position) -> dict[str, Any]:
    return {"path": at.path, "line": at.line, "column": at.column}


def _summary(summary: Summary) -> str:
    tokens = summary.tokens
    keys = ("total", "billed", "max", "p50", "p90", "p95", "over_limit", "exact")
    fields = {
        "target": summary.target,
        "files": summary.files,
        "examples": summary.examples,
        "messages": dict(summary.messages),
        "tokens": tokens and {key: getattr(tokens, key) for key in keys},
        "epochs": {"value": summary.epochs, "auto": summary.epochs_auto},
    }
    return f'{dumps(fields)[:-1]}, "cost": {_cost(summary.cost)}}}'


def _cost(cost: Cost | None) -> str:
    """Written by hand: ``json`` knows no decimals, and a float is not exact."""
    if cost is None:
        return "null"
    usd, per_million = plain(cost.usd), plain(cost.usd_per_million)
    return f'{{"usd": {usd}, "usd_per_million": {per_million}, "as_of": {dumps(cost.as_of)}}}'
