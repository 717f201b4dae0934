"""The diagnostics of a run, collected with exact totals; what the user silenced is taken out, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import compress

from ftlint import stale, suppress
from ftlint.baseline import Baseline
from ftlint.checks.base import KEEP, Found
from ftlint.config import Config
from ftlint.identity import fingerprint
from ftlint.model import Diagnostic, Finding, Position, Severity, Source
from ftlint.pages import Rule
from ftlint.sources.jsonl import is_authored
from ftlint.triage import Suppressions
from ftlint.words import Places, diagnose


class Diagnostics:
    """Diagnostics with exact totals by path and rule; both lose what is silenced, which ``suppressed`` counts."""

    def __init__(
        self,
        sources: Sequence[Source],
        rules: Mapping[str, Rule],
        catalogue: Mapping[str, Rule],
        config: Config,
        suppressions: Suppressions,
        baseline: Baseline | None = None,
    ) -> None:
        self.sources, self.rules, self.catalogue, self.config = sources, rules, catalogue, config
        self.suppressions, self.baseline = suppressions, baseline
        self.places = Places(sources, config)
        self.known = {source.path for source in sources}
        self.asked = {source.path for source in sources if source.asked}
        self.diagnostics: list[Diagnostic] = []
        self.totals: Counter[tuple[str, str]] = Counter()
        self.seen: set[tuple[str, Position]] = set()
        self.suppressed = 0
        self.used: set[int] = set()
        self.apart: list[Diagnostic] = []

    def add(self, rule: Rule, found: Found) -> None:
        """Add a rule's findings in the files that were asked for, and those that only relate to such a file."""
        plain = frozenset(path for path in found.totals if self._is_plain(path))
        found = self._unaccepted(rule, found, plain)
        for path, total in found.totals.items():
            if self._is_asked(path):
                self.totals[path, rule.name] += 1 if self.places.aggregates(rule, path) else total
        for path, item in diagnose(rule, found, self.places, self._beyond(found, plain)):
            if self._is_asked(path):
                if not self._counts(rule.name, path, item.position):
                    continue
            elif any(position.path in self.asked for position, _ in item.related):
                self.totals[item.position.path, rule.name] += 1
            else:
                continue
            (self.diagnostics if path in plain else self.apart).append(item)

    def _is_plain(self, path: str) -> bool:
        """Whether findings in a file stand at their own places, where no comment can silence them."""
        return path in self.asked and not is_authored(path) and self.places.built(path) is None

    def _unaccepted(self, rule: Rule, found: Found, plain: AbstractSet[str]) -> Found:
        """The findings without those in plain files that the baseline accepts, and that no path ignore silences."""
        open_to = {path for path in plain if not self.suppressions.covering(rule.name, path)}
        if self.baseline is None or not open_to:
            return found
        left, takes = Found(), self.baseline.takes
        left.extend(
            finding
            for finding in found
            if finding.at.path not in open_to
            or not takes(rule.name, fingerprint(rule.name, finding.subject), finding.at.path * rule.aggregate)
        )
        return left

    def _beyond(self, found: Found, plain: AbstractSet[str]) -> Iterable[Finding]:
        """The packed findings of which each may be silenced by a comment, or told elsewhere."""
        many = {path for path, total in found.totals.items() if total > KEEP and path in self.asked - plain}
        return (finding for finding in found.rest if finding.at.path in many) if many else ()

    def _is_asked(self, path: str) -> bool:
        return path in self.asked or path not in self.known

    def _counts(self, name: str, path: str, at: Position) -> bool:
        """Count a finding where its text stands: in the YAML of a built file, or in a file that YAML includes.

        False where it was told before, of another file with the same text.
        """
        if path == at.path and not (path in self.known and is_authored(path)):
            return True
        new = (name, at) not in self.seen
        self.seen.add((name, at))
        self.totals[path, name] -= 1
        self.totals[at.path, name] += new
        return new

    def silence_paths(self) -> None:
        """Take out what the configuration's path ignores cover, and note which of them have a use."""
        covered = {(path, name): self.suppressions.covering(name, path) for path, name in self.totals}
        for key, entries in covered.items():
            if entries and (total := self.totals.pop(key)):
                self.suppressed += total
                self.used |= entries
        for items in (self.diagnostics, self.apart):
            items[:] = [item for item in items if not covered[item.position.path, item.name]]

    def silence_comments(self) -> None:
        """Take out what comments in authored files cover; tell of comments without a reason or a use.

        An author's error keeps an example from being built, so no comment makes it go away.
        """
        silencers = [
            comment
            for path in sorted(filter(is_authored, self.asked))
            if self.places.mention(path, b"ftlint:")
            for comment in suppress.comments(path, self.places.lines(path))
        ]
        authoring = (rule for rule in self.rules.values() if rule.family == "authoring")
        blocking = frozenset(rule.name for rule in authoring if rule.severity is Severity.ERROR)
        self.apart, silenced, unused = suppress.apply(self.apart, silencers, blocking)
        for item in silenced:
            self.totals[item.position.path, item.name] -= 1
        self.suppressed += len(silenced)
        for rule, finding in suppress.faults(silencers, unused, self.rules, self.catalogue):
            self.add_all(rule, [finding])

    def silence_accepted(self, is_whole: Callable[[], bool]) -> None:
        """Take out what the baseline accepts of findings that comments could have silenced.

        Tells of path ignores and entries of the baseline without a use, where ``is_whole`` says that all was read.
        """
        if rule := self.rules.get("unused-suppression"):
            idle = [*stale.path_ignores(self.config, self.suppressions, self.used, self.rules.keys())]
            self.add_all(rule, idle if idle and is_whole() else ())
        if self.baseline is None:
            return
        accepted = [self.baseline.takes(item.name, item.fingerprint) for item in self.apart]
        for item in compress(self.apart, accepted):
            self.totals[item.position.path, item.name] -= 1
        self.apart = [item for item, taken in zip(self.apart, accepted, strict=True) if not taken]
        if rule := self.rules.get("stale-baseline-entry"):
            idle = [*stale.entries(self.baseline, self.rules, self.catalogue)]
            self.add_all(rule, idle if idle and is_whole() else ())

    def add_all(self, rule: Rule, findings: Iterable[Finding]) -> None:
        """Add findings that no tally gave."""
        found = Found()
        found.extend(findings)
        self.add(rule, found)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """The diagnostics by file in the order of the dataset, then by place; files without a place come first."""
        order = {source.path: index for index, source in enumerate(self.sources)}

        def place(item: Diagnostic) -> tuple[int, str, int, int, str]:
            at = item.position
            return order.get(at.path, -1), at.path, at.line, at.column, item.code

        seen: Counter[tuple[str, str]] = Counter()
        kept = []
        for item in sorted(self.diagnostics + self.apart, key=place):
            seen[key := (item.position.path, item.name)] += 1
            if seen[key] <= KEEP:
                kept.append(item)
        return tuple(kept)
