"""Fixing that is killed: at any moment every file is the old one or the new one, whole, and nothing strays."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from mending import Place, fixed

from ftlint import repair
from ftlint.fixes.draft import SUFFIX, drafts, sweep

FILES, KILLS = 100, 8
COMMAND = [sys.executable, "-m", "ftlint", "check", "--fix-only", "--no-config", "."]


def dirty(number: int) -> bytes:
    """A file in which every line has something to fix."""
    row = {"messages": [{"role": "User", "content": f"{number}?"}, {"role": "assistant", "content": f" {number}. "}]}
    return (json.dumps(row).encode() + b"\r\n") * 12


def all_fixed(files: dict[str, bytes]) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name), files)
        place.fix()
        return place.read()


@pytest.mark.skipif(os.name != "posix", reason="there is no kill -9")
def test_a_fix_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    old = {f"part-{number:03}.jsonl": dirty(number) for number in range(FILES)}
    new = all_fixed(old)
    for name, data in old.items():
        (tmp_path / name).write_bytes(data)
    chance = random.Random(7)
    interrupted = 0
    for _ in range(KILLS):
        running = subprocess.Popen(COMMAND, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_work(tmp_path, running, chance)
        running.send_signal(signal.SIGKILL)
        interrupted += running.wait() == -signal.SIGKILL
        for name, data in old.items():
            assert (tmp_path / name).read_bytes() in (data, new[name]), name
        assert {path.name for path in tmp_path.glob("*.jsonl") if not path.name.startswith(".")} == set(old)
        assert not list(tmp_path.glob(".*.jsonl"))
    assert interrupted
    subprocess.run(COMMAND, cwd=tmp_path, check=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == new


def wait_for_work(folder: Path, running: subprocess.Popen[bytes], chance: random.Random) -> None:
    """Until a draft is being written, and a random while longer."""
    while running.poll() is None and not list(folder.glob(f".*{SUFFIX}")):
        time.sleep(0.001)
    time.sleep(chance.random() * 0.05)


def test_drafts_of_runs_that_are_over_are_swept(tmp_path: Path) -> None:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    dead, alive = (tmp_path / f".a.jsonl.{pid}.x{SUFFIX}" for pid in (done.pid, os.getpid()))
    others = [tmp_path / f".{name}.{done.pid}.x{SUFFIX}" for name in ("b.jsonl", "a.jsonl.7", "x.a.jsonl")]
    for path in (dead, alive, *others):
        path.write_bytes(b"")
    sweep(drafts(tmp_path), "a.jsonl")
    assert set(drafts(tmp_path)) == {alive, *others, *([dead] if os.name != "posix" else [])}


def test_a_folder_is_looked_at_once_for_drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Path] = []
    monkeypatch.setattr(repair, "drafts", lambda folder: looked.append(folder) or ())
    Place(tmp_path, {f"{number}.jsonl": dirty(number) for number in range(3)}).fix()
    assert looked == [tmp_path]


def test_a_clean_folder_is_not_touched(tmp_path: Path) -> None:
    place = Place(tmp_path, {"a.jsonl": fixed(dirty(1))})
    before = (tmp_path / "a.jsonl").stat()
    assert not place.fix().fixed
    assert (tmp_path / "a.jsonl").stat() == before
