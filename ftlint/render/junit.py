"""The JUnit format: a suite a file, a case a finding; errors and warnings fail, notes pass with their words as output.

XML 1.0 refuses most control characters: texts are shown as on a terminal, and what is left becomes U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import StringIO
from xml.sax.saxutils import XMLGenerator

from ftlint.model import Diagnostic, Severity
from ftlint.render import Options
from ftlint.render.parts.groups import More, by_file
from ftlint.render.parts.places import from_root, is_placed
from ftlint.render.parts.visible import visible
from ftlint.report import Report

_refused = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, options: Options) -> Iterator[str]:
    """Every finding that was kept, the rest counted; a clean dataset is a case that passes."""
    xml = _Writer()
    xml.startDocument()
    xml.start("testsuites", name="ftlint")
    for path, reason in report.unchecked:
        with_reason = [(from_root(path, options.root), "could not check", "error", visible(reason))]
        yield from xml.suite(from_root(path, options.root), with_reason)
    for path, found in by_file(report, 0):
        place = from_root(path, options.root)
        yield from xml.suite(place, [_case(item, place) for item in found])
    if not report.unchecked and not any(report.totals.values()):
        yield from xml.suite("ftlint", [("ftlint", "no findings", "", "")])
    xml.endElement("testsuites")
    yield xml.taken() + "\n"


Case = tuple[str, str, str, str]
"""A test's class and name, the element that tells its outcome, and the words of that."""


def _case(item: Diagnostic | More, path: str) -> Case:
    if isinstance(item, More):
        return path, f"{item.name}, not listed", "failure", visible(f"and {item.total:,} more {item.name}")
    at = item.position
    lines = [f"{item.severity}: {item.message}", *([f"help: {item.hint}"] if item.hint else [])]
    element = "system-out" if item.severity is Severity.NOTE else "failure"
    name = f"{item.name} at {at.line}:{at.column}" if is_placed(at) else item.name
    return path, name, element, "\n".join(map(visible, lines))


class _Writer(XMLGenerator):
    """The standard library's writer, with a buffer that is emptied now and then."""

    def __init__(self) -> None:
        self.buffer = StringIO()
        super().__init__(self.buffer, "utf-8", short_empty_elements=True)

    def start(self, element: str, /, **attributes: str) -> None:
        """Begin an element on a line of its own."""
        self.ignorableWhitespace("\n")
        self.startElement(element, {key: _text(visible(value)) for key, value in attributes.items()})  # type: ignore[arg-type]

    def suite(self, name: str, cases: Iterable[Case]) -> Iterator[str]:
        """A suite with its cases."""
        cases = list(cases)
        count = {word: str(sum(case[2] == word for case in cases)) for word in ("failure", "error")}
        self.start("testsuite", name=name, tests=str(len(cases)), failures=count["failure"], errors=count["error"])
        for case in cases:
            self._case(*case)
            yield self.taken()
        self.endElement("testsuite")
        yield self.taken()

    def _case(self, path: str, name: str, outcome: str, words: str) -> None:
        self.start("testcase", classname=path, name=name)
        if outcome:
            self.start(outcome, **({} if outcome == "system-out" else {"message": words.split("\n", 1)[0]}))
            self.characters(_text(words))
            self.endElement(outcome)
        self.endElement("testcase")

    def taken(self) -> str:
        """What was written since the last call."""
        text = self.buffer.getvalue()
        self.buffer.seek(0)
        self.buffer.truncate()
        return text


def _text(words: str) -> str:
    return _refused.sub("\ufffd", words)
