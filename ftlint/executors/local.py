"""The pools of this machine: threads, and processes that end with the one that started them."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread

from ftlint.errors import FtlintError
from ftlint.executors.pool import Pool
from ftlint.model import Shard

MOST = 61
"""Windows waits for no more processes than these, and one process could not merge what more of them find."""


@contextmanager
def threads(jobs: int) -> Iterator[Pool]:
    """A pool of threads. After an error it is left when the shards that are under way are done."""
    executor = ThreadPoolExecutor(jobs)
    try:
        yield Pool(executor, jobs, _tell)
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def processes(jobs: int) -> Iterator[Pool]:
    """A pool of processes, which start with the first shard. After an error they are killed.

    Raises:
        FtlintError: the system has no processes or locks for it.
    """
    jobs = min(jobs, MOST)
    try:
        executor = ProcessPoolExecutor(jobs, get_context(start_method()), _begin)
    except (OSError, ImportError, NotImplementedError) as error:
        raise FtlintError(f"no processes can be started here ({error}): go on in this one with --jobs 1") from None
    try:
        yield Pool(executor, jobs, _tell)
    except BaseException:
        _kill(executor)
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def start_method() -> str:
    """``fork`` where it is safe, since this process has only one thread; else ``spawn``.

    A forked worker is ready in 10 ms, a spawned one in 430; forkserver was no quicker than spawn.
    """
    try:
        return "fork" if len(os.listdir("/proc/self/task")) == 1 else "spawn"
    except OSError:
        return "spawn"


def _begin() -> None:
    """A worker begins: it leaves Ctrl-C to its parent, and ends with it, even if that is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _kill(executor: ProcessPoolExecutor) -> None:
    if sys.version_info >= (3, 14):
        executor.kill_workers()
        return
    for process in list((executor._processes or {}).values()):  # noqa: SLF001  # what kill_workers does since 3.14
        process.kill()


def _tell(shard: Shard, error: Exception) -> Exception:
    if not isinstance(error, BrokenExecutor):
        return error
    return FtlintError(
        f"a worker process died, perhaps for want of memory, while {shard}, or a shard after it, was read: "
        "take fewer processes, or --jobs 1"
    )
