"""``ftlint moderate`` and ``submit --moderate`` against a server: what is sent, once, and where it is told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_server import Server
from submitting import ASKED, TRAIN, assert_no_key, ftlint, submit, write

from ftlint.checks.flagged import text_digest
from ftlint.submit.moderation import BATCH, BATCH_CHARACTERS, batches

ROOT = Path(__file__).parents[1]
YAML = """examples:
  - user: Hi
    assistant: Bye
  - user: What now?
    # ftlint: ignore[flagged-text] a line of a crime novel
    assistant: I hurt you.
  - user: And then?
    assistant: Then I hurt you.
"""


def scores(text: str) -> Mapping[str, float]:
    return {"violence": 0.93, "harassment": 0.2} if "hurt" in text else {}


@pytest.fixture
def server(server: Server) -> Server:
    server.scores = scores
    return server


@pytest.fixture(autouse=True)
def here(here: Path) -> Iterator[Path]:
    write(here)
    (here / "bad.jsonl").write_text(TRAIN + ASKED.format("Who are you", "I hurt you"), "utf-8")
    yield here
    assert_no_key(here)


def sent(server: Server) -> list[str]:
    return [text for one in server.asked("POST /moderations") for text in one.data["input"]]


def test_a_flagged_text_is_told_at_its_place(server: Server) -> None:
    done = ftlint(server, "moderate", "bad.jsonl")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[0] == (
        "bad.jsonl:13:93: error[flagged-text] assistant text is flagged as violence (0.93)"
    )
    assert "26 texts, 26 of them sent" in done.stderr
    assert len(sent(server)) == len({*sent(server)}) == 26


def test_nothing_is_sent_twice(server: Server, here: Path) -> None:
    ftlint(server, "moderate", "bad.jsonl")
    before = len(sent(server))
    (here / "bad.jsonl").rename(here / "moved.jsonl")
    again = ftlint(server, "moderate", "moved.jsonl", "--format", "json")
    assert (again.exit_code, len(sent(server))) == (1, before)
    assert [item["name"] for item in json.loads(again.stdout)["diagnostics"]] == ["flagged-text"]
    ftlint(server, "moderate", "moved.jsonl", "validation.jsonl")
    assert len(sent(server)) == len({*sent(server)}) == before + 24
    assert "hurt" not in (here / ".ftlint" / "moderations.jsonl").read_text("utf-8")


def test_what_is_authored_is_told_in_the_yaml(server: Server, here: Path) -> None:
    (here / "x.ft.yaml").write_text(YAML, "utf-8")
    done = ftlint(server, "moderate", "x.ft.yaml")
    assert done.exit_code == 1
    assert [line for line in done.stdout.splitlines() if "flagged-text" in line] == [
        "x.ft.yaml:8:16: error[flagged-text] assistant text is flagged as violence (0.93)"
    ]


def test_standard_input_is_read_once(server: Server) -> None:
    done = ftlint(server, "moderate", "-", stdin=ASKED.format("Who are you", "I hurt you"))
    assert done.exit_code == 1
    assert done.stdout.startswith("<stdin>:1:93: error[flagged-text]")


def test_a_sample_is_the_same_each_time(server: Server) -> None:
    for _ in range(2):
        ftlint(server, "moderate", "bad.jsonl", "--sample", "5")
    assert len(sent(server)) == 5
    ftlint(server, "moderate", "bad.jsonl", "--sample", "8")
    assert len(sent(server)) == 8


def test_a_threshold_stands_in_for_the_verdict(server: Server) -> None:
    done = ftlint(server, "moderate", "bad.jsonl", "--threshold", "0.2")
    assert "violence (0.93)" in done.stdout
    assert "harassment (0.20)" in done.stdout
    assert ftlint(server, "moderate", "bad.jsonl", "--threshold", "0.95").exit_code == 0


def test_what_cannot_be_read_is_told_not_sent(server: Server, here: Path) -> None:
    (here / "torn.jsonl").write_text(ASKED.format("Hi", "Ho") + '{"messages": [\n', "utf-8")
    done = ftlint(server, "moderate", "torn.jsonl")
    assert (done.exit_code, len(sent(server))) == (1, 2)
    assert "torn.jsonl:2" in done.stdout
    assert ftlint(server, "moderate", "none.jsonl").exit_code == 2


def test_configuration_and_baseline_hold(server: Server, here: Path) -> None:
    (here / "ftlint.yaml").write_text("rules: {FT708: warning}\n")
    assert ftlint(server, "moderate", "bad.jsonl").exit_code == 0
    assert ftlint(server, "moderate", "bad.jsonl", "--strict").exit_code == 1
    (here / "ftlint.yaml").write_text(
        "ignore: [{rule: flagged-text, paths: [bad.jsonl], reason: a crime novel}]\n", "utf-8"
    )
    assert ftlint(server, "moderate", "bad.jsonl").exit_code == 0


def test_a_check_flags_nothing_by_itself(server: Server) -> None:
    done = ftlint(server, "check", "bad.jsonl", "--select", "flagged-text")
    assert (done.exit_code, server.requests) == (0, [])


def test_a_wrong_verdict_is_refused(server: Server, here: Path) -> None:
    (here / "ftlint.yaml").write_text("rules: {flagged-text: {flagged: [odd]}}\n")
    done = ftlint(server, "check", "bad.jsonl")
    assert done.exit_code == 2
    assert "DIGEST CATEGORY SCORE" in done.stderr


def test_submit_stops_at_what_is_flagged(server: Server, here: Path) -> None:
    done = submit(server, "bad.jsonl", "--moderate")
    assert (done.exit_code, len(server.state.files), len(server.state.jobs)) == (1, 0, 0)
    assert "bad.jsonl:13:93" in done.stderr
    assert "nothing was sent" in done.stderr
    assert submit(server, "train.jsonl", "--moderate").exit_code == 0
    before = len(sent(server))
    assert submit(server, "train.jsonl", "--moderate").exit_code == 0
    assert (len(server.state.jobs), len(sent(server))) == (1, before)
    shutil.copy(ROOT / "examples" / "marv.ft.yaml", here / "marv.ft.yaml")
    text = (here / "marv.ft.yaml").read_text("utf-8").replace("Oslo", "I hurt you")
    (here / "marv.ft.yaml").write_text(text, "utf-8")
    authored = submit(server, "marv.ft.yaml", "--moderate")
    assert authored.exit_code == 1
    assert "marv.ft.yaml:7:16" in authored.stderr


def test_azure_moderates_nothing(server: Server) -> None:
    env = {**dict.fromkeys(server.env, ""), **server.azure_env}
    done = submit(server, "train.jsonl", "--moderate", target="azure/gpt-4.1-mini", env=env)
    assert (done.exit_code, server.requests) == (2, [])
    assert "does not speak OpenAI's moderation API" in done.stderr


@given(st.lists(st.text(max_size=BATCH_CHARACTERS // 2), max_size=3 * BATCH, unique=True))
def test_batches_hold_each_text_once(given_texts: list[str]) -> None:
    found = {text_digest(text): text for text in given_texts}
    made = [*batches(found)]
    assert [name for batch in made for name in batch] == [*found]
    assert all(0 < len(batch) <= BATCH for batch in made)
    assert all(len(batch) == 1 or sum(len(found[name]) for name in batch) <= BATCH_CHARACTERS for batch in made)


def test_a_long_text_goes_alone() -> None:
    found: dict[str, Any] = {"a": "x" * (BATCH_CHARACTERS + 1), "b": "y", "c": "z"}
    assert [*batches(found)] == [["a"], ["b", "c"]]
