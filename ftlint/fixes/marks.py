"""Marks: what the report says of a finding's fix, worked out from its line again when the finding is told."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ftlint.fixes import Seen, of
from ftlint.fixes.edit import rewrite
from ftlint.fixes.whole import CONVERTERS
from ftlint.model import Change, Finding, Fix, Remedy, Source
from ftlint.pages import Rule
from ftlint.record import Line
from ftlint.shape import BOM
from ftlint.sources.jsonl import MAX_LINE_BYTES
from ftlint.sources.opening import is_local_plain

if TYPE_CHECKING:
    from ftlint.authoring.read import Authored

SHOWN = 60
"""Characters of a fix that a report holds."""

REPEAT = Remedy("remove the example", safe=False)


def remedy(rule: Rule, finding: Finding, source: Source, known: bytes = b"") -> Remedy | None:
    """What mends a finding in a file of JSON Lines; None where nothing does, or the file cannot be read.

    ``known`` is the line, if the file is far: a copy of it can be fixed.
    """
    if rule.mends_by == "duplicate-example":
        return REPEAT
    if rule.name in CONVERTERS and (rule.name != "not-utf8" or _whole(finding)):
        fix = CONVERTERS[rule.name][1]
        return Remedy(fix.what, fix.safe)
    try:
        line = _line(finding, source) if is_local_plain(source.file) else _far(finding, source, known)
        found = of(rule, Seen(line), finding)
    except OSError:
        return None
    return Remedy(found.what, found.safe, change(line, found)) if found else None


def change(line: Line, fix: Fix) -> Change | None:
    """What a fix writes in a line; None where it writes lines anew, or more than a report should hold of a record."""
    from ftlint.checks.secrets import secrets

    mark = BOM.decode() if line.data.startswith(BOM) else ""
    try:
        old = line.data.decode()
        new = mark + rewrite(old.removeprefix(mark), fix.edits) if fix.edits else old
    except ValueError:
        return None
    start = len(os.path.commonprefix([old, new]))  # noqa: RUF071  # of characters, and not of paths
    rest = min(len(old), len(new)) - start
    same = min(len(os.path.commonprefix([old[::-1], new[::-1]])), rest)  # noqa: RUF071
    text = new[start : len(new) - same]
    return None if old == new or len(text) > SHOWN or secrets(text) else Change(start + 1, len(old) - same + 1, text)


def remedy_authored(rule: Rule, finding: Finding, source: Source, authored: Authored) -> Remedy | None:
    """What mends a finding in an authored file; None where that is more than a change of some text in it."""
    from ftlint.authoring.write import line
    from ftlint.fixes.authored import splice

    example = next((one for one in authored.examples if one.index == finding.at.offset), None)
    if example is None or finding.at.part == "line":
        return None
    found = of(rule, Seen(Line(source, 1, example.index, line(example.record)[:-1])), finding)
    if found is None or not all(splice(authored, example, edit) for edit in found.edits):
        return None
    return Remedy(found.what, found.safe) if found.edits else None


def _whole(finding: Finding) -> bool:
    return str(finding.values.get("seen", "")).startswith("the file is")


def _far(finding: Finding, source: Source, known: bytes) -> Line:
    return Line(source, finding.at.line, finding.at.offset, known)


def _line(finding: Finding, source: Source) -> Line:
    """The line of a finding, with the other lines of a damaged record."""
    at, count = finding.at, finding.values.get("lines", 1)
    with open(source.file, "rb") as file:
        file.seek(at.offset)
        rows = [file.readline(MAX_LINE_BYTES) for _ in range(count if isinstance(count, int) else 1)]
    return Line(source, at.line, at.offset, b"".join(rows).removesuffix(b"\n").removesuffix(b"\r"))
