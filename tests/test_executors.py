"""The executors: the same report on all of them, and what happens when work is interrupted, fails or dies."""

from __future__ import annotations

import json
import os
import pickle
import signal
from collections.abc import Iterator
from functools import partial
from itertools import chain, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from working import ROW, dataset, die, group_is_gone, process_id, project, start, until

from ftlint import Options, check, engine, errors, executors, load_config
from ftlint.engine import Plan, scan
from ftlint.errors import FtlintError, InternalError
from ftlint.executors import AHEAD, PAYS, local, mapping, tasks
from ftlint.model import Shard, Source
from ftlint.render import Options as How
from ftlint.render import render
from ftlint.report import Report
from ftlint.sources.jsonl import SHARD_BYTES
from ftlint.testing import TODAY

ALL = Options(select=["ALL"], today=TODAY)
SHARDS = [Shard(Source("train.jsonl", "/none/train.jsonl"), n, n + 10, n + 1) for n in range(4)]


def shown(report: Report) -> str:
    return "".join(render(report, "json", How()))


@pytest.mark.parametrize(("executor", "shard_bytes"), [("thread:3", 1), ("thread:2", 333), ("process:2", 700)])
def test_no_executor_changes_the_report(tmp_path: Path, executor: str, shard_bytes: int) -> None:
    paths = dataset(tmp_path)
    whole = check(paths, options=ALL)
    assert whole.diagnostics
    assert shown(check(paths, options=ALL, executor=executor, jobs=None, shard_bytes=shard_bytes)) == shown(whole)


@given(st.lists(st.integers(0, 9), max_size=30), st.integers(1, 4))
def test_results_come_in_order_and_few_shards_are_taken_ahead(items: list[int], jobs: int) -> None:
    taken = 0

    def shards() -> Iterator[Shard]:
        nonlocal taken
        for item in items:
            taken += 1
            yield Shard(Source("a.jsonl", "a.jsonl"), item, item + 10, 1)

    with mapping("thread", jobs) as map_:
        for done, result in enumerate(map_(str, shards())):  # type: ignore[arg-type, var-annotated]
            assert taken <= done + AHEAD * jobs + 2
            assert result == f"a.jsonl, bytes {items[done]} to {items[done] + 10}"
    assert taken == len(items)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0, 10, SHARD_BYTES // 2, SHARD_BYTES * 2])), max_size=30))
def test_small_files_are_one_task_and_shards_of_one_file_are_not(chosen: list[tuple[int, int]]) -> None:
    shards = [Shard(Source(str(name), str(name)), 0, size, 1) for name, size in chosen]
    found = list(tasks(shards))
    assert list(chain.from_iterable(found)) == shards
    for task in found:
        names = [shard.source.file for shard in task]
        assert all(one != other for one, other in pairwise(names))
        assert sum(shard.stop for shard in task[:-1]) < SHARD_BYTES
    assert len(list(tasks([Shard(Source(str(n), str(n)), 0, 300, 1) for n in range(1000)]))) < 12


def test_a_single_shard_starts_no_process() -> None:
    with mapping("process", 2) as map_:
        assert list(map_(process_id, SHARDS[:1])) == [os.getpid()]  # type: ignore[arg-type]
        assert os.getpid() not in list(map_(process_id, SHARDS))  # type: ignore[arg-type]


def test_processes_are_taken_where_they_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    def serial(jobs: int | None, size: int) -> bool:
        with mapping(None, jobs, size) as map_:
            return map_ is map

    monkeypatch.setattr(executors, "cores", lambda: 2)
    assert (serial(None, PAYS - 1), serial(None, PAYS), serial(2, 0), serial(1, PAYS)) == (True, False, False, True)
    monkeypatch.setattr(executors, "cores", lambda: 1)
    assert serial(None, PAYS)


@pytest.mark.parametrize(
    ("executor", "jobs", "said"),
    [
        ("proces", None, 'process, thread, dask; did you mean "process"'),
        ("thread:many", None, "thread:4"),
        ("process:0", None, "process:4"),
        ("process:2", 3, "contradict"),
    ],
)
def test_a_wrong_executor_is_told_of(executor: str, jobs: int | None, said: str) -> None:
    with pytest.raises(FtlintError, match=said), mapping(executor, jobs):
        pass


def test_a_system_without_processes_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(local, "ProcessPoolExecutor", refuse)
    with pytest.raises(FtlintError, match=r"not implemented.*--jobs 1"), mapping("process", 2) as map_:
        list(map_(die, SHARDS))
    with local.threads(1) as pool:
        monkeypatch.setattr(pool.executor, "submit", refuse)
        with pytest.raises(FtlintError, match=r"no process could be started.*--jobs 1"):
            pool.submit(die, SHARDS[:1])


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_dead_worker_is_told_of(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "start_method", lambda: method)
    said = r"worker process died.*train.jsonl, bytes 0 to 10"
    with pytest.raises(FtlintError, match=said), mapping("process:2") as map_:
        list(map_(die, SHARDS))


