"""``check --add-ignore``: comments in YAML and entries of ``ftlint.yaml`` where they belong, and no other change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st
from running import ftlint

from ftlint import yamltree
from ftlint.config.edit import with_path_ignore

TWICE = (
    '{"messages": [{"role": "user", "content": "q"}, {"role": "user", "content": "r"}, '
    '{"role": "assistant", "content": "a"}]}\n'
)
AUTHORED = """\
examples:
  # the first
  - turns:
      - user: Hi
      - user: Anyone?   # nobody
      - assistant: Yes
  - user: |
      some

      text Ã© here
    assistant: 'fine'

  - user: plain
      more Ã© text
    assistant: "ok then
      Ã© again"
"""
ODD = "  - usr: x\n  # ftlint: ignore[FT102] for nothing\n  - {user: a, assistant: b}\n"

pytestmark = pytest.mark.usefixtures("here")


def ignore(word: str, reason: str = "they do so", *words: str) -> Result:
    return ftlint("check", "--ignore", "FT501", *words, "--add-ignore", word, "--reason", reason)


def found() -> list[tuple[str, int]]:
    done = ftlint("check", "--ignore", "FT501", "--format", "json")
    return [(item["name"], item["line"]) for item in json.loads(done.stdout)["diagnostics"]]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_comments_stand_above_what_they_are_about(here: Path, end: str) -> None:
    text = AUTHORED.replace("\n", end)
    (here / "a.ft.yaml").write_bytes(text.encode())
    assert (
        ignore("FT702", "they   write\nso").output
        == "a.ft.yaml:7: ignores mojibake-text\na.ft.yaml:14: ignores mojibake-text\n"
    )
    assert found() == [("repeated-role", 5)]
    assert ignore("repeated-role").output == "a.ft.yaml:5: ignores repeated-role\n"
    assert found() == []
    written = (here / "a.ft.yaml").read_bytes().decode()
    new = [line for line in written.split(end) if line not in text.split(end)]
    assert new == [
        "      # ftlint: ignore[repeated-role] they do so",
        "  # ftlint: ignore[mojibake-text] they write so",
        "  # ftlint: ignore[mojibake-text] they write so",
    ]
    assert "".join(line for line in written.splitlines(True) if "ftlint:" not in line) == text


def test_comments_of_two_rules_stand_above_one_another(here: Path) -> None:
    (here / "a.ft.yaml").write_text('examples:\n  - user: Ã© x\n    assistant: "[INST] x "\n')
    before = found()
    assert before == [("mojibake-text", 2), ("chat-template-text", 3), ("edge-whitespace", 3)]
    for name, _ in before:
        assert ignore(name).exit_code == 0
    assert found() == []


def test_one_finding_is_ignored_by_its_fingerprint(here: Path) -> None:
    (here / "a.ft.yaml").write_text(AUTHORED)
    report = json.loads(ftlint("check", "--format", "json").stdout)
    one = next(item for item in report["diagnostics"] if item["line"] == 10)
    assert ignore(one["fingerprint"][:12]).output == "a.ft.yaml:7: ignores mojibake-text\n"
    assert found() == [("repeated-role", 5), ("mojibake-text", 15), ("mojibake-text", 17)]


def test_rules_in_jsonl_are_ignored_by_the_configuration(here: Path) -> None:
    (here / "train.jsonl").write_text(TWICE)
    (here / "sub").mkdir()
    (here / "sub" / "odd [name].jsonl").write_text(TWICE)
    (here / "sub" / "train.jsonl").write_text(TWICE)
    done = ignore("repeated-role", "why: so", "train.jsonl", "sub/odd [name].jsonl")
    assert done.exit_code == 0, done.output
    assert found() == [("repeated-role", 1)]
    data = yaml.safe_load((here / "ftlint.yaml").read_text())
    assert data == {
        "ignore": [
            {"rule": "repeated-role", "paths": ["./train.jsonl", "sub/odd \\[name\\].jsonl"], "reason": "why: so"}
        ]
    }


@pytest.mark.parametrize(
    ("word", "reason", "said"),
    [
        ("repeated-role", "", "--add-ignore needs a --reason"),
        ("repeted-role", "x", 'did you mean "repeated-role"?'),
        ("eaten-escape", "x", "there is no finding of eaten-escape"),
        ("unknown-key", "x", "unknown-key keeps the example from being built: mend it"),
        ("over-budget", "x", "which is no file"),
        ("unused-suppression", "x", "is about ignores itself: remove it"),
    ],
)
def test_what_cannot_be_ignored_is_said(here: Path, word: str, reason: str, said: str) -> None:
    (here / "a.ft.yaml").write_text(AUTHORED + ODD)
    done = ignore(word, reason, "--budget", "0.0000001")
    assert done.exit_code == 2
    assert said in done.output
    assert (here / "a.ft.yaml").read_text() == AUTHORED + ODD
    assert not (here / "ftlint.yaml").exists()


def test_one_line_of_jsonl_is_for_the_baseline(here: Path) -> None:
    (here / "train.jsonl").write_text(TWICE)
    report = json.loads(ftlint("check", "--select", "FT102", "--format", "json").stdout)
    [item] = report["diagnostics"]
    done = ignore(item["fingerprint"])
    assert done.exit_code == 2
    assert f"ftlint baseline --accept {item['fingerprint']}" in done.output
    assert [path.name for path in here.iterdir()] == ["train.jsonl"]


CONFIGS = (
    "",
    "# only a comment",
    "epochs: 3  # three\n",
    "ignore: edge-whitespace  # why\nepochs: 3\n",
    "ignore: 'edge-whitespace'",
    "ignore: []\n",
    "ignore: [a-b, c-d] # c\n",
    "ignore: [a-b,\n  c-d ]\n",
    "ignore:\n- a-b # x\n\n# tail\nepochs: 3\n",
    "ignore:\n  - a-b\n  - rule: x\n    paths: [y]\n    reason: >\n      hello\n      there\n\nepochs: 3\n",
    "epochs: 3\r\nignore:\r\n    - a-b\r\n",
    "\ufeffignore:\n- a-b",
)


@given(
    st.sampled_from(CONFIGS),
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1), min_size=1, max_size=2),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1),
)
def test_an_entry_changes_nothing_else_of_a_configuration(text: str, paths: list[str], reason: str) -> None:
    new = with_path_ignore(text, "ftlint.yaml", "repeated-role", paths, reason)
    old = yamltree.load(text, "").data or {}
    held = [old["ignore"]] if isinstance(old.get("ignore"), str) else old.get("ignore", [])
    entry = {"rule": "repeated-role", "paths": paths, "reason": reason}
    assert yamltree.load(new, "").data == {**old, "ignore": [*held, entry]}
    kept = [line for line in text.splitlines() if "ignore: " not in line and "]" not in line]
    assert all(line in new.splitlines() for line in kept)


def test_a_configuration_without_room_is_left_alone(here: Path) -> None:
    (here / "train.jsonl").write_text(TWICE)
    (here / "ftlint.yaml").write_text("{epochs: 3}")
    done = ignore("repeated-role")
    assert done.exit_code == 2
    assert "no plain place for another path ignore" in done.output
    assert (here / "ftlint.yaml").read_text() == "{epochs: 3}"
