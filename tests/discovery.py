"""What the tests of discovery share: a configuration, folders, and their layout as text."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ftlint import config
from ftlint.sources.paths import Discovery


class Config(config.Config, frozen=True):
    path: Path | None = None
    root: Path = Path()
    include: tuple[str, ...] = ("*.jsonl",)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def make(*names: str, text: str = "{}\n") -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text + name)


def layout(found: Discovery) -> dict[str, list[str]]:
    """Datasets as ``{name: ["split path", …]}``; what is not asked for stands in brackets."""
    return {
        dataset.name: [
            f"{source.split} {source.path}" if source.asked else f"[{source.split} {source.path}]"
            for source in dataset.sources
        ]
        for dataset in found.datasets
    }


def shown(found: Discovery) -> list[str]:
    return [source.path for dataset in found.datasets for source in dataset.sources]


def git(*arguments: str) -> str:
    # Settings of the machine (a global ignore file) would change what git says.
    clean = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=False, env=clean).stdout
