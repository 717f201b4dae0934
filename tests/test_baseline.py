"""``ftlint baseline``: what is accepted is silent, what is new is told, and what is gone is stale."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from running import ftlint

from ftlint import baseline
from ftlint.baseline import FILE
from ftlint.resources import schema_text

PLAIN = '{{"messages": [{{"role": "user", "content": "How far is {}?"}}, {{"role": "assistant", "content": "{}"}}]}}\n'
TWICE = (
    '{{"messages": [{{"role": "user", "content": "q {0}"}}, {{"role": "user", "content": "and?"}}, '
    '{{"role": "assistant", "content": "a {0}"}}]}}\n'
)
GOOD = "".join(PLAIN.format(f"town {n}", f"{n} miles.") for n in range(10))
YAML = "examples:\n  - turns:\n      - user: Hi\n      - user: Anyone?\n      - assistant: Yes\n"

pytestmark = pytest.mark.usefixtures("here")


def lines(*words: str) -> list[str]:
    """What a strict check prints, but for the verdict and what could be fixed."""
    printed = ftlint("check", "--strict", "--format", "concise", *words).stdout.splitlines()
    return [line for line in printed if " fixable " not in line][:-1]


def real(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ftlint", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_dirty_dataset_is_accepted_and_one_more_fault_is_told_alone(here: Path) -> None:
    train, held = here / "train.jsonl", here / "validation.jsonl"
    rows = [TWICE.format(n) for n in range(5000)]
    rows += ["{broken\n", '{"messages": []}\n', PLAIN.format("home", "Not far. "), PLAIN.format("home", "Not far. ")]
    train.write_text("\n" + GOOD + "".join(rows))
    held.write_text(rows[0] + '{"a": 1}\n' + GOOD)
    assert real("check", "--strict").returncode == 1
    assert real("baseline", "--update").returncode == 0
    written = (here / FILE).read_bytes()
    clean = real("check", "--strict", "--format", "concise")
    assert (clean.returncode, clean.stdout.splitlines()[:-1]) == (0, [])
    assert "accepted in the baseline" in clean.stdout
    assert "as before" in real("baseline", "--update").stdout
    assert (here / FILE).read_bytes() == written
    assert b"How far" not in written

    train.write_text(train.read_text() + TWICE.format("new"))
    told = real("check", "--strict", "--format", "concise")
    assert (told.returncode, told.stdout.splitlines()[:-1]) == (
        1, ["train.jsonl:5016:62: warning[repeated-role] two user messages in a row"],
    )  # fmt: skip
    moved = [*GOOD.splitlines(True)[::-1], *rows[::-1], TWICE.format("new"), "\n"]
    os.makedirs("data")
    (here / "data" / "b-train.jsonl").write_text("".join(moved))
    held.rename(here / "data" / "b-validation.jsonl")
    train.unlink()
    told = real("check", "--strict", "--format", "concise")
    assert (told.returncode, told.stdout.splitlines()[:-1]) == (
        1, ["data/b-train.jsonl:5015:62: warning[repeated-role] two user messages in a row"],
    )  # fmt: skip


def test_the_file_is_held_by_its_schema_a_row_a_line(here: Path) -> None:
    (here / "train.jsonl").write_text(GOOD + TWICE.format(1) * 2)
    ftlint("baseline", "--update")
    text = (here / FILE).read_text()
    Draft202012Validator(json.loads(schema_text("baseline"))).validate(json.loads(text))
    rows = [json.loads(row.rstrip(",")) for row in text.splitlines()[1:-1]]
    assert sorted((row["rule"], row.get("count", 1)) for row in rows) == [
        ("duplicate-example", 1),
        ("repeated-role", 2),
    ]
    assert baseline.written(baseline.read(here / FILE)).decode() == text


def test_a_fault_that_stands_more_often_than_accepted_is_told(here: Path) -> None:
    (here / "train.jsonl").write_text(GOOD + TWICE.format(1))
    ftlint("baseline", "--update", "--select", "repeated-role")
    (here / "train.jsonl").write_text(GOOD + TWICE.format(1) * 3)
    assert [line.split(":")[1] for line in lines("--select", "repeated-role")] == ["12", "13"]


def test_a_group_told_as_one_loses_what_is_accepted(here: Path) -> None:
    (here / "train.jsonl").write_text(GOOD + PLAIN.format("a", "b ") + PLAIN.format("c", "d "))
    ftlint("baseline", "--update")
    assert lines() == []
    (here / "train.jsonl").write_text(GOOD + PLAIN.format("e", "f ") + (here / "train.jsonl").read_text())
    [line] = lines("--select", "edge-whitespace")
    assert line.endswith("1 answer with white space at an edge")
    assert line.startswith("train.jsonl:11:")


def test_comments_come_before_the_baseline(here: Path) -> None:
    (here / "a.ft.yaml").write_text(YAML)
    ftlint("baseline", "--update", "--select", "repeated-role")
    assert lines("--select", "repeated-role") == []
    done = ftlint("check", "--select", "FT102,FT9", "--add-ignore", "repeated-role", "--no-baseline", "--reason", "so")
    assert done.output == "a.ft.yaml:4: ignores repeated-role\n"
    assert [line.split()[1] for line in lines("--select", "FT102,FT9")] == ["warning[stale-baseline-entry]"]


def test_stale_entries_are_told_where_everything_was_read(here: Path) -> None:
    (here / "train.jsonl").write_text(GOOD + TWICE.format(1))
    (here / "other.jsonl").write_text(GOOD + TWICE.format(2))
    ftlint("baseline", "--update")
    (here / "train.jsonl").write_text(GOOD)
    [line] = lines()
    assert line.startswith(f"{FILE}:")
    assert "warning[stale-baseline-entry] 1 entry of the baseline accepts what is no longer found" in line
    assert lines(".") == [line]
    assert lines("train.jsonl") == []
    assert lines("--select", "FT9,FT5") == []
    assert ftlint("baseline", "--prune", "train.jsonl").exit_code == 2
    assert "(1 fewer)" in ftlint("baseline", "--prune").output
    assert lines() == []
    assert ftlint("check", "--no-baseline", "--strict").exit_code == 1


def test_an_unreadable_part_makes_nothing_stale(here: Path) -> None:
    (here / "train.jsonl").write_text(GOOD + TWICE.format(1))
    ftlint("baseline", "--update")
    (here / "train.jsonl").write_text("[" + ",".join(GOOD.splitlines()) + "]")
    assert [line.split()[1] for line in lines()] == ["error[json-array-file]"]


def test_a_part_is_accepted_without_losing_the_rest(here: Path) -> None:
    (here / "train.jsonl").write_text(GOOD + TWICE.format(1))
    (here / "other.jsonl").write_text(GOOD + TWICE.format(2))
    ftlint("baseline", "--update")
    (here / "other.jsonl").write_text(GOOD + TWICE.format(3))
    assert "1 more" in ftlint("baseline", "--update", "other.jsonl").output
    assert "1 fewer" in ftlint("baseline", "--update").output


def fingerprint(name: str) -> str:
    report = json.loads(ftlint("check", "--format", "json").stdout)
    return next(str(item["fingerprint"]) for item in report["diagnostics"] if item["name"] == name)


def test_one_finding_is_accepted_with_a_reason(here: Path) -> None:
    (here / "train.jsonl").write_text(GOOD + TWICE.format(1) + TWICE.format(2) + PLAIN.format("a", "b ") * 2)
    one = fingerprint("repeated-role")
    done = ftlint("baseline", "--accept", one[:10].upper(), "--reason", " they do ")
    assert done.output == f"{FILE}: 1 finding accepted (1 more)\n"
    assert [line.split(":")[1] for line in lines("--select", "repeated-role")] == ["12"]
    assert ftlint("baseline").output == f"1  repeated-role\n     they do\n1 finding accepted in {FILE}\n"
    assert "2 more" in ftlint("baseline", "--accept", fingerprint("edge-whitespace"), "--reason", "so").output
    ftlint("baseline", "--update")
    assert baseline.read(here / FILE)["repeated-role", one].reason == "they do"
    report = json.loads(ftlint("check", "--format", "json").stdout)
    Draft202012Validator(json.loads(schema_text("report"))).validate(report)
    assert report["counts"]["accepted"] == 5


def test_of_several_findings_all_are_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "train.jsonl").write_text(GOOD + "".join(map(TWICE.format, range(11))))
    monkeypatch.setattr(baseline, "LEAST", 0)
    done = ftlint("baseline", "--accept", "", "--reason", "x")
    first, *rows, last = done.stderr.splitlines()
    assert done.exit_code == 2
    assert first == 'ftlint: 11 findings have fingerprints that start with "": give more of the digits'
    assert last == "  and 1 more"
    assert len(rows) == 10
    assert all(re.fullmatch(r"  [0-9a-f]{16}  repeated-role  train.jsonl:1?\d|  .*:2\d", row) for row in rows)
    assert not (here / FILE).exists()


def test_what_is_accepted_is_shown_for_paths_that_are_there(here: Path) -> None:
    (here / "train.jsonl").write_text(GOOD + TWICE.format(1))
    ftlint("baseline", "--update")
    assert ftlint("baseline", "train.jsonl").output == ftlint("baseline").output
    missing = ftlint("baseline", "tain.jsonl")
    assert (missing.exit_code, "did you mean 'train.jsonl'?" in missing.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--accept", "0123", "--reason", "x"], 'no finding has the fingerprint "0123"'),
        (["--accept", "", "--reason", "x"], '"" is too short for a fingerprint: give at least 4 of its digits'),
        (["--accept", "0a1", "--reason", "x"], "too short for a fingerprint"),
        (["--accept", "0123", "--reason", "x", "none.jsonl"], "no such file or folder: 'none.jsonl'"),
        (["none.jsonl"], "no such file or folder: 'none.jsonl'"),
        (["--accept", "0123"], "--accept needs a --reason"),
        (["--update", "--prune"], "three ways to change a baseline"),
        ([], "there is no baseline"),
    ],
)
def test_what_cannot_be_done_is_said(here: Path, words: list[str], said: str) -> None:
    (here / "train.jsonl").write_text(GOOD + TWICE.format(1) + TWICE.format(2))
    done = ftlint("baseline", *words)
    assert done.exit_code == 2
    assert said in done.output
    assert not (here / FILE).exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "this is no baseline"),
        ("<<<<<<< ours\n", "keep the rows of both sides"),
        ('{"version": 2, "accepted": []}', "update ftlint"),
        ('{"version": 1, "accepted": [{"rule": "a", "fingerprint": "b"}]}', "^[0-9a-f]{16}$"),
        ('{"version": 1, "accepted": [{"rule": "a", "fingerprint": "0123456789abcdef", "count": 0}]}', "count"),
    ],
)
def test_a_damaged_baseline_is_an_error_at_once(here: Path, text: str, said: str) -> None:
    (here / "train.jsonl").write_text(GOOD)
    (here / FILE).write_text(text)
    for words in (["check"], ["baseline"], ["baseline", "--update"]):
        done = ftlint(*words)
        assert done.exit_code == 2
        assert FILE in done.output
        assert said in done.output
    assert (here / FILE).read_text() == text


def test_another_file_is_named_by_the_configuration_or_an_option(here: Path) -> None:
    (here / "train.jsonl").write_text(GOOD + TWICE.format(1))
    (here / "ftlint.yaml").write_text("baseline: lint/known.json\n")
    (here / "lint").mkdir()
    ftlint("baseline", "--update")
    assert (here / "lint" / "known.json").exists()
    assert lines() == []
    assert lines("--no-config") != []
    assert lines("--no-config", "--baseline", "lint/known.json") == []
    assert "there is no such baseline" in ftlint("check", "--baseline", "none.json").output


def test_rows_that_a_merge_doubled_are_one(here: Path) -> None:
    row = '{"rule":"a-b","fingerprint":"0123456789abcdef"%s}'
    rows = ",\n".join(row % more for more in (',"count":2', "", ',"reason":"so"'))
    (here / FILE).write_text('{"version": 1, "accepted": [' + rows + "]}")
    [entry] = baseline.read(here / FILE).values()
    assert (entry.count, entry.reason) == (2, "so")


def test_an_unused_path_ignore_is_told_where_everything_was_read(here: Path) -> None:
    (here / "train.jsonl").write_text(GOOD + TWICE.format(1))
    (here / "other.jsonl").write_text(GOOD)
    entry = "- {rule: FT102, paths: [%s.jsonl], reason: so}\n"
    (here / "ftlint.yaml").write_text("ignore:\n" + entry % "train" + entry % "other")
    told = "ftlint.yaml:3:3: warning[unused-suppression] this entry ignores FT102, and there is nothing to ignore"
    assert lines() == [told]
    assert lines("train.jsonl") == []
    assert lines("--ignore", "FT102") == []
    ftlint("baseline", "--update")
    assert lines() == []


def test_a_built_file_shares_the_baseline_of_its_sources(here: Path) -> None:
    row = "  - {user: 'q %d', assistant: 'a %d '}\n"
    text = "defaults: {system: 'You are Ã© kind.'}\nexamples:\n" + "".join(row % (n, n) for n in range(1200))
    (here / "a.ft.yaml").write_text(text)
    (here / "ftlint.yaml").write_text("datasets:\n  d: {sources: a.ft.yaml, output: d.jsonl}\n")
    assert ftlint("convert").exit_code == 0
    ftlint("baseline", "--update")
    assert len(baseline.read(here / FILE)) == 1201
    assert [lines(*words) for words in ([], ["."], ["a.ft.yaml"], ["d.jsonl"])] == [[], [], [], []]
    assert "as before" in ftlint("baseline", "--update", ".").output


def test_a_comment_silences_a_finding_beyond_the_first_thousand(here: Path) -> None:
    twice = "  - turns: [{user: 'q %d'}, {user: and}, {assistant: a}]\n"
    text = "examples:\n" + "".join(twice % n for n in range(1200)) + "  # ftlint: ignore[FT102] so\n" + twice % 1200
    (here / "a.ft.yaml").write_text(text)
    report = json.loads(ftlint("check", "--format", "json", "--select", "FT102,FT9").stdout)
    assert report["counts"] == {"error": 0, "warning": 1200, "note": 0, "suppressed": 1, "accepted": 0}
    assert len(report["diagnostics"]) == 1000
