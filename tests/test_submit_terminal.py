"""``submit`` and ``compare`` at a terminal: who does not say yes sends nothing, and who leaves is told how to go on."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from openai_server import Server
from submitting import FAST, MODEL, assert_no_key, submit, write

from ftlint.submit.submission import Submission

SUBMIT = ("submit", "train.jsonl", "--target", MODEL, "--no-wait")
COMPARE = ("compare", "--base", "gpt-4.1-mini", "--tuned", "gpt-4.1", "--dataset", "train.jsonl", "--limit", "1")


@pytest.fixture(autouse=True)
def here(here: Path) -> Iterator[Path]:
    write(here)
    yield here
    assert_no_key(here)


def typed(server: Server, words: tuple[str, ...], keys: bytes) -> tuple[int, str]:
    """The exit code, and all that is told, of a command whose user types ``keys``."""
    hands, terminal = pty.openpty()
    os.write(hands, keys)
    line = [sys.executable, "-m", "ftlint", *words, *FAST]
    env = {**os.environ, **server.env}
    done = subprocess.run(line, env=env, stdin=terminal, capture_output=True, text=True, timeout=60, check=False)
    os.close(hands)
    os.close(terminal)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("keys", [b"n\n", b"\n", b"\x04"])
def test_whoever_does_not_say_yes_sends_nothing(server: Server, keys: bytes) -> None:
    code, told = typed(server, SUBMIT, keys)
    assert (code, told.count("ftlint: nothing was sent\n")) == (2, 1)
    assert "Aborted" not in told
    assert (server.asked("POST *"), server.state.jobs) == ([], {})
    code, told = typed(server, COMPARE, keys)
    assert (code, told.count("ftlint: nothing was asked\n")) == (2, 1)
    assert server.asked("POST *") == []


def test_whoever_says_yes_gets_what_was_shown(server: Server) -> None:
    code, told = typed(server, SUBMIT, b"y\n")
    assert (code, len(server.state.jobs)) == (0, 1)
    assert "Upload and train? [y/N]" in told
    assert typed(server, COMPARE, b"y\n")[0] == 0
    assert len(server.asked("POST /chat/completions")) == 2


def test_whoever_leaves_in_the_middle_is_told_how_to_go_on(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def left(*given: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Submission, "start", left)
    done = submit(server, "train.jsonl")
    assert done.exit_code == 130
    assert "the same command finds what was sent, and goes on from there" in done.stderr


def test_a_job_is_followed_with_a_bar(server: Server) -> None:
    assert submit(server, "train.jsonl", "--no-wait").exit_code == 0
    screen, terminal = pty.openpty()
    line = [sys.executable, "-m", "ftlint", "jobs", "follow", "train", *FAST]
    env = {**os.environ, **server.env}
    with subprocess.Popen(line, env=env, stdout=subprocess.PIPE, stderr=terminal, text=True) as process:
        os.close(terminal)
        shown = b""
        try:
            while piece := os.read(screen, 4096):
                shown += piece
        except OSError:  # nobody writes to the terminal any more
            pass
        told = process.communicate(timeout=20)[0]
    os.close(screen)
    assert process.returncode == 0
    assert "running ━" in shown.decode()
    assert "until about" in shown.decode()
    assert shown.endswith(b"\r\x1b[2K")
    assert told.startswith("loss        █")
