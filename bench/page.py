"""The page of results: ratios with their goals, what bounds those that are missed, and the medians behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from math import isnan, nan
from pathlib import Path

from cases import WAYS, Operand, Row, memory, rows
from files import Sizes
from measure import Usage
from results import Results

TITLE = """# How fast ftlint is

Written by `python bench/run.py --megabytes {main:g} --growth {large:g}`; `bench/cases.py` says what each row runs, and
`bench/results.json` holds the medians, with how many runs each is of. {system}, {main:g} MB of chat JSONL
(`bench/generate.py`), all commands in turns. Machines differ and are noisy: read the ratios, not the seconds. CPU time
is the sum over all processes of a command. A goal is about the figure in bold.
"""
BOUNDS = """
## What bounds it now

Kept by hand in `bench/BOUNDS.md`, a section a row; those of goals that are met are left out here.
"""
LEAST = 0.005
"""Smaller shares of the time are told in one row."""


def page(results: Results, sizes: Sizes, bounds: Path) -> str:
    """The whole page."""
    measured = [row for row in (*rows(sizes), *memory(sizes)) if row.commands <= results.commands.keys()]
    ratios = [row for row in measured if row.below]
    missed = [row.case for row in measured if met(row, results.commands) is False]
    parts = [
        TITLE.format(main=sizes.main, large=sizes.large, system=results.settings["system"]),
        _table("case", "wall", "CPU", "memory", "goal", "met"),
        *(_ratio(row, results.commands) for row in ratios),
        *(["\nNot measured:\n"] if results.missing else []),
        *(f"- {name} ({reason})" for name, reason in results.missing.items()),
        "\n## Memory\n\nIn millions of bytes: the largest process, and all at once, each with its share of what several hold.\n",
        _table("case", "largest", "all", "goal", "met"),
        *(_memory(row, results.commands) for row in measured if not row.below),
        *_growth(results.commands, sizes),
        BOUNDS,
        *_bounds(missed, sections(bounds)),
        *_profile(results.profile),
        *_ways(results.commands),
        "## The medians\n",
        _table("command", "CPU, s", "wall, s", "peak, MB", "all, MB"),
        *(f"| {name} | {' | '.join(_figures(used))} |" for name, used in results.commands.items()),
    ]
    return "\n".join(parts) + "\n"


def figures(row: Row, usages: Mapping[str, Usage]) -> dict[str, float]:
    """Each figure of a row; NaN where it means nothing."""
    above = _cost(row.above, usages)
    if row.below is None:
        return above
    below = _cost(row.below, usages)
    times = {"cpu": row.scale, "wall": row.scale}
    return {name: times.get(name, 1.0) * above[name] / below[name] if below[name] else nan for name in above}


def met(row: Row, usages: Mapping[str, Usage]) -> bool | None:
    """Whether the goal of a row is reached; None if it has none, or nothing is known.

    A goal about the memory of all processes is one of the largest, too.
    """
    by_name = figures(row, usages)
    figure = by_name[row.by]
    if row.by == "total":
        figure = max(by_name["peak"], 0 if isnan(figure) else figure)
    sign, _, goal = row.goal.partition(" ")
    if not goal or isnan(figure):
        return None
    return figure >= float(goal) if sign == "≥" else figure <= float(goal)


def sections(file: Path) -> dict[str, str]:
    """The text of each section of a Markdown file, by its heading."""
    if not file.is_file():
        return {}
    _, *parts = re.split(r"^## (.+)\n", file.read_text("utf-8"), flags=re.MULTILINE)
    return {case.strip(): text.strip() for case, text in zip(parts[::2], parts[1::2], strict=True)}


def _cost(operand: Operand, usages: Mapping[str, Usage]) -> dict[str, float]:
    if isinstance(operand, str):
        return asdict(usages[operand])
    more, less = (usages[name] for name in operand)
    return {"cpu": more.cpu - less.cpu, "wall": more.wall - less.wall, "peak": nan, "total": nan}


def _table(*names: str) -> str:
    return f"| {' | '.join(names)} |\n|---|{'---:|' * (len(names) - 1)}"


def _ratio(row: Row, usages: Mapping[str, Usage]) -> str:
    by_name = figures(row, usages)
    shown = [_shown(by_name[name], 2, bold=bool(row.goal) and name == row.by) for name in ("wall", "cpu", "peak")]
    return f"| {row.case} | {' | '.join(shown)} | {row.goal} | {_verdict(row, usages)} |"


def _memory(row: Row, usages: Mapping[str, Usage]) -> str:
    by_name = figures(row, usages)
    shown = [_shown(by_name[name], 0, bold=bool(row.goal) and name == row.by) for name in ("peak", "total")]
    return f"| {row.case} | {' | '.join(shown)} | {row.goal} | {_verdict(row, usages)} |"


def _verdict(row: Row, usages: Mapping[str, Usage]) -> str:
    return {True: "yes", False: "**no**", None: ""}[met(row, usages)]


def _shown(figure: float, digits: int, *, bold: bool = False) -> str:
    if isnan(figure):
        return "–"
    return f"**{figure:.{digits}f}**" if bold else f"{figure:.{digits}f}"


def _figures(used: Usage) -> list[str]:
    return [_shown(used.cpu, 3), _shown(used.wall, 3), _shown(used.peak, 0), _shown(used.total, 0)]


def _growth(usages: Mapping[str, Usage], sizes: Sizes) -> Iterator[str]:
    """Time and memory as the file grows."""
    names = ("check, a hundredth", "check, a tenth", "check, cl100k, one process", "check, cl100k", "check, large")
    megabytes = (sizes.main / 100, sizes.main / 10, sizes.main, sizes.main, sizes.large)
    yield "\n## Growth\n"
    yield _table("check", "MB", "wall, ms a MB", "CPU, ms a MB", "largest process, MB", "all, MB")
    for name, size in zip(names, megabytes, strict=True):
        if used := usages.get(name):
            times = f"{used.wall / size * 1e3:.1f} | {used.cpu / size * 1e3:.1f}"
            yield f"| {name} | {size:g} | {times} | {_shown(used.peak, 0)} | {_shown(used.total, 0)} |"


def _bounds(missed: list[str], told: Mapping[str, str]) -> Iterator[str]:
    for case in missed:
        yield f"### {case}\n\n{told.get(case, 'Nobody has looked yet.')}\n"
    if not missed:
        yield "Every goal is met.\n"


def _profile(spent: Mapping[str, float]) -> Iterator[str]:
    """Where the time of a check of the main file goes."""
    whole = spent.get("in all", 0.0)
    if not whole:
        return
    great = {name: used for name, used in spent.items() if used >= LEAST * whole and name != "in all"}
    rest = whole - sum(great.values())
    yield "## Where the time goes\n\n`ftlint check --jobs 1 --no-cache --timings` of the main file, cl100k.\n"
    yield _table("spent on", "CPU, ms", "share")
    for name, used in [*great.items(), ("all others", rest), ("in all", whole)]:
        yield f"| {name} | {used:.0f} | {used / whole:.1%} |"
    yield ""


def _ways(usages: Mapping[str, Usage]) -> Iterator[str]:
    """The ways to read YAML."""
    ways = {name.removeprefix(WAYS): used.cpu for name, used in usages.items() if name.startswith(WAYS)}
    if not ways:
        return
    least = ways["PyYAML, C composer"]
    yield "## Reading YAML\n\nIn one process, garbage collector off, by `bench/yaml_ways.py`.\n"
    yield _table("way", "CPU, ratio")
    yield from (f"| {name} | {used / least:.1f} |" for name, used in ways.items())
    yield ""
