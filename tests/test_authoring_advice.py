"""What authors paste and copy: escapes, tabs, UTF-16 and ids that repeat, each read or explained truly."""

from __future__ import annotations

from pathlib import Path

import pytest
from authored import taken

from ftlint.authoring.read import read


def fixes(tmp_path: Path, source: str) -> list[object]:
    return [fault.values["fix"] for fault in taken(tmp_path, source).faults]


@pytest.mark.parametrize("given", ["{fil: p.md}", "{file: p.md, x: 1}"])
def test_an_inclusion_that_is_none_is_explained(tmp_path: Path, given: str) -> None:
    source = f"examples:\n  - user: {given}\n    assistant: a\n"
    assert fixes(tmp_path, source) == ["to take the text from a file, write {file: path} and nothing beside it"]


ESCAPES = {
    r"\ud83d\ude00 hi": "write the character itself: \U0001f600",
    r"hi\n\ude00": "write the whole character, or remove it",
    r"a\n\x b": r"write \\x if a backslash is meant",
    r"\U00110000\n": r"write \\U if a backslash is meant",
}


@pytest.mark.parametrize("said", ESCAPES)
def test_the_advice_on_an_escape_teaches_no_backslashes(tmp_path: Path, said: str) -> None:
    assert fixes(tmp_path, f'examples:\n  - user: "{said}"\n    assistant: a\n') == [ESCAPES[said]]


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_one_fault_at_the_start(tmp_path: Path, coding: str) -> None:
    file = tmp_path / "a.ft.yaml"
    file.write_bytes("examples:\n  - user: \u20ac\n    assistant: b\n".encode(coding))
    (fault,) = read("a.ft.yaml", str(file), str(tmp_path)).faults
    assert (fault.rule, fault.place.line, fault.place.column) == ("invalid-yaml", 1, 1)
    assert "UTF-16" in str(fault.values["what"])


@pytest.mark.parametrize("head", ["  - user: u\n    assistant: |\n", "  - user: u\r\n    assistant: |+  # go\r\n\r\n"])
def test_a_tab_behind_the_indentation_of_a_block_is_text(tmp_path: Path, head: str) -> None:
    authored = taken(tmp_path, f"examples:\n{head}      \tgo\u2028 \n      \tcode\n")
    assert authored.faults == ()
    assert authored.examples[0].record["messages"][1]["content"].lstrip("\n") == "\tgo\u2028 \n\tcode"


def test_an_id_that_repeats_is_noted_and_its_example_is_built(tmp_path: Path) -> None:
    source = "examples:\n  - &a {id: x, user: u, assistant: a}\n"
    source += "  - {id: x, user: v, assistant: b}\n  - <<: *a\n    user: w\n"
    authored = taken(tmp_path, source)
    places = [(fault.rule, fault.place.line, fault.place.column, fault.soft) for fault in authored.faults]
    assert places == [("repeated-id", 3, 10, True), ("repeated-id", 4, 5, True)]
    assert [example.index for example in authored.examples] == [0, 1, 2]
    assert authored.faults[0].values == {"id": '"x"', "first": 2}
