"""A Dask cluster of two worker processes: the same report as here, also when a worker is killed, and clear errors."""

from __future__ import annotations

import json
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
from test_cost_work import FORMATS, told
from working import ROOT, dataset, die, die_once, group_is_gone, project, start, until

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


@pytest.mark.parametrize(("what", "format_"), FORMATS)
def test_costs_and_statistics_are_the_same_too(address: str, tmp_path: Path, what: str, format_: str) -> None:
    dataset(tmp_path)
    expected = told(tmp_path, what, format_)
    assert expected
    assert told(tmp_path, what, format_, executor=address, shard_bytes=500) == expected


@pytest.mark.parametrize("command", ["cost", "stats"])
def test_the_commands_of_costs_and_statistics_join_a_cluster(address: str, tmp_path: Path, command: str) -> None:
    dataset(tmp_path)
    asked = [sys.executable, "-m", "ftlint", command, "--format", "json", "--no-cache"]
    here, there = (
        subprocess.run([*asked, *how], cwd=tmp_path, capture_output=True, timeout=100)
        for how in ([], ["--executor", address])
    )
    assert (there.stdout, there.stderr, there.returncode) == (here.stdout, here.stderr, 0)
    assert b'"examples":' in here.stdout.replace(b" ", b"")


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


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A scheduler in a process of its own, with one worker, and its address."""
    file, env = tmp_path / "scheduler.json", {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}

    def begin(name: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{name}", "--scheduler-file", str(file), *options]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen([*command, "--host", "127.0.0.1", "--no-dashboard"], cwd=tmp_path, env=env, **quiet)

    with begin("scheduler", "--port", "0") as first:
        until(lambda: file.exists() and file.read_text())
        with begin("worker", "--no-nanny", "--nthreads", "1") as second:
            yield first, json.loads(file.read_text())["address"]
            second.kill()
        first.kill()


def test_a_scheduler_that_dies_is_one_error(scheduler: tuple[subprocess.Popen[bytes], str], tmp_path: Path) -> None:
    process, address = scheduler
    project(tmp_path, "SLEEP")
    run = start(tmp_path, "--executor", f"dask:{address}", "a.jsonl", "b.jsonl")
    until(lambda: list(tmp_path.glob("asleep-*")))
    process.kill()
    out, err = run.communicate(timeout=50)
    assert err == (
        f"ftlint: the Dask scheduler at {address} was lost while a.jsonl, bytes 0 to 1080, or a shard after it, "
        "was read: see why it ended, and start again\n"
    )
    assert (out, run.returncode) == ("", 2)


def test_a_scheduler_that_died_is_given_no_more(
    scheduler: tuple[subprocess.Popen[bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    process, address = scheduler
    monkeypatch.setattr(cluster, "TO_ANSWER", "1s")
    with cluster.cluster(address, 1) as pool:
        assert pool.submit(partial(scan, Plan({})), []).result() == []
        process.kill()
        until(lambda: pool.executor._client.status == "closed")
        with pytest.raises(FtlintError, match=rf"^the Dask scheduler at {address} was lost while train.jsonl, bytes 0"):
            pool.submit(partial(scan, Plan({})), SHARDS)


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
