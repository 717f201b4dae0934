"""The GitHub format: workflow commands, which become annotations of a pull request's files.

The grammar (``::level key=value,…::message``) is that of GitHub's "Workflow commands for GitHub Actions". Of one step
no more than ten errors, ten warnings and ten notices are shown (actions/toolkit, ``docs/problem-matchers.md``).
"""

from __future__ import annotations

from collections.abc import Iterator

from ftlint.model import Diagnostic, Severity
from ftlint.render import Options
from ftlint.render.parts.places import from_root, is_placed, message
from ftlint.render.parts.visible import visible
from ftlint.render.parts.words import plural, verdict
from ftlint.report import Report

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
MOST = 10


def render(report: Report, options: Options) -> Iterator[str]:
    """The worst first, and of those the ones in changed lines; at most ten of a level, the rest counted."""
    told, all_ = dict.fromkeys(map(str, LEVELS), 0), dict(report.counts)
    all_["error"] += len(report.unchecked)
    for severity in LEVELS:
        for command in _commands(report, severity, options):
            yield command
            told[str(severity)] += 1
    if hidden := [f"{told[word]} of {plural(all_[word], word)}" for word in told if all_[word] > told[word]]:
        yield f"showing {', '.join(hidden)}\n"
    if not options.quiet:
        if report.skipped:
            yield f"skipped {plural(len(report.skipped), 'file')}\n"
        yield f"{verdict(report)}\n"


def _commands(report: Report, severity: Severity, options: Options) -> Iterator[str]:
    """The first ten commands of a level."""
    unchecked = report.unchecked[:MOST] if severity is Severity.ERROR else ()
    for path, reason in unchecked:
        place = {"file": from_root(path, options.root), "title": "could not check"}
        yield _command(severity, place, reason)
    found = [item for item in report.diagnostics if item.severity is severity]
    found.sort(key=lambda item: not _is_changed(item, options))
    for item in found[: MOST - len(unchecked)]:
        yield _command(severity, _place(item, options), message(item), item.hint)


def _is_changed(item: Diagnostic, options: Options) -> bool:
    if not options.changed:
        return False
    lines = options.changed.get(from_root(item.position.path, options.root), ())
    return any(item.position.line in run for run in lines)


def _place(item: Diagnostic, options: Options) -> dict[str, str]:
    at, title = item.position, {"title": f"{item.name} ({item.code})"}
    if not is_placed(at):
        return title
    return {
        "file": from_root(at.path, options.root),
        "line": str(at.line),
        "endLine": str(at.line),
        "col": str(at.column),
        "endColumn": str(max(at.end_column, at.column)),
        **title,
    }


def _command(severity: Severity, properties: dict[str, str], message: str, hint: str = "") -> str:
    place = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    lines = [message, *([f"help: {hint}"] if hint else [])]
    return f"::{LEVELS[severity]} {place}::{'%0A'.join(map(_data, lines))}\n"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
