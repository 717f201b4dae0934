"""A quick start: what is not needed is not imported, and plugins are found all the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from ftlint import plugins

PROBE = """
import sys
from ftlint.cli import cli
try:
    cli(["check", "--no-config", *sys.argv[1].split(), "train.jsonl"], prog_name="ftlint")
except SystemExit as done:
    code = done.code
print(code, *sorted(set(sys.modules) & set(sys.argv[2:])))
"""
UNNEEDED = ("jsonschema", "yaml", "importlib.metadata", "wcmatch", "ftlint.yamltree", "_hashlib", "shutil", "difflib")
UNNEEDED += ("csv", "ftlint.locate", "ftlint.authoring", "ftlint.convert", "ftlint.render.text", "ftlint.render.json")
UNNEEDED += ("fsspec", "gzip", "ahocorasick_rs")
COUNTERS = ("rs_bpe", "toktok", "tiktoken", "regex")
PARAMETERS = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
TOOL = {"type": "function", "function": {"name": "track", "description": "Where it is.", "parameters": PARAMETERS}}


def asked(number: int) -> list[dict[str, Any]]:
    call = {"id": "c", "type": "function", "function": {"name": "track", "arguments": json.dumps({"id": f"{number}"})}}
    return [
        {"role": "user", "content": f"Where is parcel {number}?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "At the depot."},
        {"role": "assistant", "content": f"Parcel {number} is at the depot."},
    ]


def unneeded(folder: Path, rows: list[dict[str, Any]], names: tuple[str, ...], options: str = "") -> list[str]:
    (folder / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = [sys.executable, "-c", PROBE, options, *names]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1].split()


def test_a_sound_file_needs_no_yaml_and_no_list_of_packages(tmp_path: Path) -> None:
    rows = [{"messages": [asked(n)[0], {"role": "assistant", "content": "At the depot."}]} for n in range(12)]
    assert unneeded(tmp_path, rows, UNNEEDED) == ["0"]


def test_one_counter_counts_a_small_file_and_none_without_totals(tmp_path: Path) -> None:
    rows = [{"messages": [asked(n)[0], {"role": "assistant", "content": "At the depot."}]} for n in range(12)]
    assert len(unneeded(tmp_path, rows, COUNTERS)) == 2
    assert unneeded(tmp_path, rows, COUNTERS, "--no-totals") == ["0"]


def test_tools_and_every_shape_need_no_counter_without_totals(tmp_path: Path) -> None:
    rows = [{"messages": asked(n), "tools": [TOOL]} for n in range(12)]
    assert unneeded(tmp_path, rows, COUNTERS, "--no-totals") == ["0"]
    completions = [{"prompt": f"Town {n}:", "completion": f" {n} km"} for n in range(12)]
    assert unneeded(tmp_path, completions, COUNTERS, "--no-totals") == ["0"]


def test_sound_tools_need_no_jsonschema(tmp_path: Path) -> None:
    rows = [{"messages": asked(n), "tools": [TOOL]} for n in range(12)]
    assert unneeded(tmp_path, rows, ("jsonschema", "referencing", "yaml")) == ["0"]


def test_what_is_known_starts_no_process(tmp_path: Path) -> None:
    rows = [{"messages": [asked(n)[0], {"role": "assistant", "content": "At the depot. " * 2000}]} for n in range(99)]
    options, pool = "--jobs 2 --cache-dir kept --quiet", ("concurrent.futures.process",)
    assert unneeded(tmp_path, rows, pool, options)[1:] == [*pool]
    assert unneeded(tmp_path, rows, pool, options)[1:] == []


def installed(folder: Path, text: str) -> str:
    (folder / "loud-1.dist-info").mkdir(parents=True)
    (folder / "loud-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: loud\nVersion: 1\n")
    (folder / "loud-1.dist-info" / "entry_points.txt").write_text(text)
    return str(folder)


def test_installed_plugins_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = installed(tmp_path / "site", "[console_scripts]\nloud = loud:main\n\n[ftlint]\nloud = loud.kinds\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "none"), folder])
    assert plugins.installed() == ["loud.kinds"]


def test_plugins_in_an_archive_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ZipFile(tmp_path / "loud.zip", "w") as archive:
        archive.writestr("loud-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: loud\nVersion: 1\n")
        archive.writestr("loud-1.dist-info/entry_points.txt", "[ftlint]\nloud = loud.kinds\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "loud.zip"), *sys.path])
    assert plugins.installed() == ["loud.kinds"]


def test_without_plugins_the_packages_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = installed(tmp_path / "site", "[console_scripts]\nftlint = loud:main\n")
    monkeypatch.setattr(sys, "path", [folder])
    monkeypatch.setattr(sys, "meta_path", [finder for finder in sys.meta_path if isinstance(finder, type)])
    monkeypatch.delitem(sys.modules, "importlib.metadata", raising=False)
    monkeypatch.setitem(sys.modules, "importlib.metadata", None)
    assert plugins.installed() == []


@pytest.mark.skipif(os.name != "posix", reason="interrupts are sent otherwise")
def test_an_interrupt_while_modules_are_imported_ends_it_in_silence(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n", "utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH")))),
    }
    done = subprocess.run([sys.executable, "-m", "ftlint", "rule"], env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
