"""The mender of one file's lines: their fixes applied one rule after another, each read again before it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from ftlint.checks.base import Check, LineCheck, RecordCheck
from ftlint.fixes import Found, Seen, of
from ftlint.fixes.edit import rewrite
from ftlint.model import Finding, Fix
from ftlint.pages import Rule
from ftlint.record import Line
from ftlint.shape import Outcome

STEPS = 200
"""Fixes that a line may take, and what it was split into."""


Silence = Callable[[Rule, Finding], bool]
"""Whether the user silenced a rule's finding."""


def never(rule: Rule, finding: Finding) -> bool:
    """Nothing is silenced."""
    return False


@dataclass(frozen=True)
class Mender:
    """Rules with fixes, their checks, and whether unsafe fixes are applied.

    What is ``silent`` is not mended.
    """

    rules: Mapping[str, Rule]
    checks: Mapping[str, Check]
    unsafe: bool = False
    silent: Silence = never

    def suspects(self, batch: Sequence[tuple[Line, Outcome]]) -> set[int]:
        """The offsets of the lines in which something is found that may have a fix."""
        records = [outcome.record for _, outcome in batch if outcome.record is not None]
        heads = [line for line, _ in batch]
        found = {line.offset for line, outcome in batch if any(fault.rule in self.rules for fault in outcome.faults)}
        for check in self.checks.values():
            if isinstance(check, LineCheck):
                found.update(finding.at.offset for finding in check.examine_many(heads))
            elif isinstance(check, RecordCheck):
                found.update(finding.at.offset for finding in check.examine_many(records))
        return found

    def found(self, seen: Seen) -> Found:
        """The findings of a line, by rule: first what keeps it from being read, then its ends, then its contents."""
        if seen.findings is None:
            seen.findings = self._found(seen)
        return seen.findings

    def _found(self, seen: Seen) -> Found:
        found: Found = {}
        for fault in seen.outcome.faults:
            if fault.rule in self.rules:
                found.setdefault(fault.rule, []).append(fault.finding)
        for name, check in self.checks.items():
            if isinstance(check, LineCheck):
                findings = list(check.examine_many([seen.head]))
            elif isinstance(check, RecordCheck) and seen.record is not None:
                findings = list(check.examine_many([seen.record]))
            else:
                continue
            if findings:
                found[name] = findings
        return found

    def muted(self, seen: Seen) -> set[str]:
        """The rules of which the user silenced a finding in a line: none of their findings there is mended."""
        found = self.found(seen).items()
        return {name for name, items in found if any(self.silent(self.rules[name], item) for item in items)}

    def fixes(self, name: str, seen: Seen, findings: list[Finding]) -> list[Fix]:
        """What mends the findings of one rule in a line."""
        some = (of(self.rules[name], seen, finding) for finding in findings)
        return [fix for fix in some if fix is not None and (fix.safe or self.unsafe)]

    def mend(self, seen: Seen) -> Mended:
        """What becomes of a line: physical lines with their ends, and how many findings were mended by rule."""
        work = Mended([seen], self.muted(seen))
        steps = 0
        while work.todo:
            left = len(work.todo)
            if not self._step(work):
                work.give_up()
            steps += len(work.todo) == left  # a line that was split or dropped leaves less to do
            if steps > STEPS:
                raise UnsettledError
        return work

    def _step(self, work: Mended) -> bool:
        """Mend one rule's findings in the first line that is left; False where none can be."""
        seen = work.todo[0]
        before = self.found(seen)
        for name, findings in before.items():
            fixes = self.fixes(name, seen, findings) if name not in work.muted else []
            if not fixes:
                continue
            pieces = applied(seen, fixes)
            rest = sum(len(self.found(piece).get(name, ())) for piece in pieces or () if piece.whole != seen.tail)
            if pieces is not None and rest < len(findings) and _as_sound(seen, pieces):
                work.todo[:1] = pieces
                work.counts[name] += len(findings) - rest
                return True
        return False


class UnsettledError(Exception):
    """Fixes undo one another."""


@dataclass
class Mended:
    """A line on its way: what is still to be looked at, and what it has become."""

    todo: list[Seen]
    muted: set[str] = field(default_factory=set)
    done: list[bytes] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def give_up(self) -> None:
        """Leave the first line as it is."""
        self.done.append(self.todo.pop(0).whole)


def applied(seen: Seen, fixes: Sequence[Fix]) -> list[Seen] | None:
    """The lines that fixes of one rule make of a line; None where they cannot be applied."""
    if fixes[0].lines is not None:
        return [_piece(seen.line, raw, index) for index, raw in enumerate(fixes[0].lines)]
    try:
        text = rewrite(seen.text, (edit for fix in fixes for edit in fix.edits))
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    return [Seen(replace(seen.line, data=seen.bom + text.encode("utf-8", "surrogatepass")))]


def _piece(line: Line, raw: bytes, index: int) -> Seen:
    ending = b"\r\n" if raw.endswith(b"\r\n") else b"\n" if raw.endswith(b"\n") else b""
    number = line.number if index == 0 else max(line.number, 2)
    return Seen(replace(line, number=number, data=raw.removesuffix(ending), ending=ending, length=len(raw)))


def _as_sound(seen: Seen, pieces: Sequence[Seen]) -> bool:
    """Whether what was a sound record is one still, with no fault that was not there."""
    if seen.record is None or not pieces:
        return True
    faults = {fault.rule for fault in seen.outcome.faults}
    return all(piece.record is not None and {f.rule for f in piece.outcome.faults} <= faults for piece in pieces)
