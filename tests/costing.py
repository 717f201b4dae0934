"""Datasets and repositories for the tests of costs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from ftlint import api
from ftlint.config import default
from ftlint.estimate.report import CostReport

TODAY = date(2026, 11, 23)
Data = dict[str, Any]


def chat(question: str, answer: str, system: str = "") -> Data:
    said = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return {"messages": [{"role": "system", "content": system}, *said] if system else said}


def completion(tokens: int) -> Data:
    return {"prompt": "", "completion": " a" * tokens}


def write(path: Path, records: Iterable[Data]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def cost(folder: Path, *paths: Path | str, configured: bool = False, **given: Any) -> CostReport:
    """Costs as of the tests' day; of a folder without a configuration unless it is said to have one."""
    config = api.load_config(folder / "ftlint.yaml") if configured else default(folder)
    shard_bytes = given.pop("shard_bytes", 1 << 20)
    options = api.CostOptions(**{"today": TODAY, **given})
    return api.cost(
        paths or (folder if not (configured and config.datasets) else ()),
        config=config,
        options=options,
        shard_bytes=shard_bytes,
    )


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    command = ["git", "-C", str(folder), *who, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def commit(folder: Path) -> None:
    """Everything in a folder as a commit of its repository, which is made if there is none."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")
