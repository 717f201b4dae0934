"""A run with a cache: what was found before is taken from it, the rest is scanned, and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from ftlint import engine
from ftlint.cache.entries import Need, Unstorable, pack, pack_found, unpack, unpack_found
from ftlint.cache.keys import COUNTING, Keys, Reader, is_native
from ftlint.cache.store import Store
from ftlint.checks.base import Check, FindingTally, Shape, Tally
from ftlint.checks.sums import Sums
from ftlint.engine import Key, Map, Plan, Tallies
from ftlint.model import Shard, Source
from ftlint.sources.jsonl import INCLUDED

Work = Callable[[Shard], Tallies]
Follow = Callable[[Map], Map]


def _alone(map_: Map) -> Map:
    return map_


def run(
    plan: Plan,
    sources: Sequence[Source],
    shards: Iterable[Shard],
    map_: Map = map,
    *,
    folder: Path,
    follow: Follow = _alone,
) -> dict[Key, Tally]:
    """What ``engine.run`` gives of all shards of some files, from the cache in ``folder`` as far as it is known there.

    Args:
        follow: makes a map one that is watched.

    Raises:
        OSError: a file cannot be read.
    """
    try:
        cache = Cache(folder, plan)
    except Unstorable:
        return engine.run(plan, shards, follow(map_))
    return cache.run(sources, shards, map_, follow)


class Cache:
    """One run over a folder of entries; it finds what the engine would.

    An entry is used where the same plan, run by the same software, is shown the same bytes under the same names. It
    holds findings and tallies, no record: of a dataset's text only the few words that a message quotes.
    Whatever is wrong with the folder or an entry, it is only as if there were none.
    """

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.plan, self.keys, self.store, self.reader = plan, Keys(plan), Store(folder), Reader()
        self.missing: dict[Shard, None] = {}
        self.digests: dict[Shard, str] = {}
        self.needs: set[Need] = set()
        self.sure = True
        self.sized = plan

    def run(
        self, sources: Sequence[Source], shards: Iterable[Shard], map_: Map = map, follow: Follow = _alone
    ) -> dict[Key, Tally]:
        """The tallies of all shards, merged; those of rules come as lists of findings: no more is read of them."""
        key = self.keys.run([(source, self.reader.whole(source.file)) for source in sources])
        if (known := self._recall(key)) is not None:
            return known
        listed = list(shards)
        self.digests = {shard: self.reader.part(shard) for shard in listed}
        self.missing = {shard: None for shard in listed if not self.store.has(self._key(shard))}
        self.sized = self._sized()
        merged = engine.run(Plan({**self.sized.checks, INCLUDED: Shape()}), listed, follow(self.over(map_)))
        result: dict[Key, Tally] = {
            at: tally if isinstance(tally, Sums) else _read(tally) for at, tally in merged.items()
        }
        if self.sure and all(self.reader.was_whole(source.file) for source in sources):
            self._keep(key, lambda: pack_found(self.sized, result, self.needs))
        self.store.trim()
        return result

    def over(self, map_: Map) -> Map:
        """A map that gives to another one only the shards that are not known, and remembers what comes of them."""

        def known_or_mapped(work: Work, shards: Iterable[Shard]) -> Iterator[Tallies]:
            fresh = iter(map_(work, list(self.missing)) if self.missing else ())
            for shard in shards:
                if shard in self.missing:
                    yield self._remember(shard, next(fresh))
                else:
                    yield self._known(shard) or self._remember(shard, work(shard))

        return known_or_mapped

    def _sized(self) -> Plan:
        """The plan as it is run: for so many bytes as are not known."""
        left = sum(shard.stop - shard.start for shard in self.missing)
        return Plan({name: _sized(check, left) for name, check in self.plan.checks.items()})

    def _key(self, shard: Shard) -> str:
        return self.keys.shard(shard, self.digests[shard])

    def _recall(self, key: str) -> dict[Key, Tally] | None:
        found = unpack_found(self.plan, self.store.load(key))
        return found[0] if found and self.reader.hold(found[1]) else None

    def _known(self, shard: Shard) -> Tallies | None:
        found = unpack(self.sized, self.store.load(self._key(shard)), shard)
        if not found or not self.reader.hold(found[1]):
            return None
        self.needs |= found[1]
        return found[0]

    def _remember(self, shard: Shard, tallies: Tallies) -> Tallies:
        """Keep a shard's tallies, unless the file may have been another one when they were made."""
        needs = _needs(tallies.pop(INCLUDED))
        if needs is None or self.reader.part(shard, again=True) != self.digests[shard]:
            self.sure = False
            return tallies
        self.needs |= needs
        self._keep(self._key(shard), lambda: pack(self.sized, tallies, shard, needs))
        return tallies

    def _keep(self, key: str, packed: Callable[[], bytes]) -> None:
        try:
            if self.store.writable:
                self.store.save(key, packed())
        except Unstorable:
            pass


def _sized(check: Check, left: int) -> Check:
    """A check that counts tokens, told how much there is to count."""
    if not (is_native(check) and COUNTING.issubset(check.__struct_fields__)):
        return check
    return replace(check, **dict.fromkeys(COUNTING, left))


def _read(tally: Tally) -> FindingTally:
    result = FindingTally()
    result.result = tally.found()
    return result


def _needs(tally: Tally) -> set[Need] | None:
    """The files that an authored one is made of, as its reader told of them; None if some are missing."""
    found = tally.found()
    if found.total > len(found.kept) or not all(finding.subject for finding in found.kept):
        return None
    return {(finding.at.path, str(finding.values["real"]), finding.subject) for finding in found.kept}
