"""``ftlint fmt``: one style, the same meaning, and every comment where it belongs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import ftlint

from ftlint.authoring import style
from ftlint.authoring.compose import compose
from ftlint.authoring.read import read
from ftlint.authoring.style import restyle, styled
from ftlint.errors import UnreadableFile

SAMPLES = sorted((Path(__file__).parent / "datasets" / "authoring").glob("*.ft.yaml"))

UNTIDY = """\


# first
defaults: &shared   # after
    # inside
    system:   007
    tags: [a, # in a list
       b]


    split: train
examples:
# before an item
-   id: one
    user: hello
      world
    # before a key
    assistant: |-  # at a block
          I say

            hi
          # not a comment

    # after a block
- id: two
  turns:
  -   user: |2
          indented
        less
    #end of a turn
  - assistant: "x \\
       y"
  -
      user: last
  # after the turns
# the end"""

TIDY = """\
# first
defaults: &shared   # after
  # inside
  system: 007
  tags: [a, # in a list
     b]

  split: train

examples:
  # before an item
  - id: one
    user: hello
      world
    # before a key
    assistant: |  # at a block
      I say

        hi
      # not a comment

    # after a block

  - id: two
    turns:
      - user: |2
            indented
          less
      #end of a turn
      - assistant: "x \\
          y"
      -
        user: last
    # after the turns
# the end
"""


def test_one_style() -> None:
    assert restyle(UNTIDY) == TIDY
    assert restyle(TIDY) == TIDY
    assert restyle(UNTIDY.replace("\n", "\r\n")) == TIDY


def test_it_means_the_same() -> None:
    text = UNTIDY.replace("-\n      user: last", "-\n      user: last\n  - assistant: bye")
    before, after = (read("a", "a", "", given=given_) for given_ in (text, styled(text, "a", "a", "")))
    assert before.examples
    assert [one.record for one in before.examples] == [one.record for one in after.examples]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_samples_keep_their_comments_and_change_in_blank_lines_only(path: Path) -> None:
    text = path.read_text("utf-8")
    new = styled(text, path.name, str(path), str(path.parent))
    assert [line for line in new.splitlines() if line] == [line for line in text.splitlines() if line]
    assert styled(new, path.name, str(path), str(path.parent)) == new


HEAD = "examples:\n  - user: a\n    assistant: "


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        (HEAD + "|-\n      b\n", HEAD + "|\n      b\n"),
        (HEAD + ">-\n      b\n", HEAD + ">\n      b\n"),
        (HEAD + "|-\n      b\n    whitespace: keep\n", None),
        (HEAD + "|\n      b  \n       \n      c\n", None),
        (HEAD + "b\n    meta:\n      assistant: |-\n        x\n", None),
        (HEAD + "|+\n      b\n\n\n  - user: c\n    assistant: d\n", None),
        (HEAD + "b   \n\n\n\n", HEAD + "b\n"),
        (HEAD + "'b'  # said\n    #  note\n", None),
        (HEAD + "b\n\n\n    note: c\n", HEAD + "b\n\n    note: c\n"),
        (HEAD + "b\n  - user: c\n    assistant: d\n", HEAD + "b\n\n  - user: c\n    assistant: d\n"),
        (HEAD + "a\u2028b\u0085c\n", None),
        (HEAD + "|\n\n        b\n\n\n", HEAD + "|\n\n      b\n"),
        ("examples: [{user:   a, assistant: b}]", "examples: [{user:   a, assistant: b}]\n"),
    ],
)
def test_cases(given_: str, wanted: str | None) -> None:
    wanted = given_ if wanted is None else wanted
    assert styled(given_, "a", "a", "") == wanted
    assert styled(wanted, "a", "a", "") == wanted


lines_ = st.lists(
    st.sampled_from([*UNTIDY.split("\n"), *TIDY.split("\n"), "", "  # c", "   ", "- a", "x: y"]), max_size=9
)


@given(lines_.map("\n".join))
def test_it_is_idempotent_and_loses_no_word(text: str) -> None:
    import yaml

    try:
        compose(text)
    except yaml.YAMLError:
        return
    new = restyle(text)
    assert restyle(new) == new
    words, changed = (re.sub(r"\|[-+1-9]*", "|", given_).split() for given_ in (text, new))
    assert words == changed


