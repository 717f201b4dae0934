"""Every line that is not JSON gets its true reason, at its true place."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ftlint.jsonfaults import DEPTH, PYTHON_LENGTH, diagnose, python_literal

# (reason, line): the place stands between ⟦ and ⟧.
CASES = [
    ("empty", "⟦⟧"),
    ("empty", "⟦ \t⟧"),
    ("missing-comma", '{"role": "user" ⟦"content"⟧: "x"}'),
    ("missing-comma", '{"role": "user"⟦"content"⟧: "x"}'),
    ("missing-comma", '{"a": {"b": 1} ⟦"c"⟧: 2}'),
    ("missing-comma", '{"a": 1 ⟦b⟧: 2}'),
    ("missing-comma", '{"m": [{"a": 1} ⟦{⟧"a": 2}]}'),
    ("missing-comma", '["a" ⟦"b"⟧, "c"]'),
    ("missing-comma", "[1 ⟦2⟧]"),
    ("missing-comma", '["a" ⟦true⟧]'),
    ("missing-comma", '{"a": "x"⟦;⟧ "b": 1}'),
    ("missing-comma", '{"a": "x"⟦，⟧"b": 1}'),
    ("missing-colon", '{"role" ⟦"user"⟧}'),
    ("missing-colon", '{"a"⟦=⟧1}'),
    ("missing-colon", '{"a"⟦：⟧1}'),
    ("missing-colon", '{"a"⟦}⟧'),
    ("missing-colon", '{"a"⟦,⟧ "b": 1}'),
    ("unescaped-quote", '{"content": "he said ⟦"⟧hi" to"}'),
    ("unescaped-quote", '{"content": "⟦"⟧hi" he said"}'),
    ("unescaped-quote", '{"content": "he said ⟦"⟧hi""}'),
    ("unescaped-quote", '{"content": "he said ⟦"⟧"}'),
    ("unescaped-quote", '{"content": "he said ⟦"⟧"hi"" to"}'),
    ("unescaped-quote", '{"content": "{⟦"⟧a": 1}"}'),
    ("unescaped-quote", '{"content": "say ⟦"⟧{name}" now"}'),
    ("unescaped-quote", '{"content": "see ⟦"⟧#3" and "//x" there"}'),
    ("unescaped-quote", '{"content": "in \\"C\\", ⟦"⟧yes", and \\"no\\""}'),
    ("unescaped-quote", '{"my ⟦"⟧key": 1}'),
    ("unescaped-quote", '["he said ⟦"⟧hi" to"]'),
    ("control-character", '{"a": "x⟦\t⟧y"}'),
    ("control-character", '{"a": "x⟦\x00⟧y"}'),
    ("raw-newline", '{"a": "x⟦\n⟧y"}'),
    ("raw-newline", '{\n  "a": "x",\n  "b": "y⟦\r⟧\nz"\n}'),
    ("unclosed-string", '{"messages": [{"role": "user", "content": ⟦"Hel⟧'),
    ("unclosed-string", '{"a": ⟦"x\\⟧'),
    ("unclosed-string", '{"role": ⟦"user, "⟧content": "x"}'),
    ("unclosed-string", '{⟦"role: "⟧user", "content": "x"}'),
    ("unclosed", '{"messages": [{"role": "user", "content": "x"⟦⟧'),
    ("unclosed", '{"a":⟦⟧ '),
    ("unclosed", '[{"a": 1},⟦⟧'),
    ("unclosed", "{⟦⟧"),
    ("trailing-comma", '{"a": 1⟦,⟧}'),
    ("trailing-comma", "[1⟦,⟧ ]"),
    ("trailing-comma", '{"a": 1}⟦,⟧'),
    ("extra-comma", "[1,⟦,⟧ 2]"),
    ("extra-comma", '{⟦,⟧"a": 1}'),
    ("missing-value", '{"a": ⟦,⟧ "b": 1}'),
    ("missing-value", '{"a": ⟦}⟧'),
    ("python-repr", "{⟦'role'⟧: 'user', 'weight': None}"),
    ("python-repr", '{"a": ⟦True⟧}'),
    ("single-quotes", "{⟦'a'⟧: null}"),
    ("single-quotes", "{\"a\": ⟦'it\\'s'⟧, b: 1}"),
    ("python-constant", '{"a": ⟦None⟧, "b": true}'),
    ("non-finite-number", '{"a": ⟦NaN⟧}'),
    ("non-finite-number", '{"a": [⟦Infinity⟧]}'),
    ("non-finite-number", '{"a": ⟦-Infinity⟧}'),
    ("non-finite-number", "⟦NaN⟧"),
    ("unquoted-key", '{⟦role⟧: "user"}'),
    ("unquoted-key", '{"a": 1, ⟦2⟧: 3}'),
    ("unquoted-key", "{⟦true⟧: 3}"),
    ("missing-key", '[{"a": 1, ⟦{⟧"b": 2}]'),
    ("unquoted-value", '{"a": ⟦hello⟧}'),
    ("unquoted-value", '{"a": ⟦undefined⟧}'),
    ("comment", '{"a": 1, ⟦// why⟧\n"b": 2}'),
    ("comment", '{"a": 1} ⟦# why⟧'),
    ("comment", "⟦# head⟧"),
    ("comment", '{"a": ⟦/* why\n* more */⟧ 1}'),
    ("comment", "[⟦/* why⟧"),
    ("several-objects", '{"a":1}⟦{⟧"b":2}'),
    ("several-objects", '{"a":1}, ⟦{⟧"b":2}'),
    ("several-objects", '{"a":1} ⟦{⟧"b":2}'),
    ("several-objects", '{"a":1}\n⟦{⟧"b":2}'),
    ("trailing-text", '{"a":1} ⟦and more⟧ '),
    ("trailing-text", "12 ⟦monkeys⟧"),
    ("bad-escape", '{"a": "x⟦\\x⟧41"}'),
    ("bad-escape", '{"a": "it⟦\\\'⟧s"}'),
    ("bad-escape", '{"a": "⟦\\u⟧12"}'),
    ("bad-number", '{"a": ⟦01⟧}'),
    ("bad-number", '{"a": ⟦+1⟧}'),
    ("bad-number", '{"a": ⟦.5⟧}'),
    ("bad-number", '{"a": ⟦1.⟧}'),
    ("bad-number", '{"a": ⟦0x1F⟧}'),
    pytest.param("bad-number", f"[⟦{'9' * 4301}⟧]", id="more digits than Python reads"),
    ("lone-bracket", '{"a": 1}⟦}⟧'),
    ("lone-bracket", '{"a": 1}⟦]⟧'),
    ("lone-bracket", "⟦]⟧"),
    ("mismatched-bracket", '{"a": [1, 2⟦}⟧'),
    ("mismatched-bracket", '{"m": [{"a": 1⟦]⟧}'),
    ("mismatched-bracket", "[⟦}⟧"),
    ("smart-quotes", '{⟦“⟧role”: "user"}'),
    ("smart-quotes", '{"a": ⟦“⟧x”}'),
    ("odd-space", '{"a":⟦\u00a0⟧1}'),
    ("odd-space", '⟦\ufeff⟧{"a": 1}'),
    ("stray-backslash", '{⟦\\⟧"a\\": 1}'),
    ("not-json", "⟦version⟧ https://example.org"),
    ("not-json", "⟦2024-01-01⟧ INFO start"),
    ("not-json", "⟦<⟧html>"),
    ("unexpected-character", '{"a": ⟦@⟧}'),
    ("unexpected-character", '{"a": "b"⟦:⟧ 1}'),
    pytest.param("too-deep", "[" * DEPTH + "⟦[⟧" + "]" * (DEPTH + 1), id="deep"),
]


@pytest.mark.parametrize(("reason", "marked"), CASES)
def test_reason_and_place(reason: str, marked: str) -> None:
    text = marked.replace("⟦", "").replace("⟧", "")
    fault = diagnose(text)
    assert fault is not None
    shown = f"{text[: fault.start]}⟦{text[fault.start : fault.stop]}⟧{text[fault.stop :]}"
    assert (fault.reason, shown) == (reason, marked)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"role": "user" "content": "x"}', 'a comma is missing before "content"'),
        ('{"messages": [{"role": "user", "content": "x"', "the line ends while 2 objects and 1 array are still open"),
        ("[", "the line ends while 1 array is still open"),
        ('{"a": "x', "a string is not closed, and 1 object is still open"),
        ('"x', "a string is not closed"),
        ('{"a": [1}', "} stands where ] should close the array"),
        ('{"a": "\t"}', "a raw tab stands in a string"),
        ('{"a": "\x01"}', "a raw U+0001 stands in a string"),
        ('{"a":\u00a01}', "U+00A0 (no-break space) stands outside a string"),
        ('{"a" 1}', 'a colon is missing after "a"'),
        ('{"a": "\\\n"}', "\\U+000A is not an escape of JSON"),
        ("[\x01]", "U+0001 cannot stand here"),
        ('["x" "' + "y" * 90 + '"]', 'a comma is missing before "yyyyyyyyyyyyyyyyyyyyyy…'),
    ],
)
def test_words_for_people(text: str, words: str) -> None:
    fault = diagnose(text)
    assert fault is not None
    assert fault.words == words


def refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def reads(text: str) -> bool:
    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        return False
    return True


def assert_agrees(text: str) -> None:
    fault = diagnose(text)
    assert (fault is None) == reads(text)
    if fault:
        assert 0 <= fault.start <= fault.stop <= len(text)
        assert fault.words.isprintable()
        assert fault.hint.isprintable()
        assert not fault.hint[0].isupper()
        assert not fault.hint.endswith(".")


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
SPELLED = st.builds(
    lambda value, ascii_only, indent: json.dumps(value, ensure_ascii=ascii_only, indent=indent),
    VALUES,
    st.booleans(),
    st.sampled_from([None, 1]),
)
PIECES = st.sampled_from(
    [*"{}[]\",:\\/'#-+.eE0123 \t\n\r\x00“\u00a0\ufeff\u2028é😀", "true", "null", "NaN", "\\u", "//"]
)


@given(st.text())
@example("\ud800")
@example('"\\ud800"')
@example('"\u2028"')
@example('"\\\\\\u"')
def test_agrees_with_json_on_any_text(text: str) -> None:
    assert_agrees(text)


@given(st.lists(PIECES, max_size=15).map("".join))
def test_agrees_with_json_on_pieces_of_json(text: str) -> None:
    assert_agrees(text)


@given(SPELLED, st.data())
def test_agrees_with_json_on_mutations(text: str, data: st.DataObject) -> None:
    assert_agrees(text)
    at = data.draw(st.integers(0, len(text)))
    removed = data.draw(st.integers(0, 1))
    assert_agrees(text[:at] + data.draw(PIECES | st.just("") | st.characters()) + text[at + removed :])
    assert_agrees(text[:at])


def test_depth() -> None:
    assert diagnose("[" * DEPTH + "]" * DEPTH) is None
    for text in ("[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000):
        fault = diagnose(text)
        assert fault is not None
        assert fault.reason == "too-deep"


LONG = {
    "escapes without an end": '{"a": "' + '\\"' * 500_000,
    "a string without an end": '{"a": "' + "x" * 1_000_000,
    "white space": '["a"' + " " * 1_000_000 + "b]",
    "many items": "[" + '"a" ,' * 200_000 + "}",
    "commas in a string": '{"a": "x' + ", " * 500_000 + '"b" }',
    "a comment": "[/*" + "*" * 1_000_000,
    "digits": "[" + "1" * 1_000_000 + "]",
    "Python's minus": "{'a': " + "-" * 150_000 + "1}",
    "Python's brackets": "{" + "(" * 100_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_long_damaged_lines_get_a_reason(text: str) -> None:
    assert diagnose(text) is not None


PYTHON = {
    "a dict": ("{'a': None, 'b': [True, (1, 2)]}", True),
    "an odd escape": (" {'a': 'it\\'s \\d'} \n", True),
    "JSON that is Python too": ('{"a": 1}', True),
    "JSON": ('{"a": null}', False),
    "a list": ("['a']", False),
    "a set": ("{'a'}", False),
    "a call": ("{'a': open('x')}", False),
    "an unhashable key": ("{[]: 1}", False),
    "a lone surrogate": ("{'a': '\ud800'}", False),
    "a null character": ("{'a': '\x00'}", False),
    "deep": ("{'a': " + "[" * 5000 + "]" * 5000 + "}", False),
    "many signs": ("{'a': " + "-" * 50_000 + "1}", False),
    "many sums": ("{'a': " + "1+" * 50_000 + "1}", False),
    "long": ("{'a': '" + "x" * PYTHON_LENGTH + "'}", False),
    "nothing": ("", False),
}


@pytest.mark.parametrize(("text", "reads_as_python"), PYTHON.values(), ids=PYTHON)
def test_python_literal(text: str, reads_as_python: bool) -> None:
    assert python_literal(text) is reads_as_python
