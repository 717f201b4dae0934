"""The Markdown format: the verdict, a table of rules, and the findings by file; for job summaries and comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ftlint.model import Diagnostic
from ftlint.pages import Rule
from ftlint.render import Options
from ftlint.render.parts import summary
from ftlint.render.parts.groups import More, by_file
from ftlint.render.parts.links import link
from ftlint.render.parts.places import from_root, is_placed
from ftlint.render.parts.statistics import Row, rows
from ftlint.render.parts.visible import visible
from ftlint.render.parts.words import file_counts, verdict
from ftlint.report import Report

_marks = re.compile(r"[\\`*_{}\[\]<>#|~$&@]")


def render(report: Report, options: Options) -> Iterator[str]:
    """Sections with a blank line between them; what repeats is counted after ``shown``."""
    rules = options.rules()
    yield f"## ftlint\n\n**{plain(verdict(report))}**\n"
    yield from _table(("rule", "severity", "findings"), (_row(row, rules) for row in rows(report, options)))
    if not options.statistics:
        for path, found in by_file(report, options.shown):
            yield f"\n### {plain(from_root(path, options.root))}\n\n{file_counts(report, path)}\n"
            yield from _table(("place", "finding", "what to do"), (_finding(item, rules) for item in found))
    yield from _table(("file that could not be checked", "why"), _plain(report.unchecked))
    if not options.quiet:
        yield from _table(("file that was skipped", "why"), _plain(report.skipped))
        yield from _table(("dataset", ""), _plain(summary.rows(report.summary)))


def _plain(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((plain(first), plain(second)) for first, second in pairs)


def _table(head: tuple[str, ...], body: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """A table with a line a row; nothing without rows."""
    lead = f"\n| {' | '.join(head)} |\n|{'---|' * len(head)}\n"
    for cells in body:
        yield f"{lead}| {' | '.join(cells)} |\n"
        lead = ""


def _row(row: Row, rules: Mapping[str, Rule]) -> tuple[str, ...]:
    fixable = f" ({row.fixable:,} fixable)" if row.fixable else ""
    return _rule(row.name, rules), str(row.severity), f"{row.total:,}{fixable}"


def _rule(name: str, rules: Mapping[str, Rule]) -> str:
    url = link(rules.get(name))
    return f"[{plain(name)}]({url})" if url else plain(name)


def _finding(item: Diagnostic | More, rules: Mapping[str, Rule]) -> tuple[str, ...]:
    if isinstance(item, More):
        return "…", f"and {item.total:,} more {plain(item.name)}", ""
    words = f"{item.severity} {_rule(item.name, rules)} {plain(item.message)}"
    at = item.position
    return f"{at.line}:{at.column}" if is_placed(at) else "–", words, plain(item.hint)


def plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _marks.sub(r"\\\g<0>", visible(text))
