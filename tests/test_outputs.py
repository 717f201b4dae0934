"""``--format`` and ``--output``: several reports of one run, each where it was asked for, none over a dataset."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from formats_back import READERS
from running import ftlint

BROKEN = '{"messages": [{"role": "user", "content": "Why?"}, {"role": "asistant", "content": "So."}]}\n'


@pytest.fixture(autouse=True)
def here(here: Path) -> Path:
    (here / "bad.jsonl").write_text(BROKEN)
    return here


def check(*arguments: str) -> Result:
    return ftlint("check", "bad.jsonl", "--no-config", *arguments)


def test_several_reports_of_one_run(here: Path) -> None:
    done = check("--output", "sarif:out.sarif", "--output", "junit:report.xml")
    assert done.exit_code == 1
    assert "bad.jsonl:1:61: error[unknown-role]" in done.stdout
    read = [
        set(READERS[name]((here / file).read_text()))
        for name, file in (("sarif", "out.sarif"), ("junit", "report.xml"))
    ]
    assert read[0] == read[1] >= {("bad.jsonl", 1, "unknown-role")}


def test_a_plain_file_takes_the_format_and_leaves_nothing_to_print(here: Path) -> None:
    assert check("--format", "json", "--output", "report").stdout == ""
    assert json.loads((here / "report").read_text())["version"] == 1
    assert check("--output", "report").stdout == ""
    assert (here / "report").read_text().startswith("bad.jsonl:1:")


def test_formats_are_given_to_plain_files_in_their_order(here: Path) -> None:
    done = check("--format", "json", "--format", "gitlab", "--output", "a", "--output", "b", "--output", "text:c")
    assert done.stdout == ""
    assert json.loads((here / "a").read_text())["version"] == 1
    assert isinstance(json.loads((here / "b").read_text()), list)
    assert "help:" in (here / "c").read_text()
    done = check("--format", "json", "--format", "github", "--output", "a")
    assert done.stdout.startswith("::error ")


def test_a_folder_before_the_colon_is_a_file(here: Path) -> None:
    assert check("--output", "C:report.txt").exit_code == 1
    assert (here / "C:report.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "json", "--format", "text"], "cannot both go to standard output"),
        (["--output", "sarf:x"], 'did you mean "sarif:x"?'),
        (["--output", "sarif:"], 'did you mean "sarif:FILE"?'),
        (["--output", "html:x"], "(or write ./html:x)"),
        (["--output", "json:-"], "--format names what standard output gets"),
        (["--output", "-"], "--format names what standard output gets"),
        (["--output", "a", "--output", "b"], "name the format of each output: --output FORMAT:a"),
        (["--output", "json:a", "--output", "sarif:./a"], "is named by two outputs"),
        (["--format", "sarf"], "'sarif'"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_read(here: Path, arguments: list[str], words: str) -> None:
    done = check(*arguments)
    assert (done.exit_code, words in done.output) == (2, True), done.output
    assert [path.name for path in here.iterdir()] == ["bad.jsonl"]


def test_no_report_is_written_over_a_dataset(here: Path) -> None:
    (here / "other.jsonl").write_text("kept")
    for file in ("bad.jsonl", "rdjsonl:bad.jsonl", "rdjsonl:other.jsonl"):
        assert "looks like a dataset" in check("--output", file).output
    assert (here / "bad.jsonl").read_text() == BROKEN
    assert (here / "other.jsonl").read_text() == "kept"


def test_a_file_that_cannot_be_written_is_said_and_the_old_one_kept(here: Path) -> None:
    done = check("--output", "sarif:no/where.sarif")
    assert (done.exit_code, "the report could not be written" in done.output) == (2, True)


def test_a_large_report_is_printed_whole(here: Path) -> None:
    (here / "bad.jsonl").write_text(BROKEN.replace("Why", "Why" * 40) * 900)
    text = check("--format", "rdjsonl").stdout
    assert len(text) > 3 * (1 << 16)
    assert sum(rule == "unknown-role" for _, _, rule in READERS["rdjsonl"](text)) == 900
