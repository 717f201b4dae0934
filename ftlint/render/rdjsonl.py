"""The rdjsonl format of reviewdog (``proto/rdf/reviewdog.proto``): a finding a line, columns in bytes of UTF-8."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ftlint.model import Diagnostic, Position, Severity
from ftlint.pages import Rule
from ftlint.render import Options
from ftlint.render.parts.groups import unlisted
from ftlint.render.parts.links import HOME, link
from ftlint.render.parts.places import byte_columns, from_root, is_placed
from ftlint.render.parts.plainjson import dumps
from ftlint.report import Report

SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}
SOURCE = {"name": "ftlint", "url": HOME}


def render(report: Report, options: Options) -> Iterator[str]:
    """Every finding that was kept; files that could not be checked, and what was not kept, have a line of their own."""
    rules, root = options.rules(), options.root
    for path, reason in report.unchecked:
        yield _line(f"could not check: {reason}", {"path": from_root(path, root)}, Severity.ERROR)
    for item in report.diagnostics:
        yield _finding(item, rules, root)
    for more in unlisted(report):
        words = f"and {more.total:,} more {more.name} in this file"
        yield _line(words, {"path": from_root(more.path, root)}, report.severities[more.name])


def _finding(item: Diagnostic, rules: Mapping[str, Rule], root: str) -> str:
    lines = [item.message, *([f"help: {item.hint}"] if item.hint else [])]
    lines += (f"{label or 'see also'}: {from_root(at.path, root)}:{at.line}" for at, label in item.related)
    url = link(rules.get(item.name))
    code = {"value": item.name, **({"url": url} if url else {})}
    at = item.position
    place = {"path": from_root(at.path, root), **({"range": _range(at)} if is_placed(at) else {})}
    return _line("\n".join(lines), place, item.severity, code=code)


def _line(words: str, place: dict[str, Any], severity: Severity, **more: Any) -> str:
    return (
        dumps({"message": words, "location": place, "severity": SEVERITIES[severity], "source": SOURCE, **more}) + "\n"
    )


def _range(at: Position) -> dict[str, Any]:
    columns = byte_columns(at)
    if columns is None:
        return {"start": {"line": at.line}}
    start, end = ({"line": at.line, "column": column} for column in columns)
    return {"start": start, "end": end}
