"""The ways to read YAML with the place of every value, side by side, in CPU seconds.

    python bench/yaml_ways.py --megabytes 10

Each way reads the same authored file in turns with the others, in one process without the garbage collector;
the slow ones once only.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from ftlint.authoring.read import Authored

WORDS = "The branch is open from nine to four, except on Sundays and on the days that the bank keeps.\n"


def document(megabytes: float) -> str:
    """Authored YAML of about so many million characters, a third of it in block scalars."""
    rows = ["defaults:\n  system: You are Aria, the support agent of Nordbank.\nexamples:\n"]
    size = 0
    while size < megabytes * 1e6:
        number = len(rows)
        text = "".join(f"      {WORDS}" for _ in range(number % 7 + 1))
        rows.append(f"  - id: branch-{number}\n    user: Is branch {number} open?\n    assistant: |\n{text}")
        size += len(rows[-1])
    return "".join(rows)


def composed(loader: type) -> Callable[[str], object]:
    return lambda text: yaml.compose(text, Loader=loader)


def ruamel(text: str) -> object:
    from ruamel.yaml import YAML

    return YAML(typ="rt").load(io.StringIO(text))


def ftlint_read(text: str) -> Authored:
    from ftlint.authoring.read import read

    return read("bench.ft.yaml", "bench.ft.yaml", tempfile.gettempdir(), given=text)


def ftlint_lines(text: str) -> object:
    from ftlint.authoring.write import line

    return [line(example.record) for example in ftlint_read(text).examples]


WAYS: dict[str, Callable[[str], object]] = {
    "PyYAML, C composer": composed(yaml.CSafeLoader),
    "ftlint: read and build, places on demand": ftlint_read,
    "ftlint: the same, and the lines of JSONL": ftlint_lines,
    "PyYAML, Python composer": composed(yaml.SafeLoader),
    "ruamel.yaml, round trip": ruamel,
}
SLOW = ("PyYAML, Python composer", "ruamel.yaml, round trip")


def seconds(way: Callable[[str], object], text: str) -> float:
    gc.collect()
    gc.disable()
    start = time.process_time()
    way(text)
    used = time.process_time() - start
    gc.enable()
    return used


def measure(megabytes: float, rounds: int) -> dict[str, float]:
    """The median of CPU seconds of each way."""
    text = document(megabytes)
    for way in WAYS.values():
        way(document(0.001))
    runs: dict[str, list[float]] = {name: [] for name in WAYS}
    for number in range(rounds):
        for name, way in WAYS.items():
            if number == 0 or name not in SLOW:
                runs[name].append(seconds(way, text))
    return {name: statistics.median(used) for name, used in runs.items()}


def main() -> None:
    """Measure, and print CPU seconds, or print what is read."""
    parser = argparse.ArgumentParser(description="The ways to read YAML with places, side by side.")
    parser.add_argument("--megabytes", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--text", action="store_true", help="print the file that would be read")
    args = parser.parse_args()
    if args.text:
        sys.stdout.write(document(args.megabytes))
    else:
        sys.stdout.write(json.dumps(measure(args.megabytes, args.rounds), indent=1) + "\n")


if __name__ == "__main__":
    main()
