"""YAML is read as JSON people mean it, every place is exact, and no text is too hostile for a clear message."""

from __future__ import annotations

import json
import pickle
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ftlint import yamltree
from ftlint.errors import ConfigError

SCALARS = {
    "off": "off", "no": "no", "yes": "yes", "NO": "NO", "true": True, "FALSE": False, "null": None, "~": None,
    "12": 12, "-3": -3, "+4": 4, "017": 17, "0o17": 15, "0xff": 255, "1.50": 1.5, ".5": 0.5, "1.": 1.0, "1e3": 1000.0,
    "1_000": "1_000", "2024-01-02": "2024-01-02", "12:30:45": "12:30:45", "0b11": "0b11", ".inf": float("inf"),
    "'12'": "12", '"true"': "true",
}  # fmt: skip

FAULTS = {
    "a:\n\tb: 1": "2:1: a tab",
    "a:\n  - x\n\t- y": "3:1: a tab",
    "a: b: c": '1:5: a second ": "',
    'x: 1\na: "x': "2:4: a quote is opened",
    "a: [1\nb: 2": "1:4: a list is opened",
    "a: {b: c": "1:4: a mapping is opened",
    "a: @x": '1:4: text cannot start with "@"',
    "a: *x": "1:4: an alias",
    "a: 1\nb": "2:1: a key without",
    "- a\nb: 1": "2:1: a list goes on",
    'a: "\\q"': "1:5: a backslash",
    'a: "x" y': "1:8: text after a closing quote",
    "a: |x\n y": "1:5: text on the line of |",
    "a: 1\n---\nb: 2": "2:1: a second document",
    "a: &x 1\nb: &x 2": "2:4: an anchor of this name",
    "&a [*a]": "1:1: an anchor that holds an alias of itself",
    "a\x00b": "1:2: the character U+0000",
    "é: 1\nb: \x07": "2:4: the character U+0007",
    "a: \ud800": "1:4: the character U+D800",
    "a: !foo 1": '1:4: the tag "!foo"',
    "a: !!str 1": '1:4: the tag "!!str"',
    "a: 1\nb: 2\na: 3": '3:1: the key "a" stands here twice',
    '"\\e[1m": 1\n"\\e[1m": 2': '2:1: the key "\\u001b[1m"',
    "x:\n  1: y": "2:3: the key 1 is not text",
    "true: y": "1:1: the key true is not text",
    "a: {{x}}": "1:5: a list or mapping as a key",
    "<<: 3": '1:5: "<<" merges mappings',
    "a: " + "9" * 5000: "1:4: a number of 5,000 digits",
    "# \u2028 \x85\nb: [1": "2:4: a list is opened",
    "%YAML 2.0\n---\na": "1:1: this is not valid YAML",
}


@pytest.mark.parametrize("text", SCALARS)
def test_scalars_follow_the_core_schema(text: str) -> None:
    found = yamltree.load(f"a: {text}\n", "f").data["a"]
    assert (found, type(found)) == (SCALARS[text], type(SCALARS[text]))


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_is_told_with_its_place(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        yamltree.load(text, "f.yaml")
    assert str(caught.value).startswith(f"f.yaml:{FAULTS[text]}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused_before_the_stack_ends(opening: str) -> None:
    with pytest.raises(ConfigError, match="nested more than 100 deep"):
        yamltree.load(opening * 100_000, "f")


def bomb(width: int, depth: int, text: str = "x") -> str:
    levels = (f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]\n" for n in range(1, depth))
    return f"a0: &a0 [{text}]\n" + "".join(levels)


@pytest.mark.parametrize("text", [bomb(9, 60), bomb(1000, 3), bomb(1, 5000), bomb(20_000, 2, "y" * 10_000)])
def test_alias_bombs_are_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="aliases expand"):
        yamltree.load(text, "f")
    with pytest.raises(ConfigError, match="aliases expand"):
        yamltree.load_many(text, "f")


def test_merge_keys_give_way_to_own_keys_and_earlier_sources() -> None:
    tree = yamltree.load("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  z: 3\n  <<: [*a, *b]\n", "f")
    assert tree.data["c"] == {"x": 1, "y": 1, "z": 3}
    assert tree.position(("c", "y")) == (1, 17)
    assert tree.position(("c", "z"), key=True) == (4, 3)


def test_places_and_texts() -> None:
    tree = yamltree.load("# note\nlist:\n  - 007\n  - long: 'é x'\n\nend: |\n  text\n", "f")
    assert tree.marks["list", 0] == yamltree.Mark(3, 5, 3, 8)
    assert tree.marks[("list",)] == yamltree.Mark(3, 3, 4, 16)
    assert tree.marks["list", 1, "long"] == yamltree.Mark(4, 11, 4, 16)
    assert tree.keys["list", 1, "long"] == yamltree.Mark(4, 5, 4, 9)
    assert tree.texts["list", 0] == "007"
    assert tree.texts[("end",)] == "text\n"
    assert ("list", 2) not in tree.marks
    assert ("list",) not in tree.texts
    assert ("list", 0) not in tree.keys
    assert tree.position(("list", 1, "gone", 5)) == (4, 5)
    assert pickle.loads(pickle.dumps(tree)).marks["list", 0] == tree.marks["list", 0]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "\ufeff"])
