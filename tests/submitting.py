"""What the tests of submission share: a dataset, quick waits, a plan, and the command in this process."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from openai_server import KEY, Server

from ftlint import api
from ftlint.cli import cli
from ftlint.submit import dataset
from ftlint.submit.connection import Connection, Endpoint, settle_endpoint
from ftlint.submit.parameters import Parameters
from ftlint.submit.plan import Plan, plan
from ftlint.submit.service import Pace

MODEL = "openai/gpt-4.1-mini"
ASKED = '{{"messages": [{{"role": "user", "content": "{}?"}}, {{"role": "assistant", "content": "{}."}}]}}\n'
TRAIN = "".join(ASKED.format(f"How far is town {n}", f"{n} miles") for n in range(12))
VALIDATION = "".join(ASKED.format(f"How far is village {n}", f"{n} yards") for n in range(12))
QUICK = Pace(poll=0.001, backoff=0.002, patience=5, settle=0.02, sure=0.02, processing=5)
FAST = ("--poll", "0.002", "--patience", "5", "--timeout", "5")
SURE = ("--sure-after", "0.03")
TODAY = date(2026, 11, 23)


def write(folder: Path) -> None:
    """The dataset: ``train.jsonl`` and ``validation.jsonl``."""
    (folder / "train.jsonl").write_text(TRAIN, "utf-8")
    (folder / "validation.jsonl").write_text(VALIDATION, "utf-8")


def endpoint_of(server: Server, timeout: float = 5) -> Endpoint:
    return settle_endpoint(Connection(base_url=server.url, timeout=timeout), None, {})


def plan_of(folder: Path, server: Server, *, validation: bool = True, **parameters: Any) -> Plan:
    """The plan of submitting the dataset in a folder, which is the current one."""
    config = api.load_config(folder=folder)
    held_out = "validation.jsonl" if validation else None
    chosen = dataset.choose(["train.jsonl"], held_out, config)
    return plan(chosen, config, Parameters(**parameters), MODEL, endpoint_of(server), TODAY)


def ftlint(server: Server, *words: str, env: Mapping[str, str] | None = None, stdin: str | None = None) -> Result:
    """One command against the server; what it shows never holds the key."""
    done = CliRunner(env={**server.env, **(env or {})}).invoke(cli, list(words), input=stdin)
    assert KEY not in done.output
    assert "Traceback" not in done.output
    assert "internal error" not in done.output
    return done


def submit(server: Server, *words: str, target: str = MODEL, **how: Any) -> Result:
    return ftlint(server, "submit", "--target", target, "--yes", *FAST, *SURE, *words, **how)


def assert_no_key(folder: Path) -> None:
    """No file below a folder holds the key."""
    for path in folder.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes(), path
