"""Authored YAML through the whole check: places, findings about shared text, suppression comments, lookalikes."""

from __future__ import annotations

from pathlib import Path

import pytest

import ftlint
from ftlint import words
from ftlint.config import default

EXAMPLE = "  - user: What is {n} and {n}?\n    assistant: It is {n} twice.\n"


def check(*paths: str) -> ftlint.Report:
    return ftlint.check(paths, config=default(Path.cwd()))


def places(report: ftlint.Report) -> list[tuple[str, int, int, str]]:
    return [(at.position.path, at.position.line, at.position.column, at.name) for at in report.diagnostics]


def test_a_fault_of_a_prompt_of_1_000_examples_is_one_finding_at_the_prompt(here: Path) -> None:
    examples = "".join(EXAMPLE.format(n=n) for n in range(1_000))
    (here / "a.ft.yaml").write_text(f"defaults:\n  system: You are Marv.<|endoftext|>\nexamples:\n{examples}")
    report = check("a.ft.yaml")
    assert places(report) == [("a.ft.yaml", 2, 24, "special-token-text")]
    assert report.counts["warning"] == 1
    ((example, label),) = report.diagnostics[0].related
    assert (example.path, example.line, label) == ("a.ft.yaml", 4, "in the example 1")


def test_text_of_an_included_file_is_found_there_once_for_all_files(here: Path) -> None:
    (here / "prompt.md").write_text("Be brief.\nSay <|im_end|> last.\n")
    for name in ("train.ft.yaml", "valid.ft.yaml"):
        examples = "".join(EXAMPLE.format(n=f"{name} {n}") for n in range(12))
        (here / name).write_text(f"defaults:\n  system: {{file: prompt.md}}\nexamples:\n{examples}")
    report = check("train.ft.yaml", "valid.ft.yaml")
    assert places(report) == [("prompt.md", 2, 5, "special-token-text")]
    assert report.counts["warning"] == 1


def test_columns_are_those_of_the_yaml(here: Path) -> None:
    examples = "".join(EXAMPLE.format(n=n) for n in range(10))
    block = "  - user: Hi\n    assistant: |\n      One.\n      Two <|im_end|> three.\n"
    quoted = '  - user: Ho\n    assistant: "a\\t<|im_end|>"\n'
    (here / "a.ft.yaml").write_text(f"examples:\n{examples}{block}{quoted}")
    assert places(check("a.ft.yaml")) == [
        ("a.ft.yaml", 25, 11, "special-token-text"),
        ("a.ft.yaml", 27, 20, "special-token-text"),
    ]


COMMENTED = """examples:
  - user: One    # ftlint: ignore[edge-whitespace] the model shall learn the gap
    assistant: "a "
  # ftlint: ignore[FT505] so here
  - user: Two
    assistant: "b "
  - user: Three  # ftlint: ignore[edge-whitespace]
    assistant: "c "
  - user: Four
    assistant: d  # ftlint: ignore[edge-whitespace] nothing to see
"""


def test_comments_with_a_reason_silence_and_others_are_told(here: Path) -> None:
    (here / "a.ft.yaml").write_text(COMMENTED + "".join(EXAMPLE.format(n=n) for n in range(10)))
    report = check("a.ft.yaml")
    assert places(report) == [
        ("a.ft.yaml", 7, 18, "unreasoned-suppression"),
        ("a.ft.yaml", 8, 18, "edge-whitespace"),
        ("a.ft.yaml", 10, 19, "unused-suppression"),
    ]
    assert report.suppressed == report.counts["suppressed"] == 2


def test_a_list_that_is_not_indented_belongs_to_its_key(here: Path) -> None:
    turns = "- user: One\n  - user: Two\n  - assistant: Three\n"
    comment = "  # ftlint: ignore[repeated-role] they do write twice\n"
    (here / "a.ft.yaml").write_text(f"examples:\n- id: one\n{comment}  turns:\n  {turns}- id: two\n  turns:\n  {turns}")
    options = ftlint.Options(select=["FT9", "repeated-role"])
    report = ftlint.check("a.ft.yaml", config=default(here), options=options)
    assert places(report) == [("a.ft.yaml", 11, 5, "repeated-role")]
    assert report.suppressed == 1


