"""Datasets built from YAML: check sees the splits that convert writes, and built files at their place in the YAML."""

from __future__ import annotations

from pathlib import Path

import pytest
import running

import ftlint

CONFIG = """
datasets:
  sums:
    sources: "*.ft.yaml"
    output: {train: train.jsonl, validation: valid.jsonl}
    split: {validation: 30%}
"""


@pytest.fixture(autouse=True)
def here(here: Path) -> Path:
    (here / "ftlint.yaml").write_text(CONFIG)
    return here


def write(name: str, numbers: range, more: str = "") -> None:
    examples = "".join(f"  - user: What is {n} and {n}?\n    assistant: It is {n} twice.\n" for n in numbers)
    Path(name).write_text(f"defaults:\n  system: Add <|im_end|> numbers.\nexamples:\n{examples}{more}")


def convert() -> None:
    done = running.ftlint("convert", "--force")
    assert done.exit_code == 0, done.output


def names(*paths: str) -> list[tuple[str, int, int, str]]:
    found = ftlint.check(paths).diagnostics
    return [(item.position.path, item.position.line, item.position.column, item.name) for item in found]


def test_check_assigns_splits_as_convert_does() -> None:
    write("a.ft.yaml", range(60))
    convert()
    written = {name: Path(name).read_text().count("\n") for name in ("train.jsonl", "valid.jsonl")}
    assert written["valid.jsonl"] > 9
    whole, train = ftlint.check(), ftlint.check("train.jsonl")
    assert whole.summary.examples == 60
    assert whole.summary.tokens.billed == train.summary.tokens.billed
    assert "too-few-examples" not in {item.name for item in whole.diagnostics}


def test_a_built_file_is_told_of_at_its_place_in_the_yaml() -> None:
    write("a.ft.yaml", range(60), '  - user: Go on\n    assistant: "One "\n    split: train\n')
    convert()
    in_yaml = [("a.ft.yaml", 2, 15, "special-token-text"), ("a.ft.yaml", 125, 20, "edge-whitespace")]
    assert names("a.ft.yaml") == in_yaml
    assert names("train.jsonl") == in_yaml
    assert sorted(names("train.jsonl", "a.ft.yaml")) == in_yaml
    Path("train.jsonl").write_text(Path("train.jsonl").read_text() + "{}\n")
    assert {path for path, *_ in names("train.jsonl")} == {"train.jsonl"}


def test_a_built_validation_file_validates() -> None:
    write("a.ft.yaml", range(60))
    convert()
    report = ftlint.check(["train.jsonl", "valid.jsonl"])
    assert report.summary.tokens.billed == ftlint.check("train.jsonl").summary.tokens.billed


def test_a_group_in_two_files_must_not_straddle() -> None:
    for name, split in (("a.ft.yaml", "train"), ("b.ft.yaml", "validation")):
        more = f"  - group: G\n    split: {split}\n    user: Go {name}\n    assistant: Gone.\n"
        write(name, range(60) if split == "train" else range(60, 90), more)
    found = [item for item in ftlint.check().diagnostics if item.name == "straddling-group"]
    assert [(item.position.path, item.position.line) for item in found] == [("b.ft.yaml", 64)]
    assert found[0].related[0][0].path == "a.ft.yaml"


def test_words_of_a_text_silence_nothing(here: Path) -> None:
    (here / "ftlint.yaml").write_text("")
    more = '  - user: Go\n    assistant: "Gone # ftlint: ignore[edge-whitespace] sneaky "\n'
    more += (
        "  - user: |\n      \tHow\u2028and why?\n    assistant: |\n      Write # ftlint: ignore[edge-whitespace] so\n"
    )
    write("a.ft.yaml", range(12), more)
    assert [name for *_, name in names("a.ft.yaml")] == ["special-token-text", "edge-whitespace"]


def test_no_comment_silences_what_keeps_an_example_from_being_built(here: Path) -> None:
    (here / "ftlint.yaml").write_text("")
    write("a.ft.yaml", range(12), "  - user: Go\n    asistant: Gone  # ftlint: ignore[unknown-key] no\n")
    assert {name for *_, name in names("a.ft.yaml")} >= {"unknown-key", "unused-suppression"}
