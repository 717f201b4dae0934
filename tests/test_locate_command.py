"""``ftlint locate``: a built line leads back to its place in the YAML, even where the file is old."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import ftlint

from ftlint.convert.origin import parse_route, route_at

YAML = """\
defaults: {system: Be brief.}
examples:
  - id: hours
    user: When do you open?
    assistant: At nine.
  - turns:
      - user: Where are you?
      - assistant: |
          In Oslo,
          near the harbour.
    repeat: 2
  - split: validation
    user: Do you take cards?
    assistant: Yes.
"""
CONFIG = "datasets: {support: {sources: a.ft.yaml, output: {train: train.jsonl, validation: val.jsonl}}}\n"


@pytest.fixture(autouse=True)
def here(here: Path) -> Path:
    (here / "a.ft.yaml").write_text(YAML, "utf-8")
    (here / "ftlint.yaml").write_text(CONFIG, "utf-8")
    done = ftlint("convert")
    assert done.exit_code == 0, done.output
    return here


def located(*words: str) -> str:
    done = ftlint("locate", *words)
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    return done.stdout.rstrip("\n")


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("train.jsonl:1", "a.ft.yaml:3:5  (example hours)"),
        ("train.jsonl:1:messages[1].content", "a.ft.yaml:4:11  (example hours, messages[1].content)"),
        ("train.jsonl:1:messages[2].content", "a.ft.yaml:5:16  (example hours, messages[2].content)"),
        ("train.jsonl:2", "a.ft.yaml:6:5  (example 2)"),
        ("train.jsonl:3:messages[1].content", "a.ft.yaml:7:15  (example 2, messages[1].content)"),
        ("val.jsonl:1", "a.ft.yaml:12:5  (example 3)"),
        ("./val.jsonl:1", "a.ft.yaml:12:5  (example 3)"),
    ],
)
def test_a_line_leads_to_its_example(place: str, found: str) -> None:
    assert located(place) == found


def test_a_shared_text_leads_to_the_defaults() -> None:
    assert located("train.jsonl:2:messages[0].content").startswith("a.ft.yaml:1:")


def test_a_column_leads_to_the_value_there(here: Path) -> None:
    column = (here / "train.jsonl").read_text("utf-8").splitlines()[0].index("At nine") + 1
    assert located(f"train.jsonl:1:{column}") == "a.ft.yaml:5:16  (example hours, messages[2].content)"
    assert located("train.jsonl:1:1") == "a.ft.yaml:3:5  (example hours)"


def test_sources_may_be_named(here: Path) -> None:
    (here / "ftlint.yaml").unlink()
    assert located("train.jsonl:1", "--source", "a.ft.yaml") == "a.ft.yaml:3:5  (example hours)"
    assert located("val.jsonl:1", "--source", "a.ft.yaml") == "a.ft.yaml:12:5  (example 3)"


def test_an_old_file_is_matched_by_content(here: Path) -> None:
    (here / "a.ft.yaml").write_text(
        YAML.replace("  - id: hours", "  - {user: New, assistant: One.}\n  - id: hours"), "utf-8"
    )
    done = ftlint("locate", "train.jsonl:1")
    assert (done.exit_code, done.stdout) == (0, "a.ft.yaml:4:5  (example hours)\n")
    assert "train.jsonl is not what its sources give today: line 1 was found by its content" in done.stderr
    (here / "a.ft.yaml").write_text(YAML.replace("At nine", "At ten"), "utf-8")
    done = ftlint("locate", "train.jsonl:1")
    assert done.exit_code == 2
    assert "no example has the content of line 1: run `ftlint convert`" in done.stderr


def test_a_file_that_is_not_there_is_counted_in_what_would_be_written(here: Path) -> None:
    (here / "train.jsonl").unlink()
    done = ftlint("locate", "train.jsonl:1")
    assert (done.exit_code, done.stdout) == (0, "a.ft.yaml:3:5  (example hours)\n")
    assert "note: train.jsonl is not there: this is line 1 of what its sources give" in done.stderr


@pytest.mark.parametrize("text", ["[" * 100_000, "no JSON", "{}", "NaN"])
def test_a_line_that_nothing_gives_is_an_error(here: Path, text: str) -> None:
    (here / "train.jsonl").write_text(text + "\n", "utf-8")
    done = ftlint("locate", "train.jsonl:1")
    assert done.exit_code == 2
    assert "no example has the content of line 1" in done.stderr


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("train.jsonl:4", "train.jsonl has 3 lines, so there is no line 4"),
        ("val.jsonl:0", "val.jsonl has 1 line, so there is no line 0"),
        ("train.jsonl:1:messages[7].content", "there is no messages[7]: messages has 3 items"),
        ("train.jsonl:1:messages[1].contents", "there is no messages[1].contents: messages[1] has no such key"),
        (
            "train.jsonl:1:messages[1].content[0]",
            "there is no messages[1].content[0]: messages[1].content has no such key",
        ),
        ("train.jsonl:1:tools", "there is no tools: the record has no such key"),
        ("train.jsonl:1:messages[one]", '"messages[one]" is no place in a record'),
        ("other.jsonl:1", "does not say what other.jsonl is built from; name its sources with --source FILE.ft.yaml"),
        ("train.jsonl", '"train.jsonl" names no line'),
    ],
)
def test_what_is_not_there_is_said(place: str, words: str) -> None:
    done = ftlint("locate", place)
    assert done.exit_code == 2
    assert words in done.stderr


def test_routes_are_read_as_they_are_written() -> None:
    assert parse_route("messages[2].tool_calls[0].function") == ("messages", 2, "tool_calls", 0, "function")
    assert parse_route("") == ()


def test_a_column_is_of_the_innermost_value() -> None:
    text = '{"a": [1, {"b": "cd"}], "e": {}}'
    routes = [route_at(text, column) for column in range(1, len(text) + 1)]
    assert routes[text.index("cd")] == ("a", 1, "b")
    assert routes[text.index("1")] == ("a", 0)
    assert routes[text.index('"b"')] == ("a", 1)
    assert routes[0] == routes[-1] == routes[text.index('"e"')] == ()