def test_a_rule_that_did_not_run_makes_no_comment_unused(here: Path) -> None:
    (here / "a.ft.yaml").write_text(COMMENTED)
    options = ftlint.Options(select=["FT9", "repeated-role"])
    report = ftlint.check("a.ft.yaml", config=default(here), options=options)
    assert [item.name for item in report.diagnostics] == ["unreasoned-suppression"]


def test_a_comment_about_no_rule_at_all_is_told_of(here: Path) -> None:
    examples = "".join(EXAMPLE.format(n=n) for n in range(10))
    for comment in ("ignore[repeted-role] as meant", "ignore: edge-whitespace", "disable[edge-whitespace] so"):
        (here / "a.ft.yaml").write_text(f"examples:  # ftlint: {comment}\n{examples}")
        assert places(check("a.ft.yaml")) == [("a.ft.yaml", 1, 12, "unused-suppression")]


def test_a_file_that_changes_meanwhile_is_said_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a.ft.yaml").write_text('examples:\n  - user: Hi\n    assistant: "a "\n')
    whole = words.Places.authored

    def shorter(self: words.Places, path: str) -> object:
        (here / "a.ft.yaml").write_text("examples: []\n")
        return whole(self, path)

    monkeypatch.setattr(words.Places, "authored", shorter)
    with pytest.raises(ftlint.UnreadableFile, match="it changed while it was checked"):
        check("a.ft.yaml")


def test_a_file_whose_fault_is_off_is_not_called_clean(here: Path) -> None:
    (here / "a.jsonl").write_text('[{"messages": []}]\n')
    report = ftlint.check("a.jsonl", config=default(here), options=ftlint.Options(ignore=["json-array-file"]))
    assert report.skipped == (("a.jsonl", "its lines were not read: see json-array-file, which does not run"),)


def test_repeat_is_billed_and_is_no_duplicate(here: Path) -> None:
    examples = "".join(EXAMPLE.format(n=n) for n in range(10))
    (here / "once.ft.yaml").write_text(f"examples:\n{examples}")
    again = examples.replace("    assistant", "    repeat: 3\n    assistant")
    (here / "thrice.ft.yaml").write_text(f"examples:\n{again}")
    once, thrice = check("once.ft.yaml"), check("thrice.ft.yaml")
    assert thrice.diagnostics == once.diagnostics == ()
    assert thrice.summary.examples == 3 * once.summary.examples
    assert thrice.summary.tokens.billed == 3 * once.summary.tokens.billed


def test_yaml_and_the_jsonl_beside_it_are_one_dataset(here: Path) -> None:
    examples = "".join(EXAMPLE.format(n=n) for n in range(10))
    (here / "train.ft.yaml").write_text(f"examples:\n{examples}")
    line = '{"messages": [{"role": "user", "content": "What is 3 and 3?"}, {"role": "assistant", "content": "Six."}]}\n'
    (here / "valid.jsonl").write_text(line)
    (here / "ftlint.yaml").write_text("datasets: {sums: {train: train.ft.yaml, validation: valid.jsonl}}\n")
    found = {item.name: item for item in ftlint.check().diagnostics}
    assert found["split-leakage"].related[0][0].line == 8


def test_a_lookalike_is_told_of_and_one_that_a_pattern_names_is_not(here: Path) -> None:
    examples = "".join(EXAMPLE.format(n=n) for n in range(10))
    (here / "a.ft.yaml").write_text(f"examples:\n{examples}")
    (here / "b.yml").write_text(f"# more\nexamples:\n{examples}")
    (here / "other.yaml").write_text("jobs: {examples: 3}\n")
    assert places(check(".")) == [("b.yml", 1, 1, "ignored-lookalike")]
    (here / "ftlint.yaml").write_text("exclude: [b.yml]\n")
    assert ftlint.check(".").diagnostics == ()
