"""Tests of ``ftlint targets``, and of the way that CONTRIBUTING gives to a provider of one's own: one data file."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

from costing import chat, write

from ftlint.resources import PACKAGE
from ftlint.targets import all_targets, resolve
from ftlint.targets.age import dated, outdated

CONTRIBUTING = Path(__file__).parent.parent / "CONTRIBUTING.md"


def ftlint(folder: Path, *arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "120"} | ({"PYTHONPATH": str(path)} if path else {})
    command = [sys.executable, "-m", "ftlint", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)


def test_the_catalogue(tmp_path: Path) -> None:
    rows = ftlint(tmp_path, "targets").stdout
    assert all(target.name in rows for target in all_targets())
    assert all(provider in rows for provider in ("together", "fireworks", "mistral", "generic"))
    of_azure = ftlint(tmp_path, "targets", "azure").stdout
    assert "openai/" not in of_azure
    assert "azure/gpt-4.1-2025-04-14" in of_azure


def test_one_target_with_its_sources_and_overrides(tmp_path: Path) -> None:
    (tmp_path / "ftlint.yaml").write_text("models: {gpt-4.1: {price: {train: 21.5, as_of: 2026-12-01}}}\n")
    shown = ftlint(tmp_path, "targets", "openai/gpt-4.1").stdout
    assert "$21.50 training, $3.00 in, $12.00 out (a million tokens, as of 2026-12-01)" in shown
    assert "litellm 1.109.1" in shown
    (data,) = json.loads(ftlint(tmp_path, "targets", "openai/gpt-4.1", "--format", "json").stdout)
    assert (data["price"]["train"], data["jobs_close"]) == (21.5, "2027-01-06")
    assert data["roles"] == ["assistant", "function", "system", "tool", "user"]
    wrong = ftlint(tmp_path, "targets", "opnai/gpt-4")
    assert wrong.returncode == 2
    assert "did you mean" in wrong.stderr


def test_old_data_is_warned_of(tmp_path: Path) -> None:
    old = ftlint(tmp_path, "targets", "--check", "--max-age", "30", "gpt-4.1")
    assert old.returncode == 1
    assert "openai/gpt-4.1-2025-04-14: price of 2025-07, " in old.stdout
    assert ftlint(tmp_path, "targets", "--check", "--max-age", "100000").returncode == 0


def test_ages() -> None:
    target = resolve("gpt-4.1")
    assert (dated("2025-07"), dated("of 2026-11-23"), dated("litellm only")) == (
        date(2025, 7, 1),
        date(2026, 11, 23),
        None,
    )
    assert list(outdated([target], date(2026, 11, 23), 510)) == []
    assert len(list(outdated([target], date(2026, 11, 23), 509))) == 1
    assert len(list(outdated([target], date(2027, 1, 13), 50))) == 2
    assert list(outdated([target], date(2027, 1, 14), 0)) == []


def test_a_provider_is_one_data_file(tmp_path: Path) -> None:
    example = re.search(r"```json\n(\{\n \"provider\": \"acme\".*?)```", CONTRIBUTING.read_text("utf-8"), re.DOTALL)
    assert example
    shutil.copytree(PACKAGE, tmp_path / "ftlint", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("rules", "schemas"):
        if (PACKAGE.parent / name).exists():
            shutil.copytree(PACKAGE.parent / name, tmp_path / name)
    (tmp_path / "ftlint/targets/acme.json").write_text(example[1], "utf-8")
    data = tmp_path / "data"
    write(data / "train.jsonl", [chat("Hi", "Ho")] * 10)
    assert "acme/small" in ftlint(data, "targets", "acme", path=tmp_path).stdout
    done = ftlint(data, "cost", "--target", "acme/small", "--format", "csv", path=tmp_path)
    assert done.returncode == 0, done.stderr
    assert ",0.48,2026-11-23," in done.stdout
    assert "acme/small" in ftlint(data, "cost", "--compare-models", path=tmp_path).stdout
