"""The quick way to read an example agrees with the builder: the same example, and nothing to say about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from authored import documents
from hypothesis import given

from ftlint.authoring.altered import altered_texts
from ftlint.authoring.build import Builder
from ftlint.authoring.compose import _scalars
from ftlint.authoring.files import Files
from ftlint.authoring.quick import plain_text
from ftlint.authoring.read import _opened, read
from ftlint.authoring.reader import Reader
from ftlint.authoring.source import SourceText

VALUES = (
    *("a", "No", "7", "null", "~", "", "'null'", '"null"', "''", '""', "' # '", "'it''s'", "a\n      b", "a#b"),
    *('"a\\tb"', '"C:\\temp"', '"a\n\n      b"', "&x a", "&y", "*x", "!!str 7", "! b", "a # cut", "a  # note", "- #"),
    *("|\n      a\n", "|+\n      a\n\n", "|-\n\n       a\n", "|\n", ">\n      a\n      - b\n", "| # note\n      a"),
    *("{file: gone.md}", "{a: b}", "[]", "[a, 'b']", "[a, ~]", "[&x a]", "[{user: u}]", "[{user: u}, {assistant: a}]"),
    *("[{assistant: a, weight: 0}]", "[{user: ~}]", "[{call: f}, {result: r}]", "[! {user: u}]", "[{? [a] : b}]"),
)
KEYS = ("user", "assistant", "id", "tags", "group", "turns", "system", "split", "weight", "preferred", "'user'")
DEFAULTS = ("", "defaults: {system: s, tags: [b]}\n", "defaults: {whitespace: keep}\n", "defaults: {tags: b}\n")
DEFAULTS += ("defaults: {system: s, tools: {f: {}}, group: g}\n", "defaults: {reference: {a: 1}}\n")


def sources(value: str) -> Iterator[str]:
    """Authored files with a value in every place, behind all kinds of defaults."""
    for start in DEFAULTS:
        yield f"{start}examples:\n  - user: u\n    assistant: {value}\n"
        yield f"{start}examples:\n  - turns:\n    - user: u\n    - assistant: {value}\n"
        yield from (f"{start}examples:\n  - user: u\n    assistant: a\n    {key}: {value}\n" for key in KEYS)


@pytest.mark.parametrize("value", VALUES)
def test_what_is_read_quickly_the_builder_reads_alike_and_without_a_word(value: str) -> None:
    for text in sources(value):
        agree(text)


@given(documents())
def test_so_it_is_with_any_text(document: tuple[str, dict[tuple[str | int, ...], str]]) -> None:
    agree(document[0])


def agree(text: str) -> None:
    """The examples of a file as the quick way gives them, where it does, and as the builder does."""
    quick, slow = _examples(text, Builder._quickly), _examples(text, Builder.drafted)
    reader = Reader(SourceText("a.ft.yaml", "a.ft.yaml", text.removeprefix("\ufeff")), [])
    if root := reader.root():
        plain = [node for node in _scalars(root) if plain_text(reader.source.text, node) is not None]
        assert [*altered_texts(reader.source.text, "", "", plain)] == [], text
        builder, nodes = _opened(reader, Files("a.ft.yaml", "a.ft.yaml", ".", {}), root)
        known = len(reader.faults)
        for index, example in enumerate(quick):
            if example is not None:
                drafted = builder.drafted(index, nodes[index])
                assert drafted is not None, text
                assert drafted[0] == example, text
                assert reader.faults[known:] == reader.texts == [], text
    whole = read("a.ft.yaml", "a.ft.yaml", ".", given=text)
    assert [*whole.examples] == [drafted[0] for drafted in slow if drafted is not None], text


def _examples(text: str, built: Any) -> list[Any]:
    reader = Reader(SourceText("a.ft.yaml", "a.ft.yaml", text.removeprefix("\ufeff")), [])
    root = reader.root()
    if root is None:
        return []
    builder, nodes = _opened(reader, Files("a.ft.yaml", "a.ft.yaml", ".", {}), root)
    return [built(builder, index, node) for index, node in enumerate(nodes)]


def test_the_usual_is_read_quickly() -> None:
    text = "examples:\n  - {id: 7, tags: [a], user: u, assistant: 'No'}\n"
    text += "  - turns:\n    - user: |\n        u\n    - assistant: a\n"
    assert None not in _examples(text, Builder._quickly)
