"""Findings become diagnostics: the page's words, and a concrete place for every symbolic one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ftlint.checks.base import Found
from ftlint.errors import UnreadableFile
from ftlint.identity import fingerprint
from ftlint.model import Diagnostic, Finding, Location, Position, Remedy, Source, show_route
from ftlint.pages import Rule, fill
from ftlint.record import shared_digest
from ftlint.sources.jsonl import MAX_LINE_BYTES, is_authored, read_line
from ftlint.sources.opening import is_local_plain, read_lines

if TYPE_CHECKING:
    from ftlint.authoring.read import Authored
    from ftlint.config import Config
    from ftlint.convert.origin import BuiltFile

SHORT, ROOM = 64 << 10, 32 << 20
"""The bytes of a line that is kept for its findings, and of all such lines."""


class Places:
    """Makes locations concrete by reading their lines again; keeps the last line, as findings come in order."""

    def __init__(self, sources: Iterable[Source], config: Config | None = None) -> None:
        self.sources = {source.path: source for source in sources}
        self.config = config
        self._built: dict[str, BuiltFile | None] = {}
        self._authored: dict[str, Authored] = {}
        self._lines: dict[str, list[str]] = {}
        self._left: dict[str, bool] = {}
        self._mistakes: dict[str, frozenset[tuple[str, int, int]]] = {}
        self._gathered: dict[tuple[str, int], bytes] = {}
        self._room = ROOM
        self._at: tuple[str, int] | None = None
        self._text = ""

    def position(self, at: Location) -> Position:
        """Line and columns of a location, with the line's text; a place that is no file has none.

        Raises:
            UnreadableFile: the file is gone, or another one than was checked.
        """
        try:
            return self._position(at)
        except (OSError, KeyError):
            raise UnreadableFile(f"{at.path}: it changed while it was checked; check it again") from None

    def _position(self, at: Location) -> Position:
        if is_authored(at.path) or at.path not in self.sources:
            return self._in_yaml(at)
        if at.span == (0, 0):
            return Position(at.path, at.line, 1, 1)
        if at.part != "line" and (built := self.built(at.path)):
            row = built.rows[at.line - 1]
            return row.authored.position(row.example.index, at.route, at.part, at.span)
        from ftlint.locate import locate

        if self._at != (at.path, at.offset):
            self._at = (at.path, at.offset)
            self._text = (self._gathered.get(self._at) or self._read(at)).decode("utf-8", "replace")
        shift = self._text.startswith("\ufeff") and at.part != "line"
        start, stop = locate(self._text[shift:], at.route, at.part, at.span)
        return Position(at.path, at.line, start + shift + 1, stop + shift + 1, self._text)

    def _read(self, at: Location) -> bytes:
        return read_line(self.sources[at.path].file, at.offset)

    def gather(self, found: Iterable[tuple[Rule, Found]]) -> None:
        """Read the lines of findings, in one pass a file; of near files the short ones, as far as there is room.

        Raises:
            UnreadableFile: a file in which going back and forth would take long can no longer be read.
        """
        wanted: defaultdict[str, set[int]] = defaultdict(set)
        told = (each.kept[:1] if rule.aggregate else each.kept for rule, each in found)
        for finding in chain.from_iterable(told):
            for at in (finding.at, *(related.at for related in finding.related)):
                if at.path in self.sources and at.span != (0, 0) and not is_authored(at.path):
                    wanted[at.path].add(at.offset)
        for path, offsets in wanted.items():
            file = self.sources[path].file
            if is_local_plain(file):
                self._gather_near(path, read_lines(file, offsets, SHORT))
                continue
            try:
                self._gathered |= {(path, offset): line for offset, line in read_lines(file, offsets, MAX_LINE_BYTES)}
            except OSError as error:
                raise UnreadableFile(f"{path}: it could not be read: {error.strerror}") from None

    def _gather_near(self, path: str, lines: Iterator[tuple[int, bytes]]) -> None:
        with suppress(OSError):  # said when a finding asks for its line
            for offset, line in lines:
                if len(line) < SHORT - len(b"\r\n") and self._room > 0:
                    self._room -= len(line)
                    self._gathered[path, offset] = line

    def _in_yaml(self, at: Location) -> Position:
        """A place in an authored file, in a file that it includes, or (an option) in no file at all."""
        if at.path in self.sources and at.part != "line":
            return self.authored(at.path).position(at.offset, at.route, at.part, at.span)
        start, stop = at.span or (0, 0)
        lines = self.lines(at.path)
        text = lines[at.line - 1] if at.line <= len(lines) else ""
        return Position(at.path, at.line, start + 1, stop + 1, text)

    def built(self, path: str) -> BuiltFile | None:
        """A file that the configuration has built of YAML, while it is what its sources give today."""
        if path not in self._built:
            self._built[path] = None
            if self.config and self.config.builds:
                from ftlint.convert.origin import built, is_output

                file = self.sources[path].file
                found = built(file, self.config) if is_output(file, self.config) else None
                self._built[path] = found if found and found.fresh else None
        return self._built[path]

    def aggregates(self, rule: Rule, path: str) -> bool:
        """Whether a rule's findings in a file are told as one."""
        return rule.aggregate and not is_authored(path) and (path not in self.sources or self.built(path) is None)

    def as_authored(self, finding: Finding) -> Finding:
        """The finding as it is made of the YAML: there a text that examples share has an identity of its own."""
        at, built = finding.at, self.built(finding.at.path) if finding.at.path in self.sources else None
        route = show_route(at.route)
        if built is None or at.part == "line" or finding.subject.partition(":")[2] != route:
            return finding
        example = built.rows[at.line - 1].example
        shared = shared_digest(example.record, example.shared, at.route)
        return finding if shared is None else replace(finding, subject=f"{shared}:{route}")

    def lines(self, path: str) -> list[str]:
        """The physical lines of an authored or included file; none of what is no file."""
        if path not in self._lines:
            file = self.sources[path].file if path in self.sources else path
            try:
                with open(file, encoding="utf-8", errors="replace", newline="\n") as stream:
                    self._lines[path] = stream.read().split("\n")
            except OSError:
                self._lines[path] = []
        return self._lines[path]

    def mention(self, path: str, word: bytes) -> bool:
        """Whether a word stands anywhere in an authored file, which is quickly told; not if it cannot be read."""
        try:
            with open(self.sources[path].file, "rb") as stream:
                return word in stream.read()
        except (OSError, KeyError):
            return False

    def authored(self, path: str) -> Authored:
        """An authored file, read again for the places of its values."""
        if path not in self._authored:
            from ftlint.sources.authored import load

            self._authored[path] = load(self.sources[path])
        return self._authored[path]

    def example(self, at: Location) -> tuple[Position, str] | None:
        """The example that a location belongs to, where the value itself stands elsewhere."""
        if at.path not in self.sources or not is_authored(at.path) or at.part == "line":
            return None
        authored = self.authored(at.path)
        found = (example for example in authored.examples if example.index == at.offset)
        return next(((authored.shown(one.place), f"in the example {one.id or one.index + 1}") for one in found), None)

    def remedy(self, rule: Rule, finding: Finding) -> Remedy | None:
        """What the user is told of a finding's fix; a file that would not be written, or is no file, has none."""
        from ftlint.fixes.marks import remedy, remedy_authored

        source = self.sources.get(finding.at.path)
        if source is None or self._refused(source):
            return None
        if is_authored(source.path):
            authored = self.authored(source.path)
            return remedy_authored(rule, finding, source, authored, lambda: self._mendable(source, authored))
        return remedy(rule, finding, source)

    def _mendable(self, source: Source, authored: Authored) -> frozenset[tuple[str, int, int]]:
        """The mistakes of an author that have a fix: their rules, lines and columns."""
        if source.path not in self._mistakes:
            from ftlint.fixes.mistakes import mendable

            found = ((one.rule, one.place.line, one.place.column) for one in mendable(authored, source))
            self._mistakes[source.path] = frozenset(found)
        return self._mistakes[source.path]

    def _refused(self, source: Source) -> bool:
        """Whether a file is left as it is by ``--fix``, whatever is found in it."""
        if source.path not in self._left:
            from ftlint.fixes.refused import refused

            self._left[source.path] = bool(refused(source, self.config))
        return self._left[source.path]


