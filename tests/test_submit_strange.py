"""Answers of the right shape with values that no service should give: they are shown as they can be, and do no harm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask
import openai_server
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_server import KEY, Server
from submitting import ASKED, assert_no_key, ftlint, submit, write

from ftlint.submit.follow import BARS, sparkline
from ftlint.submit.redaction import HIDDEN, Redactor

TUNED = "ft:gpt-4.1-mini-2025-04-14:acme:marv:000001"
ODD = "\x1b[31m\x07\x9b2J\u202e"
LOOKS = (("jobs", "list"), *(("jobs", verb, "train") for verb in ("show", "follow", "events", "checkpoints")))


@pytest.fixture(autouse=True)
def here(here: Path) -> Iterator[Path]:
    write(here)
    (here / "test.jsonl").write_text(ASKED.format("How far", "Far"), "utf-8")
    yield here
    assert_no_key(here)


class Twisted:
    """Makes every answer of the server another one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.values: dict[str, Any] = {}
        effect = openai_server.effect

        def twisted(*given: Any) -> flask.Response:
            answer = effect(*given)
            if answer.is_json and self.values:
                answer.set_data(json.dumps(self.twist(answer.get_json())))
            return answer

        monkeypatch.setattr(openai_server, "effect", twisted)

    def twist(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.values.get(key, self.twist(item)) for key, item in value.items()}
        return [self.twist(item) for item in value] if isinstance(value, list) else value


@pytest.fixture
def twisted(server: Server, monkeypatch: pytest.MonkeyPatch) -> Twisted:
    server.state.add_model(TUNED)
    twisted = Twisted(monkeypatch)
    assert submit(server, "train.jsonl").exit_code == 0
    return twisted


@pytest.mark.parametrize("at", [-(10**18), -1, 253_402_300_800, 10**18])
def test_times_that_are_none_are_shown_as_such(server: Server, twisted: Twisted, at: int) -> None:
    twisted.values = {"created_at": at, "finished_at": at, "estimated_finish": at, "expires_at": at}
    shown = [ftlint(server, *words).output for words in LOOKS]
    if abs(at) == 10**18:
        assert "??-??-?? ??:??" in shown[0]
        assert "??:??:??  Created fine-tuning job" in shown[3]


def test_nothing_gives_orders_to_the_terminal(server: Server, twisted: Twisted) -> None:
    names = ("message", "status", "fine_tuned_model", "fine_tuned_model_checkpoint", "filename", "code", "model")
    for name in names:
        twisted.values = {name: ODD}
        for words in (*LOOKS, ("submit", "train.jsonl", "--yes", "--target", "openai/gpt-4.1-mini", "--no-wait")):
            if name != "status" or "follow" not in words:
                output = ftlint(server, *words).output
                assert not {*ODD} - {*"[31m2J"} & {*output}, (name, words, output)


@pytest.mark.parametrize("name", ["id", "model", "fine_tuned_model", "message", "finish_reason", "content", "status"])
def test_the_key_is_nowhere_wherever_it_comes_from(server: Server, twisted: Twisted, name: str) -> None:
    twisted.values = {name: KEY}
    wait = ("--poll", "0.002", "--patience", "0.1")
    for words in LOOKS:
        if (name, words[1]) != ("status", "follow"):
            ftlint(server, *words, *wait)
    ftlint(server, "try", TUNED, "Hi", *wait)
    asked = ("--base", "gpt-4.1-mini", "--tuned", TUNED, "--dataset", "test.jsonl", "--yes", "--judge", "gpt-4.1")
    ftlint(server, "compare", *asked, *wait)


def test_a_job_without_an_id_is_no_answer(server: Server, twisted: Twisted) -> None:
    twisted.values = {"id": ""}
    done = submit(server, "validation.jsonl", "--patience", "0.1")
    assert done.exit_code == 2
    assert "cannot be read" in done.stderr
    twisted.values = {}
    assert submit(server, "validation.jsonl").exit_code == 0
    assert len(server.state.jobs) == 2


def test_a_server_that_knows_no_pages_is_not_asked_for_ever(
    server: Server, twisted: Twisted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_server, "page", lambda items, default: {"data": items, "has_more": True})
    assert ftlint(server, "jobs", "list").stdout.count("ftjob-") == 1
    assert submit(server, "validation.jsonl").exit_code == 0


@given(st.lists(st.floats(allow_nan=False), max_size=50))
def test_any_losses_have_bars(values: list[float]) -> None:
    line = sparkline(values, 20)
    assert len(line) == min(len(values), 20)
    assert set(line) <= set(BARS)


def test_a_key_that_is_a_word_breaks_no_answer() -> None:
    assert Redactor("test").body(b'{"object": "test"}') == b'{"object": "test"}'
    assert Redactor(KEY).body(f'{{"a": "{KEY}"}}'.encode()) == f'{{"a": "{HIDDEN}"}}'.encode()
