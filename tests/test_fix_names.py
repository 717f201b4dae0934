"""The names in diffs are such that git can apply them, wherever the command is run and whatever leads to a file."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from click.testing import Result
from running import ftlint

ROW = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": " Ho"}]}\n'


@pytest.fixture
def project(here: Path) -> Path:
    """A repository with a file in a folder, and a link to it in another."""
    (here / "data").mkdir()
    (here / "sub").mkdir()
    (here / "data" / "a.jsonl").write_bytes(ROW)
    (here / "sub" / "link.jsonl").symlink_to("../data/a.jsonl")
    subprocess.run(["git", "init", "--quiet", "."], check=True)
    return here


def diff(*words: str) -> Result:
    return ftlint("check", "--no-config", "--diff", *words)


def apply(done: Result, folder: Path) -> None:
    subprocess.run(["git", "apply", "-"], cwd=folder, input=done.stdout_bytes, check=True)


@pytest.mark.parametrize("name", ["data/a.jsonl", "sub/link.jsonl", "sub/../data/a.jsonl", "ABSOLUTE"])
def test_the_diff_is_of_the_real_file(project: Path, name: str) -> None:
    done = diff(str(project / "data" / "a.jsonl") if name == "ABSOLUTE" else name)
    assert done.stderr == ""
    apply(done, project)
    assert (project / "data" / "a.jsonl").read_bytes() == ROW.replace(b" Ho", b"Ho")
    assert (project / "sub" / "link.jsonl").is_symlink()


@pytest.mark.parametrize("name", ["../data/a.jsonl", "link.jsonl"])
def test_names_start_from_the_top_where_a_file_is_outside(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(project / "sub")
    (project / "sub" / "b.jsonl").write_bytes(ROW.replace(b"Hi", b"Hey"))
    done = diff(name, "b.jsonl")
    assert done.stderr == f"ftlint: names in the diff start from {os.path.realpath(project)}: apply it there\n"
    apply(done, project)
    for path in ("data/a.jsonl", "sub/b.jsonl"):
        assert b'" Ho' not in (project / path).read_bytes()


def test_without_a_repository_they_start_above_all_files(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / ".git").rename(project / "git")
    (project / "c.jsonl").write_bytes(ROW)
    monkeypatch.chdir(project / "sub")
    done = diff("../data/a.jsonl", "../c.jsonl")
    assert [line for line in done.stdout.splitlines() if line.startswith("---")] == [
        "--- a/data/a.jsonl",
        "--- a/c.jsonl",
    ]
    assert f"start from {os.path.realpath(project)}:" in done.stderr
