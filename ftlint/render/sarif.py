"""The SARIF 2.1.0 format, for code scanning: rules with their pages, results with places and fingerprints.

GitHub reads at most 25,000 results of a run and shows 5,000, the worst first ("SARIF support for code scanning").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ftlint import __version__
from ftlint.fixes.change import change
from ftlint.model import Diagnostic, Position, Severity
from ftlint.pages import Rule
from ftlint.render import Options
from ftlint.render.parts.groups import unlisted
from ftlint.render.parts.links import HOME, link
from ftlint.render.parts.occurrences import Occurrences
from ftlint.render.parts.places import from_root, message, uri
from ftlint.render.parts.plainjson import array, dumps
from ftlint.report import Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST = 25_000
ROOT = "%SRCROOT%"
ADVICE = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}


def render(report: Report, options: Options) -> Iterator[str]:
    """One run; columns are counted in characters. Texts of the dataset are left out."""
    found = report.diagnostics
    if len(found) > MOST:
        found = tuple(sorted(found, key=lambda item: -item.severity)[:MOST])
    names = list(dict.fromkeys(item.name for item in found))
    told = _Told({name: number for number, name in enumerate(names)}, options.root)
    yield f'{{"$schema": {dumps(SCHEMA)},\n"version": "2.1.0",\n"runs": [{{\n"tool": {{"driver": {{"name": "ftlint", '
    yield f'"version": {dumps(__version__)}, "informationUri": {dumps(HOME)}, "rules": '
    yield from array(_rules(report, names, options.rules() if names else {}))
    yield '}},\n"columnKind": "unicodeCodePoints",\n"originalUriBaseIds": '
    yield dumps({ROOT: {"description": {"text": "The root of the repository."}}})
    yield f',\n"invocations": [{{"executionSuccessful": {dumps(not report.unchecked)}, "toolExecutionNotifications": '
    yield from array(_notifications(report, len(found), options.root))
    yield '}],\n"results": '
    yield from array(map(told.result, found))
    yield "\n}]}\n"


def _rules(report: Report, names: list[str], rules: Mapping[str, Rule]) -> Iterator[dict[str, Any]]:
    codes = {item.name: item.code for item in report.diagnostics}
    for name in names:
        severity = report.severities.get(name, Severity.WARNING)
        descriptor: dict[str, Any] = {"id": name, "defaultConfiguration": {"level": str(severity)}}
        properties: dict[str, Any] = {"code": codes[name], "problem.severity": ADVICE[severity]}
        if rule := rules.get(name):
            page, url = rule.text(), link(rule)
            descriptor |= {
                "shortDescription": {"text": rule.summary},
                "help": {"text": page, "markdown": page},
                **({"helpUri": url} if url else {}),
            }
            properties["tags"] = [rule.family]
        yield {**descriptor, "properties": properties}


def _notifications(report: Report, listed: int, root: str) -> Iterator[dict[str, Any]]:
    """Files that were not checked or were skipped, and how many findings are not among the results."""
    for level, word, files in (("error", "could not check", report.unchecked), ("note", "skipped", report.skipped)):
        for path, reason in files:
            place = {"physicalLocation": {"artifactLocation": _artifact(path, root)}}
            yield {"level": level, "message": {"text": f"{word}: {reason}"}, "locations": [place]}
    total = len(report.diagnostics) + sum(more.total for more in unlisted(report))
    if total > listed:
        words = f"showing {listed:,} of {total:,} findings; {total - listed:,} more are counted, not listed"
        yield {"level": "warning", "message": {"text": words}}


def _artifact(path: str, root: str) -> dict[str, Any]:
    reference, inside = uri(from_root(path, root))
    return {"uri": reference, **({"uriBaseId": ROOT} if inside else {})}


class _Told:
    """Makes results, and numbers findings of one identity."""

    def __init__(self, indices: Mapping[str, int], root: str) -> None:
        self.indices, self.root, self.seen = indices, root, Occurrences()

    def result(self, item: Diagnostic) -> dict[str, Any]:
        print_ = item.fingerprint
        related = [
            {"id": number, "message": {"text": label or "see also"}, **self._place(at)}
            for number, (at, label) in enumerate(item.related, 1)
        ]
        route = {"logicalLocations": [{"fullyQualifiedName": item.route, "kind": "value"}]} if item.route else {}
        return {
            "ruleId": item.name,
            "ruleIndex": self.indices[item.name],
            "level": str(item.severity),
            "message": {"text": f"{message(item)}\nhelp: {item.hint}" if item.hint else message(item)},
            "locations": [{**self._place(item.position), **route}],
            **({"relatedLocations": related} if related else {}),
            "partialFingerprints": {
                "ftlint/v1": print_,
                "primaryLocationLineHash": f"{print_}:{self.seen.number(print_)}",
            },
            **self._fixes(item),
        }

    def _fixes(self, item: Diagnostic) -> dict[str, Any]:
        written = change(item.position.text, item.fix.edits) if item.fix else None
        if item.fix is None or written is None:
            return {}
        region = {"startLine": item.position.line, "startColumn": written.column, "endColumn": written.end_column}
        replaced = {"deletedRegion": region, "insertedContent": {"text": written.text}}
        place = {"artifactLocation": _artifact(item.position.path, self.root), "replacements": [replaced]}
        words = item.fix.what if item.fix.safe else f"{item.fix.what} (unsafe)"
        return {"fixes": [{"description": {"text": words}, "artifactChanges": [place]}]}

    def _place(self, at: Position) -> dict[str, Any]:
        end = max(at.end_column, at.column)
        region = {"startLine": at.line, "startColumn": at.column, "endColumn": end}
        return {"physicalLocation": {"artifactLocation": _artifact(at.path, self.root), "region": region}}
