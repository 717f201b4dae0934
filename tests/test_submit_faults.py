"""Every fault at every request is gone over, or ends in one plain message: no traceback, no key, no endless wait."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openai_faults import AFTER, BEFORE, FINAL
from openai_server import KEY, Server
from submitting import assert_no_key, ftlint, submit, write

from ftlint.submit.failure import seconds
from ftlint.submit.follow import BARS, sparkline
from ftlint.submit.ledger import Ledger
from ftlint.submit.redaction import HIDDEN, Redactor

PLACES = (
    "GET /models/*",
    "GET /files",
    "POST /files",
    "GET /files/*",
    "GET /fine_tuning/jobs",
    "POST /fine_tuning/jobs",
    "GET /fine_tuning/jobs/ftjob-*",
    "GET /fine_tuning/jobs/*/events",
    "GET /fine_tuning/jobs/*/checkpoints",
)
IMPATIENT = ("--patience", "0.2", "--timeout", "0.3")


@pytest.fixture(autouse=True)
def here(here: Path) -> Iterator[Path]:
    write(here)
    yield here
    assert_no_key(here)


@pytest.mark.parametrize("kind", [kind for kind in (*BEFORE, *AFTER) if kind not in FINAL])
def test_a_fault_that_passes_is_gone_over(server: Server, kind: str) -> None:
    for place in PLACES:
        server.plan(place, kind, times=2, seconds=0.01)
    done = submit(server, "train.jsonl")
    assert done.exit_code == 0, done.output
    assert (len(server.state.jobs), len(server.state.files)) == (1, 1)
    assert not server.wrong


@pytest.mark.parametrize("kind", FINAL)
@pytest.mark.parametrize("place", PLACES)
def test_a_no_is_a_no(server: Server, place: str, kind: str) -> None:
    server.plan(place, kind, times=1000)
    done = submit(server, "train.jsonl")
    assert done.exit_code == 2, done.output
    assert done.stderr.count("ftlint: ") == 1
    assert len(server.asked("POST /fine_tuning/jobs")) <= 1


@pytest.mark.parametrize("kind", ["429", "429-after", "503", "reset-before", "malformed", "odd", "slow"])
def test_a_fault_that_stays_ends_the_command_in_time(server: Server, kind: str) -> None:
    server.plan("*", kind, times=10_000, seconds=60 if kind == "429-after" else 0.4)
    done = submit(server, "train.jsonl", *IMPATIENT)
    assert done.exit_code == 2, done.output
    assert "patience: the same command goes on from here" in done.stderr


def test_a_wait_that_is_asked_for_is_told(server: Server) -> None:
    server.plan("POST /files", "429-after", seconds=2)
    done = submit(server, "train.jsonl")
    assert done.exit_code == 0
    assert "limits the rate" in done.stderr
    assert "trying again in 2 s" in done.stderr


def test_a_file_that_is_not_processed_ends_the_wait(server: Server) -> None:
    server.state.looks_to_process = 10**9
    done = submit(server, "train.jsonl", "--patience", "0.1")
    assert done.exit_code == 2
    assert "has not processed" in done.stderr


def test_a_torn_line_of_the_ledger_is_passed_over(here: Path) -> None:
    ledger = Ledger(here)
    ledger.append("uploading", "a", 1)
    with ledger.path.open("ab") as file:
        file.write(b'{"at": "2026", "step": "cre')
    ledger.append("created", "a", 1, job="j", name="n")
    assert [entry["step"] for entry in ledger.entries()] == ["uploading", "created"]


def test_a_webhook_is_told_without_the_key(server: Server) -> None:
    told: list[bytes] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hook) as hook:
        thread = Thread(target=hook.handle_request)
        thread.start()
        done = submit(server, "train.jsonl", "--notify", f"http://127.0.0.1:{hook.server_port}/x")
        thread.join()
    assert done.exit_code == 0
    assert json.loads(told[0])["status"] == "succeeded"
    assert KEY.encode() not in told[0]


@pytest.mark.parametrize(
    ("where", "message"), [("exit 3", "ended with 3"), ("http://127.0.0.1:9/", "did not take the message")]
)
def test_a_notification_that_fails_is_told(server: Server, where: str, message: str) -> None:
    done = submit(server, "train.jsonl", "--notify", where)
    assert done.exit_code == 2
    assert message in done.stderr
    assert 'model="ft:' in done.stdout


def test_without_the_package_the_extra_is_named(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    done = submit(server, "train.jsonl")
    assert (done.exit_code, server.requests) == (2, [])
    assert "ftlint[openai]" in done.stderr


@given(st.text(), st.text())
def test_no_text_keeps_the_key(before: str, after: str) -> None:
    assert KEY not in Redactor(KEY)(f"{before}{KEY}{after}")
    assert Redactor("k")(f"Incorrect API key provided: sk-abcdef1234567. {HIDDEN}").count(HIDDEN) >= 1


@example([0.0, 1.2e-308], 2)
@given(st.lists(st.floats(0, 10), max_size=200), st.integers(1, 60))
def test_a_sparkline_has_a_bar_a_value_at_most(values: list[float], width: int) -> None:
    line = sparkline(values, width)
    assert len(line) == min(len(values), width)
    assert set(line) <= set(BARS)


@pytest.mark.parametrize(
    ("text", "value"), [("120ms", 0.12), ("6m0s", 360), ("1h2m3s", 3723), ("1.5", 1.5), ("", None), ("soon", None)]
)
def test_reset_times_are_read(text: str, value: float | None) -> None:
    assert seconds(text) == pytest.approx(value)


def test_jobs_give_one_message_too(server: Server, here: Path) -> None:
    submit(server, "train.jsonl")
    for verb in ("show", "events", "checkpoints", "cancel", "pause", "resume", "follow"):
        server.plan("*", "403")
        done = ftlint(server, "jobs", verb, "train", *IMPATIENT)
        assert done.exit_code == 2
        assert done.stderr.count("ftlint: ") == 1


@pytest.mark.parametrize(
    "words", [["train.jsonl", "--method", "dpo"], ["train.jsonl", "--validation", "train.jsonl"], ["train.jsonl"]]
)
def test_no_copy_of_the_data_stays_behind(server: Server, here: Path, words: list[str]) -> None:
    server.plan("POST /files", "401", times=9)
    assert submit(server, *words).exit_code == 2
    assert not list((here / ".ftlint" / "outgoing").iterdir())


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, ["train.jsonl", "--validation", "validation.jsonl"]),
        (0, ["marv.ft.yaml"]),
        (1, ["bad.jsonl"]),
        (1, ["bad.ft.yaml"]),
        (2, ["train.jsonl", "--method", "dpo"]),
    ],
)
def test_a_dry_run_leaves_nothing_behind(server: Server, here: Path, code: int, words: list[str]) -> None:
    shutil.copy(Path(__file__).parents[1] / "examples" / "marv.ft.yaml", here)
    (here / "bad.jsonl").write_text("{\n", "utf-8")
    (here / "bad.ft.yaml").write_text("examples:\n  - usr: Hi\n", "utf-8")
    before = {*here.iterdir()}
    assert submit(server, *words, "--dry-run").exit_code == code
    assert {*here.iterdir()} == before
    Ledger(here).append("started", "a", 1)
    assert submit(server, *words, "--dry-run").exit_code == code
    assert sorted(path.name for path in (here / ".ftlint").iterdir()) == [".gitignore", "submissions.jsonl"]
