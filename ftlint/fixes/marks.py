"""Marks: what the report says of a finding's fix, worked out from its line again when the finding is told."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from ftlint.fixes import Seen, of
from ftlint.fixes.whole import CONVERTERS, mendable
from ftlint.model import Finding, Remedy, Source
from ftlint.pages import Rule
from ftlint.record import Line
from ftlint.sources.jsonl import MAX_LINE_BYTES

if TYPE_CHECKING:
    from ftlint.authoring.read import Authored

REPEAT = Remedy("remove the example", safe=False)


def remedy(rule: Rule, finding: Finding, source: Source) -> Remedy | None:
    """What mends a finding in a file of JSON Lines; None where nothing does, or the file cannot be read."""
    if rule.mends_by == "duplicate-example":
        return REPEAT
    seen = str(finding.values.get("seen", ""))
    try:
        if rule.name in CONVERTERS and (rule.name != "not-utf8" or seen.startswith("the file is")):
            fix = CONVERTERS[rule.name][1]
            return Remedy(fix.what, fix.safe) if mendable(rule.name, source.file, seen) else None
        found = of(rule, Seen(_line(finding, source)), finding)
    except OSError:
        return None
    return Remedy(found.what, found.safe, found.edits) if found else None


def remedy_authored(
    rule: Rule, finding: Finding, source: Source, authored: Authored, mendable: Callable[[], Collection[object]]
) -> Remedy | None:
    """What mends a finding in an authored file; None where nothing does that keeps all else as it is.

    ``mendable`` gives the rules, lines and columns of the mistakes of its author that have a fix.
    """
    from ftlint.authoring.write import line
    from ftlint.fixes.authored import splice
    from ftlint.fixes.dropped import example_cut
    from ftlint.fixes.mistakes import MENDS

    if rule.name in MENDS and finding.at.part == "line":
        fix, column = MENDS[rule.name][1], (finding.at.span or (0, 0))[0] + 1
        known = finding.at.path == source.path and (rule.name, finding.at.line, column) in mendable()
        return Remedy(fix.what, fix.safe) if known else None
    if rule.mends_by == "duplicate-example":
        return REPEAT if example_cut(authored, finding.at.offset) else None
    example = next((one for one in authored.examples if one.index == finding.at.offset), None)
    if example is None or finding.at.part == "line":
        return None
    found = of(rule, Seen(Line(source, 1, example.index, line(example.record)[:-1])), finding)
    if found is None or not all(splice(authored, example, edit) for edit in found.edits):
        return None
    return Remedy(found.what, found.safe) if found.edits else None


def _line(finding: Finding, source: Source) -> Line:
    """The line of a finding, with the other lines of a damaged record."""
    at, count = finding.at, finding.values.get("lines", 1)
    with open(source.file, "rb") as file:
        file.seek(at.offset)
        rows = [file.readline(MAX_LINE_BYTES) for _ in range(count if isinstance(count, int) else 1)]
    return Line(source, at.line, at.offset, b"".join(rows).removesuffix(b"\n").removesuffix(b"\r"))
