"""Fixers: what mends a finding, by the kind of check or the reader's rule that found it; found, not listed."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from msgspec.structs import replace

from ftlint.model import Finding, Fix
from ftlint.pages import Rule
from ftlint.record import Line, Record
from ftlint.shape import BOM, Outcome, examine, invalid_json

Found = dict[str, list[Finding]]
"""The findings of a line by rule."""


class Seen:
    """A line that is to be mended, read as far as it can be: its text, its JSON, its record.

    ``line.data`` may hold several physical lines, those of one damaged record; ``findings`` are kept once looked for.
    """

    findings: Found | None = None

    def __init__(self, line: Line, outcome: Outcome | None = None) -> None:
        self.line = line
        if outcome is not None:
            self.outcome = outcome

    @cached_property
    def head(self) -> Line:
        """The first physical line."""
        first, newline, _ = self.line.data.partition(b"\n")
        if not newline:
            return self.line
        ending = b"\r\n" if first.endswith(b"\r") else b"\n"
        return replace(self.line, data=first.removesuffix(b"\r"), ending=ending, length=len(first) + 1)

    @property
    def whole(self) -> bytes:
        """All bytes, with their end."""
        return self.line.data + self.line.ending

    @cached_property
    def tail(self) -> bytes:
        """What stands behind the first line, with its end: nothing of it is looked at before that line is mended."""
        return self.whole[len(self.head.data + self.head.ending) :]

    @cached_property
    def bom(self) -> bytes:
        """The byte order mark of a file's first line, or nothing."""
        return BOM if self.line.number == 1 and self.line.data.startswith(BOM) else b""

    @cached_property
    def data(self) -> bytes:
        """The line without it."""
        return self.line.data.removeprefix(self.bom)

    @cached_property
    def text(self) -> str:
        """The line as text; what is not UTF-8 is lost."""
        return self.data.decode("utf-8", "replace")

    @cached_property
    def value(self) -> Any:
        """The JSON of the line; ValueError where it is none."""
        return json.loads(self.text)

    @cached_property
    def outcome(self) -> Outcome:
        """What the reader makes of it."""
        lines = self.line.data.count(b"\n") + 1
        if lines > 1 and (first := examine(self.head)).faults and first.faults[0].rule == "not-utf8":
            return first
        if lines > 1:
            return Outcome(faults=(invalid_json(self.line, self.text, lines),), broken=True)
        return examine(self.line) if self.line.data.strip() else Outcome()

    @property
    def record(self) -> Record | None:
        """The sound record, if it is one."""
        return self.outcome.record


Fixer = Callable[[Seen, Finding], Fix | None]
FIXERS: dict[str, Fixer] = {}
"""The fixers that are loaded, by the kind of check, or the name of a rule of the reader."""


def fixer(*names: str) -> Callable[[Fixer], Fixer]:
    """Make a fixer known: a function that says what mends a finding in a line, or None where nothing does."""

    def register(function: Fixer) -> Fixer:
        FIXERS.update(dict.fromkeys(names, function))
        return function

    return register


@cache
def load() -> dict[str, Fixer]:
    """All fixers that ftlint ships, and those that plugins have made known."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return FIXERS


def of(rule: Rule, seen: Seen, finding: Finding) -> Fix | None:
    """What mends a finding of a rule; None where the rule's page promises no fix, or this finding has none."""
    find = load().get(rule.mends_by) if rule.fix else None
    if find is None:
        return None
    try:
        return find(seen, finding)
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None  # the line is damaged in a way that leaves the fixer without what it edits