def test_work_for_a_dead_pool_is_refused() -> None:
    with local.processes(1) as pool:
        with pytest.raises(FtlintError, match="bytes 0 to 10"):
            pool.result(SHARDS[0], pool.submit(die, SHARDS[:1]))
        with pytest.raises(FtlintError, match="bytes 3 to 13"):
            pool.submit(die, SHARDS[3:])


def test_an_unreadable_file_keeps_its_name() -> None:
    with pytest.raises(FileNotFoundError) as met, mapping("process:2") as map_:
        list(map_(partial(scan, Plan({})), SHARDS))
    assert met.value.filename == "/none/train.jsonl"


def test_every_error_pickles() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    assert len(kinds) > 3
    for kind in kinds:
        copy = pickle.loads(pickle.dumps(kind("what and where")))
        assert (type(copy), str(copy)) == (kind, "what and where")


def test_whatever_fails_names_its_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Shard) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(engine, "read", fail)
    with pytest.raises(InternalError, match=r"train.jsonl, bytes 1 to 11: .*RecursionError: too deep"):
        scan(Plan({}), SHARDS[1])


def test_progress_counts_what_is_done(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text(ROW.format("How far?") * 50)
    seen: list[tuple[int, int]] = []
    with mapping("thread:2") as map_:
        marks: list[int] = []

        def watched(function: object, shards: object) -> Iterator[object]:
            for result in map_(function, shards):  # type: ignore[arg-type]
                marks.append(len(seen))
                yield result

        check(
            tmp_path / "train.jsonl",
            map_=watched,  # type: ignore[arg-type]
            shard_bytes=400,
            progress=lambda done, total: seen.append((done, total)),
        )
    size = os.path.getsize(tmp_path / "train.jsonl")
    assert marks == list(range(len(seen)))
    assert seen == sorted(set(seen))
    assert seen[-1] == (size, size)


@pytest.mark.parametrize("threaded", [False, True], ids=["fork", "spawn"])
@pytest.mark.parametrize(("order", "said"), [("RAISE", "raised on purpose"), ("DIE", "worker process died")])
def test_the_command_tells_of_failing_work(tmp_path: Path, order: str, said: str, threaded: bool) -> None:
    project(tmp_path, order)
    process = start(tmp_path, "--jobs", "2", "a.jsonl", "b.jsonl", threaded=threaded)
    output, error = process.communicate(timeout=100)
    assert (process.returncode, output) == (2, "")
    assert error.startswith("ftlint: ")
    assert said in error
    assert error.count("\n") == 1
    if order == "RAISE":
        alone = start(tmp_path, "--jobs", "1", "a.jsonl", "b.jsonl").communicate(timeout=100)
        assert alone == (output, error)
    until(lambda: group_is_gone(process.pid))


@pytest.mark.parametrize("threaded", [False, True], ids=["fork", "spawn"])
@pytest.mark.parametrize(
    ("sent", "to_all", "code"),
    [
        (signal.SIGINT, True, 130),
        (signal.SIGINT, False, 130),
        (signal.SIGTERM, False, -15),
        (signal.SIGKILL, False, -9),
    ],
    ids=["Ctrl-C", "SIGINT", "SIGTERM", "SIGKILL"],
)
def test_an_end_leaves_no_process_behind(
    tmp_path: Path, sent: signal.Signals, to_all: bool, code: int, threaded: bool
) -> None:
    project(tmp_path, "SLEEP")
    process = start(tmp_path, "--jobs", "2", "a.jsonl", "b.jsonl", threaded=threaded)
    until(lambda: list(tmp_path.glob("asleep-*")))
    assert f"asleep-{process.pid}" not in os.listdir(tmp_path)
    (os.killpg if to_all else os.kill)(process.pid, sent)
    output, error = process.communicate(timeout=50)
    assert (process.returncode, output) == (code, "")
    assert error == "" or (code < 0 and "Traceback" not in error)
    until(lambda: group_is_gone(process.pid))


def test_the_command_gives_the_same_report_on_processes(tmp_path: Path) -> None:
    paths = [path.name for path in dataset(tmp_path)]
    reports = []
    for jobs in (["--jobs", "1"], ["--jobs", "2"], ["--executor", "thread:2"]):
        output, error = start(tmp_path, *jobs, "--format", "json", *paths).communicate(timeout=100)
        assert error == ""
        reports.append(output)
    assert json.loads(reports[0])["diagnostics"]
    assert reports[1:] == reports[:1] * 2


def test_a_check_that_was_given_a_map_uses_it(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text(ROW.format("How far?"))
    used: list[Shard] = []

    def own(function: object, shards: Iterator[Shard]) -> Iterator[object]:
        for shard in shards:
            used.append(shard)
            yield function(shard)  # type: ignore[operator]

    check(tmp_path / "train.jsonl", config=load_config(), map_=own)  # type: ignore[arg-type]
    assert len(used) == 1
