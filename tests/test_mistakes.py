"""Each mistake that authors really make gives one fault, at the character to change, and its mended twin gives none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ftlint.authoring import read as reader
from ftlint.authoring.altered import altered_texts
from ftlint.authoring.lines import TEXT_KEYS, quoted
from ftlint.authoring.mistakes import syntax
from ftlint.authoring.model import AuthoringFault
from ftlint.authoring.whitespace import odd_key
from ftlint.pages import catalogue, fill
from ftlint.yamltree.nodes import FaultError

FOLDER = Path(__file__).parent / "datasets" / "mistakes"
TEXTS = {path.name.removesuffix(".ft.yaml"): path.read_text("utf-8") for path in FOLDER.glob("*.ft.yaml")}
PLACES = {
    "colon-in-plain-text": "4:15",
    "colon-in-plain-text-lines": "5:18",
    "comment-cuts-text": "5:22",
    "comment-cuts-text-lines": "5:21",
    "eaten-yaml-escape": "5:18",
    "eaten-yaml-escape-path": "5:22",
    "eaten-yaml-escape-pattern": "5:28",
    "folded-list": "5:16",
    "folded-list-code": "5:16",
    "invalid-yaml-apostrophe": "4:11",
    "invalid-yaml-blank": "6:1",
    "invalid-yaml-control": "5:22",
    "invalid-yaml-no-colon": "3:9",
    "invalid-yaml-no-dash": "6:3",
    "invalid-yaml-no-space": "4:9",
    "invalid-yaml-open-bracket": "7:15",
    "invalid-yaml-open-quote": "4:11",
    "invalid-yaml-short-escape": "5:28",
    "invalid-yaml-too-deep": "5:6",
    "invalid-yaml-too-shallow": "5:4",
    "invalid-yaml-two-documents": "6:1",
    "invalid-yaml-unknown-escape": "5:21",
    "no-break-space-indent": "5:1",
    "no-break-space-indent-block": "6:1",
    "no-break-space-indent-colon": "4:10",
    "no-break-space-indent-key": "5:1",
    "quote-then-text": "4:19",
    "quote-then-text-apostrophe": "4:15",
    "quote-then-text-double": "4:21",
    "reserved-first-character-alias": "4:11",
    "reserved-first-character-alone": "4:11",
    "reserved-first-character-ampersand": "4:11",
    "reserved-first-character-anchor": "4:11",
    "reserved-first-character-at": "4:11",
    "reserved-first-character-backtick": "4:11",
    "reserved-first-character-bang": "4:11",
    "reserved-first-character-braces": "4:11",
    "reserved-first-character-bracket": "4:11",
    "reserved-first-character-percent": "4:11",
    "reserved-first-character-star": "4:11",
    "tab-indentation": "5:1",
    "tab-indentation-block": "6:1",
    "text-on-bar-line": "5:18",
    "text-on-bar-line-alone": "5:19",
    "unindented-continuation": "7:5",
    "unindented-continuation-colon": "7:5",
    "unindented-continuation-list": "7:5",
    "unindented-continuation-plain": "7:7",
}
SILENT = {
    "a comment two spaces away": "user: No  # it stays a text",
    "a comment behind quotes": "user: 'No' # it stays a text",
    "a suppression": "user: No # ftlint: ignore[edge-whitespace] meant",
    "no space before it": "user: Is C# fast?",
    "an anchor that is used": "user: &hi Hello\nassistant: *hi",
    "folded prose": "user: >\n  Two lines of prose\n  that are one - really.",
    "a folded list with empty lines": "user: >\n  Take:\n\n  - this\n\n  - that",
    "deeper lines are not folded": "user: >\n  Take:\n    - this\n    - that",
    "a literal list": "user: |\n  - this\n  - that\n  ```\n  # code",
    "line breaks and tabs": 'user: "a\\nb\\tc\\r\\nThen \\u00e9 and \\x41 \\"quoted\\" \\e[1m"',
    "a heading before a line break": 'user: "Plan B:\\nFirst, call.\\tto be"',
    "two backslashes": 'user: "$\\\\frac{1}{2}$ in C:\\\\temp\\\\new"',
    "single quotes": "user: '\\frac and \\bcat'",
}
BOTH = pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])


def scalars(node: Any, key: str = "") -> Iterator[Any]:
    """The values of text keys; a FaultError where one is a tag, a list, or a mapping with odd keys."""
    text, values = key in TEXT_KEYS, node.value
    odd = node.id == "sequence" or (node.id == "mapping" and any(name.id != "scalar" for name, _ in values))
    if text and (odd or not node.tag.startswith("tag:")):
        raise FaultError(node.start_mark.index, "not text")
    if node.id == "mapping":
        for name, value in values:
            yield from scalars(value, str(name.value))
    elif node.id == "sequence":
        for item in values:
            yield from scalars(item)
    elif text:
        yield node


def faults(text: str, loader: Any = yaml.CSafeLoader) -> list[AuthoringFault]:
    try:
        root = yaml.compose(text, loader)
        if odd := odd_key(text, "f.ft.yaml", "f.ft.yaml", root):
            return [odd]
        nodes = list(scalars(root))
    except (yaml.YAMLError, FaultError) as error:
        return [syntax(text, "f.ft.yaml", "f.ft.yaml", error)]
    return list(altered_texts(text, "f.ft.yaml", "f.ft.yaml", nodes))


def inside(fault: AuthoringFault, text: str) -> bool:
    """Whether the place of a fault is one of the text."""
    lines, place = re.split(r"\r\n?|\n", text), fault.place
    ends = [(place.line, place.column), (place.end_line, place.end_column)]
    return ends == sorted(ends) and all(
        1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1 for line, column in ends
    )


def rule_of(name: str) -> str:
    return max((rule for rule in catalogue() if name.startswith(rule)), key=len)


def test_every_document_has_a_twin_and_a_place() -> None:
    assert {name.removesuffix(".mended") for name in TEXTS} == set(PLACES)
    assert set(PLACES) == {name for name in TEXTS if name + ".mended" in TEXTS}


@BOTH
@pytest.mark.parametrize("name", PLACES)
def test_a_mistake_is_one_fault_at_its_place(name: str, loader: Any) -> None:
    found = faults(TEXTS[name], loader)
    assert [(fault.rule, f"{fault.place.line}:{fault.place.column}") for fault in found] == [
        (rule_of(name), PLACES[name])
    ]
    assert inside(found[0], TEXTS[name])


@BOTH
@pytest.mark.parametrize("name", PLACES)
def test_the_mended_twin_has_none(name: str, loader: Any) -> None:
    assert faults(TEXTS[name + ".mended"], loader) == []


@pytest.mark.parametrize("name", sorted(PLACES))
def test_the_reader_says_the_same(name: str) -> None:
    for twin in (name, name + ".mended"):
        file = str(FOLDER / f"{twin}.ft.yaml")
        read = [
            (fault.rule, fault.place.line, fault.place.column) for fault in reader.read(file, file, str(FOLDER)).faults
        ]
        assert read == [(fault.rule, fault.place.line, fault.place.column) for fault in faults(TEXTS[twin])]


@pytest.mark.parametrize("name", PLACES)
def test_the_page_says_all_that_is_known(name: str) -> None:
    fault, rule = faults(TEXTS[name])[0], catalogue()[rule_of(name)]
    assert set(re.findall(r"\{(\w+)", rule.message + rule.hint)) <= fault.values.keys()
    assert all("\n" not in fill(words, fault.values) for words in (rule.message, rule.hint))


@pytest.mark.parametrize("name", PLACES)
def test_a_line_that_the_hint_shows_mends_the_text(name: str) -> None:
    fault = faults(TEXTS[name])[0]
    shown = re.search(
        r"put the text in (?:single )?quotes[^:]*: (\w+: .*?)(?:; if|, or give|$)", str(fault.values["fix"])
    )
    if shown and "…" not in shown[1]:
        lines = TEXTS[name].splitlines(keepends=True)
        line = lines[fault.place.line - 1]
        lines[fault.place.line - 1] = line[: line.index(shown[1].split()[0])] + shown[1] + "\n"
        assert faults("".join(lines)) == []


@pytest.mark.parametrize("name", SILENT)
def test_what_is_meant_stays_silent(name: str) -> None:
    assert faults(SILENT[name]) == []


def test_long_text_is_clipped_and_made_printable() -> None:
    fault = faults("- user: 'Hi' " + "\u202eabc " * 100)[0]
    assert fault.values["rest"] == "\\u202eabc " * 7 + "\\u202eabc…"


WORDS = st.lists(st.sampled_from("card app code bank open Oslo fee and the is".split()), min_size=1, max_size=6)
LINE = WORDS.map(" ".join)
INJECTED: dict[str, Callable[[str, str], list[str]]] = {
    "text-on-bar-line": lambda one, two: [f"    assistant: | {one}", f"      {two}"],
    "unindented-continuation": lambda one, two: [
        "    assistant: |",
        f"      {one}",
        f"    {two} now",
        f"    {two} then",
    ],
    "tab-indentation": lambda one, two: ["\tassistant: " + one],
    "reserved-first-character": lambda one, two: [f"    assistant: `{one}` {two}"],
    "colon-in-plain-text": lambda one, two: [f"    assistant: {one}: {two}"],
    "quote-then-text": lambda one, two: [f"    assistant: '{one}' {two}"],
    "comment-cuts-text": lambda one, two: [f"    assistant: {one} # {two}"],
    "folded-list": lambda one, two: ["    assistant: >-", f"      {one}", f"      - {two}"],
    "eaten-yaml-escape": lambda one, two: [f'    assistant: "{one} \\frac {two}"'],
    "invalid-yaml": lambda one, two: [f'    assistant: "{one} \\d {two}"'],
    "no-break-space-indent": lambda one, two: ["   \u00a0assistant: " + one],
}
SHIFT = {"unindented-continuation": 2}


def document(before: list[str], injected: list[str], after: list[str]) -> tuple[str, int]:
    """A document of sound examples around one with other lines, and the number of the first of those."""
    lines = ["examples:"]
    for line in before:
        lines += [f"  - user: {line}", "    assistant: |", f"      {line}"]
    lines.append("  - user: Hello")
    first = len(lines) + 1
    lines += injected
    for line in after:
        lines += [f"  - user: {line}", f"    assistant: {line}  # meant"]
    return "\n".join(lines) + "\n", first


@given(st.sampled_from(sorted(INJECTED)), st.lists(LINE, max_size=3), st.lists(LINE, max_size=3), LINE, LINE)
def test_an_injected_mistake_is_found(rule: str, before: list[str], after: list[str], one: str, two: str) -> None:
    text, line = document(before, INJECTED[rule](one, two), after)
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        found = faults(text, loader)
        assert [(fault.rule, fault.place.line) for fault in found] == [(rule, line + SHIFT.get(rule, 0))]
        assert inside(found[0], text)


PIECES = [
    "examples:", "user:", "assistant: ", "turns:", "call", "\n", "\n  ", "\n    ", "\r\n", "\r", "\t", " ", "- ", "|",
    ">", "'", '"', "#", " # ", ": ", ":", "{", "{{", "}", "[", "]", ",", "*", "&", "&a ", "*a", "!", "%", "@", "`",
    "---", "...", "?", "\\", "\\d", "\\f", "\u00a0", "\u2028", "\x85", "\ufeff", "\x07", "word", "é",
    "\U0001f600", "\ud800",
]  # fmt: skip
ANY = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text()


@settings(max_examples=400)
@given(ANY, st.integers(0, 50))
def test_any_text_gets_a_fault_inside_of_it(text: str, index: int) -> None:
    errors: list[Exception] = [FaultError(min(index, len(text)), "some words: some advice")]
    for loader in (yaml.CSafeLoader, yaml.SafeLoader):
        try:
            root = yaml.compose(text, loader) or yaml.ScalarNode("tag:", "")
            odd = odd_key(text, "f", "f", root)
            assert odd is None or inside(odd, text)
            nodes = list(scalars(root))
        except (yaml.YAMLError, ValueError, FaultError) as error:
            errors.append(error)
        else:
            assert all(inside(fault, text) for fault in altered_texts(text, "f", "f", nodes))
    for error in errors:
        assert inside(syntax(text, "f", "f", error), text)


@given(LINE | st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1))
def test_quoted_text_reads_as_itself(text: str) -> None:
    node = yaml.compose("a: " + quoted(text), yaml.CSafeLoader)
    assert node.value[0][1].value == text
