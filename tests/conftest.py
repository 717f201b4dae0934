"""How the tests run: the profiles of Hypothesis, ``--update``, and where tests stand.

``dev`` is quick and random; ``ci`` (where CI=true) tries the same inputs on every run, so that a change is judged and
not luck; ``deep`` hunts at random, long: ``pytest -m hypothesis --hypothesis-profile deep``.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from openai_server import Server

    from ftlint.engine import Plan, Tallies
    from ftlint.model import Shard

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile("dev", max_examples=15, deadline=None, suppress_health_check=SLOW)
settings.register_profile(
    "ci", max_examples=200, deadline=None, suppress_health_check=SLOW, database=None, derandomize=True
)
settings.register_profile("deep", max_examples=2000, deadline=None, suppress_health_check=SLOW, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what it runs in the background ignore it


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite report blocks of rule pages, and their index")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether generated texts are rewritten rather than compared."""
    return bool(request.config.getoption("--update"))


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colours or widths from the environment that the tests run in."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own, as the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[Shard]:
    """The shards that are scanned, as they are."""
    from ftlint.engine import scan

    seen: list[Shard] = []

    def told(plan: Plan, shard: Shard) -> Tallies:
        seen.append(shard)
        return scan(plan, shard)

    monkeypatch.setattr("ftlint.engine.scan", told)
    return seen


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of the test's own that speaks OpenAI's API; what it was asked held to the API's types."""
    from openai_server import openai_server

    with openai_server() as server:
        yield server
        assert not server.wrong
