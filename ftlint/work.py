"""The work of a run: who does it, in what pieces, who is told of it, and where the outcome is kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from msgspec import Struct

from ftlint.cache import pays
from ftlint.checks.base import Tally
from ftlint.engine import Key, Map, Plan, Tallies, run
from ftlint.errors import UnreadableFile
from ftlint.executors import mapping
from ftlint.model import Shard, Source
from ftlint.sources.jsonl import SHARD_BYTES, cut
from ftlint.sources.opening import size as size_of

Progress = Callable[[int, int], None]


class Work(Struct, frozen=True):
    """How a plan is run; the outcome does not depend on it.

    Attributes:
        executor, jobs: as ``ftlint.executors.mapping`` has them.
        map_: in place of these: runs a function over shards, in order.
        shard_bytes: about how many bytes a shard has.
        progress: called with the bytes done so far and in all.
        cache: a folder for what was found before; None for no cache.
    """

    executor: str | None = None
    jobs: int | None = 1
    map_: Map | None = None
    shard_bytes: int = SHARD_BYTES
    progress: Progress | None = None
    cache: Path | None = None

    def run(self, plan: Plan, sources: Sequence[Source], size: int = 0) -> dict[Key, Tally]:
        """The tallies of a plan over all lines of some files, of ``size`` bytes.

        Raises:
            UnreadableFile: a file cannot be read any longer.
            FtlintError: there is no such executor, or it failed.
        """
        shards = (shard for source in sources for shard in cut(source, self.shard_bytes))
        follow = partial(_watched, sources, self.progress)
        jobs = None if self.executor and self.jobs == 1 else self.jobs
        try:
            with nullcontext(self.map_) if self.map_ else mapping(self.executor, jobs, size) as map_:
                if self.cache is None or not pays(sources):
                    return run(plan, shards, follow(map_))
                from ftlint.cache import runs

                return runs.run(plan, sources, shards, map_, folder=self.cache, follow=follow)
        except OSError as error:
            shown = {source.file: source.path for source in sources}.get(error.filename, error.filename)
            raise UnreadableFile(f"{shown}: it could not be read: {error.strerror}") from error


def _watched(sources: Sequence[Source], progress: Progress | None, map_: Map) -> Map:
    """A map that tells of the bytes of all shards that are done."""
    if progress is None:
        return map_
    total = sum(size_of(source.file) for source in sources)

    def watched(scan: Callable[[Shard], Tallies], shards: Iterable[Shard]) -> Iterator[Tallies]:
        cuts: deque[int] = deque()

        def noted() -> Iterator[Shard]:
            for shard in shards:
                cuts.append(shard.stop - shard.start)
                yield shard

        done = 0
        for tallies in map_(scan, noted()):
            done = min(total, done + cuts.popleft())
            progress(done, total)
            yield tallies

    return watched
