"""Suppressions that silence nothing any more: path ignores of the configuration, and entries of the baseline."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from ftlint.baseline import Baseline
from ftlint.baseline import lines as lines_of
from ftlint.config import Config
from ftlint.errors import FtlintError
from ftlint.model import Finding, Location, Source
from ftlint.pages import Rule
from ftlint.sources.paths import discover
from ftlint.triage import Suppressions


def is_whole(config: Config, sources: Sequence[Source]) -> bool:
    """Whether every file is among the sources that a run without paths would check: else a part was checked."""
    asked = {os.path.realpath(source.file) for source in sources if source.asked}
    try:
        with discover((), config) as everything:
            files = [source.file for dataset in everything.datasets for source in dataset.sources]
    except FtlintError:
        return False
    return asked.issuperset(map(os.path.realpath, files))


def path_ignores(
    config: Config, suppressions: Suppressions, used: AbstractSet[int], ran: AbstractSet[str]
) -> Iterator[Finding]:
    """A finding for each path ignore of rules that all ran and had nothing to silence."""
    for index, (names, _) in enumerate(suppressions.entries):
        if index not in used and names <= ran and config.path:
            line, column = config.ignore_position(index)
            entry, path = config.path_ignores[index], os.path.relpath(config.path).replace(os.sep, "/")
            at = Location.of_file(path, line, column)
            words = {"what": "this entry", "rules": ", ".join(entry.rules)}
            yield Finding(at, f"{entry.rules}:{entry.paths}", words)


def entries(baseline: Baseline, rules: Mapping[str, Rule], catalogue: Mapping[str, Rule]) -> Iterator[Finding]:
    """A finding for each entry of the baseline that accepts more than was found, at its line."""
    stale = sorted(baseline.stale(rules.keys(), catalogue.keys()), key=lambda entry: entry.key)
    if not stale or baseline.path is None:
        return
    lines = lines_of(baseline.path.read_bytes())
    path = os.path.relpath(baseline.path).replace(os.sep, "/")
    for entry in stale:
        at = Location.of_file(path, lines.get(entry.fingerprint, 1))
        yield Finding(at, entry.fingerprint, {"rule": entry.rule})
