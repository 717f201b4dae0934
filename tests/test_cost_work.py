"""Tests of the work of costs and statistics: whoever does it, with a cache or without, the bytes are the same."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from costing import chat, commit, write
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import records, wild

from ftlint import api, cache
from ftlint.config import default
from ftlint.model import Shard
from ftlint.render import Options
from ftlint.render.costs import render
from ftlint.render.stats import render as render_stats

FORMATS = (("cost", "text"), ("cost", "json"), ("cost", "csv"), ("stats", "text"), ("stats", "json"))
HOW = Options(width=100)


@pytest.fixture(autouse=True)
def _however_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LEAST", 0)


def told(folder: Path, what: str, format_: str, base: str | None = None, **how: Any) -> str:
    """What is printed of a folder."""
    config = default(folder)
    if what == "stats":
        return "".join(render_stats(api.stats(folder, config=config, **how), format_, HOW))
    options = api.CostOptions(contents=format_ == "json", base=base)
    return "".join(render(api.cost(folder, config=config, options=options, **how), format_, HOW))


@settings(max_examples=15)
@given(
    st.lists(records(wild), max_size=8), st.lists(records(wild), max_size=3), st.integers(0, 8), st.integers(1, 2000)
)
def test_no_output_depends_on_the_cache(
    old: list[dict[str, Any]], new: list[dict[str, Any]], at: int, shard_bytes: int
) -> None:
    """Cold, warm, and after an edit that moves what stands behind it."""
    with tempfile.TemporaryDirectory() as name:
        folder, kept = Path(name) / "data", Path(name) / "kept"
        for state in (old, [*old[:at], *new, *old[at:]]):
            write(folder / "train.jsonl", state)
            for what, format_ in FORMATS:
                expected = told(folder, what, format_)
                for _ in ("cold", "warm"):
                    assert told(folder, what, format_, cache=kept, shard_bytes=shard_bytes) == expected


def test_no_output_depends_on_who_does_the_work(tmp_path: Path) -> None:
    write(
        tmp_path / "data/train.jsonl", (chat(f"What is {n}?", f"It is {n % 7}.", "Count."[: n % 3]) for n in range(300))
    )
    write(tmp_path / "data/validation.jsonl", (chat(f"And {n}?", "Held.") for n in range(40)))
    for what, format_ in FORMATS:
        expected = told(tmp_path / "data", what, format_)
        for how in ({"jobs": 2}, {"executor": "thread:3"}, {"executor": "thread:3", "cache": tmp_path / "kept"}):
            assert told(tmp_path / "data", what, format_, shard_bytes=2000, **how) == expected


def test_the_past_is_known_from_the_present(tmp_path: Path, scans: list[Shard]) -> None:
    """A state of git whose files are those of the working folder, but for one, is scanned for that one alone."""
    folder, kept = tmp_path / "data", tmp_path / "kept"
    for name in "abc":
        write(folder / f"{name}.jsonl", (chat(f"{name} {n}", "yes") for n in range(30)))
    commit(folder)
    write(folder / "b.jsonl", (chat(f"b {n}", "no") for n in range(30)))
    expected = told(folder, "cost", "json", base="HEAD")
    scans.clear()
    assert told(folder, "cost", "json", base="HEAD", cache=kept) == expected
    assert sorted(Path(shard.source.path).name for shard in scans) == ["a.jsonl", "b.jsonl", "b.jsonl", "c.jsonl"]
    scans.clear()
    assert told(folder, "cost", "json", base="HEAD", cache=kept) == expected
    assert scans == []


def test_the_past_of_authored_files_has_its_own_includes(tmp_path: Path) -> None:
    folder, kept = tmp_path / "data", tmp_path / "kept"
    folder.mkdir()
    (folder / "a.ft.yaml").write_text("examples:\n- system: {file: prompt.md}\n  user: Hi\n  assistant: Ho\n")
    (folder / "prompt.md").write_text("Be brief.\n")
    commit(folder)
    (folder / "prompt.md").write_text("Be brief, friendly, and nothing but helpful.\n")
    expected = told(folder, "cost", "text", base="HEAD")
    assert "a system prompt changed" in " ".join(expected.split())
    for _ in ("cold", "warm"):
        assert told(folder, "cost", "text", base="HEAD", cache=kept) == expected


@pytest.mark.parametrize("command", ["cost", "stats"])
def test_the_command_line(tmp_path: Path, command: str) -> None:
    write(tmp_path / "train.jsonl", (chat(f"What is {n}? " * 40, f"It is {n % 7}.") for n in range(2500)))

    def run(*options: str) -> subprocess.CompletedProcess[bytes]:
        asked = [sys.executable, "-m", "ftlint", command, "train.jsonl", "--format", "json", *options]
        return subprocess.run(asked, capture_output=True, cwd=tmp_path, check=False)

    alone = run("--jobs", "1", "--no-cache")
    assert json.loads(alone.stdout)
    assert alone.returncode == 0
    assert not (tmp_path / ".ftlint_cache").exists()
    for options in (["--jobs", "2", "--no-cache"], [], [], ["--executor", "thread:2", "--cache-dir", "kept"]):
        assert run(*options).stdout == alone.stdout
    assert (tmp_path / ".ftlint_cache").exists()
    assert list((tmp_path / "kept").glob("*.entry"))
    wrong = run("--executor", "proces")
    assert (wrong.returncode, b'did you mean "process"?' in wrong.stderr) == (2, True)


def test_no_text_is_kept(tmp_path: Path) -> None:
    talk = [("system", "Quaint prompt."), ("user", "Quaint question?"), ("assistant", "Quaint answer.")]
    record = {"messages": [{"role": role, "content": text} for role, text in talk]}
    (tmp_path / "train.jsonl").write_text(f"{json.dumps(record)}\n" * 3)
    cold, warm = (told(tmp_path, "stats", "text", cache=tmp_path / "kept") for _ in range(2))
    assert cold == warm
    assert "Quaint prompt." in warm
    entries = list((tmp_path / "kept").glob("*.entry"))
    assert entries
    assert not any(b"Quaint" in entry.read_bytes() for entry in entries)
