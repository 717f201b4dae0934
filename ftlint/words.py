"""Findings become diagnostics: the page's words, and a concrete place for every symbolic one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ftlint.checks.base import Found
from ftlint.identity import digest
from ftlint.locate import locate
from ftlint.model import Diagnostic, Finding, Location, Position, show_route
from ftlint.pages import Rule, fill
from ftlint.sources.jsonl import read_line


class Places:
    """Makes locations concrete by reading their lines again; keeps the last line, as findings come in order."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self._at: tuple[str, int] | None = None
        self._text = ""

    def position(self, at: Location) -> Position:
        """Line and columns of a location, with the line's text; a place that is no file has none."""
        if at.path not in self.files or at.span == (0, 0):
            start, stop = at.span or (0, 0)
            return Position(at.path, at.line, start + 1, stop + 1)
        if self._at != (at.path, at.offset):
            self._at = (at.path, at.offset)
            self._text = read_line(self.files[at.path], at.offset).decode("utf-8", "replace")
        shift = self._text.startswith("\ufeff") and at.part != "line"
        start, stop = locate(self._text[shift:], at.route, at.part, at.span)
        return Position(at.path, at.line, start + shift + 1, stop + shift + 1, self._text)


def diagnose(rule: Rule, found: Found, places: Places) -> list[Diagnostic]:
    """The diagnostics of one rule's findings; one a file where the rule aggregates."""
    if not rule.aggregate:
        return [_diagnostic(rule, finding, places) for finding in found.kept]
    groups: dict[str, list[Finding]] = {}
    for finding in found.kept:
        groups.setdefault(finding.at.path, []).append(finding)
    return [_diagnostic(rule, _together(group), places, found.totals[path]) for path, group in groups.items()]


def _together(findings: list[Finding]) -> Finding:
    """One finding for several: at the first place, its identity that of all, whatever their order."""
    return replace(findings[0], subject="\0".join(sorted({finding.subject for finding in findings})))


def _diagnostic(rule: Rule, finding: Finding, places: Places, count: int = 1) -> Diagnostic:
    values = {"count": count, **finding.values}
    return Diagnostic(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        message=fill(rule.message, values),
        hint=fill(rule.hint, values),
        position=places.position(finding.at),
        route=show_route(finding.at.route),
        fingerprint=digest(f"{rule.name}\0{finding.subject}".encode("utf-8", "surrogatepass")),
        related=tuple((places.position(related.at), related.label) for related in finding.related),
        count=count,
        redact=rule.redact,
    )
