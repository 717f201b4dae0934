"""The laws of what a terminal may be shown, for any text in any field."""

from __future__ import annotations

import json
import re
from unicodedata import category

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ftlint.model import Diagnostic, Position, Severity
from ftlint.render import FORMATS, Options, render
from ftlint.render.parts.excerpt import LONGEST, excerpt
from ftlint.render.parts.visible import cells, visible, wrap
from ftlint.report import Cost, Report, Summary, TokenSummary
from ftlint.resources import schema_text

REPORT = Draft202012Validator(json.loads(schema_text("report")))
HOSTILE = ("\n::error::x", "::", "##[error]", "]]>", '"', "'", "<b>&", "%0A", ",=:", "|", "`", "\\", "\r\n", "\u2028")
"""What some format or other takes for its own grammar."""

chars = st.characters(exclude_categories=()) | st.sampled_from("\x00\x1b\u202e\ud800\ufffe\t\n天\u0301")
texts = st.text(chars, max_size=40) | st.lists(st.sampled_from(HOSTILE) | st.text(chars, max_size=5), max_size=8).map(
    "".join
)
numbers, flags = st.integers(0, 10**9), st.booleans()
severities = st.sampled_from(Severity)
positions = st.builds(Position, texts, st.integers(1, 10**6), st.integers(1, 60), st.integers(1, 90), texts)
related = st.lists(st.tuples(positions, texts), max_size=2).map(tuple)
names = st.sampled_from(["repeated-role", "invalid-json", "\x1b[31m\u202e"])
fields = (texts, names, severities, texts, texts, positions, texts, texts, related, st.integers(1, 9), flags)
rows = st.lists(st.tuples(numbers, numbers, numbers), max_size=4).map(tuple)
tokens = st.builds(TokenSummary, *[numbers] * 7, flags, st.none() | numbers, rows)
dollars = st.decimals(0, 10**9, allow_nan=False, allow_infinity=False)
costs = st.none() | st.builds(Cost, dollars, dollars, texts)
roles = st.dictionaries(texts, numbers, max_size=3)
summaries = st.builds(Summary, texts, flags, numbers, numbers, roles, tokens, st.none() | numbers, flags, costs, texts)
files = st.lists(st.tuples(texts, texts), max_size=3).map(tuple)
options = st.builds(Options, st.just(False), st.integers(0, 220), st.integers(0, 3), flags, flags)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    found = tuple(draw(st.lists(st.builds(Diagnostic, *fields), max_size=5)))
    totals = {(each.position.path, each.name): draw(st.integers(1, 9)) for each in found}
    totals |= draw(st.dictionaries(st.tuples(texts, names), st.integers(0, 9), max_size=2))
    return Report(
        found,
        totals,
        {name: draw(severities) for _, name in totals},
        draw(summaries),
        draw(numbers),
        draw(files),
        draw(files),
    )


@settings(max_examples=60, deadline=None)
@given(reports(), st.sampled_from(FORMATS), options)
def test_any_text_renders_and_nothing_hidden_comes_through(report: Report, name: str, how: Options) -> None:
    text = "".join(render(report, name, how))
    text.encode("utf-8")
    assert not [char for char in text if char != "\n" and category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
    if name == "json":
        REPORT.validate(json.loads(text))


@given(texts, st.text("ab\x1b\t天e\u0301\u202e", max_size=300), texts, st.integers(0, 220))
def test_the_caret_stands_under_what_is_meant(before: str, meant: str, after: str, width: int) -> None:
    place = Position("a", 1, len(before) + 1, len(before) + len(meant) + 1, before + meant + after)
    seen = excerpt(place, width)
    left = visible(before)
    prefix = next(seen.text[:end] for end in range(len(seen.text) + 1) if cells(seen.text[:end]) == seen.indent)
    assert left.startswith(prefix) or left.endswith(prefix.removeprefix("…")) or prefix.startswith("…")
    assert len(seen.text) <= LONGEST
    assert cells(seen.text) <= max(width, 3)
    if width >= LONGEST and cells(visible(before + meant + after)) < LONGEST // 2 and not re.search("\u0301", before):
        assert seen.text == visible(before + meant + after)
        assert seen.indent == cells(left)
        assert seen.length == max(cells(visible(meant)), 1)


@given(texts, texts, texts)
def test_what_is_masked_is_not_shown(before: str, after: str, secret_: str) -> None:
    text = f"{before}SECRET{secret_}{after}"
    span = (len(before), len(before) + 6 + len(secret_))
    seen = excerpt(Position("a", 1, span[0] + 1, span[1] + 1, text), 100, [span])
    assert "•" * 6 in seen.text
    assert "SECRET" not in seen.text


@given(texts, st.integers(1, 60))
def test_wrapping_keeps_every_word(text: str, width: int) -> None:
    lines = list(wrap(text, width, "  "))
    assert " ".join(line[2:] for line in lines) == visible(text)
    assert all(cells(line) <= width or " " not in line[2:].strip(" ") for line in lines)
