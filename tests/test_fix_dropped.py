"""What goes from YAML goes alone: repeated examples and unknown keys, with their own comments and nothing else."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mending import Place, fixed
from test_fix_authored import KEY

from ftlint.api import Options
from ftlint.authoring.read import Authored, read
from ftlint.authoring.write import line

PAGE = """\
# the head
examples:
  # first
  - user: Hi
    assistant: Hello   # said so

  # its own comment
  - user: 'Hi'
    assistant: |
      Hello
      # text? no: a comment of the block

  # of the last
  - {user: Hi, assistant: "Hello"}   # gone too
  - user: Why?
    assistant: So.
# the end
"""
CLEAN = """\
# the head
examples:
  # first
  - user: Hi
    assistant: Hello   # said so

  # its own comment
  - user: 'Hi'
    assistant: |
      Hello
      # text? no: a comment of the block

  - user: Why?
    assistant: So.
# the end
"""


def mended(text: str, **how: Any) -> str:
    """What a file becomes with unsafe fixes; it is then as it stays, and has no mark that promised more."""
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name), {"a.ft.yaml": text.encode()})
        place.fix(unsafe=True, **how)
        once = place.read()
        assert not place.fix(unsafe=True, **how).fixed
        assert place.read() == once
        assert not [item for item in place.check().diagnostics if item.fix]
        return once["a.ft.yaml"].decode()


def said(text: str) -> Authored:
    return read("a.ft.yaml", "/a.ft.yaml", "/", given=text)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_repeat_goes_with_its_own_comments(end: str) -> None:
    assert mended(PAGE.replace("\n", end)) == CLEAN.replace("\n", end)


ALONE = "examples:\n-\n  user: a\n  assistant: b\n"
SHORT = "examples:\n- {user: a, assistant: b}\n"
FLOW = "examples: [{user: a, assistant: b}, {user: c, assistant: d}, {user: a, assistant: b}  ]   # all\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (FLOW, "examples: [{user: a, assistant: b}, {user: c, assistant: d}  ]   # all\n"),
        (ALONE + "- # again\n\n  user: a\n  assistant: b\n", ALONE),
        (SHORT + "\n# x\n\n- {user: a, assistant: b}", SHORT + "\n# x\n"),
    ],
    ids=["in brackets", "dashes alone", "no line end"],
)
def test_repeats_go_from_lists_of_any_layout(old: str, new: str) -> None:
    assert mended(old) == new


@pytest.mark.parametrize(
    "text",
    [
        "examples:\n  - &a {user: a, assistant: b}\n  - {user: c, assistant: d}\n  - *a\n",
        "examples:\n  - {user: a, assistant: b}\n  - {user: &a a, assistant: b}\n  - {user: c, assistant: *a}\n",
        "examples:\n  - {user: a, assistant: b}\n  - {user: a, assistant: b, repeat: 2}\n",
        SHORT + "# ftlint: ignore[duplicate-example] wanted\n- {user: a, assistant: b}\n",
    ],
    ids=["an alias", "an anchor", "as often as said", "silenced"],
)
def test_what_others_need_or_the_author_wants_is_left(text: str) -> None:
    assert mended(text) == text


def test_repeats_are_looked_for_by_split_and_across_files(tmp_path: Path) -> None:
    one = SHORT.encode() + b"- {user: a, assistant: b, split: validation}\n- {user: e, assistant: f}\n"
    two = SHORT.encode() + b"- {user: c, assistant: d}\n"
    config = "datasets: {a: {train: [a.ft.yaml, b.ft.yaml, c.jsonl]}}\n"
    record = line(said("examples:\n- {user: c, assistant: d}\n- {user: g, assistant: h}\n").examples[0].record)
    other = record.replace(b'"c"', b'"g"')
    place = Place(tmp_path, {"a.ft.yaml": one, "b.ft.yaml": two, "c.jsonl": record + other}, config)
    place.fix(unsafe=True)
    assert place.read() == {"a.ft.yaml": one, "b.ft.yaml": b"examples:\n- {user: c, assistant: d}\n", "c.jsonl": other}


def test_the_last_example_of_a_file_is_left(tmp_path: Path) -> None:
    one = b"examples:\n- {user: a, assistant: b}\n"
    place = Place(tmp_path, {"a.ft.yaml": one, "b.ft.yaml": one}, "datasets: {a: {train: ['*.ft.yaml']}}\n")
    assert not place.fix(unsafe=True).fixed


KEYS = """\
examples:
  - user: Hi
    # about it
    odd:   # here
      - 1

      # inside
    assistant: Hello
  - odd: {a: 1}
    user: Hm
    assistant: |
      So.
    # below
  - {strange: 1, user: Who, assistant: Me, more: [1, 2]}
  - turns:
    - user: Ho
      weight: 0   # none
    - assistant: Hello
    - role: user
      content: lost
  - user: Hi
    asistant: Hello
