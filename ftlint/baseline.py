"""The baseline: findings that were accepted, by rule and fingerprint, with how often each may stand in the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import nullcontext
from os import PathLike
from pathlib import Path
from typing import Annotated

import msgspec

from ftlint.config import Config
from ftlint.errors import ConfigError, FtlintError
from ftlint.model import Diagnostic

FILE = "ftlint-baseline.json"
VERSION = 1
LEAST = 4
"""Digits of a fingerprint that stand for it, if no other begins so."""

SHOWN = 10
"""Findings of which an ambiguous fingerprint is told."""

Key = tuple[str, str]
"""The name of a rule, and a fingerprint of it."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One row of the file: a finding, how often it may stand in the data, and why if anybody said so."""

    rule: str
    fingerprint: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
    count: Annotated[int, msgspec.Meta(ge=1)] = 1
    reason: str = ""

    @property
    def key(self) -> Key:
        return self.rule, self.fingerprint


class _File(msgspec.Struct):
    version: int
    accepted: list[Entry]


Entries = Mapping[Key, Entry]


class Baseline(msgspec.Struct):
    """The accepted findings, and what a run finds of them; ``takes`` is asked of each finding, once.

    Attributes:
        accepted: the entries of the file.
        path: the file.
        record: whether findings that are not accepted are counted too, to accept them.
        seen: how often each finding was seen.
        groups: the findings that are told as one, by rule and file; only where they are recorded.
    """

    accepted: Entries
    path: Path | None = None
    record: bool = False
    seen: Counter[Key] = msgspec.field(default_factory=Counter)
    groups: dict[tuple[str, str], set[Key]] = {}

    def takes(self, rule: str, fingerprint: str, group: str = "") -> bool:
        """Whether a finding is accepted, as the first so many are; ``group`` is its file, if many are told as one."""
        key = (rule, fingerprint)
        entry = self.accepted.get(key)
        if entry is None and not self.record:
            return False
        self.seen[key] += 1
        if self.record and group:
            self.groups.setdefault((rule, group), set()).add(key)
        return entry is not None and self.seen[key] <= entry.count

    @property
    def taken(self) -> int:
        """How many findings were accepted."""
        return sum(min(entry.count, self.seen[key]) for key, entry in self.accepted.items() if key in self.seen)

    def stale(self, ran: AbstractSet[str], known: AbstractSet[str]) -> Iterator[Entry]:
        """The entries that accept more than was found; those of rules that did not run may have their use."""
        for key, entry in self.accepted.items():
            if self.seen[key] < entry.count and (entry.rule in ran or entry.rule not in known):
                yield entry


def place(config: Config, named: str | PathLike[str] | None = None) -> Path:
    """Where the baseline is: as ``named``, else as the configuration says, else beside it or in the current folder."""
    return Path(named) if named else config.root / (config.baseline or FILE)


def load(config: Config, named: str | PathLike[str] | None = None) -> Baseline | None:
    """The baseline of a run: as ``named``, else the configuration's; None where there is none, or ``named`` is "".

    Raises:
        ConfigError: the named file does not exist, or a file is no baseline.
    """
    if named == "":
        return None
    path = place(config, named)
    if named and not path.exists():
        raise ConfigError(f"{path}: there is no such baseline; `ftlint baseline --update` writes one")
    if not path.exists():
        return None
    with nullcontext() if named or not config.baseline else config.at("baseline"):
        return Baseline(read(path), path)


