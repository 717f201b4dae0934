"""Fixes in YAML: the text that is meant changes, and no comment, quote or other line does."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import authored
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mending import Place

from ftlint.authoring.read import read
from ftlint.checks.data import SPACE

KEY = "AKIAQ7XJ4NTWZRPL3MVB"
PAGE = """# at the top
defaults:
  system: "The key is {key}."   # shared by all
examples:
  - user: What's the capital?   # why
    assistant: "  Oslo. "
  - user: 'It''s late, {key} knows'
    assistant: ' It''s fine.'   # kept
  - user: |
      The key {key} is here.
        - and more

    assistant: {key}
  # ftlint: ignore[edge-whitespace] meant so
  - user: Hm?
    assistant: " Kept."
"""
WANTED = PAGE.replace('"  Oslo. "', '"Oslo."').replace("' It''s fine.'", "'It''s fine.'").replace("{key}", "REDACTED")


def fixed(text: str | bytes, **how: Any) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name), {"a.ft.yaml": data})
        place.fix(**how)
        once = place.read()
        assert not place.fix(**how).fixed
        assert place.read() == once
        return once["a.ft.yaml"]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_only_what_is_meant_changes(mark: bytes, end: bytes) -> None:
    def spelt(text: str) -> bytes:
        return mark + text.encode().replace(b"\n", end)

    assert fixed(spelt(PAGE.replace("{key}", KEY)), unsafe=True) == spelt(WANTED)


def test_safe_fixes_leave_secrets(tmp_path: Path) -> None:
    text = PAGE.replace("{key}", KEY)
    assert fixed(text).decode() == WANTED.replace("REDACTED", KEY)
    place = Place(tmp_path, {"a.ft.yaml": text.encode()})
    counts = {name: count for (_, name), count in place.fix(unsafe=True).fixed.items()}
    assert counts == {"edge-whitespace": 2, "secret-in-text": 4}


def test_marks_are_of_what_can_be_mended(tmp_path: Path) -> None:
    report = Place(tmp_path, {"a.ft.yaml": PAGE.replace("{key}", KEY).encode()}).check()
    marked = [(item.name, item.fix.safe) for item in report.diagnostics if item.fix]
    assert sorted(marked) == [("edge-whitespace", True)] * 2 + [("secret-in-text", False)] * 4


def test_a_text_of_another_file_is_left(tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_text(f"The key is {KEY}.")
    text = b"examples:\n  - user: Hi\n    assistant: {file: answer.txt}\n"
    place = Place(tmp_path, {"a.ft.yaml": text})
    assert not place.fix().left
    fixes = place.fix(unsafe=True)
    reason = "it was not fixed: YAML includes it; mend it there by hand"
    assert (fixes.left, fixes.failed) == ([((tmp_path / "answer.txt").as_posix(), reason)], False)
    assert not fixes.fixed
    assert place.read()["a.ft.yaml"] == text


def test_what_many_files_include_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_text(" Hello. ")
    text = "examples:\n" + "".join(f"  - {{user: Hi {n}, assistant: {{file: answer.txt}}}}\n" for n in range(3))
    fixes = Place(tmp_path, {name: text.encode() for name in ("a.ft.yaml", "b.ft.yaml")}).fix()
    assert [Path(path).name for path, _ in fixes.left] == ["answer.txt"]
    assert (tmp_path / "answer.txt").read_text() == " Hello. "


@given(authored.documents(), st.booleans())
def test_any_text_stays_or_is_trimmed(document: tuple[str, dict[Any, str]], unsafe: bool) -> None:
    text, said = document
    new = fixed(text, unsafe=unsafe).decode()
    [example] = read("a", "a", "", given=new).examples
    for (_, index, _), before in said.items():
        after = example.record["messages"][index]["content"]
        trimmed = before.strip(SPACE) if index % 2 else before
        assert after in (before, trimmed)


def test_a_secret_in_data_is_redacted_where_it_stands_alone(tmp_path: Path) -> None:
    turns = ["user: Go", "call: f\n      args: {q: {key}, n: [1, 2]}  # which"]
    turns += ["result:\n        - k: '{key}'\n      # so", "assistant: Done"]
    text = "examples:\n- turns:\n" + "".join(f"    - {turn}\n" for turn in turns)
    spelt = text.replace("{key}", KEY)
    assert fixed(spelt, unsafe=True).decode() == text.replace("{key}", "REDACTED")
    report = Place(tmp_path, {"a.ft.yaml": spelt.encode()}).check()
    assert [item.fix.what for item in report.diagnostics if item.fix] == ["write REDACTED for it"] * 2
    twice = spelt.replace("[1, 2]", f"[{KEY}]")
    assert fixed(twice, unsafe=True).decode().count(KEY) == 2


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
def test_bytes_of_windows_become_utf8_where_they_are_certain(mark: bytes, tmp_path: Path) -> None:
    text = "# für alle\nexamples:\n- user: Wo ist’s?   # café\n  assistant: Im Büro — dort.\n"
    data = mark + text.encode("cp1252")
    report = Place(tmp_path, {"a.ft.yaml": data}).check()
    assert [item.name for item in report.diagnostics if item.fix] == ["not-utf8"]
    assert fixed(data) == mark + text.encode()
    unsure = text.replace("Büro", "żółć").encode("cp1250")
    assert fixed(unsure) == unsure
    assert not [item for item in Place(tmp_path, {"a.ft.yaml": unsure}).check().diagnostics if item.fix]


ESCAPES = r"""
defaults: {system: "In \frac, or \\frac"}   # "\frac"
examples:
  - user: &half "a \frac{1}{2} and \beta, \b\\b, \n"   # half
    assistant: '\frac'
  # ftlint: ignore[eaten-yaml-escape] a bell
  - user: "\alpha\n"   # left
    assistant: *half
"""


def test_eaten_escapes_get_their_backslashes() -> None:
    assert fixed(ESCAPES).decode() == ESCAPES
    wanted = ESCAPES.replace(r"In \f", r"In \\f").replace(r"a \f", r"a \\f").replace(r"\beta, \b", r"\\beta, \\b")
    assert fixed(ESCAPES, unsafe=True).decode() == wanted


TOOLS = """\
defaults:
  tools:
    find: &find
      description: Find.
      # the schema
      parameters: {type: object, title: Find, properties: {q: {title: Q, type: string}, n: {type: integer, title: N}}}
examples:
- {user: a, assistant: b}
- user: c
  assistant: d
  tools:
    look:
      parameters:
        type: object
        # shown nowhere
        title: Look   # never
        properties:
          title: {type: string, default: null}
    find: *find
"""


def test_keywords_of_schemas_go_from_tools_that_examples_share(tmp_path: Path) -> None:
    config = "rules:\n  unsupported-tool-schema: {keywords: [title, default]}\n"
    place = Place(tmp_path, {"a.ft.yaml": TOOLS.encode()}, config)
    assert any(item.fix for item in place.check().diagnostics if item.name == "unsupported-tool-schema")
    place.fix(unsafe=True)
    wanted = TOOLS.replace("title: Find, ", "").replace("title: Q, ", "").replace(", title: N", "")
    wanted = wanted.replace("        # shown nowhere\n        title: Look   # never\n", "").replace(
        ", default: null", ""
    )
    assert place.read()["a.ft.yaml"].decode() == wanted
    assert not [item for item in place.check().diagnostics if item.fix]
