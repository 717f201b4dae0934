"""A pool: an executor that works for ftlint, whose failures are told in ftlint's words."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass

from ftlint.engine import Tallies
from ftlint.errors import FtlintError
from ftlint.model import Shard


@dataclass(frozen=True)
class Pool:
    """An executor, how many shards it scans at a time, and how an error that a shard met is told."""

    executor: Executor
    workers: int
    tell: Callable[[Shard, Exception], Exception]

    def submit(self, scan: Callable[[Shard], Tallies], shards: list[Shard]) -> Future[list[Tallies]]:
        """Have some shards scanned in one go.

        Raises:
            FtlintError: a worker died, or cannot be started.
        """
        try:
            with uninterrupted():
                return self.executor.submit(scan_all, scan, shards)
        except OSError as error:
            raise FtlintError(f"no process could be started ({error}): go on in this one with --jobs 1") from None
        except Exception as error:
            raise self.tell(shards[0], error) from None

    def result(self, first: Shard, scanned: Future[list[Tallies]]) -> list[Tallies]:
        """What some shards gave, from the ``first`` on, once they are done.

        Raises:
            FtlintError: a check raised, or a worker died.
            OSError: the file cannot be read.
        """
        try:
            return scanned.result()
        except FtlintError:
            raise
        except Exception as error:
            raise self.tell(first, error) from None


def scan_all(scan: Callable[[Shard], Tallies], shards: list[Shard]) -> list[Tallies]:
    """What a worker does in one go."""
    return [scan(shard) for shard in shards]


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back while a process is started: it inherits that, and so leaves Ctrl-C to this one for good."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
