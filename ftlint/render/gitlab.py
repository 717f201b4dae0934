"""The GitLab format: a Code Quality report, for the widget and the diff of a merge request.

The fields are those of GitLab's documentation, "Code Quality report format": paths are relative to the repository, and
fingerprints unique in a report.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ftlint.identity import digest
from ftlint.model import Severity
from ftlint.render import Options
from ftlint.render.parts.groups import unlisted
from ftlint.render.parts.occurrences import Occurrences
from ftlint.render.parts.places import from_root
from ftlint.render.parts.plainjson import array
from ftlint.report import Report

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def render(report: Report, options: Options) -> Iterator[str]:
    """A list with an entry a finding, whatever is shown elsewhere; files that could not be checked are blockers."""
    yield from array(_entries(report, options.root))
    yield "\n"


def _entries(report: Report, root: str) -> Iterator[dict[str, Any]]:
    for path, reason in report.unchecked:
        place = (from_root(path, root), 1)
        yield _entry("could-not-check", "blocker", f"could not check: {reason}", _print("unchecked", path), place)
    seen = Occurrences()
    for item in report.diagnostics:
        words = f"{item.message}; {item.hint}" if item.hint else item.message
        place = (from_root(item.position.path, root), item.position.line)
        yield _entry(item.name, SEVERITIES[item.severity], words, _unique(item.fingerprint, seen), place)
    for more in unlisted(report):
        words, severity = f"and {more.total:,} more {more.name} in this file", SEVERITIES[report.severities[more.name]]
        place = (from_root(more.path, root), 1)
        yield _entry("unlisted-findings", severity, words, _print("more", more.path, more.name), place)


def _unique(fingerprint: str, seen: Occurrences) -> str:
    """The fingerprint itself, of a repeated one a fingerprint of the two and its number."""
    number = seen.number(fingerprint)
    return fingerprint if number == 1 else _print(fingerprint, str(number))


def _print(*parts: str) -> str:
    return digest("\0".join(parts).encode("utf-8", "surrogatepass"))


def _entry(name: str, severity: str, words: str, fingerprint: str, place: tuple[str, int]) -> dict[str, Any]:
    path, line = place
    return {
        "description": words,
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    }
