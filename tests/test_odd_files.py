"""Files with names and links that people really have: found, counted, told and fixed as any other."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from running import check, ftlint

ROW = '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho "}]}\n'
NAMES = [
    "--target.jsonl",
    "-",
    "--",
    "a#b?",
    "[x]{a,b}",
    "!bang",
    "*",
    "~home",
    "$v",
    "a: b",
    "back\\slash",
    "100%",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_only_a_name(here: Path, name: str) -> None:
    name += ".jsonl"
    (here / name).write_text(ROW)
    only = ["--select", "edge-whitespace"]
    code, said = check(*only, "--", name)
    assert (code, said.splitlines()[1]) == (0, "1 warning in 1 file")
    report = json.loads(ftlint("check", *only, "--format", "gitlab", "--", name).stdout)
    assert [item["location"]["path"] for item in report] == [name]
    diff = ftlint("check", *only, "--diff", "--", name).stdout_bytes
    ignored = ftlint("check", *only, "--add-ignore", "edge-whitespace", "--reason", "so", "--", name)
    assert ignored.exit_code == 0
    assert check(*only, ".")[1] == "No findings (1 suppressed) in 1 example.\n"
    os.remove("ftlint.yaml")
    assert check(*only, "--fix-only", "--", name)[0] == 0
    mended = (here / name).read_text()
    assert mended == ROW.replace("Ho ", "Ho")
    (here / name).write_text(ROW)
    subprocess.run(["git", "apply", "-"], input=diff, check=True)
    assert (here / name).read_text() == mended


@pytest.mark.skipif(os.name != "posix", reason="links of POSIX")
def test_a_link_that_leads_to_itself_is_not_said_to_be_missing(here: Path) -> None:
    (here / "a.jsonl").write_text(ROW)
    os.symlink("loop.jsonl", "loop.jsonl")
    os.symlink("gone", "lost.jsonl")
    code, said = check(".")
    assert code == 2
    assert "loop.jsonl: unchecked: it could not be read: Too many levels of symbolic links\n" in said
    assert "lost.jsonl: unchecked: it links to gone, which does not exist\n" in said
