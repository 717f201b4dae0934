"""The quick reader of front matters: what it reads, it reads as the YAML reader does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftlint import frontmatter
from ftlint.errors import ConfigError
from ftlint.resources import folder
from ftlint.yamltree import load_many

PAGES = sorted(path for path in folder("rules").rglob("*.md") if path.stem != "README")

ODD = st.sampled_from(
    "true True null Null ~ yes 1 01 1.5 1.50 1e3 0x1f 0.1.0 .5 1_000 -1 a:b a: "
    "#b 'it''s' 'a'b \"\\n\" \"a\" * & !x | >".split()
    + [
        "a: b",
        "a #b",
        "a ",
        "- a",
        "[a, 1]",
        "[a,b]",
        "[]",
        "[[a], {b: c}]",
        "{a: [b], c: 'd, e'}",
        "{}",
        "{a: 1, a: 2}",
    ]
    + [
        "[a, b",
        "[a, ]",
        "{a}",
        "[a: b]",
        "[a b, c d]",
        "{a: b c}",
        "\u00a0a",
        "é",
        "a\tb",
        "a:",
        "[a] b",
        "['x''y', \"z\"]",
    ]
)
WORDS = st.one_of(ODD, st.text("ab1.:#'\"[]{},-~ \\", max_size=8), st.text(max_size=5))
KEYS = st.lists(st.sampled_from(["a", "b", "c-d", "null"]), min_size=1, max_size=3, unique=True)
BELOW = KEYS.flatmap(lambda keys: st.tuples(*(st.builds("  {}: {}".format, st.just(key), WORDS) for key in keys)))
BLOCKS = st.one_of(
    WORDS.map(" {}".format), BELOW.map(lambda lines: "\n" + "\n".join(lines)), st.sampled_from(["", "\n- a"])
)
TEXTS = KEYS.flatmap(lambda keys: st.tuples(*(st.builds("{}:{}".format, st.just(key), BLOCKS) for key in keys))).map(
    "\n".join
)


def spelled(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_of_the_catalogue_is_read_without_a_yaml_parser(page: Path) -> None:
    front = page.read_text("utf-8").split("---\n")[1]
    assert spelled(frontmatter.read(front)) == spelled(load_many(front, "")[0])


@given(TEXTS)
def test_what_is_read_is_what_yaml_means(text: str) -> None:
    read = frontmatter.read(text)
    if read is not None:
        try:
            assert spelled([read]) == spelled(load_many(text, ""))
        except ConfigError:
            pytest.fail(f"YAML has no such text: {text!r}")
