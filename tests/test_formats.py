"""One dirty dataset in every format: golden files that keep their contracts and tell the same findings."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from formats_back import READERS, schema, tables
from msgspec.structs import replace

from ftlint import api
from ftlint.config import default
from ftlint.model import Diagnostic, Position, Remedy, Severity
from ftlint.pages import Rule, catalogue
from ftlint.render import FORMATS, Options, render
from ftlint.render.parts.places import byte_columns, from_root, uri
from ftlint.report import Report, Summary

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
SECRET = "AKIAQ3EGRZ7NW5XKP2VD"
PAGES = ("bad-weight", "duplicate-example")
"""Rules whose pages the golden files hold: pages change more often than formats."""


def pages() -> dict[str, Rule]:
    return {name: catalogue()[name] for name in PAGES}


HOW = Options(width=100, shown=0, root=str(ROOT), rules=pages)


@cache
def dirty() -> Report:
    options = api.Options(target="mistral/x", today=date(2026, 11, 23))
    return api.check(["tests/datasets/dirty"], config=default(ROOT), options=options)


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.chdir(ROOT)
    return dirty()


def shown(report: Report, name: str, how: Options = HOW) -> str:
    return "".join(render(report, name, how))


def finding(line: int, severity: Severity = Severity.ERROR, **more: Any) -> Diagnostic:
    name = {Severity.ERROR: "bad-weight", Severity.WARNING: "edge-whitespace", Severity.NOTE: "unknown-price"}[severity]
    plain = Diagnostic("FT1", name, severity, "wrong", "", Position("a.jsonl", line, 1, 2, "x"), "", "print")
    return replace(plain, **more)


def made(*found: Diagnostic, more: int = 0, **fields: Any) -> Report:
    """A report of some findings, of which each rule in each file has ``more`` that are not kept."""
    counts = Counter((item.position.path, item.name) for item in found)
    totals = {key: count + more for key, count in counts.items()}
    return Report(found, totals, {item.name: item.severity for item in found}, Summary("t", False), **fields)


@pytest.mark.parametrize("name", FORMATS)
def test_golden(name: str, report: Report, update: bool) -> None:
    path = GOLDEN / f"dirty.{name}"
    if update:
        path.write_text(shown(report, name), "utf-8", newline="\n")
    assert path.read_text("utf-8") == shown(report, name)


def test_there_is_a_golden_file_and_a_reader_for_each_format() -> None:
    assert set(READERS) == set(FORMATS)
    assert {path.suffix[1:] for path in GOLDEN.iterdir()} == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_findings_in_each_format(name: str, report: Report) -> None:
    told = [(item.position.path, item.position.line, item.name) for item in report.diagnostics]
    assert len(told) == 17
    assert {item.severity for item in report.diagnostics} == set(Severity)
    text = (GOLDEN / f"dirty.{name}").read_text("utf-8")
    assert sorted(READERS[name](text)) == sorted(told)
    assert SECRET not in text
    assert "git lfs pull" in text.replace("\\`", ""), "what was not checked is told too"


def test_the_contracts_refuse_what_breaks_them(report: Report) -> None:
    log = json.loads(shown(report, "sarif"))
    del log["runs"][0]["tool"]
    assert not schema("sarif-2.1.0.schema.json").is_valid(log)
    assert not schema("gitlab.schema.json").is_valid([{"description": "only"}])
    assert not schema("rdjsonl.schema.json").is_valid({"message": "", "location": {"path": "", "row": 1}})


def test_sarif_says_what_a_rule_is_and_where_else_to_look(report: Report) -> None:
    (run,) = json.loads(shown(report, "sarif"))["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["bad-weight"]["help"]["markdown"].startswith("# bad-weight")
    assert rules["bad-weight"]["helpUri"].endswith("/rules/roles/bad-weight.md")
    (twice,) = (result for result in run["results"] if result["ruleId"] == "duplicate-example")
    assert twice["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 2
    assert twice["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "tests/datasets/dirty/train%20set/donn%C3%A9es%20%251.jsonl",
        "uriBaseId": "%SRCROOT%",
    }
    assert run["invocations"][0]["executionSuccessful"] is False
    assert "helpUri" not in json.loads(shown(report, "sarif", Options()))["runs"][0]["tool"]["driver"]["rules"][0]


def test_sarif_lists_the_worst_and_tells_exactly_how_many_it_does_not() -> None:
    warnings = (finding(line, Severity.WARNING) for line in range(1, 25_001))
    big = made(*warnings, *(finding(line) for line in range(1, 11)), more=1000)
    chunks = list(render(big, "sarif", HOW))
    assert len(chunks) > 25_000, "a large report is written as it is made"
    (run,) = json.loads("".join(chunks))["runs"]
    assert [result["level"] for result in run["results"][:11]] == ["error"] * 10 + ["warning"]
    assert len(run["results"]) == 25_000
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    words = "showing 25,000 of 27,010 findings; 2,010 more are counted, not listed"
    assert told == {"level": "warning", "message": {"text": words}}


def test_findings_of_one_identity_stay_apart() -> None:
    twice = made(finding(1), finding(2))
    prints = [entry["fingerprint"] for entry in json.loads(shown(twice, "gitlab"))]
    assert prints[0] == "print" != prints[1]
    moved = made(finding(5), finding(9))
    assert prints == [entry["fingerprint"] for entry in json.loads(shown(moved, "gitlab"))]
    results = json.loads(shown(twice, "sarif"))["runs"][0]["results"]
    assert [each["partialFingerprints"]["primaryLocationLineHash"] for each in results] == ["print:1", "print:2"]


@pytest.mark.parametrize("name", ["gitlab", "junit", "rdjsonl", "markdown"])
def test_what_is_not_listed_is_counted(name: str) -> None:
    text = shown(made(finding(1), more=413), name)
    assert "and 413 more bad-weight" in text
    assert len(list(READERS[name](text))) == 1


def test_notes_pass_in_junit_and_a_clean_dataset_has_a_case() -> None:
    assert 'failures="1"' in shown(made(finding(1, Severity.NOTE), finding(2, Severity.WARNING)), "junit")
    assert 'tests="1" failures="0" errors="0"' in shown(made(), "junit")


def test_rdjsonl_counts_columns_in_bytes() -> None:
    assert byte_columns(Position("a", 1, 2, 4, "é🏺x\ud800")) == (3, 8)
    assert byte_columns(Position("a", 1, 3, 2, "abc")) == (3, 3)
    assert byte_columns(Position("a", 1, 3, 4)) is None


def test_paths_are_those_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert from_root("a.jsonl", str(tmp_path)) == "sub/a.jsonl"
    assert from_root("--a.jsonl", str(tmp_path)) == "sub/--a.jsonl"
    assert from_root("../b.jsonl", str(tmp_path)) == "b.jsonl"
    assert from_root(str(tmp_path / "c.jsonl"), str(tmp_path)) == "c.jsonl"
    assert from_root("../../d.jsonl", str(tmp_path)) == (tmp_path.parent / "d.jsonl").as_posix()
    assert [from_root(other, str(tmp_path)) for other in ("--target", "<stdin>", "s3://b/k")] == [
        "--target",
        "<stdin>",
        "s3://b/k",
    ]


def test_uris_are_encoded() -> None:
    assert uri("a b/#c%d:e.jsonl") == ("a%20b/%23c%25d%3Ae.jsonl", True)
    assert uri("/tmp/a b") == ("file:///tmp/a%20b", False)
    assert uri("C:/data/a b") == ("file:///C:/data/a%20b", False)
    assert uri("s3://bucket/a b?x=1") == ("s3://bucket/a%20b?x=1", False)
    assert uri("raw\udcff") == ("raw%FF", True)
    assert uri("half\ud800") == ("half%3F", True)


def test_markdown_counts_what_repeats_and_says_what_was_checked(report: Report) -> None:
    text = shown(report, "markdown", replace(HOW, shown=1))
    assert "and 1 more invalid-json" in text
    assert ["target", "mistral/x"] in [row for _, rows in tables(text) for row in rows]
    counts = shown(report, "markdown", replace(HOW, statistics=True, quiet=True))
    assert [heading for heading, _ in tables(counts)] == ["ftlint", "ftlint"]


def test_statistics_mark_what_can_be_fixed() -> None:
    fields = {name: getattr(finding(1), name) for name in Diagnostic.__struct_fields__ if name != "fix"}
    fixable: Any = SimpleNamespace(**fields, fix=Remedy("mend it", safe=True))
    risky: Any = SimpleNamespace(**fields, fix=Remedy("leave it out", safe=False))
    report = made(fixable, finding(2), finding(3, Severity.NOTE), more=1)
    text = shown(report, "concise", Options(quiet=True, statistics=True))
    assert text == ("3  error    [*]  FT1  bad-weight\n2  note          FT1  unknown-price\n")
    assert "3 (1 fixable)" in shown(report, "markdown")
    assert "[*]" not in shown(made(risky), "concise", Options(quiet=True, statistics=True))
    assert "[*]" in shown(made(risky), "concise", Options(quiet=True, statistics=True, unsafe_fixes=True))


def test_sarif_tells_what_a_fix_writes(tmp_path: Path) -> None:
    row = '{"messages": [{"role": "user", "content": "Hé?"}, {"role": " Assistant", "content": "Far. "}]}\n'
    (tmp_path / "train.jsonl").write_text(row, "utf-8")
    report = api.check([tmp_path / "train.jsonl"], config=default(tmp_path))
    fixes = [
        result["fixes"] for result in json.loads(shown(report, "sarif"))["runs"][0]["results"] if "fixes" in result
    ]
    assert fixes
    for (fix,) in fixes:
        (place,) = fix["artifactChanges"]
        (replaced,) = place["replacements"]
        region = replaced["deletedRegion"]
        start, stop = region["startColumn"] - 1, region["endColumn"] - 1
        line = row[:start] + replaced["insertedContent"]["text"] + row[stop:]
        assert '"role": "assistant"' in line
        json.loads(line)
