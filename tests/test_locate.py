"""A route leads to its value, in any JSON text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftlint.locate import duplicate_keys, locate
from ftlint.model import Route

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from('"\\/\n\t😀é\u2028\ud800')), max_size=12)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=20
)
SPACES = st.text(" \t\r\n", max_size=2)


def routes(value: Any, route: Route = ()) -> Iterator[tuple[Route, Any]]:
    yield route, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in members:
        yield from routes(member, (*route, step))


def spell(draw: Callable[[st.SearchStrategy[Any]], Any], value: Any) -> str:
    """One spelling of a value, with white space anywhere, and now and then an earlier duplicate of a key."""
    if isinstance(value, list):
        body = ",".join(spell(draw, item) for item in value)
        text = f"[{body}{draw(SPACES)}]"
    elif isinstance(value, dict):
        pairs = [(key, spell(draw, item)) for key, item in value.items()]
        if pairs and draw(st.booleans()):
            pairs.insert(0, (pairs[-1][0], spell(draw, draw(VALUES))))
        body = ",".join(f"{draw(SPACES)}{spell(draw, key)}:{item}" for key, item in pairs)
        text = f"{{{body}{draw(SPACES)}}}"
    else:
        text = json.dumps(value, ensure_ascii=draw(st.booleans()))
    return f"{draw(SPACES)}{text}{draw(SPACES)}"


@st.composite
def spelled(draw: st.DrawFn) -> tuple[str, Route, Any]:
    value = draw(VALUES)
    text = spell(draw, value)
    return text, *draw(st.sampled_from(list(routes(json.loads(text)))))


@given(spelled())
def test_a_route_leads_to_its_value_and_its_key(case: tuple[str, Route, Any]) -> None:
    text, route, value = case
    start, stop = locate(text, route)
    assert json.loads(text[start:stop]) == value
    assert text[start:stop].strip() == text[start:stop] != ""
    start, stop = locate(text, route, "key")
    if route and isinstance(route[-1], str):
        assert json.loads(text[start:stop]) == route[-1]
        assert text[stop:].lstrip(" \t\r\n").startswith(":")
    else:
        assert json.loads(text[start:stop]) == value


@given(TEXTS, st.booleans(), st.data())
def test_a_span_of_a_string_leads_to_the_characters_that_spell_it(
    text: str, ascii_only: bool, data: st.DataObject
) -> None:
    line = json.dumps({text: [text]}, ensure_ascii=ascii_only)
    decoded = json.loads(line).popitem()[0]
    a, b = sorted((data.draw(st.integers(0, len(decoded))), data.draw(st.integers(0, len(decoded)))))
    key: Route = (decoded,)
    for start, stop in (locate(line, (*key, 0), span=(a, b)), locate(line, key, "key", (a, b))):
        assert json.loads(f'"{line[start:stop]}"') == decoded[a:b]
        assert (a, b) != (0, len(decoded)) or line[start - 1] == line[stop] == '"'


@given(st.text(st.sampled_from('{}[]",:\\ 01aNu'), max_size=40), st.data())
def test_damaged_text_gives_a_place_inside_it(text: str, data: st.DataObject) -> None:
    steps: list[str | int] = ["a", "", 0, 1]
    parts: list[Literal["value", "key"]] = ["value", "key"]
    route, part = data.draw(st.lists(st.sampled_from(steps), max_size=3)), data.draw(st.sampled_from(parts))
    start, stop = locate(text, tuple(route), part, data.draw(st.none() | st.just((0, 2))))
    assert 0 <= start <= stop <= len(text)
    assert all(0 <= a < b <= len(text) for _, _, (a, b) in duplicate_keys(text))


@pytest.mark.parametrize(
    ("text", "route", "shown"),
    [
        ('{"a": 1}', ("b",), '{"a": 1}'),
        ('{"a": [1, {"b": 2}]}', ("a", 1, "c", 0), '{"b": 2}'),
        ('{"a": [1, 2]}', ("a", 9), "[1, 2]"),
        ('{"a": "x"}', ("a", "b"), '"x"'),
        ('{"a": {"b": 1}, "a": 2}', ("a", "b"), "2"),
        ('{"a": 1, "a": {"b": 3}} ', ("a", "b"), "3"),
        ('{"a": [NaN, -Infinity], "b": 1}', ("a", 1), "-Infinity"),
        ('{"a": [1, {"b": "x', ("a", 1, "b"), '"x'),
        (' {"\\u0061": 1}', ("a",), "1"),
        ("", ("a",), ""),
    ],
)
def test_the_longest_part_of_the_route_that_exists(text: str, route: Route, shown: str) -> None:
    start, stop = locate(text, route)
    assert text[start:stop] == shown


@pytest.mark.parametrize(
    ("span", "source"),
    [
        ((0, 1), "a"),
        ((1, 2), r"\ud83d\ude00"),
        ((2, 3), "😀"),
        ((3, 5), r"\n\u00e9"),
        ((5, 6), r"\ud800"),
        ((6, 7), r"\""),
        ((7, 7), ""),
        ((6, 99), r"\""),
    ],
)
def test_an_escape_is_one_character(span: tuple[int, int], source: str) -> None:
    text = r'["a\ud83d\ude00😀\n\u00e9\ud800\""]'
    start, stop = locate(text, (0,), span=span)
    assert text[start:stop] == source


def test_a_part_of_the_raw_line_is_itself() -> None:
    assert locate('{"a": 1}', ("a",), "line") == (0, 8)
    assert locate('{"a": 1}', (), "line", (2, 5)) == (2, 5)


def test_a_span_says_nothing_about_a_value_that_is_no_string() -> None:
    assert locate('{"a": 100}', ("a",), span=(1, 2)) == (6, 9)
    assert locate('{"a": "xyz"}', ("a", "b"), span=(1, 2)) == (6, 11)


@pytest.mark.parametrize(("opening", "closing", "step"), [("[", "]", 0), ('{"a":', "}", "a")])
def test_deep_nesting_is_followed_to_its_end(opening: str, closing: str, step: str | int) -> None:
    depth = 10_000
    text = opening * depth + "1" + closing * depth
    inner = depth * len(opening)
    assert locate(text, (step,) * depth) == (inner, inner + 1)
    assert locate(text, (step,)) == (len(opening), len(text) - 1)
    assert list(duplicate_keys(text)) == []


def test_duplicate_keys_come_with_the_route_of_their_object() -> None:
    text = '{"m": [0, {"a": 1, "b": "a", "\\u0061": {"a": [], "a": 2}}], "m": 3, "n": {"a": 1}}'
    found = [(route, key, text[start:stop]) for route, key, (start, stop) in duplicate_keys(text)]
    assert found == [(("m", 1), "a", '"\\u0061"'), (("m", 1, "a"), "a", '"a"'), ((), "m", '"m"')]


@given(spelled())
def test_duplicate_keys_are_those_that_json_drops(case: tuple[str, Route, Any]) -> None:
    text, _, _ = case
    dropped = 0

    def count_dropped(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal dropped
        dropped += len(pairs) - len(dict(pairs))
        return dict(pairs)

    json.loads(text, object_pairs_hook=count_dropped)
    assert len(list(duplicate_keys(text))) == dropped