"""


def test_unknown_keys_go_where_nothing_else_was_meant() -> None:
    wanted = KEYS.replace("    # about it\n    odd:   # here\n      - 1\n\n      # inside\n", "")
    wanted = (
        wanted.replace("- odd: {a: 1}\n    user", "- user").replace("{strange: 1, ", "{").replace(", more: [1, 2]", "")
    )
    assert mended(KEYS) == wanted
    assert mended(KEYS.replace("    - role: user\n      content: lost\n", "")) == wanted.replace(
        "    - role: user\n      content: lost\n", ""
    ).replace("\n      weight: 0   # none", "")


def test_a_key_that_several_merge_goes_once() -> None:
    text = (
        "defaults: {system: Hi}\nexamples:\n  - &a\n    user: a\n    odd: 1\n    assistant: b\n  - {<<: *a, user: c}\n"
    )
    assert mended(text) == text.replace("    odd: 1\n", "")


def test_safe_fixes_and_the_report_say_what_they_do(tmp_path: Path) -> None:
    place = Place(tmp_path, {"a.ft.yaml": (PAGE + "\n").encode(), "b.ft.yaml": KEYS.encode()})
    marked = [(item.name, item.position.line) for item in place.check().diagnostics if item.fix]
    assert marked == [("duplicate-example", 14), *(("unknown-key", number) for number in (4, 9, 14, 14))]
    assert not place.fix().fixed
    assert {name: count for (_, name), count in place.fix(unsafe=True).fixed.items()} == {
        "duplicate-example": 1,
        "unknown-key": 4,
    }


@pytest.mark.parametrize("value", ["' {}'", '" {}  "', "{}", "|\n     {} \n"])
@given(texts=st.lists(st.sampled_from(["x", f"is {KEY}.", "z"]), min_size=2, max_size=5))
def test_other_fixes_before_it_make_repeats(value: str, texts: list[str]) -> None:
    rows = [f"  - user: 'My {text}'\n    assistant: {value.format(text)}\n" for text in texts]
    text = "examples:\n" + "".join(rows) + "  - {user: My x, assistant: x}   # plain\n"
    new = mended(text)
    rows = [line(one.record).decode() for one in said(text).examples]
    assert [line(one.record).decode() for one in said(new).examples] == fixed(
        "".join(rows).encode(), unsafe=True
    ).decode().splitlines(keepends=True)


ODD = [
    "odd: 1",
    "odd: {a: [1]}",
    "odd:\n      - 1\n      - {b: 2}",
    "odd: |\n      some\n\n      text",
    "odd:",
    "odd: &o{} 1",
]


@st.composite
def examples(draw: st.DrawFn, number: int, *, odd: bool) -> tuple[str, str]:
    """An example in some layout, its comments numbered; and the same without what is odd in it."""
    user, answer = draw(st.sampled_from("ab")), draw(st.sampled_from(["x", "y z"]))
    value = draw(st.sampled_from([answer, f"'{answer}'", f'"{answer}"', f"|\n      {answer}", f"&n{number} {answer}"]))
    above = draw(st.sampled_from(["", f"  # above {number}\n", f"  # one {number}\n  # two {number}\n"]))
    pairs = [f"user: {user}", f"assistant: {value}"]
    pairs += draw(st.sampled_from([[], [f"id: e{number}"], [f"note: n{number}   # why"], ["tags: [t]"]]))
    rest = draw(st.sampled_from(["", f"    # inside {number}\n", "\n", f"\n    # deeper {number}\n\n"]))
    extra = draw(st.sampled_from(ODD)).replace("{}", str(number)) if odd and draw(st.booleans()) else None
    flow = draw(st.booleans()) and "|" not in value and not any("#" in pair for pair in pairs)
    at = draw(st.integers(0, len(pairs)))
    texts = []
    if flow and extra:
        extra = {"odd:": "odd: ~"}.get(extra, "odd: 1" if "\n" in extra else extra)
    for some in (pairs if extra is None else [*pairs[:at], extra, *pairs[at:]], pairs):
        if flow:
            texts.append(f"{above}  - {{{', '.join(some)}}}   # flow {number}\n{rest}")
        else:
            texts.append(f"{above}  - " + "\n    ".join(some) + f"\n{rest}")
    return texts[0], texts[1]


def document(draw: st.DrawFn, *, odd: bool) -> list[tuple[str, str]]:
    return [draw(examples(number, odd=odd)) for number in range(draw(st.integers(2, 6)))]


@given(st.composite(document)(odd=False), st.booleans())
def test_mended_yaml_says_what_the_mended_lines_say(parts: list[tuple[str, str]], crlf: bool) -> None:
    text = "# top\nexamples:   # all\n" + "".join(old for old, _ in parts) + "# end\n"
    text = text.replace("\n", "\r\n") if crlf else text
    new = mended(text)
    rows = [line(one.record) for one in said(text).examples]
    assert [line(one.record) for one in said(new).examples] == fixed(b"".join(rows), unsafe=True).splitlines(
        keepends=True
    )
    left = iter(text.splitlines(keepends=True))
    assert all(row in left for row in new.splitlines(keepends=True)), "lines go, and no other comes"
    kept = {one.record["messages"][0]["content"] + one.record["messages"][1]["content"] for one in said(text).examples}
    assert len(said(new).examples) == len(kept)


@given(st.composite(document)(odd=True))
def test_without_unknown_keys_a_file_is_as_if_they_had_not_been_written(parts: list[tuple[str, str]]) -> None:
    old, new = ("examples:\n" + "".join(part[which] for part in parts) for which in (0, 1))
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name), {"a.ft.yaml": old.encode()})
        place.how["options"] = Options(select=["unknown-key"])
        place.fix(unsafe=True)
        assert place.read()["a.ft.yaml"].decode() == new
