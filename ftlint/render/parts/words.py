"""Numbers, money and the verdict, in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal

from ftlint.render.parts.places import OPTIONS
from ftlint.report import Report

CENT = Decimal("0.01")


def plural(number: int, noun: str) -> str:
    """``1 file``, ``1,204 files``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def counted(counts: Mapping[str, int]) -> str:
    """``2 errors, 5 warnings, 1 note``: what there is none of is left out."""
    return ", ".join(plural(counts[word], word) for word in ("error", "warning", "note") if counts.get(word))


def file_counts(report: Report, path: str) -> str:
    """What was found in one file, in words."""
    counts: dict[str, int] = {}
    for (where, name), total in report.totals.items():
        if where == path:
            word = str(report.severities[name])
            counts[word] = counts.get(word, 0) + total
    return counted(counts)


def verdict(report: Report) -> str:
    """The outcome in one line: ``2 errors, 1 note (3 suppressed) in 2 files``."""
    found = counted(report.counts)
    mended = f"{sum(report.fixed.values()):,} fixed; " if report.fixed else ""
    quiet = ((report.suppressed, "suppressed"), (report.accepted, "accepted in the baseline"))
    silenced = ", ".join(f"{number:,} {word}" for number, word in quiet if number)
    silenced = silenced and f" ({silenced})"
    missed = f"; {plural(len(report.unchecked), 'file')} could not be checked" if report.unchecked else ""
    if not found:
        nothing = f"{'no' if mended else 'No'} findings{silenced}"
        return f"{mended}{nothing} in {plural(report.summary.examples, 'example')}{missed}."
    files = len({path for (path, _), total in report.totals.items() if total and path not in OPTIONS})
    where = f" in {plural(files, 'file')}" if files else ""
    return f"{mended}{found}{silenced}{where}{missed}"


def plain(number: Decimal) -> str:
    """All digits of a finite number and no more, never an exponent: ``3.6`` for ``Decimal("3.60")``."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(usd: Decimal) -> str:
    """Dollars to the cent, half a cent upwards; what is less than half a cent is said to be so."""
    cents = usd.quantize(CENT, context=Context(prec=100, rounding=ROUND_HALF_UP))
    return "less than $0.01" if usd > 0 and not cents else f"${cents:,}"
