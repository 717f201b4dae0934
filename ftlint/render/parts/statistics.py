"""The rules that spoke, the commonest first, with how much of what they found can be fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from ftlint.model import Severity
from ftlint.render.parts.fixes import MARK, mark
from ftlint.render.parts.visible import COLORS, Paint, cells, visible
from ftlint.report import Report

if TYPE_CHECKING:
    from ftlint.render import Options


class Row(Struct, frozen=True):
    """What one rule found: ``total`` findings in all; of those that were kept, ``--fix`` mends ``fixable``."""

    name: str
    code: str
    severity: Severity
    total: int
    fixable: int


def rows(report: Report, options: Options) -> list[Row]:
    """A row a rule."""
    totals: Counter[str] = Counter()
    for (_, name), total in report.totals.items():
        totals[name] += total
    codes = {diagnostic.name: visible(diagnostic.code) for diagnostic in report.diagnostics}
    fixable = Counter(diagnostic.name for diagnostic in report.diagnostics if mark(diagnostic, options))
    order = sorted(((total, name) for name, total in totals.items() if total), key=lambda row: (-row[0], row[1]))
    return [Row(name, codes.get(name, ""), report.severities[name], total, fixable[name]) for total, name in order]


def table(report: Report, paint: Paint, options: Options) -> Iterator[str]:
    """Count, severity, code and name of each rule; a mark where ``--fix`` helps."""
    found = rows(report, options)
    digits = max((len(f"{row.total:,}") for row in found), default=0)
    width = max((cells(row.code) for row in found), default=0)
    marks = any(row.fixable for row in found)
    for row in found:
        word = paint(f"{row.severity!s:7}", fg=COLORS[row.severity], bold=True)
        mark = f"{MARK if row.fixable else '':{len(MARK)}}  " if marks else ""
        code = f"{paint(row.code, dim=True)}{' ' * (width - cells(row.code))}"
        yield f"{row.total:>{digits},}  {word}  {mark}{code}  {visible(row.name)}\n"
