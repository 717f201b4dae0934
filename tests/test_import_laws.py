"""The law of the way back: YAML → JSONL → YAML → JSONL is the identity, and no part of a record is ever lost."""

from __future__ import annotations

import json
from typing import Any

import strategies as sound
from hypothesis import given
from hypothesis import strategies as st

from ftlint.authoring.emit import Data, Text, mapping
from ftlint.authoring.importer import author_records
from ftlint.authoring.numbering import renumbered
from ftlint.authoring.read import read
from ftlint.authoring.style import restyle
from ftlint.authoring.write import line
from ftlint.yamltree import load

ODD = "ab \n\t#:-'\"\\|>?{}[],&*!%@`~0.\r\0\x85\u2028\u2029\ufeff\x7f\ufffe\U0001f600"
LOOKALIKES = (
    *("null", "No", "007", "~", "1.10", "2024-01-02", "12:30:45", "<<", "---", "...", "- a", "? a", "a: b", "a #b"),
    *("a" * 120, "a b " * 60, "x: y\n" * 9, " lead\n" * 3, "\n\n", "a\n\n\n", "\ta\nb", "a\n \n  ", "*a", "&a", "!a"),
)
texts = st.one_of(st.text(min_size=1), st.text(ODD, min_size=1, max_size=12), st.sampled_from(LOOKALIKES), sound.plain)
"""Any text at all, and above all what a YAML parser would take for something else."""

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
nodes = st.recursive(
    values.map(Data) | texts.map(Text) | texts,
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(texts, inner, min_size=1, max_size=3),
    max_leaves=8,
)
compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def joined(content: Any) -> Any:
    """Content that the format carries: a text, or one text and then images."""
    if not isinstance(content, list):
        return content
    words = "".join(part["text"] for part in content if part["type"] == "text")
    pictures = [part for part in content if part["type"] == "image_url"]
    return [{"type": "text", "text": words}, *pictures] if pictures else words


@st.composite
def carried(draw: st.DrawFn) -> dict[str, Any]:
    """A sound record that the format has a place for."""
    record = draw(sound.records(texts))
    record.pop("label", None)
    home = record.get("input", record)
    for message in home.get("messages", ()):
        if "content" in message:
            message["content"] = joined(message["content"])
        if message.get("content", "") is None:
            del message["content"]
        for call in message.get("tool_calls", ()):
            call["function"]["arguments"] = draw(
                st.dictionaries(texts, values, max_size=2).map(compact) | st.just(call["function"]["arguments"]) | texts
            )
        if message["role"] == "tool" and draw(st.booleans()):
            message["content"] = compact(draw(values))
    if "messages" in home:
        home["messages"] = renumbered(home["messages"])
    if "reference" in record:
        record["reference"] = draw(values)
    return record


def lines(text: str) -> bytes:
    authored = read("a.ft.yaml", "a.ft.yaml", "", given=text)
    assert not [fault for fault in authored.faults if not fault.soft]
    return b"".join(line(example.record) for example in authored.examples)


@given(st.lists(carried(), min_size=1, max_size=4))
def test_a_record_comes_back_and_is_imported_alike(records: list[dict[str, Any]]) -> None:
    given_ = b"".join(line(record) for record in records)
    text = author_records(given_, "data.jsonl")
    assert lines(text) == given_
    assert author_records(lines(text), "data.jsonl") == text


@given(st.lists(carried(), min_size=1, max_size=3))
def test_what_is_imported_is_in_style(records: list[dict[str, Any]]) -> None:
    text = author_records(b"".join(line(record) for record in records), "data.jsonl")
    assert restyle(text) == text


def plain(node: Any) -> Any:
    if isinstance(node, Text | Data):
        return node.value
    if isinstance(node, dict):
        return {key: plain(item) for key, item in node.items()}
    return [plain(item) for item in node] if isinstance(node, list) else node


def as_text(node: Any, tree: Any, route: tuple[Any, ...] = ()) -> Any:
    """What YAML says, where texts in text positions are their source text."""
    if isinstance(node, Text):
        return tree.texts[route]
    if isinstance(node, dict):
        return {key: as_text(item, tree, (*route, key)) for key, item in node.items()}
    if isinstance(node, list):
        return [as_text(item, tree, (*route, index)) for index, item in enumerate(node)]
    value = tree.data
    for step in route:
        value = value[step]
    return value


@given(st.dictionaries(texts, nodes, min_size=1, max_size=3))
def test_the_emitter_is_exact(node: dict[str, Any]) -> None:
    tree = load(mapping(node, 0, exact=True) + "\n", "a.yaml")
    assert repr(as_text(node, tree)) == repr(plain(node))


def test_huge_and_deep_values() -> None:
    deep: Any = 1
    for _ in range(300):
        deep = [deep]
    call = {"name": "f", "arguments": compact({"a": deep})}
    messages = [
        {"role": "user", "content": "word: " * 200_000},
        {"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function", "function": call}]},
        {"role": "tool", "tool_call_id": "call_1", "content": compact(deep)},
        {"role": "assistant", "content": "x\n" * 100_000},
    ]
    given_ = line({"messages": messages})
    assert lines(author_records(given_, "data.jsonl")) == given_
