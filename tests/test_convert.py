"""``ftlint convert``: the same bytes on every run, all files or none, and refusal of what would waste a run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from running import ftlint

EXAMPLES = Path(__file__).parents[1] / "examples" / "authoring"
PAIR = "  - user: Is the {0} branch open?\n    assistant: The {0} branch is open until five.\n"
YAML = "examples:\n" + "".join(map(PAIR.format, ("Oslo", "Bergen")))
SPLIT = YAML.replace("  - user: Is the Oslo", "  - split: validation\n    user: Is the Oslo")
CONFIG = """\
datasets:
  support:
    sources: data/*.ft.yaml
    output: {train: build/train.jsonl, validation: build/validation.jsonl}
"""

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def project(here: Path) -> Path:
    """A project of one file with a training and a validation example."""
    write(here / "ftlint.yaml", CONFIG)
    write(here / "data" / "a.ft.yaml", SPLIT)
    return here


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")
    return path


def convert(*words: str, stdin: str | bytes | None = None) -> Result:
    return ftlint("convert", *words, stdin=stdin)


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(text) for text in path.read_text("utf-8").splitlines()]


def run(*words: str, cwd: Path, hash_seed: str = "random") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "ftlint", "convert", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, env={**os.environ, "PYTHONHASHSEED": hash_seed})


def test_a_file_is_written_and_told(here: Path) -> None:
    write(here / "a.ft.yaml", YAML)
    done = convert("a.ft.yaml", "-o", "out/train.jsonl")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "wrote out/train.jsonl: 2 examples\n")
    assert (here / "out" / "train.jsonl").read_text("utf-8").splitlines()[1] == (
        '{"messages": [{"role": "user", "content": "Is the Bergen branch open?"}, '
        '{"role": "assistant", "content": "The Bergen branch is open until five."}]}'
    )
    assert sorted(path.name for path in (here / "out").iterdir()) == ["train.jsonl"]


def test_the_samples_are_the_same_bytes_on_every_run(here: Path) -> None:
    shutil.copytree(EXAMPLES, here / "samples")
    outputs = set()
    for seed in ("0", "1", "77"):
        done = run("samples", "-o", "-", cwd=here, hash_seed=seed)
        assert done.returncode == 0, done.stderr.decode()
        outputs.add(done.stdout)
    assert len(outputs) == 1
    (output,) = outputs
    assert output.count(b"\n") == len(output.splitlines()) == 11
    assert output.endswith(b"}\n")
    assert b"\r" not in output


def test_sources_are_written_in_the_order_in_which_they_are_named(here: Path) -> None:
    write(here / "b.ft.yaml", "examples:\n" + PAIR.format("Oslo"))
    write(here / "a.ft.yml", "examples:\n" + PAIR.format("Bergen"))
    convert("b.ft.yaml", "a.ft.yml", "-o", "one.jsonl")
    convert(".", "-o", "two.jsonl")
    assert ["Oslo" in str(record) for record in records(here / "one.jsonl")] == [True, False]
    assert ["Oslo" in str(record) for record in records(here / "two.jsonl")] == [False, True]


def test_standard_input_and_output(here: Path) -> None:
    done = convert("-", stdin=YAML)
    assert (done.exit_code, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 2
    write(here / "a.ft.yaml", YAML)
    assert convert("a.ft.yaml", "-o", "-").stdout == done.stdout
    assert convert("-", "-o", "out.jsonl", stdin=YAML).stderr == "wrote out.jsonl: 2 examples\n"
    assert (here / "out.jsonl").read_text("utf-8") == done.stdout


def test_repeat_writes_a_record_again(here: Path) -> None:
    write(here / "a.ft.yaml", YAML + "    repeat: 3\n")
    assert convert("a.ft.yaml", "-o", "out.jsonl").stderr == "wrote out.jsonl: 4 examples\n"
    one, *rest = records(here / "out.jsonl")
    assert rest[0] == rest[1] == rest[2] != one


def test_the_configuration_names_an_output_a_split(project: Path) -> None:
    done = convert()
    assert done.exit_code == 0
    assert done.stderr == "wrote build/train.jsonl: 1 example\nwrote build/validation.jsonl: 1 example\n"
    assert "Bergen" in (project / "build" / "train.jsonl").read_text("utf-8")
    assert "Oslo" in (project / "build" / "validation.jsonl").read_text("utf-8")


def test_one_split_is_written_alone(project: Path) -> None:
    assert convert("--split", "validation").stderr == "wrote build/validation.jsonl: 1 example\n"
    assert not (project / "build" / "train.jsonl").exists()
    assert convert("data", "-o", "v.jsonl", "--split", "train").stderr == "wrote v.jsonl: 1 example\n"
    assert "Bergen" in (project / "v.jsonl").read_text("utf-8")
    assert "ftlint.yaml names no output for test" in convert("--split", "test").stderr


def test_outputs_start_from_the_folder_of_the_configuration(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "data")
    assert convert("a.ft.yaml").exit_code == 0
    assert (project / "build" / "train.jsonl").exists()


def test_shares_decide_what_the_author_did_not(project: Path) -> None:
    write(project / "ftlint.yaml", CONFIG + "    split: {validation: 50%}\n")
    write(project / "data" / "a.ft.yaml", "examples:\n" + "".join(PAIR.format(f"No. {n}") for n in range(40)))
    assert convert().exit_code == 0
    train, validation = (records(project / "build" / f"{name}.jsonl") for name in ("train", "validation"))
    assert len(train) + len(validation) == 40
    assert 10 < len(train) < 30
    write(project / "data" / "b.ft.yaml", YAML)
    assert convert().exit_code == 0
    assert train == [item for item in records(project / "build" / "train.jsonl") if "No." in str(item)]
    assert convert("data/a.ft.yaml", "--split", "validation", "-o", "v.jsonl").exit_code == 0
    assert records(project / "v.jsonl") == validation


def test_examples_without_an_output_are_told(project: Path) -> None:
    write(
        project / "ftlint.yaml",
        CONFIG.replace("{train: build/train.jsonl, validation: build/validation.jsonl}", "t.jsonl"),
    )
    assert "note: 1 example of the split validation went nowhere" in convert().stderr
    assert "note: the splits train and validation are written together" in convert("data", "-o", "x.jsonl").stderr


def test_check_compares_and_writes_nothing(project: Path) -> None:
    assert convert("--check").stdout.startswith("build/train.jsonl is missing: run `ftlint convert`\n")
    assert not (project / "build").exists()
    convert()
    before = {path: path.stat().st_mtime_ns for path in (project / "build").iterdir()}
    done = convert("--check")
    assert (done.exit_code, done.output) == (0, "")
    write(project / "data" / "a.ft.yaml", SPLIT.replace("open until five", "closed"))
    done = convert("--check")
    assert done.exit_code == 1
    assert "build/train.jsonl is not up to date: run `ftlint convert`\n--- build/train.jsonl\n" in done.stdout
    assert "@@ -1,1 +1,1 @@\n-…" in done.stdout
    assert "closed" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in (project / "build").iterdir()} == before


def test_a_source_map_names_the_place_of_each_line(project: Path) -> None:
    write(
        project / "data" / "a.ft.yaml",
        YAML.replace("  - user: Is the Bergen", "  - id: west\n    repeat: 2\n    user: Is the Bergen"),
    )
    assert convert("--source-map").exit_code == 0
    data = json.loads((project / "build" / "train.jsonl.map.json").read_text("utf-8"))
    assert data == {
        "version": 1,
        "file": "train.jsonl",
        "lines": [
            {"path": "../data/a.ft.yaml", "line": 2, "column": 5, "id": ""},
            {"path": "../data/a.ft.yaml", "line": 4, "column": 5, "id": "west"},
            {"path": "../data/a.ft.yaml", "line": 4, "column": 5, "id": "west"},
        ],
    }
    assert convert("--source-map", "--check").exit_code == 0
