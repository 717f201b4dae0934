"""Every fault at what try, compare and moderate ask is gone over, or ends in one plain message and in time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from openai_faults import AFTER, BEFORE, FINAL
from openai_server import Server
from submitting import FAST, assert_no_key, ftlint, write

from ftlint.submit.concurrency import Throttle, ask_concurrently
from ftlint.submit.connection import Connection, settle_endpoint
from ftlint.submit.service import Pace, Service

TUNED = "ft:gpt-4.1-mini-2025-04-14:acme:marv:000001"
COMMANDS = {
    "try": ("try", TUNED, "Hi"),
    "compare": ("compare", "--base", "gpt-4.1-mini", "--tuned", TUNED, "--dataset", "test.jsonl", "--yes"),
    "moderate": ("moderate", "test.jsonl"),
}
IMPATIENT = ("--poll", "0.002", "--patience", "0.2", "--timeout", "0.3")


@pytest.fixture
def server(server: Server) -> Server:
    server.state.add_model(TUNED)
    return server


@pytest.fixture(autouse=True)
def here(here: Path) -> Iterator[Path]:
    write(here)
    (here / "validation.jsonl").rename(here / "test.jsonl")
    yield here
    assert_no_key(here)


@pytest.mark.parametrize("kind", [kind for kind in (*BEFORE, *AFTER) if kind not in FINAL])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_fault_that_passes_is_gone_over(server: Server, name: str, kind: str) -> None:
    server.plan("POST *", kind, times=3, seconds=0.01)
    done = ftlint(server, *COMMANDS[name], *FAST)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("kind", [*FINAL, "429", "429-after", "500", "reset-before", "malformed", "odd", "slow"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_fault_that_stays_is_one_message_in_time(server: Server, name: str, kind: str) -> None:
    server.plan("*", kind, times=10_000, seconds=60 if kind == "429-after" else 0.4)
    started = time.monotonic()
    done = ftlint(server, *COMMANDS[name], *IMPATIENT)
    assert done.exit_code == 2, done.output
    assert done.stderr.count("ftlint: ") == 1
    assert time.monotonic() - started < 20


def test_a_moderation_of_other_texts_is_not_believed(server: Server) -> None:
    server.plan("POST /moderations", "truncated", times=1)
    done = ftlint(server, *COMMANDS["moderate"], *FAST)
    assert done.exit_code == 0
    kept = (Path(".ftlint") / "moderations.jsonl").read_text("utf-8").splitlines()
    assert len({json.loads(line)["key"] for line in kept}) == len(kept) == 24


def test_without_the_package_of_distances_the_extra_is_named(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz.distance", None)
    done = ftlint(server, *COMMANDS["compare"])
    assert (done.exit_code, server.requests) == (2, [])
    assert "ftlint[openai]" in done.stderr


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL])
def test_a_comparison_that_is_ended_goes_on(server: Server, here: Path, blow: signal.Signals) -> None:
    server.plan("POST *", "slow", times=1000, skip=5, seconds=30)
    command = [sys.executable, "-m", "ftlint", *COMMANDS["compare"]]
    process = subprocess.Popen(command, env={**os.environ, **server.env}, stderr=subprocess.PIPE, text=True)
    while len(server.asked("POST *")) < 13:  # five answered, eight under way
        time.sleep(0.01)
    process.send_signal(blow)
    told = process.communicate(timeout=20)[1]
    assert process.returncode == (130 if blow is signal.SIGINT else -signal.SIGKILL)
    assert "Traceback" not in told
    server.faults.clear()
    before = len(server.asked("POST *"))
    kept = (here / ".ftlint" / "answers.jsonl").read_bytes().count(b"\n")
    assert kept >= 1
    assert ftlint(server, *COMMANDS["compare"]).exit_code == 0
    assert len(server.asked("POST *")) - before == 24 - kept


def test_azure_is_asked_by_the_names_of_deployments(server: Server) -> None:
    server.state.add_model("mine")
    env = {**dict.fromkeys(server.env, ""), **server.azure_env}
    words = ("compare", "--base", "azure/gpt-4.1-mini-2025-04-14", "--tuned", "azure/mine", "--dataset", "test.jsonl")
    done = ftlint(server, *words, "--limit", "2", "--yes", env=env)
    assert done.exit_code == 0, done.output
    paths = {one.path for one in server.asked("POST *")}
    assert paths == {f"/deployments/{name}/chat/completions" for name in ("mine", "gpt-4.1-mini-2025-04-14")}
    assert "not known" in done.stderr


def service(server: Server) -> Service:
    return Service(settle_endpoint(Connection(base_url=server.url), None, {}), Pace(backoff=0.001, patience=1))


def test_a_crowd_stops_at_the_first_error(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", server.key)
    asked: list[int] = []

    def ask(own: Service, question: int) -> int:
        asked.append(question)
        if question == 5:
            raise ValueError("five")
        return question * 2

    answers: list[tuple[int, int]] = []
    with service(server) as one, pytest.raises(ValueError, match="five"):
        answers.extend(ask_concurrently(one, range(1000), ask, workers=3))
    assert len(asked) < 1000
    assert dict(answers) == {number: number * 2 for number in asked if number != 5}
    with service(server) as one:
        assert dict(ask_concurrently(one, range(100), lambda own, number: number)) == {
            number: number for number in range(100)
        }
        assert not [*ask_concurrently(one, [], lambda own, number: number)]


@pytest.mark.parametrize("name", COMMANDS)
def test_limits_that_are_used_up_slow_it_down_only(server: Server, name: str) -> None:
    server.limits = {"requests": (1, 0, "20ms"), "tokens": (10, 0, "6m0s")}
    assert ftlint(server, *COMMANDS[name], "--poll", "0.002", "--patience", "0.05").exit_code == 0


def test_a_gate_closes_while_a_limit_is_used_up() -> None:
    throttle = Throttle(longest=0.05)
    assert throttle.passed()
    throttle.heard({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1h"})
    left = throttle.opens - time.monotonic()
    assert 0 < left <= 0.05
    assert throttle.passed()
    assert time.monotonic() >= throttle.opens
    throttle.heard({"x-ratelimit-remaining-tokens": "7", "x-ratelimit-reset-tokens": "1h"})
    assert time.monotonic() >= throttle.opens
    throttle.stopped.set()
    assert not throttle.passed()
