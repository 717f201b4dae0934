"""The one command that redoes the benchmark: make the data, run everything in turns, write the table of ratios.

    python bench/run.py --megabytes 100 --rounds 5

Each round runs every command once, so that noise of the machine falls on all alike; the medians of CPU time, wall time
and peak memory are compared. It needs what ftlint needs, downloads nothing, and writes ``bench/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import yaml_ways
from cases import BENCH, RATIOS, TEXTS, commands
from measure import Usage, medians, run

WORST_BYTES, BLOCK = 1_000_000, 1_000_000

TITLE = """# How fast ftlint is

Written by `python bench/run.py --megabytes {megabytes:g} --rounds {rounds}`; `bench/cases.py` says what each row runs.
Python {python}, {cores} cores, {megabytes:g} MB of chat JSONL (`bench/generate.py`), medians of {rounds} whole
processes each, all commands in turns. Machines differ and are noisy: read the ratios, not the seconds. CPU time is the
sum over all processes of a command, memory the peak of its largest process.
"""


def make_data(data: Path, megabytes: float, line_megabytes: float) -> None:
    """Write the files that ``cases.commands`` names."""
    data.mkdir(parents=True, exist_ok=True)
    tenth = ["--megabytes", str(megabytes / 10)]
    worst = min(WORST_BYTES, int(megabytes * 1e6))
    _generate(data / "main.jsonl", "--megabytes", str(megabytes))
    _generate(data / "ten.jsonl", "--examples", "10")
    _generate(data / "tenth.jsonl", *tenth)
    _generate(data / "faulty.jsonl", *tenth, "--faults", "0.01")
    _generate(data / "damaged.jsonl", *tenth, "--faults", "0.5")
    with (data / "main.jsonl").open(encoding="utf-8") as file:
        _one_answer(data / "ordinary text.jsonl", file.read(worst), 1)
    for name, text in TEXTS.items():
        _one_answer(data / f"{name}.jsonl", text * worst, 1)
    _one_answer(data / "line.jsonl", "some words " * (BLOCK // 11), max(1, round(line_megabytes * 1e6 / BLOCK)))


def _generate(file: Path, *arguments: str) -> None:
    with file.open("wb") as out:
        subprocess.run([sys.executable, str(BENCH / "generate.py"), *arguments], stdout=out, check=True)


def _one_answer(file: Path, text: str, times: int) -> None:
    """A file of one line, whose answer is ``text`` so many times."""
    line = json.dumps({"messages": [{"role": "user", "content": "Go."}, {"role": "assistant", "content": "\0"}]})
    head, tail = line.split("\\u0000")
    inner = json.dumps(text, ensure_ascii=False)[1:-1]
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.write(head)
        for _ in range(times):
            out.write(inner)
        out.write(tail + "\n")


def measure(data: Path, rounds: int) -> dict[str, Usage]:
    """The medians of every command."""
    runs: dict[str, list[Usage]] = {name: [] for name in commands(data)}
    for number in range(rounds):
        for name, command in commands(data).items():
            runs[name].append(run(command))
            print(f"round {number + 1}: {name}: {runs[name][-1].cpu:.2f} s", file=sys.stderr)
    return {name: medians(usages) for name, usages in runs.items()}


def table(usages: dict[str, Usage], megabytes: float, rounds: int) -> str:
    """The page: ratios, then the medians that they are made of."""
    lines = [
        TITLE.format(megabytes=megabytes, rounds=rounds, python=platform.python_version(), cores=os.cpu_count()),
        "| case | CPU | wall | memory | goal |\n|---|---:|---:|---:|---|",
    ]
    for row in RATIOS:
        above, below = usages[row.above], usages[row.below]
        figures = (above.cpu / below.cpu, above.wall / below.wall, above.peak / below.peak)
        lines.append(f"| {row.case} | {' | '.join(f'{figure:.2f}' for figure in figures)} | {row.goal} |")
    lines.append("\n## The medians\n\n| command | CPU, s | wall, s | peak, MB |\n|---|---:|---:|---:|")
    lines += [f"| {name} | {used.cpu:.3f} | {used.wall:.3f} | {used.peak:.0f} |" for name, used in usages.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Make the data, measure, write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--megabytes", type=float, default=100.0, help="size of the main file, in millions of bytes")
    parser.add_argument("--line", type=float, default=200.0, help="size of the single huge line, likewise")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", type=Path, default=BENCH / "data", help="folder for the files that are made")
    parser.add_argument("--output", type=Path, default=BENCH / "RESULTS.md")
    args = parser.parse_args()
    make_data(args.data, args.megabytes, args.line)
    page = table(measure(args.data, args.rounds), args.megabytes, args.rounds)
    page += "\n## Reading YAML\n\n" + yaml_ways.table(min(10.0, args.megabytes / 10), args.rounds)
    args.output.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
