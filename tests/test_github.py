"""What a GitHub job sees: the worst annotations first, those of changed lines before others, and a summary."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from formats_back import commands
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_formats import finding, made

from ftlint import ci
from ftlint.cli import _reports
from ftlint.model import Diagnostic, Position, Severity
from ftlint.render import Options, render

BROKEN = '{{"messages": [{{"role": "user", "content": "{}?"}}, {{"role": "asistant", "content": "No."}}]}}\n'


def log(*found: Diagnostic, how: Options | None = None) -> str:
    return "".join(render(made(*found), "github", how or Options()))


def test_the_worst_come_first_and_no_more_than_are_shown() -> None:
    found = [finding(line, severity) for severity in sorted(Severity) for line in range(1, 13)]
    text = log(*found)
    assert [name for name, _, _ in commands(text)] == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert "\nshowing 10 of 12 errors, 10 of 12 warnings, 10 of 12 notes\n" in text
    assert text.endswith("12 errors, 12 warnings, 12 notes in 1 file\n")


def test_what_is_counted_and_not_kept_is_in_the_number() -> None:
    text = "".join(render(made(finding(1), more=430), "github", Options(quiet=True)))
    assert text.endswith("showing 1 of 431 errors\n")


def test_changed_lines_come_before_others_of_their_level() -> None:
    found = [finding(line) for line in range(1, 13)] + [finding(2, Severity.WARNING)]
    how = Options(changed={"a.jsonl": [range(11, 13)], "b.jsonl": [range(1, 9)]})
    assert [properties["line"] for _, properties, _ in commands(log(*found, how=how))[:3]] == ["11", "12", "1"]


def test_a_file_that_could_not_be_checked_is_the_first_error() -> None:
    report = replace(made(finding(1)), unchecked=(("b.jsonl", "gone: 100 %"),), skipped=(("c.jsonl", "a log"),))
    text = "".join(render(report, "github", Options()))
    assert commands(text)[0] == ("error", {"file": "b.jsonl", "title": "could not check"}, "gone: 100 %")
    assert "skipped 1 file\n" in text


def test_places_and_words_are_escaped() -> None:
    at = Position("50%,a:b.jsonl", 3, 4, 2)
    (command,) = commands(log(finding(3, position=at, message="::error::50% \n off", hint="no")))
    properties = {"file": "50%,a:b.jsonl", "line": "3", "endLine": "3", "col": "4", "endColumn": "4"}
    assert command == ("error", {**properties, "title": "bad-weight (FT1)"}, "::error::50% ␊ off\nhelp: no")


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A pull request that adds lines 3 and 5 of a file that was broken before."""
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "config", "diff.noprefix", "true")
    (tmp_path / "my data").mkdir()
    (tmp_path / "my data" / "é.jsonl").write_text("".join(BROKEN.format(word) for word in "abc"), "utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "before")
    lines = [BROKEN.format(word) for word in ("a", "b", "new\n+++ x", "c", "new too")]
    text = "".join(line.replace("\n+", "\\n+") for line in lines)
    (tmp_path / "my data" / "é.jsonl").write_text(text.removesuffix("\n"), "utf-8")
    (tmp_path / "other.txt").write_text("++ x\n@@ -1 +1 @@\n")
    git(tmp_path, "checkout", "-qb", "change")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "after")
    return tmp_path


def event(folder: Path, content: object) -> dict[str, str]:
    (folder / "event.json").write_text(json.dumps(content))
    return {"GITHUB_EVENT_PATH": str(folder / "event.json")}


def test_the_lines_of_a_pull_request_are_known(repository: Path) -> None:
    base = git(repository, "rev-parse", "main")
    changed = {"my data/é.jsonl": [range(3, 4), range(5, 6)], "other.txt": [range(1, 3)]}
    request = {"pull_request": {"base": {"sha": base}}}
    assert ci.changed_lines(event(repository, request), str(repository)) == changed
    assert ci.changed_lines(event(repository, {"before": base}), str(repository)) == changed
    git(repository, "update-ref", "refs/remotes/origin/main", base)
    assert ci.changed_lines({"GITHUB_BASE_REF": "main"}, str(repository)) == changed
    gone = {"pull_request": {"base": {"sha": "1" * 40}}}
    assert ci.changed_lines({**event(repository, gone), "GITHUB_BASE_REF": "main"}, str(repository)) == changed


@pytest.mark.parametrize("content", [{}, [], {"before": "0" * 40}, {"before": "--output=x"}, {"pull_request": 7}])
def test_without_a_base_no_line_is_known(repository: Path, content: object) -> None:
    assert ci.changed_lines({**event(repository, content), "GITHUB_BASE_REF": "nowhere"}, str(repository)) == {}
    assert ci.changed_lines({}, str(repository)) == {}


ROWS = [b"+++ a", b"+++ b\t", b"@@ -1,2 +3,2 @@", b"@@ -5 +6,0 @@", b"@@ -0,0 +9 @@ x", b"+x", b"-x", b"\\ No newline"]


@given(st.lists(st.sampled_from(ROWS) | st.binary(max_size=20), max_size=20))
def test_any_diff_is_read(lines: list[bytes]) -> None:
    changed = ci.parse_diff(lines)
    assert all(runs and all(runs) for runs in changed.values())
    assert changed.keys() <= {"", *(line[4:].removesuffix(b"\t").decode("utf-8", "surrogateescape") for line in lines)}


def test_the_root_is_that_of_the_repository(repository: Path) -> None:
    assert ci.repository(str(repository / "my data")) == str(repository)


def check(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ftlint", "check", "--no-config", "--select", "FT1", *arguments]
    root = Path(__file__).parent.parent
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(root), "PYTHONUTF8": "1", **environment}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8")


def test_a_job_gets_annotations_and_a_summary(repository: Path) -> None:
    (repository / "summary.md").write_text("# Before\n")
    base = git(repository, "rev-parse", "main")
    environment = event(repository, {"pull_request": {"base": {"sha": base}}})
    environment["GITHUB_STEP_SUMMARY"] = str(repository / "summary.md")
    done = check(repository / "my data", ".", "--format", "github", **environment)
    read = commands(done.stdout)
    assert done.returncode == 1
    assert [properties["line"] for _, properties, _ in read] == ["3", "5", "1", "2", "4"]
    assert {properties["file"] for _, properties, _ in read} == {"my data/é.jsonl"}
    summary = (repository / "summary.md").read_text("utf-8")
    assert summary.startswith("# Before\n## ftlint\n\n**5 errors in 1 file**\n")
    check(repository, ".", "--format", "json", **environment)
    assert (repository / "summary.md").read_text("utf-8") == summary
    environment["GITHUB_STEP_SUMMARY"] = str(repository / "no" / "summary.md")
    refused = check(repository, ".", "--format", "github", **environment)
    assert (refused.returncode, "job summary could not be written" in refused.stderr) == (2, True)


def test_a_summary_never_grows_beyond_what_github_takes(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    for _ in range(3):
        _reports._summarize(path, iter(["x" * 99 + "\n"] * 6000))
    assert path.stat().st_size < 1 << 20
    assert path.read_text().count("The summary is full") == 2
