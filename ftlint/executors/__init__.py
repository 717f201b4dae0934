"""The executors: whatever runs the shards, here or in a cluster, brought down to one ``Map``."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache, partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from ftlint.engine import Map, Tallies
from ftlint.errors import FtlintError, UnknownName
from ftlint.model import Shard
from ftlint.sources.jsonl import SHARD_BYTES
from ftlint.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from concurrent.futures import Future

    from ftlint.executors.pool import Pool

PAYS = 24 << 20
"""From about so many bytes on several processes are quicker than one (measured: 12 to 30 MB on 2 cores)."""

AHEAD = 3
"""How many shards a worker are under way or done before their turn: enough to keep all busy, few in memory."""

A_FILE = 10_000
"""The bytes that are read in the time that it takes to open a file."""

KINDS = ("process", "thread", "dask")


@contextmanager
def mapping(executor: str | None = None, jobs: int | None = None, size: int = 0) -> Iterator[Map]:
    """A ``Map`` over the executor that is asked for; leaving it ends all that it started, at once after an error.

    Nothing is started, or loaded, before there are two shards to scan.

    Args:
        executor: ``process[:N]``, ``thread[:N]``, ``dask[:N]`` (a cluster of processes here) or ``dask:ADDRESS``;
            None takes processes where ``size`` makes them pay.
        jobs: how many processes or threads; None takes the cores, as far as there is work for them.
        size: bytes that will be read.

    Raises:
        FtlintError: there is no such executor, it cannot be started, or a worker of it died.
    """
    if executor is None and (jobs == 1 or (jobs is None and (size < PAYS or cores() == 1))):
        yield map
        return
    most = min(cores(), size // (2 * SHARD_BYTES)) if executor is None else cores()
    opening = _pool(executor or "process", jobs, most)
    with ExitStack() as stack:
        yield partial(_in_order, cache(lambda: stack.enter_context(opening())))


def cores() -> int:
    """The cores that this process may use."""
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _pool(executor: str, jobs: int | None, most: int) -> Callable[[], AbstractContextManager[Pool]]:
    """What opens the pool of an executor as a user writes it."""
    kind, _, place = executor.partition(":")
    if kind not in KINDS:
        meant = did_you_mean(nearest(kind, KINDS))
        raise UnknownName(f'there is no executor "{executor}": it is one of {", ".join(KINDS)}{meant}')
    if place and (kind != "dask" or place.isdecimal()):
        jobs, place = _number(executor, place, jobs), ""
    return partial(_open, kind, place, jobs or most)


def _open(kind: str, place: str, jobs: int) -> AbstractContextManager[Pool]:
    if kind == "dask":
        from ftlint.executors.cluster import cluster

        return cluster(place, jobs)
    from ftlint.executors import local

    return (local.processes if kind == "process" else local.threads)(jobs)


def _number(executor: str, text: str, jobs: int | None) -> int:
    """The N of ``process:N``, which ``jobs`` may repeat."""
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise UnknownName(f'"{executor}" names no number of workers: write it like {executor.partition(":")[0]}:4')
    if jobs not in (None, int(text)):
        raise FtlintError(f'the executor "{executor}" and {jobs} jobs contradict each other: leave one of them out')
    return int(text)


def _in_order(
    opened: Callable[[], Pool], scan: Callable[[Shard], Tallies], shards: Iterable[Shard]
) -> Iterator[Tallies]:
    """Scan some shards ahead of the one whose turn it is. A single shard is scanned here, as no pool speeds it up."""
    shards = iter(shards)
    first = list(islice(shards, 2))
    if len(first) < 2:
        yield from map(scan, first)
        return
    pool = opened()
    waiting: deque[tuple[Shard, Future[list[Tallies]]]] = deque()
    for task in tasks(chain(first, shards)):
        waiting.append((task[0], pool.submit(scan, task)))
        if len(waiting) > AHEAD * pool.workers:
            yield from pool.result(*waiting.popleft())
    while waiting:
        yield from pool.result(*waiting.popleft())


def tasks(shards: Iterable[Shard]) -> Iterator[list[Shard]]:
    """The shards, small files that follow one another together: each task has its price, however little it does."""
    task: list[Shard] = []
    room = 0
    for shard in shards:
        if task and (room <= 0 or shard.source.file == task[-1].source.file):
            yield task
            task = []
        if not task:
            room = SHARD_BYTES
        task.append(shard)
        room -= shard.stop - shard.start + A_FILE
    if task:
        yield task
