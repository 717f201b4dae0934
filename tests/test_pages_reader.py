"""Rule pages as ``ftlint.pages`` and ``ftlint.testing`` read them: front matter, words, examples, updates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from ftlint.errors import ConfigError, FtlintError, UnknownName
from ftlint.pages import build, catalogue, fill, read_pages
from ftlint.testing import check_laws, check_page, examples

FRONT = """---
code: OWN001
name: blank-answer
summary: An answer with white space at its edge.
severity: warning
status: preview
since: "1"
check: edge-whitespace
message: 'white space'
---
"""
BAD = '{"prompt": "a", "completion": "b "}\n'
GOOD = '{"prompt": "a", "completion": "b"}\n'


def sheet(report: str, bad: str = BAD, good: str = GOOD) -> str:
    fences = f"```jsonl\n{bad}```\n\n```report\n{report}```\n"
    return f"{FRONT}# blank-answer\n\n## Bad\n\n{fences}\n## Good\n\n```jsonl\n{good}```\n\n## Fix\n\nTrim it.\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "blank-answer.md"
    path.write_text(sheet("1:33: warning[blank-answer] white space\n"))
    return path


def test_a_page_that_is_right_has_no_problems(page: Path) -> None:
    assert check_page(page) == []
    assert check_laws(page) == []


def test_update_writes_the_reports(page: Path) -> None:
    right = page.read_text()
    page.write_text(sheet(""))
    assert "and not\n(nothing)" in check_page(page)[0]
    assert page.read_text() == sheet("")
    assert check_page(page, update=True) == []
    assert page.read_text() == right


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (sheet("", bad=GOOD), "does not show blank-answer"),
        (sheet("1:33: warning[blank-answer] white space\n", good=BAD), "and not\n(nothing)"),
        (FRONT + "# blank-answer\n", "no Bad example"),
        (sheet("").replace("```report\n```\n", ""), "needs a report block"),
    ],
)
def test_what_is_wrong_with_a_page_is_told(page: Path, text: str, problem: str) -> None:
    page.write_text(text)
    assert problem in "\n".join(check_page(page, update=True))


def test_examples_have_files_and_a_configuration() -> None:
    blocks = "```config\nepochs: 1\n```\n```jsonl\n1\n```\n```bytes valid.jsonl\nb'\\xff'\n```\n```report\nx\n```\n"
    [first, second] = examples(f"## Bad\n\n{blocks}\n```jsonl\n2\n```\n```report\n```\n")
    assert (first.config, first.files, first.expected) == (
        "epochs: 1\n",
        {"train.jsonl": b"1\n", "valid.jsonl": b"\xff"},
        "x\n",
    )
    assert (second.config, second.files, second.line) == ("", {"train.jsonl": b"2\n"}, 16)
    assert [example.good for example in examples("## Good\n```jsonl\n1\n```\n```jsonl\n2\n```\n")] == [True, True]
    with pytest.raises(FtlintError):
        examples("## Bad\n```jsonl\n1\n```\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# no front matter\n", "front matter"),
        (FRONT.replace("code:", "kode:"), "kode"),
        (FRONT.replace("severity: warning", "severity: bad"), "BAD"),
        (FRONT.replace("check: edge-whitespace\n", ""), "check"),
        (FRONT.replace("summary: An", "summary: [An"), "blank-answer.md"),
    ],
)
def test_damaged_front_matter_is_told_with_its_page(page: Path, text: str, words: str) -> None:
    page.write_text(text)
    with pytest.raises(ConfigError, match=words) as caught:
        read_pages([page])
    assert "blank-answer.md" in str(caught.value)


def test_a_code_is_used_once(page: Path) -> None:
    page.with_name("other-name.md").write_text(FRONT.replace("blank-answer", "other-name"))
    with pytest.raises(ConfigError, match="OWN001"):
        read_pages([page.parent])


def test_rules_are_found_by_name_code_prefix_and_family() -> None:
    rules = catalogue()
    rule = rules["over-token-limit"]
    assert rules.find(rule.code.lower()) is rules.find(rule.name) is rule
    assert rules.match(["tokens"]) >= {rule.name}
    assert rules.match(["FT3"]) == {item.name for item in rules.values() if item.code.startswith("FT3")}
    assert rules.match(["FT", "ALL"]) == set(rules)
    for word in ("F", "FT99", "over", ""):
        with pytest.raises(UnknownName):
            rules.match([word])


@dataclass(frozen=True)
class Some:
    """Settings enough for a check of lengths."""

    target: object = None
    max_tokens: int | None = None
    size: int = 0
    today: date = date(2026, 11, 23)


def test_options_are_typed() -> None:
    rule = catalogue()["over-token-limit"]
    assert build(rule, {"limit": "model"}, Some()) != build(rule, {"limit": 7}, Some())
    with pytest.raises(ConfigError, match='did you mean "limit"'):
        build(rule, {"limits": 7}, Some())
    with pytest.raises(ConfigError, match="must be like 4096"):
        build(rule, {"limit": [7]}, Some())
    with pytest.raises(ConfigError, match="has no option"):
        build(rule, {"target": "x"}, Some())


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{n} token{n|s}", "1,234 tokens"),
        ("{one} entr{one|y|ies}, {n} entr{n|y|ies}", "1 entry, 1,234 entries"),
        ("{word} and {other}", "a{n}b and {other}"),
    ],
)
def test_words_are_filled_once(template: str, text: str) -> None:
    assert fill(template, {"n": 1234, "one": 1, "word": "a{n}b"}) == text
