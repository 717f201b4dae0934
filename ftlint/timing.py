"""Where the time of a run goes: a tally of CPU time by what it was spent on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from time import thread_time_ns
from typing import Any

from ftlint.checks.base import Check, Found, Tally

TIMINGS = "(timings)"
PREPARING, READING, MERGING, WORDS = "preparing", "reading", "merging", "words"


class Stopwatch:
    """Nanoseconds of CPU by name: a lap is what this thread has used since the lap before it."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.restart()

    def restart(self) -> None:
        """Begin a lap; what was used since the last one is not counted."""
        self._last = thread_time_ns()

    def lap(self, name: str) -> None:
        """End a lap, which was spent on ``name``, and begin the next."""
        now = thread_time_ns()
        self.spent[name] += now - self._last
        self._last = now

    def add(self, batch: Sequence[Any]) -> None:
        """Nothing is shown to it: the scan ends its laps."""

    def merge(self, later: Stopwatch) -> None:
        self.spent.update(later.spent)

    def found(self) -> Found:
        return Found()


class Timings(Check):
    """Not a rule: where it is among the checks of a plan, time is taken."""

    kind = "timings"
    reads = "shape"
    scope = "run"

    def start(self) -> Tally:
        return Stopwatch()
