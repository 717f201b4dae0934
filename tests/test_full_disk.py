"""A disk that takes nothing more: the file is named, what stood there stays, and nothing is left behind."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

resource = pytest.importorskip("resource")

YAML = "examples:\n  - user: Capital of Norway?\n    assistant: Oslo.\n"
COMMAS = '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]},\n'


def fill() -> None:
    """From here on no file may grow: writing fails as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["convert", "a.ft.yaml", "-o", "out.jsonl"], "nothing was written: out.jsonl: "),
        (["import", "a.jsonl", "-o", "b.ft.yaml"], "b.ft.yaml could not be written: "),
        (["init"], "ftlint.yaml: it could not be written: "),
        (["check", "--fix-only", "--unsafe-fixes", "commas.jsonl"], "commas.jsonl: it was not fixed: "),
        (["check", "--output", "json:out.json", "a.jsonl"], "out.json: the report could not be written: "),
        (["baseline", "--update", "commas.jsonl"], "ftlint-baseline.json: the baseline could not be written: "),
    ],
)
def test_a_full_disk_changes_nothing(tmp_path: Path, words: list[str], said: str) -> None:
    for name, text in (("a.ft.yaml", YAML), ("commas.jsonl", COMMAS), ("a.jsonl", COMMAS.replace(",\n", "\n"))):
        (tmp_path / name).write_text(text, "utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    command = [sys.executable, "-B", "-m", "ftlint", *words]
    done = subprocess.run(command, cwd=tmp_path, preexec_fn=fill, capture_output=True, text=True, check=False)
    assert f"{said}{os.strerror(errno.EFBIG)}\n" in done.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
