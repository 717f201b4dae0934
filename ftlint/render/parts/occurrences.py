"""The number of each sighting of a thing: formats want what repeats to be told apart, and not by its place."""

from __future__ import annotations

from collections import Counter


class Occurrences:
    """Counts what it is shown."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def number(self, thing: str) -> int:
        """1 at the first sighting, 2 at the second."""
        self._seen[thing] += 1
        return self._seen[thing]
