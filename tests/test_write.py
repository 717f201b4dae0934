"""A record is one line of the same bytes, whatever the order of its keys; two files differ in a short diff."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftlint.authoring.write import line
from ftlint.convert.diff import short_diff


def test_a_line_is_utf8_in_a_fixed_order() -> None:
    tool = {"function": {"parameters": {"b": 1, "a": 2}, "name": "get"}, "type": "function"}
    data = {
        "tools": [tool],
        "grade": {"z": 1, "content": 2, "role": 3},
        "messages": [{"content": "Ø → é", "role": "user"}],
    }
    assert line(data).decode() == (
        '{"messages": [{"role": "user", "content": "Ø → é"}], "tools": [{"type": "function", '
        '"function": {"name": "get", "parameters": {"b": 1, "a": 2}}}], "grade": {"z": 1, "content": 2, "role": 3}}\n'
    )


def reversed_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reversed_keys(item) for key, item in reversed(value.items())}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


@given(st.text(), st.text(), st.sampled_from([{}, {"weight": 0}, {"name": "a", "weight": 1}]))
def test_the_order_of_keys_makes_no_difference(one: str, other: str, more: dict[str, Any]) -> None:
    messages = [{"role": "user", "content": one}, {"role": "assistant", "content": other, **more}]
    data = {"messages": messages, "parallel_tool_calls": False}
    written = line(data)
    assert written == line(reversed_keys(data))
    assert written.count(b"\n") == 1
    assert json.loads(written) == data


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"])
def test_what_json_cannot_spell_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        line({"messages": [], "grade": value})


def test_a_diff_is_short() -> None:
    old = b"".join(b"%d %s\n" % (n, b"x" * 10_000) for n in range(1000))
    shown = list(short_diff(old, old.replace(b"x\n", b"y\n"), "a"))
    assert len(shown) < 30
    assert max(map(len, shown)) < 200
    assert shown[3].endswith("x" * 40)
    assert shown[-1] == "… (in all 1,000 lines before, 1,000 after)"


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (b"a\n", b"a\n", []),
        (b"", b"a\n", ["@@ -1,0 +1,1 @@", "+a"]),
        (b"a\nb\n", b"b\n", ["@@ -1,1 +1,0 @@", "-a"]),
        (b"a", b"a\n", ["@@ -2,0 +2,1 @@", "+"]),
        (b"a\r\n", b"a\n", ["@@ -1,1 +1,1 @@", "-a\\r", "+a"]),
        (b"\x1b[31m\n", b"a\n", ["@@ -1,1 +1,1 @@", "-\\x1b[31m", "+a"]),
    ],
)
def test_a_diff_shows_what_differs_and_is_safe_to_print(old: bytes, new: bytes, lines: list[str]) -> None:
    assert list(short_diff(old, new, "x"))[2:] == lines
