"""One run of fixing: each file is mended round by round until nothing changes, then replaced, or shown as a diff."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path

from msgspec.structs import replace

from ftlint.authoring.model import AuthoringFault
from ftlint.checks.secrets import EmailInText, Secret, secrets
from ftlint.errors import FtlintError
from ftlint.fixes import dropped, passes
from ftlint.fixes.authored import mend_authored
from ftlint.fixes.difference import difference, start
from ftlint.fixes.draft import Draft, State, drafts, put, sweep
from ftlint.fixes.masking import Mask
from ftlint.fixes.mend import Mender, Silence, UnsettledError
from ftlint.fixes.mistakes import MENDS
from ftlint.fixes.refused import built, protected, uneditable
from ftlint.fixes.whole import CONVERTERS, UnsureError
from ftlint.identity import fingerprint
from ftlint.model import Diagnostic, Finding, Source, Split
from ftlint.pages import Rule
from ftlint.session import Session
from ftlint.sources.authored import fault_of
from ftlint.sources.globs import below
from ftlint.sources.jsonl import is_authored
from ftlint.sources.sniff import look
from ftlint.suppress import comments
from ftlint.words import Places

ROUNDS = 8
"""Passes over a file at most; more mean that fixes undo one another."""

REPEATS = "duplicate-example"


@dataclass
class Fixes:
    """What a run of fixing did.

    Attributes:
        fixed: how many findings were mended, by (path, rule).
        left: files that were left as they are, each with the reason.
        failed: whether one of them was to be written and could not be (exit code 2).
        masked: how many lines of diffs show dots in the place of secrets, and cannot be applied.
        start: the folder that the names in diffs start from, if there are any.
    """

    fixed: Counter[tuple[str, str]] = field(default_factory=Counter)
    left: list[tuple[str, str]] = field(default_factory=list)
    failed: bool = False
    masked: int = 0
    start: str = ""


class Repair:
    """Fixes of one session's files.

    Args:
        session: its rules, checks and silences decide what is mended.
        unsafe: whether fixes that may lose something are applied.
        write: False only shows what would be done.
    """

    def __init__(self, session: Session, *, unsafe: bool, write: bool = True) -> None:
        self.session, self.unsafe, self.write = session, unsafe, write
        self.fixes = Fixes()
        self.seen: dict[tuple[str, Split], set[str]] = {}
        self.drafts = cache(drafts)  # one look at a folder, however many files are in it

    @cached_property
    def _start(self) -> str:
        return start(source.file for source in self.session.sources if source.asked and not uneditable(source))

    def run(self) -> Iterator[str]:
        """Fix file by file; gives the unified diffs of what is only shown."""
        for source in self.session.sources:
            try:
                yield from self._file(source)
            except UnsettledError:
                self._leave(source, "it was not fixed: its fixes undo one another", failed=True)
            except OSError as error:
                self._leave(source, f"it was not fixed: {error.strerror or error}", failed=True)
            except (UnsureError, FtlintError) as error:
                self._leave(source, f"it was not fixed: {error}", failed=isinstance(error, FtlintError))

    def _leave(self, source: Source, reason: str, *, failed: bool = False) -> None:
        if source.asked:
            self.fixes.left.append((source.path, reason))
            self.fixes.failed |= failed

    def _leave_included(self, path: str) -> None:
        """Many examples and files may share it, so that nobody knows whether all of them mean the same."""
        left = (path, "it was not fixed: YAML includes it; mend it there by hand")
        if left not in self.fixes.left:
            self.fixes.left.append(left)

    def _mender(self, source: Source, silent: Silence | None = None) -> Mender:
        """The mender of a file: rules with fixes that run and are not silenced there."""
        rules = {
            name: rule
            for name, rule in self.session.rules.items()
            if rule.fix and not self.session.suppressions.covering(name, source.path)
        }
        checks = {name: self.session.checks[name] for name in rules if rules[name].check != "shape"}
        if is_authored(source.path):
            checks = {name: check for name, check in checks.items() if check.reads == "records"}
        return Mender(rules, checks, self.unsafe, silent or self._accepts)

    def _accepts(self, rule: Rule, finding: Finding) -> bool:
        """Whether the baseline accepts a finding."""
        return self._accepted(rule.name, finding.subject)

    def _accepted(self, rule: str, subject: str) -> bool:
        baseline = self.session.baseline
        return baseline is not None and (rule, fingerprint(rule, subject)) in baseline.accepted

    def _private(self, source: Source, text: str) -> Iterator[Secret]:
        """What the diff of a file is not to show: secrets, and what rules find that run there."""
        yield from secrets(text)
        for name, check in self.session.checks.items():
            if isinstance(check, EmailInText) and not self.session.suppressions.covering(name, source.path):
                yield from check.addresses(text)

    def _comments(self, source: Source) -> Silence:
        """What the comments of an authored file silence."""
        places = Places([source])
        silencers = list(comments(source.path, places.lines(source.path)))

        def silent(rule: Rule, finding: Finding) -> bool:
            at = places.position(finding.at)
            told = Diagnostic(rule.code, rule.name, rule.severity, "", "", at, "", "")
            return self._accepts(rule, finding) or any(comment.covers(told) for comment in silencers)

        return silent

    def _file(self, source: Source) -> Iterator[str]:
        if reason := uneditable(source):
            return self._leave(source, reason)
        if not os.path.isfile(source.file):
            return None  # the check tells of it
        path = Path(source.file).resolve()
        elsewhere = built(source, self.session.config) if source.asked else ""
        reason = elsewhere or (protected(source) if source.asked else "")
        write = self.write and not reason
        if write and source.asked:
            sweep(self.drafts(path.parent), path.name)
        state = State(path)
        with nullcontext(path.parent) if write else tempfile.TemporaryDirectory(prefix="ftlint-") as folder:
            work = _Work(source, path, Path(folder))
            try:
                self._rounds(work)
                if work.draft is None:
                    return None
                state.remember()
                if reason:
                    return self._leave(source, reason, failed=not elsewhere)
                if write:
                    put(work.draft.path, path, state)
                else:
                    mask = Mask(partial(self._private, source))
                    name = below(str(path), self._start) or str(path)
                    yield from difference(name, path, Path(work.draft.path), mask)
                    self.fixes.start = self._start
                    self.fixes.masked += mask.lines
                self.fixes.fixed.update({(source.path, name): count for name, count in work.counts.items()})
            finally:
                work.discard()

    def _rounds(self, work: _Work) -> None:
        mender = self._mender(work.source)
        if work.source.asked:
            for _ in range(ROUNDS):
                try:
                    changed = work.round(lambda source, draft: self._pass(source, mender, draft))
                except UnsureError:
                    if work.draft is None:
                        raise
                    break  # what was mended before is sure
                if not changed:
                    break
            else:
                raise UnsettledError
        if self.unsafe and REPEATS in mender.rules:
            step = self._without_authored_repeats if is_authored(work.source.path) else self._without_repeats
            work.round(step)

    def _pass(self, source: Source, mender: Mender, draft: Draft) -> Mapping[str, int]:
        if is_authored(source.path):
            mender = self._mender(source, self._comments(source))
            return mend_authored(source, mender, draft, self._leave_included) or self._mistakes(source, mender, draft)
        seen = look(source)
        if seen.fault is None:
            return passes.mend(source, mender, draft) if not (seen.log or seen.unchecked) else {}
        if seen.fault.rule in mender.rules and seen.fault.rule in CONVERTERS:
            return passes.convert(source, seen.fault, draft)
        return {}

    def _known(self, source: Source, split: Split) -> set[str]:
        """What was seen before of a split of a file's dataset."""
        return self.seen.setdefault((source.dataset, split), set())

    def _without_repeats(self, source: Source, draft: Draft) -> Mapping[str, int]:
        if look(source).fault is not None:
            return {}
        spared = partial(self._accepted, REPEATS)
        return {REPEATS: passes.drop_repeats(source, self._known(source, source.split), draft, spared)}

    def _without_authored_repeats(self, source: Source, draft: Draft) -> Mapping[str, int]:
        silent = partial(self._comments(source), self.session.rules[REPEATS])
        return {REPEATS: dropped.drop_repeats(source, partial(self._known, source), draft, silent)}

    def _mistakes(self, source: Source, mender: Mender, draft: Draft) -> Mapping[str, int]:
        """Mend one kind of an author's mistakes."""
        for name, (mend, fix) in MENDS.items():
            rule = mender.rules.get(name)
            if rule is not None and (fix.safe or self.unsafe):
                silent = partial(self._silences, rule, mender)
                if count := mend(source, draft, silent):
                    return {name: count}
        return {}

    def _silences(self, rule: Rule, mender: Mender, fault: AuthoringFault) -> bool:
        return mender.silent(rule, fault_of(fault).finding)


class _Work:
    """A file on its way: the draft that stands for it by now, and what was mended."""

    def __init__(self, source: Source, path: Path, folder: Path) -> None:
        self.source, self.path, self.folder = source, path, folder
        self.draft: Draft | None = None
        self.counts: Counter[str] = Counter()

    def round(self, step: Callable[[Source, Draft], Mapping[str, int]]) -> bool:
        """One pass over what the file is by now; whether it changed anything."""
        now = self.draft.path if self.draft else str(self.path)
        draft = Draft(now, self.folder, self.path.name)
        try:
            counts = step(replace(self.source, file=now), draft)
            changed = draft.close() and any(counts.values())
        except BaseException:
            draft.discard()
            raise
        if not changed:
            draft.discard()
            return False
        self.discard()
        self.draft = draft
        self.counts.update(counts)
        return True

    def discard(self) -> None:
        if self.draft is not None:
            self.draft.discard()
