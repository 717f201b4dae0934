"""What a run has to tell: diagnostics and exact totals, with what the user silenced taken out and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ftlint import suppress
from ftlint.checks.base import Found
from ftlint.config import Config
from ftlint.model import Diagnostic, Position, Severity, Source
from ftlint.pages import Rule
from ftlint.sources.jsonl import is_authored
from ftlint.triage import Suppressions
from ftlint.words import Places, aggregates, diagnose


class Told:
    """Diagnostics with exact totals by path and rule; both lose what is silenced, which ``suppressed`` counts."""

    def __init__(
        self, sources: Sequence[Source], rules: Mapping[str, Rule], catalogue: Mapping[str, Rule], config: Config
    ) -> None:
        self.sources, self.rules, self.catalogue = sources, rules, catalogue
        self.places = Places(sources, config)
        self.known = {source.path for source in sources}
        self.asked = {source.path for source in sources if source.asked}
        self.diagnostics: list[Diagnostic] = []
        self.totals: Counter[tuple[str, str]] = Counter()
        self.told: set[tuple[str, Position]] = set()
        self.suppressed = 0

    def tell(self, rule: Rule, found: Found) -> None:
        """Add a rule's findings in the files that were asked for, and those that only relate to such a file."""
        for path, total in found.totals.items():
            if self._is_asked(path):
                self.totals[path, rule.name] += 1 if aggregates(rule, path) else total
        for path, item in diagnose(rule, found, self.places):
            if self._is_asked(path):
                if not self._counts(rule.name, path, item.position):
                    continue
            elif any(position.path in self.asked for position, _ in item.related):
                self.totals[item.position.path, rule.name] += 1
            else:
                continue
            self.diagnostics.append(item)

    def _is_asked(self, path: str) -> bool:
        return path in self.asked or path not in self.known

    def _counts(self, name: str, path: str, at: Position) -> bool:
        """Count a finding where its text stands: in the YAML of a built file, or in a file that YAML includes.

        False where it was told before, of another file with the same text.
        """
        if path == at.path and not is_authored(path):
            return True
        new = (name, at) not in self.told
        self.told.add((name, at))
        self.totals[path, name] -= 1
        self.totals[at.path, name] += new
        return new

    def silence_paths(self, suppressions: Suppressions) -> None:
        """Take out what the configuration's path ignores cover."""
        silenced = {(path, name) for path, name in self.totals if suppressions.cover(name, path)}
        for key in silenced:
            self.suppressed += self.totals.pop(key)
        self.diagnostics = [item for item in self.diagnostics if (item.position.path, item.name) not in silenced]

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
        self.diagnostics, silenced, unused = suppress.apply(self.diagnostics, silencers, blocking)
        for item in silenced:
            self.totals[item.position.path, item.name] -= 1
        self.suppressed += len(silenced)
        for rule, finding in suppress.faults(silencers, unused, self.rules, self.catalogue):
            found = Found()
            found.extend([finding])
            self.tell(rule, found)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """The diagnostics by file in the order of the dataset, then by place; files without a place come first."""
        order = {source.path: index for index, source in enumerate(self.sources)}

        def place(item: Diagnostic) -> tuple[int, str, int, int, str]:
            at = item.position
            return order.get(at.path, -1), at.path, at.line, at.column, item.code

        return tuple(sorted(self.diagnostics, key=place))
