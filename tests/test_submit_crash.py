"""Killed at any moment, whatever fails: in the end there is one job and one file of the bytes, and the ledger says so.

Most crashes are exceptions that nothing catches, at every boundary of a step: before and after each request, before,
in and after each line of the ledger. Some are processes that are killed with SIGKILL.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openai_server import KEY, Server, openai_server
from submitting import FAST, MODEL, QUICK, SURE, TRAIN, VALIDATION, assert_no_key, endpoint_of, plan_of, write

from ftlint.submit.files import Sizes
from ftlint.submit.ledger import Ledger
from ftlint.submit.plan import Plan
from ftlint.submit.service import Pace, Service
from ftlint.submit.submission import Submission

RUNS = range(0, 200, 1 if os.environ.get("CI") else 5)
KILLS = range(0, 10, 1 if os.environ.get("CI") else 3)
CHUNKS = 8
PLACES = ("POST /fine_tuning/jobs", "POST /files", "GET /files", "GET /fine_tuning/jobs", "POST /uploads*", "*")
KINDS = ("429", "429-after", "500", "503", "reset-before", "reset-after", "500-after", "truncated", "malformed", "odd")
PARTS = Sizes(whole=200, part=400)


class Killed(BaseException):
    """The process is gone."""


class Clock:
    """Kills at one of the boundaries of a run, which it counts."""

    def __init__(self) -> None:
        self.left: float = float("inf")

    def tick(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*given: Any, **more: Any) -> Any:
            self.tick()
            done = act(*given, **more)
            self.tick()
            return done

        return stepped

    def torn(self, append: Callable[..., None]) -> Callable[..., None]:
        """An append that may be cut off in the middle of its line."""

        def stepped(ledger: Ledger, *given: Any, **more: Any) -> None:
            append(ledger, *given, **more)
            try:
                self.tick()
            except Killed:
                os.truncate(ledger.path, ledger.path.stat().st_size - 7)
                raise

        return stepped


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))  # half of the time
    monkeypatch.setattr(Service, "send", clock.around(Service.send))
    monkeypatch.setattr(Ledger, "append", clock.around(clock.torn(Ledger.append)))
    return clock


@pytest.fixture
def here(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    write(here)
    return here


def attempt(plan: Plan, server: Server, ledger: Ledger, sizes: Sizes | None) -> str:
    with ledger.locked(), Service(endpoint_of(server), QUICK) as service:
        submission = Submission(plan, service, ledger)
        return (submission.existing() or submission.start(sizes)).id


def assert_once(server: Server, ledger: Ledger) -> None:
    """One job, one file of each content, and the ledger agrees."""
    (job,) = server.state.jobs
    contents = Counter(server.state.contents.values())
    assert contents == {TRAIN.encode(): 1, VALIDATION.encode(): 1}
    entries = ledger.entries()
    assert {entry["job"] for entry in entries if entry["step"] == "created"} == {job}
    assert {entry["run"] for entry in entries} == {1}
    told = {entry["split"]: entry["file"] for entry in entries if entry["step"] == "uploaded"}
    data = server.state.jobs[job]
    assert told == {"train": data["training_file"], "validation": data["validation_file"]}
    assert not server.wrong


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_however_it_is_killed_there_is_one_job(here: Path, clock: Clock, chunk: int) -> None:
    with openai_server() as server:
        plan = plan_of(here, server)
    for run in RUNS[chunk::CHUNKS]:
        dice = random.Random(run)
        ledger = Ledger(here / str(run))
        with openai_server() as server:
            for _ in range(dice.randrange(4)):
                server.plan(dice.choice(PLACES), dice.choice(KINDS), skip=dice.randrange(3), seconds=0.003)
            sizes = PARTS if run % 2 else None
            kills = iter([run // 2, dice.randrange(40), dice.randrange(20)][: dice.randrange(1, 4)])
            while True:
                clock.left = next(kills, float("inf"))
                try:
                    job = attempt(plan, server, ledger, sizes)
                    break
                except Killed:
                    continue
            clock.left = float("inf")
            assert attempt(plan, server, ledger, sizes) == job
            assert_once(server, ledger)
        assert_no_key(here / str(run))


def command(server: Server, folder: Path) -> subprocess.Popen[str]:
    words = ["submit", "train.jsonl", "--validation", "validation.jsonl", "--target", MODEL, "--yes", "--no-wait"]
    line = [sys.executable, "-m", "ftlint", *words, *FAST, *SURE]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(line, cwd=folder, env={**os.environ, **server.env}, **pipes)


def kill_after(process: subprocess.Popen[str], server: Server, requests: int) -> None:
    """Kill a process when so many requests of it were met."""
    seen = len(server.requests)
    while process.poll() is None and len(server.requests) < seen + requests:
        time.sleep(0.0005)
    process.kill()


@pytest.mark.parametrize("run", KILLS)
def test_a_killed_process_leaves_one_job(tmp_path: Path, run: int) -> None:
    write(tmp_path)
    with openai_server() as server:
        if run % 2:
            server.plan("POST /fine_tuning/jobs", random.Random(run).choice(KINDS), seconds=0.01)
        with command(server, tmp_path) as first:
            kill_after(first, server, run + 1)
            shown = first.communicate()[0]
        with command(server, tmp_path) as second:
            shown += second.communicate(timeout=60)[0]
        assert second.returncode == 0, shown
        assert_once(server, Ledger(tmp_path))
        assert KEY not in shown
        assert "Traceback" not in shown
    assert_no_key(tmp_path)


def test_two_processes_at_once_start_one_job(tmp_path: Path) -> None:
    write(tmp_path)
    with openai_server() as server:
        with command(server, tmp_path) as first, command(server, tmp_path) as second:
            shown = [process.communicate(timeout=60)[0] for process in (first, second)]
        codes = sorted((first.returncode, second.returncode))
        assert codes in ([0, 0], [0, 2]), shown
        assert codes == [0, 0] or any("at work" in text for text in shown)
        assert_once(server, Ledger(tmp_path))


@pytest.mark.parametrize("kind", ["slow", "slow-after"])
def test_a_request_that_took_too_long_is_looked_for(here: Path, kind: str) -> None:
    with openai_server() as server:
        plan, ledger = plan_of(here, server), Ledger(here)
        server.plan("POST /fine_tuning/jobs", kind, seconds=1)
        pace = Pace(poll=0.001, backoff=0.01, patience=20, sure=5)
        with Service(endpoint_of(server, timeout=0.5), pace) as service:
            Submission(plan, service, ledger).start()
        assert_once(server, ledger)


def test_jobs_are_found_where_no_metadata_is_kept(here: Path) -> None:
    with openai_server() as server:
        server.state.job_metadata = False
        plan, ledger = plan_of(here, server), Ledger(here)
        server.plan("POST /fine_tuning/jobs", "reset-after")
        first = attempt(plan, server, ledger, None)
        assert attempt(plan, server, ledger, None) == first
        assert_once(server, ledger)
        ledger.path.unlink()
        assert attempt(plan, server, ledger, None) == first
        assert_once(server, ledger)


def test_without_the_ledger_the_service_knows(here: Path) -> None:
    with openai_server() as server:
        plan, ledger = plan_of(here, server), Ledger(here)
        first = attempt(plan, server, ledger, None)
        ledger.path.unlink()
        assert attempt(plan, server, ledger, None) == first
        assert len(server.state.jobs) == 1


def test_an_upload_goes_on_where_it_stopped(here: Path, clock: Clock) -> None:
    with openai_server() as server:
        plan, ledger = plan_of(here, server, validation=False), Ledger(here)
        for kills in itertools.count(1):
            clock.left = 14
            try:
                attempt(plan, server, ledger, PARTS)
                break
            except Killed:
                assert kills < 50
        size = len(TRAIN.encode())
        assert list(server.state.contents.values()) == [TRAIN.encode()]
        assert len(server.asked("POST /uploads/*/parts")) <= -(-size // 400) + kills
        uploads = [json.loads(line) for line in ledger.path.read_text().splitlines() if '"part_bytes"' in line]
        assert len(uploads) == 1


@pytest.mark.parametrize("sizes", [None, PARTS])
def test_every_boundary_is_met(here: Path, clock: Clock, sizes: Sizes | None) -> None:
    """The runs above are enough to kill once at every boundary that a run has."""
    with openai_server() as server:
        plan = plan_of(here, server)
        clock.left = 1000
        attempt(plan, server, Ledger(here), sizes)
    assert 30 < 1000 - clock.left <= len(range(0, 200, 2))
