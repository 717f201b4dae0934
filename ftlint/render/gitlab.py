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
from ftlint.render.parts.places import from_root, message
from ftlint.render.parts.plainjson import array
from ftlint.report import Report

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def render(report: Report, options: Options) -> Iterator[str]:
    """A list with an entry a finding, whatever is shown elsewhere; files that could not be checked are blockers."""
    yield from array(_entries(report, options.root))
    yield "\n"


def _entries(report: Report, root: str) -> Iterator[dict[str, Any]]:
    seen = Occurrences()

    def entry(name: str, severity: str, words: str, fingerprint: str, path: str, line: int = 1) -> dict[str, Any]:
        place = {"path": from_root(path, root), "lines": {"begin": line}}
        number = seen.number(fingerprint)
        unique = fingerprint if number == 1 else _print(fingerprint, str(number))
        keys = ("description", "check_name", "fingerprint", "severity", "location")
        return dict(zip(keys, (words, name, unique, severity, place), strict=True))

    for path, reason in report.unchecked:
        yield entry("could-not-check", "blocker", f"could not check: {reason}", _print("unchecked", path), path)
    for item in report.diagnostics:
        words, at = "; ".join(filter(None, (message(item), item.hint))), item.position
        yield entry(item.name, SEVERITIES[item.severity], words, item.fingerprint, at.path, at.line)
    for more in unlisted(report):
        words, severity = f"and {more.total:,} more {more.name} in this file", SEVERITIES[report.severities[more.name]]
        yield entry("unlisted-findings", severity, words, _print("more", more.path, more.name), more.path)


def _print(*parts: str) -> str:
    return digest("\0".join(parts).encode("utf-8", "surrogatepass"))
