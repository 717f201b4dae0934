"""What one process costs, by the operating system's figures, and the medians of many runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
RSS_BYTES = 1 if sys.platform == "darwin" else 1024
FOUND = 1


@dataclass(frozen=True)
class Usage:
    """CPU and wall time in seconds; peak memory in millions of bytes, of the largest process of the tree."""

    cpu: float
    wall: float
    peak: float


def run(command: Sequence[str]) -> Usage:
    """Run Python with these arguments, on this checkout, and wait for it.

    The caller must be small: the peak of a child starts at its parent's size.

    Raises:
        RuntimeError: the command failed otherwise than by finding faults.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL, env=environment)
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, FOUND):
        raise RuntimeError(f"exit code {child.returncode}: python {' '.join(command)}")
    return Usage(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * RSS_BYTES / 1e6)


def medians(usages: Sequence[Usage]) -> Usage:
    """The median of each figure."""
    return Usage(*(median(getattr(usage, name) for usage in usages) for name in ("cpu", "wall", "peak")))
