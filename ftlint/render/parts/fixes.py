"""The marks of what can be fixed, and how much that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ftlint.model import Diagnostic
from ftlint.report import Report

if TYPE_CHECKING:
    from ftlint.render import Options

MARK = "[*]"


def mark(found: Diagnostic, options: Options) -> str:
    """``[*] `` before what ``--fix`` mends, or nothing."""
    return f"{MARK} " if found.fix and (found.fix.safe or options.unsafe_fixes) else ""


def fixable(report: Report, *, unsafe: bool) -> Iterator[str]:
    """A line that says how many findings have a fix, if any has."""
    safe, risky = report.fixable(safe=True), report.fixable(safe=False)
    marked = safe + risky * unsafe
    if marked:
        yield f"{MARK} {marked:,} fixable with --fix{' --unsafe-fixes' if risky and unsafe else ''}"
    if risky and not unsafe:
        yield f"{', ' if marked else ''}{risky:,} {'more ' if marked else 'fixable '}with --fix --unsafe-fixes"
    if marked or risky:
        yield "\n"
