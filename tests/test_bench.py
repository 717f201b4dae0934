"""The benchmark runs: its data is what it says, and its page has every row. No time is judged."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

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


def redo(folder: Path, only: str) -> str:
    """The page after a run of the rows whose name holds a text."""
    sizes = ("--megabytes", "0.2", "--growth", "0.3", "--line", "1", "--rounds", "1")
    output = folder / "RESULTS.md"
    python("run.py", *sizes, "--data", str(folder / "data"), "--output", str(output), "--only", only)
    return output.read_text("utf-8")


def cells(page: str) -> dict[str, list[str]]:
    rows = re.findall(r"^\| (.+) \|$", page, re.MULTILINE)
    return {row.split(" | ")[0]: [cell.strip("* ") for cell in row.split(" | ")[1:]] for row in rows}


def test_smoke(tmp_path: Path) -> None:
    """Runs of some rows at a time, one of each kind, add up to one page."""
    redo(tmp_path, "one line inserted")
    redo(tmp_path, "memory: check, 0.2")
    redo(tmp_path, "YAML, cold")
    page = redo(tmp_path, "profile")
    found = cells(page)
    assert float(found["one line inserted ÷ unchanged, cache warm"][0]) > 0
    assert float(found["memory: check, 0.2 MB"][0]) > 1
    assert float(found["authored YAML, cold: reading ÷ bare C composer"][1]) > 0
    assert float(found["counting totals"][0]) > 0
    assert "cl100k: check ÷ counting floor" not in found, "no figure without a measurement"
    kept = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert kept["commands"]["unchanged"]["runs"] == 1
    assert str(tmp_path) not in page + json.dumps(kept), "no place of this machine"


@pytest.fixture(scope="module")
def bench() -> Iterator[Callable[[str], Any]]:
    """Modules of the benchmark, as its scripts see them."""
    before = set(sys.modules)
    sys.path.insert(0, str(BENCH))
    yield importlib.import_module
    sys.path.remove(str(BENCH))
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(BENCH)):
            del sys.modules[name]


def test_every_row_is_about_commands_that_are_run(bench: Callable[[str], Any], tmp_path: Path) -> None:
    cases, sizes = bench("cases"), bench("files").Sizes(1, 2, 3)
    rows = [*cases.rows(sizes), *cases.memory(sizes)]
    known = {
        *cases.commands(tmp_path),
        *(cases.WAYS + name for name in bench("yaml_ways").WAYS),
        *bench("peers").AGAINST,
    }
    assert set().union(*(row.commands for row in rows)) <= known
    assert len({row.case for row in rows}) == len(rows)
    assert all(re.fullmatch(r"[≥≤] [\d.]+|", row.goal) for row in rows)


def test_page_says_what_bounds_a_missed_goal(bench: Callable[[str], Any], tmp_path: Path) -> None:
    sizes, usage = bench("files").Sizes(100, 500, 200), bench("measure").Usage
    results = bench("results").Results({"system": "Python"}, missing={"finelint": "no such package"})
    rows = bench("cases").rows(sizes)
    for name in set().union(*(row.commands for row in rows)):
        results.commands[name] = usage(1.0, 1.0, 50.0)
    bounds = tmp_path / "BOUNDS.md"
    bounds.write_text(
        "# Bounds\n\n## check of a tenth\n\nNo row.\n\n## o200k: notebook-like script ÷ check\n\nThe counter.\n"
    )
    text = bench("page").page(results, sizes, bounds)
    found = cells(text)
    assert found["o200k: notebook-like script ÷ check"] == ["1.00", "1.00", "1.00", "≥ 8", "no"]
    assert found["o200k: check ÷ counting floor"] == ["1.00", "1.00", "1.00", "≤ 1.6", "yes"]
    assert found["time a MB, 500 MB ÷ 100 MB"][:3] == ["0.20", "0.20", "1.00"]
    assert "### o200k: notebook-like script ÷ check\n\nThe counter.\n" in text
    assert "No row." not in text
    assert "finelint (no such package)" in text
    assert {row.case for row in rows if row.commands <= results.commands.keys()} <= found.keys()


def test_kept_medians_come_back(bench: Callable[[str], Any], tmp_path: Path) -> None:
    module, usage = bench("results"), bench("measure").Usage
    results = module.Results({"main": 1}, {"check": usage(0.5, 0.25, 80.0)}, {"check": (3, "abc")}, {"reading": 2.5})
    module.save(tmp_path / "results.json", results)
    back = module.load(tmp_path / "results.json", {"main": 1})
    assert repr(back) == repr(results)
    with pytest.raises(SystemExit, match="other sizes"):
        module.load(tmp_path / "results.json", {"main": 2})


def test_a_command_that_fails_takes_no_further_part(bench: Callable[[str], Any], tmp_path: Path) -> None:
    command = bench("measure").Command
    runs = bench("run").Runs({"bad": command(["-c", "raise SystemExit(3)"]), "good": command(["-c", "pass"])}, tmp_path)
    assert {name: count for name, (_, count) in runs.measure(2).items()} == {"good": 2}
    assert runs.failed == {"bad": "exit code 3"}


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="only Linux tells")
def test_memory_of_all_processes(bench: Callable[[str], Any]) -> None:
    """Two processes of so much each count together."""
    child = "held = bytearray(60_000_000); import time; time.sleep(0.5)"
    script = f"import subprocess, sys; held = bytearray(30_000_000); subprocess.run([sys.executable, '-c', {child!r}])"
    measure = bench("measure")
    assert 90 < measure.total(measure.Command(["-c", script])) < 200
