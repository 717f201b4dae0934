"""Standard streams that are full, gone or closed, and a folder that is gone, end a command with a sentence at most."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FTLINT = [sys.executable, "-m", "ftlint"]
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
ROW = '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n'
COMMANDS = (["--version"], ["--help"], ["rule"], ["check", "--no-config", "a.jsonl"])


def run(folder: Path, words: list[str], out: int, before: Callable[[], None] | None = None) -> tuple[int, str]:
    (folder / "a.jsonl").write_text(ROW, "utf-8")
    done = subprocess.run(
        [*FTLINT, *words],
        cwd=folder,
        stdout=out,
        stderr=subprocess.PIPE,
        preexec_fn=before,
        env=BUFFERED,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device")
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_full_disk_is_said_in_a_sentence(tmp_path: Path, words: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        assert run(tmp_path, words, full.fileno()) == (2, "ftlint: could not go on: No space left on device\n")


@pytest.mark.skipif(os.name != "posix", reason="pipes end otherwise")
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_reader_that_is_gone_ends_it_in_silence(tmp_path: Path, words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        assert run(tmp_path, words, writer) == (1, "")
    finally:
        os.close(writer)


@pytest.mark.skipif(os.name != "posix", reason="streams are closed otherwise")
@pytest.mark.parametrize(("words", "code"), [*zip(COMMANDS, (0, 0, 0, 1), strict=True)])
def test_output_that_was_closed_goes_nowhere(tmp_path: Path, words: list[str], code: int) -> None:
    assert run(tmp_path, words, subprocess.DEVNULL, lambda: os.close(1)) == (code, "")


@pytest.mark.skipif(os.name != "posix", reason="streams are closed otherwise")
@pytest.mark.parametrize("command", ["check", "convert", "fmt", "explain", "import", "cost", "stats"])
def test_input_that_was_closed_is_said(tmp_path: Path, command: str) -> None:
    code, said = run(tmp_path, [command, "-"], subprocess.DEVNULL, lambda: os.close(0))
    assert code == 2
    assert os.strerror(errno.EBADF).lower() in said.lower()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "shift_jis"])
@pytest.mark.parametrize("format", ["text", "concise", "markdown", "junit"])
def test_files_and_pipes_get_utf8_whatever_the_code_page(tmp_path: Path, encoding: str, format: str) -> None:
    (tmp_path / "a.jsonl").write_text(ROW.replace('"user"', '"Ελλάς"'), "utf-8")
    command = [*FTLINT, "check", "--no-config", "--format", format, "a.jsonl"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert "Ελλάς" in done.stdout.decode("utf-8")


def delete_here() -> None:
    os.unlink("a.jsonl")
    os.rmdir(os.getcwd())


@pytest.mark.skipif(os.name != "posix", reason="a folder in use is not deleted")
@pytest.mark.parametrize("words", [["check"], ["stats"], ["targets"], ["convert"], ["baseline"]], ids=" ".join)
def test_a_current_folder_that_was_deleted_is_said(tmp_path: Path, words: list[str]) -> None:
    said = "ftlint: could not go on: the current folder was deleted: change to another one\n"
    assert run(tmp_path, words, subprocess.DEVNULL, delete_here) == (2, said)
