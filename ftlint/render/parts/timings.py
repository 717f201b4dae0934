"""The table of ``--timings``: where the CPU time of a run went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

LEAST = 0.001
"""Smaller shares of the whole are told in one row."""


def table(timings: Mapping[str, int]) -> Iterator[str]:
    """A row for each name, the dearest first: milliseconds, share of the whole, what it was."""
    whole = sum(timings.values()) or 1
    few = {name: spent for name, spent in timings.items() if spent < LEAST * whole}
    rows = sorted(timings.items() - few.items(), key=lambda row: (-row[1], row[0]))
    if few:
        rows.append((f"{len(few)} others", sum(few.values())))
    yield "      ms       %  CPU time\n"
    for name, spent in [*rows, ("in all", whole)]:
        yield f"{spent / 1e6:8,.1f}  {spent / whole:6.1%}  {name}\n"
