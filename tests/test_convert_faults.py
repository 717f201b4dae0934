"""``ftlint convert`` where it must not, or cannot: errors in the sources, a full disk, outputs in the way; watching."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import ftlint
from test_convert import CONFIG, PAIR, SPLIT, YAML, convert, project, write

from ftlint import convert as conversion

__all__ = ["project"]

pytestmark = pytest.mark.usefixtures("here")

BROKEN = "examples:\n  - user: Hi\n    asistant: Hello\n"


def test_groups_that_straddle_are_refused(project: Path) -> None:
    text = YAML.replace("  - user", "  - group: g\n    split: train\n    user")
    write(project / "data" / "a.ft.yaml", text.replace("split: train", "split: validation", 1))
    done = convert()
    assert done.exit_code == 1
    assert "error[straddling-group]" in done.stderr
    assert not (project / "build").exists()


def test_errors_are_refused_and_forced(here: Path) -> None:
    write(here / "a.ft.yaml", BROKEN + PAIR.format("Oslo"))
    old = write(here / "out.jsonl", "old\n")
    done = convert("a.ft.yaml", "-o", "out.jsonl")
    assert done.exit_code == 1
    assert "a.ft.yaml:3:5: error[unknown-key]" in done.stderr
    assert "nothing was written: " in done.stderr
    assert old.read_text("utf-8") == "old\n"
    assert convert("a.ft.yaml", "-o", "out.jsonl", "--check").exit_code == 1
    forced = convert("a.ft.yaml", "-o", "out.jsonl", "--force")
    assert forced.exit_code == 0
    assert "wrote out.jsonl: 1 example\n" in forced.stderr


def test_a_silenced_mistake_still_leaves_no_example_out(here: Path) -> None:
    write(here / "a.ft.yaml", BROKEN + PAIR.format("Oslo"))
    write(here / "ftlint.yaml", "ignore: [FT8]\n")
    done = convert("a.ft.yaml", "-o", "out.jsonl")
    assert done.exit_code == 1
    assert "a.ft.yaml:3:5: error[unknown-key]" in done.stderr
    assert not (here / "out.jsonl").exists()


def test_what_a_check_calls_an_error_is_refused(here: Path) -> None:
    turns = "examples:\n  - turns:\n      - user: Hi\n      - assistant: Hello\n        weight: 0\n"
    write(here / "a.ft.yaml", turns)
    checked = ftlint("check", "a.ft.yaml", "--format", "json")
    errors = {item["name"] for item in json.loads(checked.stdout)["diagnostics"] if item["severity"] == "error"}
    done = convert("a.ft.yaml", "-o", "out.jsonl")
    assert done.exit_code == int(bool(errors - {"too-few-examples"}))


def test_a_mode_is_kept(project: Path) -> None:
    convert()
    (project / "build" / "train.jsonl").chmod(0o640)
    convert()
    assert stat.S_IMODE((project / "build" / "train.jsonl").stat().st_mode) == 0o640


def test_a_link_stays_a_link(project: Path) -> None:
    write(project / "real.jsonl", "old\n")
    (project / "build").mkdir()
    (project / "build" / "train.jsonl").symlink_to(project / "real.jsonl")
    convert()
    assert (project / "build" / "train.jsonl").is_symlink()
    assert "Bergen" in (project / "real.jsonl").read_text("utf-8")


def test_a_failing_write_leaves_all_old_files_whole(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    convert()
    before = {path.name: path.read_bytes() for path in (project / "build").iterdir()}
    write(project / "data" / "a.ft.yaml", SPLIT.replace("five", "six"))
    whole, calls = conversion.write_atomically, []

    def full(path: Path, data: bytes) -> None:
        calls.append(path)
        if len(calls) == 2:
            path.write_bytes(data[:10])
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        whole(path, data)

    monkeypatch.setattr(conversion, "write_atomically", full)
    done = convert()
    assert done.exit_code == 2
    assert "nothing was written" in done.stderr
    assert "No space left on device" in done.stderr
    assert {path.name: path.read_bytes() for path in (project / "build").iterdir()} == before


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ([], "nothing to convert: there is no ftlint.yaml with a dataset with `sources` and `output`"),
        (["-o", "x.jsonl"], "name the YAML files before -o"),
        (["a.ft.yaml"], "a.ft.yaml belongs to no dataset with an output; say where it goes: -o train.jsonl"),
        (["a.ft.yaml", "-o", "a.ft.yaml"], "a.ft.yaml is a source"),
        (["a.ft.yaml", "-o", "folder"], "folder is a folder"),
        (["b.ft.yaml", "-o", "x.jsonl"], "no such file or folder: 'b.ft.yaml'; did you mean 'a.ft.yaml'?"),
        (["old.jsonl", "-o", "x.jsonl"], "old.jsonl is not YAML; `ftlint import old.jsonl` makes it so"),
        (["a.ft.yaml", "-o", "-", "--check"], "--check needs a file"),
        (["a.ft.yaml", "-o", "-", "--source-map"], "--source-map needs a file"),
        (["-", "-o", "x.jsonl", "--watch"], "--watch goes neither"),
        (["a.ft.yaml", "-o", "a.ft.yaml/x.jsonl"], "nothing was written"),
    ],
)
def test_what_cannot_be_done_is_said(here: Path, words: list[str], what: str) -> None:
    write(here / "a.ft.yaml", YAML)
    write(here / "old.jsonl", "{}\n")
    (here / "folder").mkdir()
    done = convert(*words, stdin=YAML)
    assert done.exit_code == 2
    assert what in done.stderr
    assert (here / "a.ft.yaml").read_text("utf-8") == YAML


def test_a_pipe_is_never_replaced(here: Path) -> None:
    write(here / "a.ft.yaml", YAML)
    os.mkfifo(here / "pipe")
    done = convert("a.ft.yaml", "-o", "pipe")
    assert done.exit_code == 2
    assert "pipe is no file; -o - writes to standard output" in done.stderr
    assert stat.S_ISFIFO((here / "pipe").stat().st_mode)


def test_two_outputs_are_not_one_file(project: Path) -> None:
    write(project / "ftlint.yaml", CONFIG.replace("build/validation", "build/train"))
    assert "build/train.jsonl is the output of two splits or datasets" in convert().stderr


def test_sources_that_match_nothing_are_named_with_their_key(project: Path) -> None:
    write(project / "ftlint.yaml", CONFIG.replace("data/", "dta/"))
    done = convert()
    assert done.exit_code == 2
    assert "datasets.support.sources: nothing matches 'dta/*.ft.yaml'" in done.stderr


def test_watch_converts_again_and_ends_quietly(project: Path) -> None:
    prompt = write(project / "data" / "prompt.md", "Be brief.")
    write(project / "data" / "a.ft.yaml", "defaults: {system: {file: prompt.md}}\n" + YAML)
    command = [sys.executable, "-u", "-m", "ftlint", "convert", "--watch"]
    built = project / "build" / "train.jsonl"
    with subprocess.Popen(command, cwd=project, stderr=subprocess.PIPE, text=True) as process:
        try:
            for path, text, word in (
                (prompt, "Be brief.", "brief"),
                (prompt, "Be kind.", "kind"),
                (project / "data" / "b.ft.yaml", "examples:\n" + PAIR.format("Bodø"), "Bodø"),
            ):
                write(path, text)
                deadline = time.monotonic() + 30
                while not (built.exists() and word in built.read_text("utf-8")):
                    assert time.monotonic() < deadline, word
                    assert process.poll() is None
                    time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            errors = process.communicate(timeout=30)[1]
        finally:
            process.kill()
    assert process.returncode == 130
    assert "Traceback" not in errors