def diagnose(
    rule: Rule, found: Found, places: Places, also: Iterable[Finding] = ()
) -> Iterator[tuple[str, Diagnostic]]:
    """The diagnostics of one rule's findings, each with the path that its finding was counted under.

    Of the packed findings only those that are given ``also``.

    One a file where the rule aggregates; in authored files, and in those built of them, each has a place of its
    own, where a comment may ignore it.
    """
    groups: dict[str, list[Finding]] = {}
    for finding in chain(found.kept, also):
        if places.aggregates(rule, finding.at.path):
            groups.setdefault(finding.at.path, []).append(finding)
        else:
            yield finding.at.path, _diagnostic(rule, places.as_authored(finding), places)
    for path, group in groups.items():
        yield path, _diagnostic(rule, _together(group, found.rest.least.get(path)), places, found.totals[path])


def _together(findings: list[Finding], least: str | None) -> Finding:
    """One finding for several: at the first place, its identity that of the least, whatever their order.

    ``least`` is the least subject of those that are packed.
    """
    subject = min(finding.subject for finding in findings)
    return replace(findings[0], subject=subject if least is None else min(subject, least))


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
        fingerprint=fingerprint(rule.name, finding.subject),
        related=(*_related(finding, places),),
        count=count,
        redact=rule.redact,
        fix=places.remedy(rule, finding) if rule.fix else None,
    )


def _related(finding: Finding, places: Places) -> Iterator[tuple[Position, str]]:
    if finding.once and (example := places.example(finding.at)):
        yield example
    for related in finding.related:
        yield places.position(related.at), related.label
