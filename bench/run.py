"""The one command that redoes the benchmark: make the data, run everything in turns, write the tables of ratios.

    python bench/run.py --megabytes 100 --rounds 3
    python bench/run.py --megabytes 100 --rounds 3 --only "one line"

Each round runs every command once, so that noise of the machine falls on all alike; slow baselines take part in two
rounds only, short commands run several times in each. ``--only`` redoes the rows whose name holds a text, or the
``profile``, and takes the other figures from ``bench/results.json``. It needs what ftlint needs, downloads nothing, and writes that file and
``bench/RESULTS.md``; ``bench/peers.py`` installs other linters to compare with.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import nan
from pathlib import Path

import peers
import results
from cases import OFTEN, WAYS, commands, memory, profiled, rows, warming
from files import BENCH, Sizes, make, put
from measure import ROOT, Command, Usage, ask, medians, run, total
from page import page

PROFILE = "profile"
SAME = ("main", "large", "line", "system")


class Runs:
    """The runs of commands, in turns; one that fails takes no further part.

    Attributes:
        usages: what each run cost, by command.
        failed: why a command takes no part.
    """

    def __init__(self, chosen: Mapping[str, Command], data: Path) -> None:
        self.commands, self.data = dict(chosen), data
        self.usages: dict[str, list[Usage]] = {name: [] for name in chosen}
        self.failed: dict[str, str] = {}

    def measure(self, rounds: int) -> dict[str, tuple[Usage, int]]:
        """The medians of commands, and of how many runs they are."""
        if any(command.state for command in self.commands.values()):
            warm(self.data)
        for number in range(rounds):
            for turn in range(OFTEN if rounds > 1 else 1):
                self._turn(number, turn)
        done = {name: command for name, command in self.commands.items() if name not in self.failed}
        totals = {name: total(command) for name, command in done.items() if command.several}
        found = {name: replace(medians(self.usages[name]), total=totals.get(name, nan)) for name in done}
        return {name: (used, len(self.usages[name])) for name, used in found.items()}

    def _turn(self, number: int, turn: int) -> None:
        for name, command in self.commands.items():
            if number >= command.most or turn >= command.each or name in self.failed:
                continue
            try:
                used = run(place(command, self.data))
            except RuntimeError as error:
                self.failed[name] = str(error)
                say(f"{name} failed: {error}")
            else:
                self.usages[name].append(used)
                say(f"round {number + 1}: {name}: {used.wall:.2f} s")


def warm(data: Path) -> None:
    """Leave the caches of the unedited files."""
    for command in warming(data):
        assert command.state
        file, cache = command.state
        shutil.rmtree(cache, ignore_errors=True)
        put(file, data / f"current.{file.name.partition('.')[2]}")
        run(command)
        cache.mkdir(exist_ok=True)


def place(command: Command, data: Path) -> Command:
    """The command, with its file and its cache where it expects them."""
    if command.state:
        file, kept = command.state
        shutil.rmtree(data / "cache", ignore_errors=True)
        shutil.copytree(kept, data / "cache")
        put(file, data / f"current.{file.name.partition('.')[2]}")
    return command


def ways(sizes: Sizes, rounds: int) -> dict[str, tuple[Usage, int]]:
    """The ways to read YAML, which are measured in a process of their own."""
    say("reading YAML")
    script = [str(BENCH / "yaml_ways.py"), "--megabytes", str(sizes.yaml), "--rounds", str(rounds)]
    return {WAYS + name: (Usage(cpu), rounds) for name, cpu in json.loads(ask(script)).items()}


def profile(data: Path) -> dict[str, float]:
    """Milliseconds of CPU of a check of the main file, by what they were spent on."""
    say("taking the profile")
    rows = re.findall(r"^ *([\d,]+\.\d) +[\d.]+% +(?!\d+ others)(.+)$", ask(profiled(data).arguments), re.MULTILINE)
    return {name: float(used.replace(",", "")) for used, name in rows}


def revision() -> str:
    """The commit that is measured."""
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def say(text: str) -> None:
    print(text, file=sys.stderr)


def needed(sizes: Sizes, only: str) -> set[str]:
    """The commands of the rows whose name holds ``only``."""
    chosen: Iterable[set[str]] = (
        row.commands for row in (*rows(sizes), *memory(sizes)) if only.lower() in row.case.lower()
    )
    return set().union(*chosen)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--megabytes", type=float, default=100.0, help="size of the main file, in millions of bytes")
    parser.add_argument("--growth", type=float, default=500.0, help="size of the larger file, likewise")
    parser.add_argument("--line", type=float, default=200.0, help="size of the single huge line, likewise")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", metavar="TEXT", help="redo the rows whose name holds this text")
    parser.add_argument("--data", type=Path, default=BENCH / "data", help="folder for the files that are made")
    parser.add_argument("--output", type=Path, default=BENCH / "RESULTS.md", help="results.json is written beside it")
    return parser.parse_args()


def main() -> None:
    """Make the data, measure, write the page."""
    args = arguments()
    data, kept = args.data.absolute(), args.output.with_name("results.json")
    sizes = Sizes(args.megabytes, args.growth, args.line)
    system = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    settings = dict(zip(SAME, (sizes.main, sizes.large, sizes.line, system), strict=True))
    args.output.parent.mkdir(parents=True, exist_ok=True)
    known = results.load(kept, settings) if args.only and kept.is_file() else results.Results(settings)
    wanted = needed(sizes, args.only)
    if args.only not in ("", PROFILE) and not wanted:
        raise SystemExit(f'no row holds "{args.only}"')
    say("making the data")
    ask(["-m", "compileall", "-q", str(ROOT / "ftlint")])
    make(data, sizes)
    chosen = {name: command for name, command in commands(data).items() if name in wanted or not args.only}
    runs = Runs(chosen, data)
    found = runs.measure(args.rounds)
    if any(name.startswith(WAYS) for name in wanted):
        found |= ways(sizes, args.rounds)
    if args.only in ("", PROFILE):
        known.profile = profile(data)
    known.add(found, runs.failed, revision())
    known.missing = {**peers.missing(data), **runs.failed}
    results.save(kept, known)
    text = page(known, sizes, BENCH / "BOUNDS.md")
    args.output.write_text(text, encoding="utf-8")
    print(text)
    sys.exit(bool(runs.failed))


if __name__ == "__main__":
    main()
