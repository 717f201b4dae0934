"""The laws of machines' formats: whatever a file, a message or a name says, the output is valid and says the same."""

from __future__ import annotations

import json

import pytest
from formats_back import READERS, commands, tables
from hypothesis import given, settings
from lxml import etree
from test_render_laws import reports, texts

from ftlint.model import Severity
from ftlint.render import Options, render
from ftlint.render.markdown import plain
from ftlint.render.parts.places import from_root, uri
from ftlint.render.parts.visible import visible
from ftlint.report import Report

levels = {"error": Severity.ERROR, "warning": Severity.WARNING, "notice": Severity.NOTE}


def shown(report: Report, name: str) -> str:
    return "".join(render(report, name, Options(shown=0)))


FEW = settings(max_examples=40)
"""Whole reports are slow to make, and the standard's schemas to hold them to."""


@FEW
@pytest.mark.parametrize("name", ["github", "gitlab", "json", "junit", "markdown", "rdjsonl", "sarif"])
@given(report=reports())
def test_every_output_keeps_its_contract(name: str, report: Report) -> None:
    text = shown(report, name)
    text.encode()
    list(READERS[name](text))


@FEW
@given(reports())
def test_github_reads_what_was_meant(report: Report) -> None:
    read = commands(shown(report, "github"))
    for level, severity in levels.items():
        told = [visible(reason) for _, reason in report.unchecked] if level == "error" else []
        found = [item for item in report.diagnostics if item.severity is severity]
        told += [visible(item.message) + (f"\nhelp: {visible(item.hint)}" if item.hint else "") for item in found]
        assert [message for name, _, message in read if name == level] == told[:10]
    places = {visible(from_root(item.position.path, "")) for item in report.diagnostics}
    assert {properties["file"] for _, properties, _ in read if "line" in properties} <= places


@FEW
@given(reports())
def test_sarif_and_gitlab_keep_every_word(report: Report) -> None:
    messages = [item.message.encode("utf-8", "replace").decode() for item in report.diagnostics]
    results = json.loads(shown(report, "sarif"))["runs"][0]["results"]
    words = (result["message"]["text"].replace("\ufffd", "?") for result in results)
    assert all(text.startswith(message) for text, message in zip(words, _asked(messages), strict=True))
    entries = json.loads(shown(report, "gitlab"))[len(report.unchecked) :]
    words = (entry["description"].replace("\ufffd", "?") for entry in entries)
    assert all(text.startswith(message) for text, message in zip(words, _asked(messages), strict=False))


def _asked(messages: list[str]) -> list[str]:
    return [message.replace("\ufffd", "?") for message in messages]


@FEW
@given(reports())
def test_junit_has_a_case_for_each_finding(report: Report) -> None:
    cases = [case.get("name") for case in etree.fromstring(shown(report, "junit").encode()).iter("testcase")]
    assert len([name for name in cases if " at " in name]) >= len(report.diagnostics)


@given(texts)
def test_markdown_shows_text_as_it_is(text: str) -> None:
    page = f"# {plain(text)}\n\n| a | b |\n|---|---|\n| x{plain(text)}x | {plain(text)} |\n"
    ((_, rows),) = tables(page)
    assert rows[0][0] == f"x{visible(text)}x"


@given(texts)
def test_a_uri_is_plain_ascii_of_allowed_characters(path: str) -> None:
    reference, _ = uri(from_root(path, ""))
    assert reference.isascii()
    assert not set(reference) & set(' "<>\\^`{|}')
