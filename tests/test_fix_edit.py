"""Edits by route: the text says what the edited value says, and keeps every character that no edit means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftlint.fixes.edit import patched, rewrite
from ftlint.model import GONE, Edit, Route

leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)
objects = st.dictionaries(st.text(max_size=3), values, min_size=1, max_size=4)


def routes(value: Any, route: Route = ()) -> Iterator[Route]:
    if route:
        yield route
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in steps:
        yield from routes(child, (*route, step))


@st.composite
def spelled(draw: st.DrawFn, value: Any) -> str:
    """Some text of a value: dense, loose, on one line, in ASCII or not."""
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,  ", " : ")]))
    return json.dumps(value, separators=separators, ensure_ascii=draw(st.booleans()))


@given(st.data())
def test_one_edit_changes_one_thing(data: st.DataObject) -> None:
    value = data.draw(objects)
    text = data.draw(spelled(value))
    edit = Edit(data.draw(st.sampled_from(list(routes(value)))), data.draw(st.just(GONE) | values))
    new = rewrite(text, [edit])
    assert json.loads(new) == patched(value, [edit])
    if edit.value is not GONE:
        assert rewrite(new, [edit]) == new


@given(st.data())
def test_a_key_that_lacks_is_added(data: st.DataObject) -> None:
    value = data.draw(objects)
    text = data.draw(spelled(value))
    key = data.draw(st.text(max_size=5).filter(lambda key: key not in value))
    new = rewrite(text, [Edit((key,), 1)])
    assert json.loads(new) == {**value, key: 1}
    assert rewrite(new, [Edit((key,), GONE)]) == text


@given(st.data())
def test_several_members_go_at_once(data: st.DataObject) -> None:
    value = data.draw(objects)
    text = data.draw(spelled(value))
    gone = data.draw(st.sets(st.sampled_from(list(value))))
    new = rewrite(text, [Edit((key,), GONE) for key in gone])
    assert json.loads(new) == {key: item for key, item in value.items() if key not in gone}


@given(st.text(min_size=1), st.text(max_size=5), st.data())
def test_characters_of_a_string_change(text: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    line = json.dumps({"a": text, "b": [1.50, 1e5]}).replace("1.5,", "1.50,")
    edited = rewrite(line, [Edit(("a",), new, (start, stop))])
    assert json.loads(edited)["a"] == text[:start] + new + text[stop:]
    assert edited.endswith('"b": [1.50, 100000.0]}')


def test_numbers_and_escapes_beside_an_edit_stay_as_they_are_spelt() -> None:
    line = r'{"a" : "\u00e9\/", "n": 1.10, "e": 1E+2, "x": "y"}'
    assert rewrite(line, [Edit(("x",), "z")]) == line.replace('"y"', '"z"')
    assert rewrite(line, [Edit(("x",), GONE)]) == line.replace(', "x": "y"', "")


def test_an_edit_that_leads_nowhere_is_refused() -> None:
    with pytest.raises((KeyError, IndexError, TypeError)):
        rewrite('{"a": 1}', [Edit(("b", "c"), 1)])