def test_nothing_is_null(text: str) -> None:
    tree = yamltree.load(text, "f")
    assert tree.data is None
    assert tree.position(("a",)) == (1, 1)


def test_several_documents() -> None:
    assert yamltree.load_many("a: 1\n---\n- off\n", "f") == [{"a": 1}, ["off"]]
    assert yamltree.load_many("", "f") == []


def test_bytes_are_decoded_or_explained() -> None:
    assert yamltree.decode(b"\xef\xbb\xbfa: 1", "f") == "a: 1"
    with pytest.raises(ConfigError, match=r"f:2:5: byte 0xe9 is not UTF-8"):
        yamltree.decode("b: 1\na: \u00e9".encode("cp1252").replace(b"a: ", b"\xc3\xa0:  "), "f")
    with pytest.raises(ConfigError, match="UTF-16"):
        yamltree.decode("a: 1".encode("utf-16"), "f")


def test_the_pure_parser_reads_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    text = "a: [007, no, {b: 'x'}]\nc: &c {d: 1.5}\ne: {<<: *c}\n"
    quick = yamltree.load(text, "f")
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    yamltree._loader.cache_clear()
    try:
        pure = yamltree.load(text, "f")
        with pytest.raises(ConfigError, match="nested more than 100 deep"):
            yamltree.load("[" * 10_000, "f")
        with pytest.raises(ConfigError, match="2:1: a tab"):
            yamltree.load("a:\n\tb: 1", "f")
    finally:
        yamltree._loader.cache_clear()
    assert (pure.data, dict(pure.marks), dict(pure.keys)) == (quick.data, dict(quick.marks), dict(quick.keys))


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufffe\uffff"), max_size=12
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.sampled_from([None, 1]))
def test_json_is_yaml_and_a_route_leads_to_its_value(document: Any, indent: int | None) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    tree = yamltree.load(text, "f")
    assert tree.data == document
    lines = text.split("\n")
    for route, mark in tree.marks.items():
        value = document
        for step in route:
            value = value[step]
        if mark.line == mark.end_line:
            found = lines[mark.line - 1][mark.column - 1 : mark.end_column - 1]
            assert found == json.dumps(value, ensure_ascii=False, indent=indent if value in ([], {}) else None)
    for route, mark in tree.keys.items():
        assert lines[mark.line - 1][mark.column - 1 : mark.end_column - 1] == json.dumps(route[-1], ensure_ascii=False)


@given(st.text(st.sampled_from("ab:-[]{},&*!|>'\"#%@`\t \n~<?\\\x00\ud800\u2028") | st.characters(), max_size=40))
def test_any_text_is_read_or_explained(text: str) -> None:
    for read in (yamltree.load, yamltree.load_many):
        try:
            read(text, "f")
        except ConfigError as error:
            assert str(error).startswith("f:")  # noqa: PT017


@given(st.binary(max_size=40))
def test_any_bytes_are_decoded_or_explained(data: bytes) -> None:
    try:
        assert yamltree.decode(data, "f").encode() == data.removeprefix(b"\xef\xbb\xbf")
    except ConfigError as error:
        assert str(error).startswith("f:")  # noqa: PT017


@pytest.mark.parametrize(
    "scalar",
    ["no", "NO", "off", "y", "true", "False", "null", "~", "007", "0o17", "0xFF", "1.10", "1e3", ".inf", "-.INF", "12"]
    + ["2024-01-02", "12:30:45", "+5", "-0", "0.5", "1.", ".5", "a b", '"7"', "'no'"],
)
def test_scalars_mean_what_ruamel_reads_as_yaml_1_2(scalar: str) -> None:
    reference = YAML(typ="safe", pure=True)
    reference.version = (1, 2)
    wanted = reference.load(f"%YAML 1.2\n---\nvalue: {scalar}\n")["value"]
    found = yamltree.load(f"value: {scalar}\n", "a.yaml").data["value"]
    if isinstance(wanted, date):
        assert found == scalar
    else:
        assert (type(found), found) == (type(wanted), wanted)
