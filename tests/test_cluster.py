"""A Dask cluster of two worker processes: the same report as here, also when a worker is killed, and clear errors."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from working import dataset, die, die_once, group_is_gone, project, start, until

import ftlint
from ftlint import Options, check
from ftlint.engine import Map, Plan, scan
from ftlint.errors import FtlintError
from ftlint.executors import cluster, mapping
from ftlint.model import Shard, Source
from ftlint.render import Options as How
from ftlint.render import render
from ftlint.testing import TODAY

distributed = pytest.importorskip("distributed")

ALL = Options(select=["ALL"], today=TODAY)
SHARDS = [Shard(Source("train.jsonl", "/none/train.jsonl"), n, n + 10, n + 1) for n in range(4)]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where a cluster of two worker processes listens that gives a shard up with the second worker that it kills."""
    import dask

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        ) as started,
    ):
        yield f"dask:{started.scheduler_address}"


def shown(paths: list[Path], **how: Any) -> str:
    return "".join(render(check(paths, options=ALL, shard_bytes=500, **how), "json", How()))


def test_a_cluster_gives_the_same_report_from_another_folder(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    paths = [path.relative_to(tmp_path) for path in dataset(tmp_path)]
    assert shown(paths, executor=address, jobs=None) == shown(paths)


def test_a_killed_worker_changes_nothing(address: str, tmp_path: Path) -> None:
    paths, marker = dataset(tmp_path), tmp_path / "killed"

    def deadly(map_: Map, function: Callable[[Shard], Any], shards: Iterator[Shard]) -> Any:
        return map_(partial(die_once, str(marker), function), shards)

    with mapping(address) as map_:
        assert shown(paths, map_=partial(deadly, map_)) == shown(paths)
    assert marker.exists()


def test_a_shard_that_always_kills_is_named(address: str) -> None:
    with pytest.raises(FtlintError, match=r"train.jsonl, bytes \d to 1\d: every worker"), mapping(address) as map_:
        list(map_(die, SHARDS[:2]))


def test_what_a_worker_cannot_read_is_named(address: str) -> None:
    said = r"train.jsonl, bytes 0 to 10: .*could not read /none/train.jsonl \(No such file"
    with pytest.raises(FtlintError, match=said), mapping(address) as map_:
        list(map_(partial(scan, Plan({})), SHARDS))


def test_workers_have_the_same_ftlint(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "__version__", "0.0.1")
    said = rf"has ftlint {ftlint.__version__}, this is 0.0.1"
    with pytest.raises(FtlintError, match=said), mapping(address) as map_:
        list(map_(die, SHARDS))


def test_nothing_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "TO_ANSWER", "1s")
    for place in ("tcp://127.0.0.1:9", "nowhere://127.0.0.1:9"):
        said = f"no Dask scheduler answers at {place}"
        with pytest.raises(FtlintError, match=said), mapping(f"dask:{place}") as map_:
            list(map_(die, SHARDS))


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(FtlintError, match=r"pip install 'ftlint\[dask\]'"), mapping("dask") as map_:
        list(map_(die, SHARDS))


def test_ctrl_c_ends_the_cluster(tmp_path: Path) -> None:
    project(tmp_path, "SLEEP")
    process = start(tmp_path, "--executor", "dask:2", "a.jsonl", "b.jsonl")
    until(lambda: list(tmp_path.glob("asleep-*")))
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=50) == ("", "")
    assert process.returncode == 130
    until(lambda: group_is_gone(process.pid))


def test_the_command_starts_a_cluster_and_ends_it(tmp_path: Path) -> None:
    paths = [path.name for path in dataset(tmp_path)]
    both: list[subprocess.Popen[str]] = [
        start(tmp_path, *how, "--format", "json", *paths) for how in (["--executor", "dask:2"], [])
    ]
    ends = [process.communicate(timeout=100) for process in both]
    assert ends[0] == ends[1]
    assert ends[0][1] == ""
    until(lambda: group_is_gone(both[0].pid))
