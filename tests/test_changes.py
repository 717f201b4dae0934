"""Tests of diffs on a terminal: what changed is seen, however long the line is."""

from __future__ import annotations

import click
from hypothesis import example, given
from hypothesis import strategies as st

from ftlint.render.parts.changes import BEFORE, changes
from ftlint.render.parts.visible import visible

WIDTH = 80
lines = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=200)


def shown(diff: str) -> list[str]:
    return [click.unstyle(row) for row in changes(diff, WIDTH)]


def test_a_long_line_is_cut_to_what_changed_in_it() -> None:
    diff = f"@@ -1,1 +1,1 @@\n-{'a' * 500}old{'b' * 500}\n+{'a' * 500}new{'b' * 500}\n"
    head, gone, come = shown(diff)
    assert head == "@@ -1,1 +1,1 @@"
    assert gone.startswith("-…" + "a" * BEFORE + "oldb")
    assert come.startswith("+…" + "a" * BEFORE + "newb")
    assert gone.endswith("…")
    assert come.endswith("…")


def test_lines_that_went_or_came_alone_are_shown() -> None:
    assert shown("@@ -1,2 +1,1 @@\n-one\n-two\n+1\n same\n") == ["@@ -1,2 +1,1 @@", "-one", "-two", "+1", " same"]


@given(lines, lines)
@example("aa", "a")
@example("-- x", "++ x")
def test_any_change_is_shown_in_two_rows_that_fit(old: str, new: str) -> None:
    rows = shown(f"@@ -1,1 +1,1 @@\n-{old}\n+{new}\n")
    assert len(rows) == 3
    assert [row[:1] for row in rows] == ["@", "-", "+"]
    assert [visible(row) for row in rows] == rows
