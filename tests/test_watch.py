"""``check --watch``: checked again after each change of anything that a check reads, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from running import ftlint

from ftlint.watched import Watched

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0
GOOD = "".join(
    f'{{"messages": [{{"role": "user", "content": "Is {n} far?"}}, {{"role": "assistant", "content": "Yes."}}]}}\n'
    for n in range(12)
)
BAD = '{"messages": [{"role": "user", "content": "Why?"}, {"role": "asistant", "content": "So."}]}\n'


class Watching:
    """A command that watches, and what it has printed."""

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self.folder, self.process = folder, process

    def printed(self, words: str, times: int = 1) -> str:
        """What was printed, once it holds the words so many times."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            if (text := (self.folder / "log").read_text()).count(words) >= times:
                return text
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())


@contextmanager
def watching(folder: Path, *arguments: str, without: str = "") -> Iterator[Watching]:
    """``ftlint check --watch`` in a folder, in a process where the module ``without`` cannot be imported."""
    code = (
        f"import sys; {f'sys.modules[{without!r}] = None; ' if without else ''}sys.argv = ['ftlint', *sys.argv[1:]]; "
    )
    code += "from ftlint.__main__ import main; main()"
    command = [sys.executable, "-u", "-c", code, "check", "--watch", *arguments]
    with (folder / "log").open("w") as log:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield Watching(folder, process)
        finally:
            process.kill()
            process.wait()


@pytest.mark.parametrize("without", ["", "watchfiles"])
def test_a_change_is_checked_and_an_interrupt_ends_it_in_silence(tmp_path: Path, without: str) -> None:
    (tmp_path / "train.jsonl").write_text(GOOD)
    with watching(tmp_path, "train.jsonl", without=without) as run:
        run.printed("No findings in 12 examples.")
        (tmp_path / "train.jsonl").write_text(GOOD + BAD)
        run.printed("train.jsonl:13:61: error[unknown-role]")
        (tmp_path / "train.jsonl").unlink()
        run.printed("no such file or folder: 'train.jsonl'")
        (tmp_path / "train.jsonl").write_text(GOOD)
        text = run.printed("No findings in 12 examples.", times=2)
        assert "\x1b" not in text, "only a terminal is cleared"
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(PATIENCE) == 130
        assert "Traceback" not in (tmp_path / "log").read_text()


def test_the_configuration_is_watched_and_a_mistake_in_it_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text(GOOD + BAD)
    with watching(tmp_path) as run:
        run.printed("error[unknown-role]")
        (tmp_path / "ftlint.yaml").write_text("rules: {unknown-role: of}\n")
        run.printed("ftlint.yaml:1:")
        (tmp_path / "ftlint.yaml").write_text("rules: {unknown-role: off}\n")
        run.printed("No findings")


def test_what_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Watched([]).files() == []
    (tmp_path / "lint").mkdir()
    (tmp_path / "lint" / "own.md").write_text("no page")
    (tmp_path / "ftlint.yaml").write_text("rules-from: [lint]\n")
    (tmp_path / "prompt.md").write_text("Be kind.\n")
    (tmp_path / "a.ft.yaml").write_text(
        "defaults: {system: {file: prompt.md}}\nexamples:\n  - {user: a, assistant: b}\n"
    )
    (tmp_path / "train.jsonl").write_text(GOOD)
    watched = Watched([])
    for _ in range(2):
        names = {os.path.relpath(file, tmp_path) for file in watched.files()}
        assert names == {"ftlint.yaml", "lint", "lint/own.md", "a.ft.yaml", "prompt.md", "train.jsonl"}
    (tmp_path / "ftlint.yaml").write_text("rulez: {}\n")
    assert Watched([]).files() == [str(tmp_path / "ftlint.yaml")]
    assert Watched(["gone.jsonl"], tmp_path / "ftlint.yaml").files() == ["gone.jsonl", str(tmp_path / "ftlint.yaml")]
    assert [os.path.basename(file) for file in Watched(["train.jsonl"], no_config=True).files()] == ["train.jsonl"] * 2


def test_standard_input_is_not_watched() -> None:
    done = ftlint("check", "-", "--watch")
    assert (done.exit_code, "--watch does not go with standard input" in done.output) == (2, True)