@pytest.mark.parametrize("keep", ["", "whitespace: keep\n    "])
@pytest.mark.parametrize("mark", ["|", "|+", "|-"])
@pytest.mark.parametrize(
    "end", ["", "\n", "\n\n\n", "\n  ", "\n  \n", "\n        ", "\n            ", "\n\n# the end\n"]
)
def test_a_block_at_the_end_keeps_its_line_ends(keep: str, mark: str, end: str) -> None:
    text = f"examples:\n  - {keep}user: u\n    assistant: {mark}\n        \thi{end}"
    new = styled(text, "a.ft.yaml", "a.ft.yaml", "")
    assert "\n      \thi" in new
    assert restyle(new) == new


def test_mistakes_are_left_to_check() -> None:
    with pytest.raises(UnreadableFile, match=r"a\.ft\.yaml:3:5: unknown-key: mend that first"):
        styled("examples:\n  - user: a\n    asistant: b\n", "a.ft.yaml", "a.ft.yaml", "")


def test_a_change_of_meaning_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "restyle", lambda text: text.replace("b", "c"))
    with pytest.raises(UnreadableFile, match="left as it is"):
        styled(HEAD + "b\n", "a", "a", "")


def test_the_command(here: Path) -> None:
    untidy, tidy = "examples:\n- user: a\n  assistant: b", HEAD + "b\n"
    (here / "a.ft.yaml").write_text(untidy)
    (here / "b.ft.yml").write_text(tidy)
    (here / "other.yaml").write_text("x:   y\n")
    check = ftlint("fmt", "--check", ".")
    assert (check.exit_code, check.stdout) == (1, "a.ft.yaml is not in style\n")
    diff = ftlint("fmt", "--diff", "a.ft.yaml")
    assert diff.exit_code == 1
    assert "+    assistant: b\n" in diff.stdout
    assert (here / "a.ft.yaml").read_text() == untidy
    assert ftlint("fmt", "-", stdin=untidy).stdout == tidy
    assert ftlint("fmt", ".").exit_code == 0
    assert (here / "a.ft.yaml").read_text() == tidy
    assert (here / "other.yaml").read_text() == "x:   y\n"
    assert ftlint("fmt", "--check", ".").exit_code == 0


def test_a_file_that_cannot_be_formatted_ends_in_2_and_stops_no_other(here: Path) -> None:
    (here / "a.ft.yaml").write_text("examples: [")
    (here / "b.ft.yaml").write_text(HEAD + "b")
    (here / "c.ft.yaml").write_bytes(b"\xff")
    (here / "d.jsonl").write_text("{}\n{}\n")
    done = ftlint("fmt", ".", "none.ft.yaml", "d.jsonl")
    assert done.exit_code == 2
    assert (here / "b.ft.yaml").read_text() == HEAD + "b\n"
    assert "a.ft.yaml:1" in done.stderr
    assert "0xFF" in done.stderr
    assert "none.ft.yaml: No such file" in done.stderr
    assert "d.jsonl is not YAML; `ftlint import d.jsonl` makes it so" in done.stderr


def test_a_folder_is_searched_as_a_check_searches_it(here: Path) -> None:
    for name in ("b.ft.yaml", "a/a.ft.yml", "a/other.yaml", "node_modules/c.ft.yaml", ".d/d.ft.yaml", "old/e.ft.yaml"):
        path = here / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(UNTIDY)
    (here / "ftlint.yaml").write_text("exclude: [data/old]\n")
    done = ftlint("fmt", "--check", "data")
    assert done.stdout.splitlines() == ["data/a/a.ft.yml is not in style", "data/b.ft.yaml is not in style"]
    assert done.exit_code == 1


def test_a_byte_order_mark_goes_and_a_protected_file_stays(here: Path) -> None:
    (here / "a.ft.yaml").write_bytes(UNTIDY.encode())
    (here / "a.ft.yaml").chmod(0o444)
    (here / "b.ft.yaml").write_bytes(b"\xef\xbb\xbf" + UNTIDY.encode())
    done = ftlint("fmt", ".")
    assert (done.exit_code, done.stderr.splitlines()) == (
        2,
        ["ftlint: a.ft.yaml could not be written: it is write-protected", "formatted b.ft.yaml"],
    )
    assert (here / "a.ft.yaml").read_bytes() == UNTIDY.encode()
    assert (here / "b.ft.yaml").read_bytes() == TIDY.encode()
    assert ftlint("fmt", "--check", ".").stdout == "a.ft.yaml is not in style\n"
