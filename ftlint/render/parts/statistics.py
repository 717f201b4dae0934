"""A table of the rules that spoke: count, severity, code and name, the commonest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ftlint.render.parts.visible import COLORS, Paint, cells, visible
from ftlint.report import Report


def table(report: Report, paint: Paint) -> Iterator[str]:
    """The table's lines."""
    totals: Counter[str] = Counter()
    for (_, name), total in report.totals.items():
        totals[name] += total
    codes = {diagnostic.name: visible(diagnostic.code) for diagnostic in report.diagnostics}
    rows = sorted(((total, name) for name, total in totals.items() if total), key=lambda row: (-row[0], row[1]))
    digits = max((len(f"{total:,}") for total, _ in rows), default=0)
    width = max((cells(code) for code in codes.values()), default=0)
    for total, name in rows:
        severity, code = report.severities[name], codes.get(name, "")
        word = paint(f"{severity!s:7}", fg=COLORS[severity], bold=True)
        yield f"{total:>{digits},}  {word}  {paint(code, dim=True)}{' ' * (width - cells(code))}  {visible(name)}\n"
