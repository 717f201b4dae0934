"""A Dask cluster as a pool: one that runs at an address, or one of processes on this machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing import active_children, resource_tracker
from typing import Any

from ftlint import __version__
from ftlint.errors import FtlintError
from ftlint.executors.pool import Pool, uninterrupted
from ftlint.model import Shard

TO_ANSWER, TO_WORK = "10s", "60s"
"""How long a scheduler may take to answer, also when the connection broke, and its first worker to come."""

LOST = ("CancelledError", "ClosedClientError", "CommClosedError")
"""The errors of Dask by which the end of a scheduler is known."""


@contextmanager
def cluster(address: str, jobs: int) -> Iterator[Pool]:
    """Join the cluster whose scheduler is at ``address``, or without one start ``jobs`` processes here.

    Raises:
        FtlintError: Dask is not installed, nothing answers, or the workers have another ftlint.
    """
    try:
        import distributed
    except ImportError:
        raise FtlintError("the executor dask needs the package distributed: pip install 'ftlint[dask]'") from None
    for handler in logging.getLogger("distributed").handlers:
        handler.setLevel(logging.CRITICAL)
    with ExitStack() as stack:
        if not address:
            address = stack.enter_context(_local(distributed, jobs))
        client = stack.enter_context(_client(distributed, address))
        workers = _workers(client, address)
        yield Pool(client.get_executor(pure=False), workers, partial(_tell, address))


@contextmanager
def _local(distributed: Any, jobs: int) -> Iterator[str]:
    """The address of a cluster of processes on this machine, which are killed after an error."""
    before = active_children()
    resource_tracker.ensure_running()  # started later, it would lift what holds Ctrl-C back
    with uninterrupted():
        started = distributed.LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        )
    with started:
        try:
            yield started.scheduler_address
        except BaseException:
            for process in set(active_children()).difference(before):
                process.kill()
            raise


def _client(distributed: Any, address: str) -> Any:
    try:
        return distributed.Client(address, set_as_default=False, timeout=TO_ANSWER)
    except (OSError, ValueError) as error:
        raise FtlintError(f"no Dask scheduler answers at {address}: {error}") from None


def _workers(client: Any, address: str) -> int:
    """How many threads work in the cluster; all with this version of ftlint, as another would report otherwise."""
    try:
        client.wait_for_workers(1, timeout=TO_WORK)
        versions = client.run(_version)
    except TimeoutError:
        raise FtlintError(f"the Dask cluster at {address} has no workers") from None
    except Exception as error:
        raise FtlintError(f"a worker of {address} cannot run ftlint {__version__}: {error}") from None
    for worker, version in versions.items():
        if version != __version__:
            raise FtlintError(f"{worker} has ftlint {version}, this is {__version__}: install the same on all workers")
    return sum(client.nthreads().values())


def _version() -> str:
    return __version__


def _tell(address: str, shard: Shard, error: Exception) -> Exception:
    if type(error).__name__ in LOST:
        return FtlintError(
            f"the Dask scheduler at {address} was lost while {shard}, or a shard after it, was read: "
            "see why it ended, and start again"
        )
    if isinstance(error, OSError):
        return FtlintError(
            f"{shard}: a worker of {address} could not read {error.filename or shard.source.file} ({error.strerror}): "
            "each reads for itself, so name a place that all can reach"
        )
    if type(error).__name__ == "KilledWorker":
        return FtlintError(f"{shard}: every worker that read it died, perhaps for want of memory")
    return FtlintError(f"{shard}: {address} did not finish it: {type(error).__name__}: {error}")
