"""Accepting: what a run finds becomes entries of the baseline, or its stale entries go."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from ftlint import baseline
from ftlint.api import Options, Paths, opened
from ftlint.baseline import Baseline, Entries, Key
from ftlint.config import Config
from ftlint.errors import FtlintError, UnreadableFile
from ftlint.files import write_atomically
from ftlint.report import Report
from ftlint.sources.jsonl import SHARD_BYTES
from ftlint.work import Progress


@dataclass(frozen=True)
class Survey:
    """All that a run finds, with what the baseline accepts.

    Attributes:
        path, old: the baseline's file, and its entries.
        report: as if there were no baseline.
        found: every finding, counted.
        ran, known: the names of the rules that ran, and of all.
        whole: whether all was read that a run without paths reads.
    """

    path: Path
    old: Entries
    report: Report
    found: Baseline
    ran: AbstractSet[str]
    known: AbstractSet[str]
    whole: bool

    def update(self) -> Entries:
        """The entries that accept all that was found; those already there keep their reasons."""
        return baseline.updated(self.old, self.found, self.ran, whole=self.whole)

    def prune(self) -> Entries:
        """The entries without what is stale.

        Raises:
            FtlintError: a part of the data was not read, so that nothing is known to be stale.
        """
        if not self.whole:
            raise FtlintError(
                "a part of the data was not read, so no entry is known to be stale: "
                "run `ftlint baseline --prune` without paths, with every file readable"
            )
        return baseline.pruned(Baseline(self.old, seen=self.found.seen), self.ran, self.known)

    def accept(self, prefixes: Iterable[str], reason: str) -> Entries:
        """The entries with the findings whose fingerprints start so; that of a group stands for all in it.

        Raises:
            FtlintError: a prefix fits no finding, or several.
        """
        keys: dict[str, set[Key]] = {key[1]: {key} for key in self.found.seen}
        for item in self.report.diagnostics:
            if group := self.found.groups.get((item.name, item.position.path)):
                keys[item.fingerprint] = group
        words = {fingerprint: rule for rule, fingerprint in self.found.seen} | baseline.placed(self.report.diagnostics)
        wanted = {key for prefix in prefixes for key in keys[baseline.match(prefix, words)]}
        return baseline.accepted(self.old, self.found, wanted, reason)


def survey(
    paths: Paths, config: Config, options: Options, file: Path | None = None, progress: Progress | None = None
) -> Survey:
    """Check all that ``paths`` name as if there were no baseline, and count every finding.

    Raises:
        UnreadableFile: a file could not be checked.
        ConfigError: the baseline is damaged.
    """
    path = baseline.place(config, file)
    old, found = baseline.read(path), Baseline({}, record=True)
    with opened(paths, config, options, found) as session:
        report = session.run(map, SHARD_BYTES, progress)
        if report.unchecked:
            raise UnreadableFile("\n".join(f"{path}: {reason}" for path, reason in report.unchecked))
        return Survey(path, old, report, found, {*session.rules}, {*session.catalogue}, session.is_whole)


def save(path: Path, entries: Entries) -> None:
    """Write the baseline whole, unless it is there as it should be.

    Raises:
        FtlintError: it cannot be written.
    """
    data = baseline.written(entries)
    try:
        if not path.exists() or path.read_bytes() != data:
            write_atomically(path, data)
    except OSError as error:
        raise FtlintError(f"{path}: the baseline could not be written: {error.strerror}") from None
