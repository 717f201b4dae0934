"""Authored YAML is read: every fault at its line and column, every value at its place, in bounded time and memory."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from authored import documents, taken
from hypothesis import given

from ftlint.authoring import compose as composing
from ftlint.authoring.read import read

TURNS = "examples:\n  - turns:\n"


def faults(tmp_path: Path, source: str) -> list[str]:
    """``line:column rule`` of each fault."""
    return [f"{f.place.line}:{f.place.column} {f.rule}" for f in taken(tmp_path, source).faults]


FAULTS = {
    "": "1:1 wrong-value",
    "- user: u\n": "1:1 wrong-value",
    "defaults: {tags: [a]}\n": "1:1 wrong-value",
    "examples:\n": "1:10 wrong-value",
    "examples: []\n": "1:11 wrong-value",
    "examples: [{user: u, assistant: a}]\nexample: []\n": "2:1 unknown-key",
    "examples:\n  - user: u\n    asistant: a\n": "3:5 unknown-key",
    "examples:\n  - user: u\n    user: v\n    assistant: a\n": "3:5 repeated-yaml-key",
    "examples:\n  - user: u\n    assistant: null\n": "3:16 empty-text",
    "examples:\n  - user: u\n    assistant: ~\n": "3:16 empty-text",
    "examples:\n  - user: u\n    assistant:\n": "3:5 empty-text",
    "examples:\n  - user: u\n    assistant: |\n": "3:5 empty-text",
    "defaults:\n  system:\nexamples:\n  - user: u\n    assistant: a\n": "2:3 empty-text",
    "examples:\n  - system: null\n    user: u\n    assistant: a\n": "2:13 empty-text",
    "examples:\n  - user: u\n": "2:5 wrong-value",
    "examples:\n  - assistant: a\n": "2:5 wrong-value",
    "examples:\n  - user: u\n    preferred: a\n": "2:5 wrong-value",
    "examples:\n  - user: u\n    assistant: a\n    preferred: a\n    rejected: b\n": "3:5 wrong-value",
    "examples:\n  - user: u\n    assistant: a\n    reference: {k: 1}\n": "3:5 wrong-value",
    "examples:\n  - user: u\n    reference: {messages: 1}\n": "3:17 wrong-value",
    "examples:\n  - user: u\n    reference: {}\n": "3:16 wrong-value",
    "examples:\n  - prompt: u\n": "2:5 wrong-value",
    "examples:\n  - prompt: u\n    completion: a\n    system: s\n": "4:5 wrong-value",
    "defaults: {system: s}\nexamples:\n  - prompt: u\n    completion: a\n": "3:5 wrong-value",
    "examples:\n  - turns: []\n": "2:12 wrong-value",
    "examples:\n  - turns: [{user: u}]\n    user: u\n": "3:5 wrong-value",
    "examples:\n  - turns: u\n": "2:12 wrong-value",
    "examples:\n  - u\n": "2:5 wrong-value",
    "examples:\n  - user:\n      - u\n    assistant: a\n": "3:7 wrong-value",
    "examples:\n  - user: u\n    assistant: a\n    weight: 2\n": "4:13 wrong-value",
    "examples:\n  - user: u\n    assistant: a\n    weight: true\n": "4:13 wrong-value",
    "examples:\n  - user: u\n    assistant: a\n    split: valid\n": "4:12 wrong-value",
    "examples:\n  - user: u\n    assistant: a\n    tags: a\n": "4:11 wrong-value",
    "examples:\n  - user: u\n    assistant: a\n    repeat: 0\n": "4:13 wrong-value",
    "examples:\n  - user: u\n    assistant: a\n    whitespace: trim\n": "4:17 wrong-value",
    "examples:\n  - user: u\n    assistant: a\n    parallel_tool_calls: yes\n": "4:26 wrong-value",
    "examples:\n  - user: u\n    assistant: a\n    meta: .nan\n": "4:11 wrong-value",
    "examples:\n  - user: u\n    assistant: a\n    meta: " + "9" * 5000 + "\n": "4:11 wrong-value",
    "examples:\n  - user: u\n    assistant: a\n    tools: [f]\n": "4:12 wrong-value",
    "examples:\n  - user: u\n    assistant: a\n    tools: {f: {params: {}}}\n": "4:17 unknown-key",
    "examples:\n  - user: u\n    assistant: a\n    tools: {f: {parameters: a}}\n": "4:29 wrong-value",
    TURNS + "      - user: u\n        assistant: a\n": "4:9 two-roles-in-a-turn",
    TURNS + "      - assistant: a\n        call: f\n        user: u\n": "5:9 two-roles-in-a-turn",
    TURNS + "      - user: u\n        call: f\n": "4:9 two-roles-in-a-turn",
    TURNS + "      - usr: u\n": "3:9 unknown-key",
    TURNS + "      - user: u\n        weight: 0\n": "4:9 unknown-key",
    TURNS + "      - assistant: u\n        args: {}\n": "4:9 unknown-key",
    TURNS + "      - weight: 0\n": "3:9 wrong-value",
    TURNS + "      - hello\n": "3:9 wrong-value",
    TURNS + "      - user: u\n      - result: r\n": "4:9 unpaired-result",
    TURNS + "      - calls: [{f: }, {g: }]\n      - results: [r]\n": "4:9 unpaired-result",
    TURNS + "      - call: f\n      - results: [r, s]\n": "4:9 unpaired-result",
    TURNS + "      - calls: [f]\n": "3:17 wrong-value",
    TURNS + "      - calls: [{f: {}, g: {}}]\n": "3:17 wrong-value",
    TURNS + "      - call: f\n        args: [1]\n": "4:15 wrong-value",
    TURNS + "      - user: u\n        images: i.png\n": "4:17 wrong-value",
    TURNS + "      - user: u\n        images: [{url: 'https://x/y.png', detail: hi}]\n": "4:51 wrong-value",
    TURNS + "      - user: u\n        images: [{detail: low}]\n": "4:18 wrong-value",
    TURNS + "      - user: u\n        images: [gone.png]\n": "4:18 missing-file",
    "examples:\n  - user: {file: gone.md}\n    assistant: a\n": "2:18 missing-file",
    "examples:\n  - user: {file: ../gone.md}\n    assistant: a\n": "2:18 outside-file",
    "examples:\n  - user: {file: /etc/passwd}\n    assistant: a\n": "2:18 outside-file",
    "examples:\n  - user: {file: .}\n    assistant: a\n": "2:18 missing-file",
    'examples:\n  - user: {file: "a\\0"}\n    assistant: a\n': "2:18 missing-file",
    "examples:\n  - user: u\n    assistant: a\n    tools: {file: gone.yaml}\n": "4:19 missing-file",
    TURNS + "      - calls: [get]\n      - result: r\n": "3:17 wrong-value",
    TURNS + "      - calls: get\n      - result: r\n": "3:16 wrong-value",
    "exmples:\n  - user: u\n    assistant: a\n": "1:1 unknown-key",
    "examples:\n  - user: u\n    assistant: #ff0000\n": "3:16 reserved-first-character",
    "examples:\n  - user: u\n    assistant:  # to be written\n": "3:5 empty-text",
    "examples:\n  - user: u\n    assistant: # ftlint: ignore[empty-text]\n": "3:5 empty-text",
    "examples:\n  - user: u\n    assistant: |\n    \tgo\n": "4:5 tab-indentation",
    "examples:\n  - user: u\n    assistant: |\n      \tgo\n\tgo\n": "5:1 tab-indentation",
    "examples: &e [{user: u, assistant: a, meta: *e}]\n": "1:11 alias-bomb",
}


@pytest.mark.parametrize("source", FAULTS, ids=lambda source: source.replace("\n", "/")[-40:])
def test_each_mistake_is_one_fault_at_its_place(tmp_path: Path, source: str) -> None:
    assert faults(tmp_path, source) == [FAULTS[source]]
    fix = str(taken(tmp_path, source).faults[0].values.get("fix", "a hint of the rule"))
    assert fix[0].islower()
    assert not fix.endswith(".")


def test_a_faulty_example_is_left_out_and_the_others_stay(tmp_path: Path) -> None:
    authored = taken(tmp_path, "examples:\n  - user: u\n  - user: v\n    assistant: b\n  - {user: 1, assistant: ~}\n")
    assert [example.index for example in authored.examples] == [1]
    assert len(authored.faults) == 2


def test_a_faulty_default_is_one_fault(tmp_path: Path) -> None:
    source = "defaults:\n  system: {file: gone.md}\nexamples:\n" + "  - {user: u, assistant: a}\n" * 3
    source += "  - {system: s, user: u, assistant: a}\n"
    authored = taken(tmp_path, source)
    assert [fault.rule for fault in authored.faults] == ["missing-file"]
    assert [example.index for example in authored.examples] == [3]


def test_values_fill_the_words(tmp_path: Path) -> None:
    (tmp_path / "support.md").write_text("s")
    source = "examples:\n  - user: {file: suport.md}\n    assistant: a\n    splt: train\n"
    first, second = taken(tmp_path, source.replace("    splt", "  - user: u\n    splt")).faults
    assert first.values == {
        "file": "suport.md",
        "reason": "does not exist",
        "suggestion": ' — did you mean "support.md"?',
    }
    assert second.values == {"key": '"splt"', "where": "an example", "suggestion": ' — did you mean "split"?'}


def test_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    project = tmp_path / "project"
    project.mkdir()
    (project / "in.md").symlink_to(tmp_path / "secret.md")
    source = "examples:\n  - user: {file: in.md}\n    assistant: a\n"
    assert faults(project, source) == ["2:18 outside-file"]


def test_included_bytes_that_are_no_utf8(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"caf\xe9")
    assert faults(tmp_path, "examples:\n  - user: {file: a.md}\n    assistant: a\n") == ["2:18 not-utf8"]


def test_a_file_of_other_bytes_is_one_fault_where_they_start(tmp_path: Path) -> None:
    (tmp_path / "a.ft.yaml").write_bytes(b"examples:\n  - user: caf\xe9\n")
    authored = read("a.ft.yaml", str(tmp_path / "a.ft.yaml"), str(tmp_path))
    assert [(f.rule, f.place.line, f.place.column) for f in authored.faults] == [("not-utf8", 2, 14)]


def test_an_image_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "i.png").write_bytes(b"GIF89a")
    assert faults(tmp_path, TURNS + "      - user: u\n        images: [i.png]\n") == ["4:18 wrong-value"]


@pytest.mark.parametrize("text", ["file: tools.yaml\n", "{file: other.yaml}", ""])
def test_a_tools_file_that_includes_a_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "tools.yaml").write_text(text)
    assert faults(tmp_path, "defaults:\n  tools: {file: tools.yaml}\nexamples: [{user: u, assistant: a}]\n") == [
        "2:17 wrong-value"
    ]


def test_faults_of_a_tools_file_stand_in_it(tmp_path: Path) -> None:
    (tmp_path / "tools.yaml").write_text("f:\n  parameters: {}\n  paramters: {}\n")
    authored = taken(tmp_path, "defaults:\n  tools: {file: tools.yaml}\nexamples: [{user: u, assistant: a}]\n")
    [fault] = authored.faults
    assert (fault.rule, fault.place.path, fault.place.line, fault.place.column) == ("unknown-key", "tools.yaml", 3, 3)
    assert authored.shown(fault.place).text == "  paramters: {}"
    assert authored.included == (str(tmp_path / "tools.yaml"),)


def test_a_file_that_is_not_there_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read("a.ft.yaml", str(tmp_path / "a.ft.yaml"), str(tmp_path))


def test_an_alias_bomb_is_refused(tmp_path: Path) -> None:
    rows = [f"  a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 10) + "]" for n in range(1, 30)]
    source = "defaults:\n meta:\n  a0: &a0 [x]\n" + "\n".join(rows) + "\nexamples: [{user: u, assistant: a}]\n"
    assert [fault.rule for fault in taken(tmp_path, source).faults] == ["alias-bomb"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_one_fault(tmp_path: Path, opening: str) -> None:
    assert len(taken(tmp_path, "examples:\n" + opening * 5000).faults) == 1


def test_a_scalar_of_five_megabytes(tmp_path: Path) -> None:
    said = "word  " * 900_000 + "end"
    authored = taken(tmp_path, f"examples:\n  - user: '{said}'\n    assistant: >\n      {said}\n")
    record = authored.examples[0].record
    assert [message["content"] for message in record["messages"]] == [said, said]
    position = authored.position(0, ("messages", 1, "content"), span=(len(said) - 3, len(said)))
    assert (position.line, position.column, position.end_column) == (4, len(said) + 4, len(said) + 7)


def test_a_hundred_thousand_examples(tmp_path: Path) -> None:
    count = 100_000
    authored = taken(tmp_path, "examples:\n" + "- {user: u, assistant: a}\n" * count)
    assert len(authored.examples) == count
    assert authored.position(count - 1, ("messages", 1, "content")).line == count + 1


def test_the_pure_parser_reads_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    from ftlint import yamltree

    pure = type(
        "Parser", (next(base for base in yamltree._loader().__mro__ if base.__name__ == "Hooks"), yaml.SafeLoader), {}
    )
    source = 'examples:\n  - user: "a\\\n     b"\n    assistant: |2-\n        c\n       d\n\n    note: [x] # y\n'
    compiled = taken(tmp_path, source)
    monkeypatch.setattr(yamltree, "_loader", lambda: pure)
    assert not composing._is_compiled(pure("a"))
    other = taken(tmp_path, source)
    assert other.faults == compiled.faults == ()
    assert other.examples == compiled.examples
    assert len(taken(tmp_path, 'examples: [{user: "\\ud83d", assistant: a}]').faults) == 1


def test_what_was_read_pickles(tmp_path: Path) -> None:
    authored = taken(tmp_path, "defaults: {tools: {f: {}}, system: s}\nexamples: [{user: u, assistant: a, id: 7}]\n")
    again = pickle.loads(pickle.dumps(authored))
    assert again.examples == authored.examples
    assert again.position(0, ("tools", 0)) == authored.position(0, ("tools", 0))


def test_places_fall_back_to_what_is_around(tmp_path: Path) -> None:
    source = "examples:\n  - turns:\n      - user: u\n      - call: f\n        args: {a: 1}\n      - result: {b: 2}\n"
    authored = taken(tmp_path, source)

    def at(*route: str | int, **more: Any) -> tuple[int, int, int]:
        position = authored.position(0, route, **more)
        return position.line, position.column, position.end_column

    assert at() == (2, 5, 11)
    assert at("messages") == (2, 5, 11)
    assert at("messages", 0) == (3, 9, 16)
    assert at("messages", 0, "role") == (3, 9, 13)
    assert at("messages", 0, "content", part="key") == (3, 9, 13)
    assert at("messages", 0, "content", span=(0, 1)) == (3, 15, 16)
    assert at("messages", 1, "tool_calls", 0, "function", "name") == (4, 15, 16)
    assert at("messages", 1, "tool_calls", 0, "function", "arguments", span=(2, 3)) == (5, 15, 21)
    assert at("messages", 1, "tool_calls", 0, "id") == (4, 15, 16)
    assert at("messages", 2, "tool_call_id") == (6, 9, 23)
    assert at("messages", 2, "content", part="key") == (6, 9, 15)


@given(documents())
def test_a_route_leads_to_text_that_spells_the_value(document: tuple[str, dict[tuple[str | int, ...], str]]) -> None:
    source, said = document
    authored = read("a.ft.yaml", "a.ft.yaml", ".", given=source)
    assert [fault for fault in authored.faults if not fault.soft] == [], source
    rows = source.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    for route, text in said.items():
        value: Any = authored.examples[0].record
        for step in route:
            value = value[step]
        assert value == text, (source, route)
        for index, char in enumerate(text):
            position = authored.position(0, route, span=(index, index + 1))
            assert position.text == rows[position.line - 1]
            shown = position.text[position.column - 1 : position.end_column - 1]
            if char == "\n" or shown == "":
                continue
            assert shown == char or shown.startswith(("\\", "''")) or (char == " " and not shown.strip(" \t")), source


def test_a_span_of_an_included_text_stands_in_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes("\ufeffone\r\ntwo b\r\n".encode())
    authored = taken(tmp_path, "examples:\n  - {user: {file: a.md}, assistant: a}\n")
    position = authored.position(0, ("messages", 0, "content"), span=(8, 9))
    assert (position.path, position.line, position.column, position.text) == ("a.md", 2, 5, "two b")
    whole = authored.position(0, ("messages", 0, "content"))
    assert (whole.path, whole.line, whole.column, whole.end_column) == ("a.md", 1, 1, 4)


def test_spans_behind_an_anchor_and_at_a_kept_end(tmp_path: Path) -> None:
    source = "examples:\n  - user: &q  what\n    assistant: |2+\n        a \n\n    whitespace: keep\n"
    authored = taken(tmp_path, source)
    anchored = authored.position(0, ("messages", 0, "content"), span=(1, 3))
    assert (anchored.line, anchored.column, anchored.end_column) == (2, 16, 18)
    assert authored.examples[0].record["messages"][1]["content"] == "  a \n\n"
    kept = authored.position(0, ("messages", 1, "content"), span=(3, 6))
    assert (kept.line, kept.column, kept.end_column) == (4, 10, 11)


def test_records_are_plain_json(tmp_path: Path) -> None:
    [example] = taken(tmp_path, "examples: [{user: u, assistant: a}]").examples
    assert json.loads(json.dumps(example.record)) == example.record
