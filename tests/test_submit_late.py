"""A job that is started long after its request was given up: it is looked for, and no second one is asked for."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from msgspec.structs import replace
from openai_server import KEY, Server
from submitting import QUICK, assert_no_key, endpoint_of, plan_of, submit, write

from ftlint.submit import creation
from ftlint.submit.connection import Connection, settle_endpoint
from ftlint.submit.failure import ServiceError
from ftlint.submit.ledger import Ledger
from ftlint.submit.openai_errors import failure_of
from ftlint.submit.redaction import Redactor
from ftlint.submit.remote import Job, Model
from ftlint.submit.service import Service
from ftlint.submit.submission import Submission

CREATE = "POST /fine_tuning/jobs"
NEVER = 1000.0


@pytest.fixture(autouse=True)
def here(here: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    write(here)
    yield here
    assert_no_key(here)


def attempt(server: Server, told: list[str] | None = None, **pace: float) -> Job:
    """Submit what stands in the current folder, with other waits."""
    ledger = Ledger(Path())
    tell = (told if told is not None else []).append
    with ledger.locked(), Service(endpoint_of(server), replace(QUICK, **pace), tell) as service:
        submission = Submission(plan_of(Path(), server, validation=False), service, ledger)
        return submission.existing() or submission.start()


def steps() -> list[str]:
    """The steps of the ledger that are about the job."""
    return [entry["step"] for entry in Ledger(Path()).entries() if "load" not in entry["step"]]


def test_a_job_that_comes_late_is_waited_for(server: Server) -> None:
    server.plan(CREATE, "late", seconds=0.2)
    job = attempt(server, sure=NEVER)
    assert [*server.state.jobs] == [job.id]
    assert len(server.asked(CREATE)) == 1
    assert steps() == ["started", "creating", "unanswered", "created"]


def test_a_second_call_asks_for_none_while_one_may_come(server: Server) -> None:
    server.plan(CREATE, "late", seconds=0.6)
    for _ in range(3):
        with pytest.raises(ServiceError, match=r"may still start until .* run the same command after that"):
            attempt(server, sure=NEVER, patience=0.05)
    assert (len(server.asked(CREATE)), len(server.state.jobs)) == (1, 0)
    assert attempt(server, sure=NEVER).id in server.state.jobs
    assert (len(server.asked(CREATE)), len(server.state.jobs)) == (1, 1)


@pytest.mark.parametrize("kind", ["reset-before", "500", "503"])
def test_it_is_asked_for_again_once_none_can_come(server: Server, kind: str) -> None:
    server.plan(CREATE, kind)
    started = time.monotonic()
    with pytest.raises(ServiceError):
        attempt(server, sure=0.5, patience=0.05)
    attempt(server, sure=0.5)
    assert time.monotonic() - started > 0.5
    assert steps() == ["started", "creating", "unanswered", "creating", "created"]
    assert len(server.state.jobs) == 1


@pytest.mark.parametrize("kind", ["429", "400", "401", "403", "training_not_available"])
def test_after_a_refusal_nothing_is_waited_for(server: Server, kind: str) -> None:
    server.plan(CREATE, kind, times=9)
    with pytest.raises(ServiceError):
        attempt(server, sure=NEVER, patience=0)
    server.faults.clear()
    attempt(server, sure=NEVER)
    assert steps() == ["started", "creating", "refused", "creating", "created"]
    assert len(server.state.jobs) == 1


def test_a_wait_is_told_and_has_an_end(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creation, "TOLD", 0)
    told: list[str] = []
    server.plan(CREATE, "reset-after")
    server.plan("GET /fine_tuning/jobs", "odd", times=2, skip=2)
    attempt(server, told, sure=NEVER)
    assert any("whether the job was started is not known" in words for words in told)
    server.plan(CREATE, "500", times=99)
    Path("train.jsonl").write_text(Path("validation.jsonl").read_text("utf-8"), "utf-8")
    with pytest.raises(ServiceError):
        attempt(server, told, sure=0.01, patience=0.3)
    assert 1 < len(server.asked(CREATE)) < 100
    assert any("it may still start until" in words for words in told)


def test_a_clock_that_was_set_back_makes_no_wait_longer(server: Server) -> None:
    server.plan(CREATE, "401")
    with pytest.raises(ServiceError):
        attempt(server)
    path = Ledger(Path()).path
    kept = [line for line in path.read_text("utf-8").splitlines() if '"refused"' not in line]
    path.write_text(re.sub('"at": "[0-9]+', '"at": "2999', "\n".join(kept)), "utf-8")
    attempt(server, sure=0.05)
    assert len(server.state.jobs) == 1


def test_the_command_says_when_to_come_back(server: Server) -> None:
    server.plan(CREATE, "late", seconds=0.5)
    words = ("train.jsonl", "--patience", "0.1", "--sure-after", "900")
    done = submit(server, *words)
    assert done.exit_code == 2
    assert done.stderr.count("ftlint: ") == 1
    assert "it looks once more before it asks" in done.stderr
    assert submit(server, *words).exit_code == 2
    time.sleep(0.6)
    found = submit(server, *words)
    assert found.exit_code == 0
    assert "this was submitted before" in found.stderr
    assert (len(server.asked(CREATE)), len(server.state.jobs)) == (1, 1)


@pytest.mark.parametrize("run", range(8))
def test_late_jobs_and_impatient_users_make_one_job(server: Server, run: int) -> None:
    dice = random.Random(run)
    server.state.job_metadata = bool(run % 4)
    for _ in range(dice.randrange(1, 3)):
        kind = dice.choice(["late", "late", "reset-after", "429", "malformed"])
        server.plan(CREATE, kind, seconds=dice.uniform(0, 0.3))
        server.plan("GET /fine_tuning/jobs", dice.choice(["500", "truncated"]), skip=dice.randrange(3))
    for _ in range(60):
        try:
            attempt(server, sure=NEVER, patience=dice.uniform(0, 0.1))
            break
        except ServiceError:
            continue
    assert (len(server.state.jobs), steps()[-1]) == (1, "created")


@pytest.mark.parametrize(
    ("kind", "may_have_left"),
    [
        ("ConnectError", False),
        ("ConnectTimeout", False),
        ("PoolTimeout", False),
        ("ProxyError", False),
        ("ReadTimeout", True),
        ("ReadError", True),
        ("WriteError", True),
        ("RemoteProtocolError", True),
    ],
)
def test_what_never_left_did_nothing(kind: str, may_have_left: bool) -> None:
    fault: Any = openai.APITimeoutError if "Timeout" in kind else openai.APIConnectionError
    error = fault(request=None)
    error.__cause__ = type(kind, (Exception,), {})()
    found = failure_of(error, "http://host/v1", Redactor())
    assert (found.again, found.unsure) == (True, may_have_left)


def test_a_refused_connection_sends_nothing() -> None:
    nobody = settle_endpoint(Connection(base_url="http://127.0.0.1:9/v1"), None, {})
    with Service(nobody, QUICK) as service:
        with pytest.raises(service.errors) as raised:
            service.send(lambda client: client.models.with_raw_response.retrieve("m"), Model)
        assert not service.failure(raised.value).unsure
