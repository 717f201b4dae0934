"""The benchmark runs: its data is what it says, and its table has every row. No time is judged."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

from ftlint.model import Source
from ftlint.record import Line
from ftlint.shape import examine

BENCH = Path(__file__).parents[1] / "bench"
SOURCE = Source("data.jsonl", "data.jsonl")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(BENCH.parent)}


def python(script: str, *arguments: str) -> bytes:
    command = [sys.executable, str(BENCH / script), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, env=ENVIRONMENT).stdout


def split(data: bytes) -> list[bytes]:
    return data.removesuffix(b"\n").split(b"\n")


def sound(lines: list[bytes]) -> int:
    return sum(examine(Line(SOURCE, number, 0, line)).record is not None for number, line in enumerate(lines, 1))


def is_foreign(line: bytes) -> bool:
    return sum(not char.isascii() for char in line.decode()) > 20


def test_data_is_seeded() -> None:
    first, again, other = (python("generate.py", "--megabytes", "0.1", "--seed", seed) for seed in "112")
    assert first == again != other


def test_data_is_sound_and_of_the_size_asked_for() -> None:
    data = python("generate.py", "--megabytes", "0.5")
    lines = split(data)
    assert sound(lines) == len(lines)
    assert len(data) - len(lines[-1]) <= 500_000 < len(data) + 1
    assert 700 < len(data) / len(lines) < 1500
    assert 0.08 < sum(map(is_foreign, lines)) / len(lines) < 0.18
    assert any(b'"tool_calls"' in line for line in lines)


def test_share_of_faults() -> None:
    plain, faulty = (split(python("generate.py", "--examples", "400", "--faults", share)) for share in ("0", "0.5"))
    assert len(plain) == len(faulty) == 400
    changed = [there for here, there in zip(plain, faulty, strict=True) if here != there]
    assert 160 < len(changed) < 240
    assert 0 < sound(changed) < len(changed), "faults of form, and faults that only rules see"


def test_smoke(tmp_path: Path) -> None:
    output = tmp_path / "RESULTS.md"
    arguments = ("--megabytes", "0.2", "--line", "1", "--rounds", "1", "--data", str(tmp_path / "data"))
    python("run.py", *arguments, "--output", str(output))
    page = output.read_text("utf-8")
    rows = re.findall(r"^\| (.+?) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| .*\|$", page, re.MULTILINE)
    assert [row[0] for row in rows] == [ratio.case for ratio in runpy.run_path(str(BENCH / "cases.py"))["RATIOS"]]
    assert all(0 < float(figure) < 1000 for row in rows for figure in row[1:])
