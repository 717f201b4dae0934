"""What one command costs, by the operating system's figures, and the medians of many runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
RSS_BYTES = 1 if sys.platform == "darwin" else 1024
FOUND = 1
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("FTLINT_", "PYTHON"))}
ENVIRONMENT["PYTHONPATH"] = str(ROOT)
"""This checkout, and no wishes that change what Python does, such as to keep no bytecode."""
LOOK = 0.02
"""Seconds between two looks at the memory of several processes."""


@dataclass(frozen=True)
class Command:
    """What is run, and how often.

    Attributes:
        each: runs in a round; a short command needs more of them.
        most: rounds that it takes part in at most; a slow one needs few.
        state: the file that is checked and the warm cache that is used, which are put into place before each run.
        several: whether it has processes whose memory counts together.
        codes: the exit codes of a run that did its work.
    """

    arguments: Sequence[str]
    program: str = sys.executable
    each: int = 1
    most: int = sys.maxsize
    state: tuple[Path, Path] | None = None
    several: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    codes: Sequence[int] = (0, FOUND)


@dataclass(frozen=True)
class Usage:
    """CPU and wall time in seconds; memory in millions of bytes: the peak of the largest process, and of all at once."""

    cpu: float
    wall: float = nan
    peak: float = nan
    total: float = nan


def run(command: Command) -> Usage:
    """Run a command, Python on this checkout unless it says otherwise, and wait for it.

    The caller must be small: the peak of a child starts at its parent's size.

    Raises:
        RuntimeError: the command failed otherwise than by finding faults.
    """
    start = time.perf_counter()
    child = _start(command)
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    _judge(command, child.returncode)
    return Usage(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * RSS_BYTES / 1e6)


def total(command: Command) -> float:
    """The peak of all processes of a command together, pages that they share counted once; NaN where no one tells.

    It takes a run of its own, as looking at the memory of a process holds it up.
    """
    child = _start(command)
    most = 0.0
    while child.poll() is None:
        most = max(most, sum(map(_share, _tree(child.pid))))
        time.sleep(LOOK)
    _judge(command, child.returncode)
    return most / 1e6 or nan


def ask(arguments: Sequence[str]) -> str:
    """What Python says when it is run with these arguments, on either stream."""
    command = [sys.executable, *arguments]
    both = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=ENVIRONMENT, check=False)
    return both.stdout.decode()


def medians(usages: Sequence[Usage]) -> Usage:
    """The median of each figure."""
    return Usage(*(median(getattr(usage, name) for usage in usages) for name in Usage.__dataclass_fields__))


def _start(command: Command) -> subprocess.Popen[bytes]:
    arguments, environment = [command.program, *command.arguments], {**ENVIRONMENT, **command.environment}
    return subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)


def _judge(command: Command, code: int) -> None:
    if code not in command.codes:
        raise RuntimeError(f"exit code {code}")


def _tree(pid: int) -> Iterator[int]:
    """A process and those that it started, as far as Linux tells."""
    yield pid
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = file.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _tree(int(child))


def _share(pid: int) -> int:
    """The bytes of a process, with its part of what it shares."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(row.split()[1]) * 1024 for row in rows if row.startswith("Pss:"))
