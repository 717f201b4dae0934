"""Rules from the configuration and from elsewhere: severities, ignores, local pages, plugins, and ``ftlint rule``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_cli import ASKED, GOOD, check, found, ftlint, here

from ftlint.checks.base import KINDS
from ftlint.pages import catalogue
from ftlint.plugins import pages_of

__all__ = ["here"]

PAGE = """---
code: OWN001
name: {name}
summary: A text that says lorem ipsum.
severity: warning
status: stable
since: "1"
check: {check}
{options}message: 'found it'
---
# {name}

Left over from a template.

## Bad

```jsonl
{bad}```

```report
1:{column}: warning[{name}] found it
```

## Good

```jsonl
{good}```

## Fix

Write the text.
"""
KIND = '''"""A kind of check for the tests."""

from collections.abc import Iterator

from ftlint import Finding, Record, RecordCheck, kind


@kind
class LoudText(RecordCheck):
    """A text in capitals."""

    kind = "loud-text"

    def examine(self, record: Record) -> Iterator[Finding]:
        for at, _, text in record.texts():
            if "RAISE" in text:
                raise ValueError("raised on purpose")
            if text.isupper():
                yield record.finding(at)
'''


def test_severities_and_off_are_obeyed(here: Path) -> None:
    (here / "ftlint.yaml").write_text("rules: {unknown-role: note, edge-whitespace: error}\n")
    assert check("bad.jsonl").exit_code == 0
    assert check("edgy.jsonl").exit_code == 1
    (here / "ftlint.yaml").write_text(f"rules: {{{catalogue()['unknown-role'].code}: off}}\n")
    assert check("bad.jsonl").exit_code == 0


def test_options_are_obeyed_or_explained(here: Path) -> None:
    (here / "ftlint.yaml").write_text("rules: {over-token-limit: {limit: 5}}\n")
    assert "over-token-limit" in found("good.jsonl")
    (here / "ftlint.yaml").write_text("rules: {over-token-limit: {limits: 5}}\n")
    done = check("good.jsonl")
    assert done.exit_code == 2
    assert 'did you mean "limit"?' in done.stderr


def test_ignores_with_a_reason_are_counted(here: Path) -> None:
    (here / "ftlint.yaml").write_text("ignore: [{rules: unknown-role, paths: bad.jsonl, reason: kept as a warning}]\n")
    done = check("bad.jsonl", "--format", "json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["counts"] == {"error": 0, "warning": 0, "note": 0, "suppressed": 1, "accepted": 0}


def loud(text: str) -> str:
    return ASKED.format("home", text)


def local_page(folder: Path, name: str = "loud-answer", kind: str = "loud-text", options: str = "") -> Path:
    bad = loud("FAR")
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / f"{name}.md"
    column = bad.index('"FAR') + 1
    page.write_text(PAGE.format(name=name, check=kind, options=options, bad=bad, good=loud("far"), column=column))
    return page


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package with a kind and its page."""
    package = tmp_path / "elsewhere" / "loudness"
    local_page(package / "rules" / "content")
    (package / "__init__.py").write_text(KIND)
    monkeypatch.syspath_prepend(str(package.parent))
    pages_of.cache_clear()
    yield package
    sys.modules.pop("loudness", None)
    KINDS.pop("loud-text", None)
    pages_of.cache_clear()


def test_a_plugin_brings_a_kind_and_its_page(here: Path, plugin: Path) -> None:
    (here / "ftlint.yaml").write_text("plugins: [loudness]\n")
    (here / "loud.jsonl").write_text(GOOD + loud("FAR"))
    assert found("loud.jsonl") == ["loud-answer"]
    assert "OWN001" in ftlint("rule").stdout


def test_a_plugin_that_is_not_there_is_told_of(here: Path) -> None:
    (here / "ftlint.yaml").write_text("plugins: [no_such_module]\n")
    done = check("good.jsonl")
    assert done.exit_code == 2
    assert "no_such_module" in done.stderr


def test_the_rules_of_a_package_without_a_file_stand_in_its_folder(here: Path, plugin: Path) -> None:
    (plugin / "__init__.py").rename(plugin / "kinds.py")
    (here / "ftlint.yaml").write_text("plugins: [loudness.kinds, loudness]\n")
    local_page(here / "rules", name="not-a-plugin", kind="edge-whitespace")
    listed = ftlint("rule").stdout
    assert "loud-answer" in listed
    assert "not-a-plugin" not in listed


def test_a_check_that_raises_names_rule_file_and_line(here: Path, plugin: Path) -> None:
    (here / "ftlint.yaml").write_text("plugins: [loudness]\n")
    (here / "raise.jsonl").write_text(GOOD + loud("RAISE"))
    done = check("raise.jsonl")
    assert done.exit_code == 2
    assert all(word in done.stderr for word in ("raise.jsonl:11", "loud-answer", "ValueError", "raised on purpose"))


def test_local_pages_are_tested_and_used(here: Path) -> None:
    page = local_page(here / "lint" / "rules", kind="edge-whitespace")
    text = page.read_text().replace("FAR.", "FAR. ").replace("found it\n```", "found it\n```")
    column = loud("FAR").index("FAR.") + 5
    page.write_text(text.replace(text.split("```report\n1:")[1].split(":")[0] + ": warning", f"{column}: warning"))
    done = ftlint("rule", "--test", "lint/rules")
    assert done.exit_code == 0, done.output
    (here / "ftlint.yaml").write_text("rules-from: [lint/rules]\nselect: [OWN]\n")
    assert found("edgy.jsonl") == ["loud-answer"]
    page.write_text(page.read_text().replace("warning[", "error["))
    assert ftlint("rule", "--test", "lint/rules").exit_code == 1


def test_a_page_that_is_not_utf_8_is_told_of(here: Path) -> None:
    local_page(here / "lint").write_bytes(b"---\n\xe9\n---\n")
    (here / "ftlint.yaml").write_text("rules-from: lint\n")
    done = check("good.jsonl")
    assert done.exit_code == 2
    assert "loud-answer.md: the page is not UTF-8" in done.stderr


def test_rules_from_nowhere_is_told_of(here: Path) -> None:
    (here / "ftlint.yaml").write_text("rules-from: [no/where]\n")
    done = check("good.jsonl")
    assert done.exit_code == 2
    assert "no/where" in done.stderr


def test_the_rules_are_listed_and_explained() -> None:
    table = ftlint("rule").stdout
    assert all(rule.code in table and rule.name in table for rule in catalogue().values())
    rule = catalogue()["over-token-limit"]
    page = ftlint("rule", rule.code).stdout
    assert page == ftlint("rule", rule.name).stdout
    assert "option limit: 4096" in page
    assert "## Fix" in page
    assert 'did you mean "over-token-limit"?' in ftlint("rule", "over-token-limt").stderr


def test_the_rules_are_listed_for_machines() -> None:
    data = json.loads(ftlint("rule", "--format", "json").stdout)
    assert {item["name"] for item in data} == set(catalogue())
    assert all(item["page"].startswith("# ") for item in data)


def test_no_pages_to_test_is_an_error(here: Path) -> None:
    assert ftlint("rule", "--test", str(here)).exit_code == 2
    assert ftlint("rule", "--test", "no/where").exit_code == 2
