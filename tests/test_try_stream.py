"""``ftlint try`` at a terminal: the answer is shown as it comes, once, and what breaks off is told in one message."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_faults import AFTER, BEFORE, STREAMED
from openai_server import KEY, Server, openai_server
from openai_state import RefusalError
from submitting import QUICK, endpoint_of

from ftlint import api
from ftlint.submit.chat import Answer, Question, chat_model
from ftlint.submit.failure import ServiceError
from ftlint.submit.redaction import Redactor
from ftlint.submit.service import Service
from ftlint.submit.stream import ask_aloud, whole_words

ASK = "POST /chat/completions"
ANSWER = "Oslo. It has only been the capital for a few centuries."
BREAKS = [kind for kind in STREAMED if kind not in ("chunk-undone", "chunk-held")]
LASTING = ("400", "401", "403", "training_not_available", "truncated", "malformed")
PASSING = [kind for kind in (*BEFORE, *AFTER) if kind not in LASTING]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with openai_server(reply=lambda model, messages: ANSWER) as server:
        yield server
        assert not server.wrong


class Terminal:
    """``ftlint try`` at a terminal of its own."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.screen, terminal = pty.openpty()
        command = [
            sys.executable,
            "-m",
            "ftlint",
            "try",
            "gpt-4.1-mini",
            "Norway?",
            "--poll",
            "0.002",
            "--patience",
            "2",
        ]
        env = {**os.environ, **server.env, "TERM": "dumb"}
        self.process = subprocess.Popen(
            command, cwd=folder, env=env, stdout=terminal, stderr=subprocess.PIPE, text=True
        )
        os.close(terminal)
        self.shown = ""

    def read(self) -> bool:
        """Take what is shown; False at the end."""
        try:
            piece = os.read(self.screen, 4096)
        except OSError:  # nobody writes to the terminal any more
            piece = b""
        self.shown += piece.decode().replace("\r\n", "\n")
        return bool(piece)

    def end(self) -> tuple[int, str]:
        """Read to the end: the exit code, and what was told beside the answer."""
        while self.read():
            pass
        os.close(self.screen)
        told = self.process.communicate(timeout=20)[1]
        assert KEY not in self.shown + told
        assert "Traceback" not in told
        return self.process.returncode, told


@pytest.fixture
def start(server: Server, tmp_path: Path) -> Callable[[], Terminal]:
    return lambda: Terminal(server, tmp_path)


def aloud(server: Server) -> tuple[list[str], Answer]:
    """What was said, piece by piece, and the answer."""
    said: list[str] = []
    with Service(endpoint_of(server), QUICK) as service:
        question = Question(chat_model("gpt-4.1-mini", api.load_config()), [{"role": "user", "content": "Norway?"}])
        answer = ask_aloud(service, question, said.append)
    return said, answer


def test_an_answer_is_shown_while_it_comes(server: Server, start: Callable[[], Terminal]) -> None:
    fault = server.plan(ASK, "chunk-held", events=6)
    terminal = start()
    while "It has" not in terminal.shown:
        assert terminal.read()
    assert "capital" not in terminal.shown
    fault.go.set()
    assert terminal.end() == (0, "gpt-4.1-mini-2025-04-14: 10 tokens asked, 14 answered, $0.0000264\n")
    assert terminal.shown == f"{ANSWER}\n"


@pytest.mark.parametrize("kind", BREAKS)
def test_what_breaks_off_is_told_once(server: Server, start: Callable[[], Terminal], kind: str) -> None:
    server.plan(ASK, kind, times=100, events=6)
    terminal = start()
    code, told = terminal.end()
    assert code == 2
    assert terminal.shown == "Oslo. It has only \n"
    assert told.count("ftlint: ") == 1
    assert "what it said so far is not all" in told
    assert len(server.asked(ASK)) == 1


@given(st.lists(st.sampled_from(["a ", "\n", "、", KEY]) | st.text("sk-x ", max_size=9)), st.integers(1, 9))
def test_no_secret_is_cut_in_two(words: list[str], size: int) -> None:
    text, redact = "".join(words), Redactor(KEY)
    pieces = (text[at : at + size] for at in range(0, len(text), size))
    assert "".join(map(redact, whole_words(pieces))) == redact(text)


@pytest.mark.parametrize("kind", BREAKS)
def test_what_breaks_off_before_a_word_is_asked_again(server: Server, kind: str) -> None:
    server.plan(ASK, kind, times=2, events=1)
    said, answer = aloud(server)
    assert "".join(said) == answer.text == ANSWER
    assert len(server.asked(ASK)) == 3


@pytest.mark.parametrize("kind", PASSING)
def test_a_fault_that_passes_is_gone_over(server: Server, kind: str) -> None:
    server.plan(ASK, kind, times=2, seconds=0.01)
    said, answer = aloud(server)
    assert "".join(said) == answer.text == ANSWER


@pytest.mark.parametrize("kind", ["truncated", "malformed"])
def test_half_an_answer_is_no_answer(server: Server, kind: str) -> None:
    server.plan(ASK, kind)
    with pytest.raises(ServiceError, match="what it said so far is not all"):
        aloud(server)


def test_a_whole_answer_needs_no_mark_of_its_end(server: Server) -> None:
    server.plan(ASK, "chunk-undone")
    said, answer = aloud(server)
    assert "".join(said) == ANSWER
    assert (answer.finish, answer.asked, answer.answered) == ("stop", 10, 14)


def test_what_breaks_after_the_end_is_no_failure(server: Server) -> None:
    server.plan(ASK, "chunk-reset", events=16)
    said, answer = aloud(server)
    assert "".join(said) == ANSWER
    assert (answer.finish, answer.asked) == ("stop", 0)


def test_what_may_not_be_streamed_is_asked_whole(server: Server) -> None:
    server.plan(ASK, "400")
    said, answer = aloud(server)
    assert said == [ANSWER]
    assert answer.answered == 14
    assert [one.data.get("stream") for one in server.asked(ASK)] == [True, None]


def test_what_is_not_taken_at_all_is_told(server: Server, start: Callable[[], Terminal]) -> None:
    def refuse(model: str, messages: object) -> str:
        raise RefusalError(400, "content_filter", "The prompt was filtered")

    server.reply = refuse
    terminal = start()
    code, told = terminal.end()
    assert (code, terminal.shown, told.count("ftlint: ")) == (2, "", 1)
    assert "The prompt was filtered" in told


def test_no_key_is_shown_and_no_order_given_to_the_terminal(server: Server, start: Callable[[], Terminal]) -> None:
    server.reply = lambda model, messages: f"\x1b[2J\x07It is {KEY} or sk-{'x' * 9}, 珠穆朗玛峰\n\tand {KEY}"
    terminal = start()
    assert terminal.end()[0] == 0
    assert terminal.shown == "[2JIt is ••• or •••, 珠穆朗玛峰\n\tand •••\n"


def test_halves_of_signs_are_no_trouble(server: Server, start: Callable[[], Terminal]) -> None:
    server.reply = lambda model, messages: "A half \ud83d and no more"
    terminal = start()
    assert terminal.end()[0] == 0
    assert terminal.shown == "A half ? and no more\n"