def read(path: Path) -> Entries:
    """The entries of a file; none where there is no file. Of rows that a merge has doubled the larger count holds.

    Raises:
        ConfigError: the file cannot be read, or is no baseline.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{path}: the baseline cannot be read: {error.strerror}") from None
    try:
        file = msgspec.json.decode(data, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        merge = b"<<<<<<<" in data
        advice = "it holds the marks of a merge: keep the rows of both sides" if merge else f"{error}"
        raise ConfigError(
            f"{path}: this is no baseline ({advice}); mend it, or delete it and run `ftlint baseline --update`"
        ) from None
    if file.version != VERSION:
        raise ConfigError(f"{path}: it has the version {file.version}, and this ftlint knows {VERSION}: update ftlint")
    entries: dict[Key, Entry] = {}
    for entry in file.accepted:
        held = entries.get(entry.key, entry)
        entries[entry.key] = _entry(entry.key, max(entry.count, held.count), held.reason or entry.reason)
    return entries


def written(entries: Entries) -> bytes:
    """The file of some entries: sorted, a row each, so that git merges what several people accept."""
    rows = b",".join(b"\n" + msgspec.json.encode(entries[key]) for key in sorted(entries))
    return b'{"version": %d, "accepted": [%b\n]}\n' % (VERSION, rows)


def lines(data: bytes) -> dict[str, int]:
    """The line, from 1, on which each fingerprint stands."""
    import re

    rows = enumerate(data.decode("utf-8", "replace").split("\n"), 1)
    return {match[1]: number for number, row in rows for match in re.finditer(r'"([0-9a-f]{16})"', row)}


def updated(old: Entries, baseline: Baseline, ran: AbstractSet[str], *, whole: bool) -> Entries:
    """The entries that accept all that was found; of what was not read, and of rules that did not run, none is lost."""
    kept = {key: entry for key, entry in old.items() if not whole or entry.rule not in ran}
    found = {
        key: _entry(key, count if whole or key not in old else max(count, old[key].count), _reason(old, key))
        for key, count in baseline.seen.items()
    }
    return {**kept, **found}


def pruned(baseline: Baseline, ran: AbstractSet[str], known: AbstractSet[str]) -> Entries:
    """The entries without what is stale: each counts no more than was found."""
    less = {entry.key: baseline.seen[entry.key] for entry in baseline.stale(ran, known)}
    lowered = {key: _entry(key, count, _reason(baseline.accepted, key)) for key, count in less.items() if count}
    return {**{key: entry for key, entry in baseline.accepted.items() if key not in less}, **lowered}


def accepted(old: Entries, baseline: Baseline, wanted: AbstractSet[Key], reason: str = "") -> Entries:
    """The entries with some more findings, as often as they were seen."""
    more = {key: _entry(key, max(baseline.seen[key], 1), reason or _reason(old, key)) for key in wanted}
    return {**old, **more}


def placed(findings: Iterable[Diagnostic]) -> dict[str, str]:
    """The rule and the first place of each finding, by its fingerprint."""
    words: dict[str, str] = {}
    for item in findings:
        words.setdefault(item.fingerprint, f"{item.name}  {item.position.path}:{item.position.line}")
    return words


def match(prefix: str, findings: Mapping[str, str]) -> str:
    """The one fingerprint that starts with some digits; ``findings`` has each one's rule and place in words.

    Raises:
        FtlintError: the digits are too few, or there is none, or there are several.
    """
    if len(prefix) < LEAST:
        raise FtlintError(f'"{prefix}" is too short for a fingerprint: give at least {LEAST} of its digits')
    found = sorted(one for one in findings if one.startswith(prefix.lower()))
    if len(found) == 1:
        return found[0]
    if not found:
        raise FtlintError(f'no finding has the fingerprint "{prefix}"; `ftlint check --format json` shows them')
    rows = [f"  {one}  {findings[one]}" for one in found[:SHOWN]]
    rows += [f"  and {len(found) - SHOWN:,} more"] if len(found) > SHOWN else []
    many = f'{len(found):,} findings have fingerprints that start with "{prefix}": give more of the digits'
    raise FtlintError("\n".join([many, *rows]))


def _entry(key: Key, count: int, reason: str) -> Entry:
    return Entry(key[0], key[1], count, reason)


def _reason(entries: Entries, key: Key) -> str:
    return entries[key].reason if key in entries else ""
