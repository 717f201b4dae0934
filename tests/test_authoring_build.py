"""Authored examples become exactly these records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from authored import assistant, result, user

from ftlint.authoring.read import Authored, read


def built(tmp_path: Path, source: str, **files: str) -> Authored:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content.encode())
    return read("a.ft.yaml", str(tmp_path / "a.ft.yaml"), str(tmp_path), given=source)


def one(tmp_path: Path, example: str, **files: str) -> Any:
    """The record of one example, whose lines are given."""
    source = "examples:\n  - " + example.strip("\n").replace("\n", "\n    ") + "\n"
    authored = built(tmp_path, source, **files)
    assert authored.faults == (), authored.faults
    return authored.examples[0].record


WRITTEN = ("No", "007", "1.10", "2024-01-02", "12:30:45", "0x1F", "True", "1_000", ".inf", "39.90", "nul", "=")


@pytest.mark.parametrize("said", WRITTEN)
def test_text_is_text(tmp_path: Path, said: str) -> None:
    turns = f"turns:\n  - user: {said}\n  - call: {said}\n  - result: {said}\n  - assistant: {said}\n    name: {said}"
    messages = one(tmp_path, turns)["messages"]
    assert [message.get("content") for message in messages] == [said, None, said, said]
    assert messages[1]["tool_calls"][0]["function"]["name"] == messages[3]["name"] == said


@pytest.mark.parametrize(
    "written", ["|\n  a\n\n  b\n", "|-\n  a\n\n  b\n", '"a\n\n\n b"', '"a\\n\\nb\\n"', "'a\n\n\n  b'", "a\n\n\n  b"]
)
def test_the_final_line_end_is_dropped(tmp_path: Path, written: str) -> None:
    assert one(tmp_path, f"assistant: {written}\nuser: u")["messages"][1]["content"] == "a\n\nb"


def test_white_space_is_kept_where_asked(tmp_path: Path) -> None:
    messages = one(tmp_path, 'whitespace: keep\nassistant: |+\n  b\n\nuser: "a\\n"')["messages"]
    assert [message["content"] for message in messages] == ["a\n", "b\n\n"]


def test_an_included_text_loses_its_mark_line_ends_and_final_line_end(tmp_path: Path) -> None:
    record = one(tmp_path, "user: {file: a.md}\nassistant: b", **{"a.md": "\ufeffone\r\ntwo\r\n"})
    assert record["messages"][0]["content"] == "one\ntwo"


def test_arguments_and_results_are_resolved_as_yaml_1_2(tmp_path: Path) -> None:
    turns = (
        "turns:\n  - user: u\n  - call: f\n    args: {a: No, b: true, c: 0o17, d: 1.50, e: ~, 2: [x, '1']}\n"
        "  - result: [NO, 1e3, {k: null}]\n  - assistant: a"
    )
    messages = one(tmp_path, turns)["messages"]
    arguments = messages[1]["tool_calls"][0]["function"]["arguments"]
    assert arguments == '{"a":"No","b":true,"c":15,"d":1.5,"e":null,"2":["x","1"]}'
    assert messages[2]["content"] == '["NO",1000.0,{"k":null}]'


def test_text_and_calls_may_stand_in_one_turn(tmp_path: Path) -> None:
    turns = "turns:\n  - user: u\n  - assistant: Wait.\n    weight: 0\n    name: bot\n    calls: [{f: }, {g: '{}'}]\n"
    turns += "  - result: 1\n  - result: {file: r.txt}\n    name: g\n  - user: thanks"
    messages = one(tmp_path, turns, **{"r.txt": "two\n"})["messages"]
    assert list(messages[1]) == ["role", "content", "name", "weight", "tool_calls"]
    assert [c["function"] for c in messages[1]["tool_calls"]] == [
        {"name": "f", "arguments": "{}"},
        {"name": "g", "arguments": "{}"},
    ]
    assert messages[2:4] == [
        result("call_1", "1"),
        {"role": "tool", "content": "two", "name": "g", "tool_call_id": "call_2"},
    ]


def test_keys_stand_in_a_fixed_order(tmp_path: Path) -> None:
    record = one(
        tmp_path,
        "reference: {b: 1, a: {c: [2]}}\nparallel_tool_calls: false\ntools:\n  f: {strict: true, description: d}\n"
        "turns:\n  - user: u\ndeveloper: be brief",
    )
    assert json.dumps(record) == json.dumps(
        {
            "messages": [{"role": "developer", "content": "be brief"}, user("u")],
            "tools": [{"type": "function", "function": {"name": "f", "description": "d", "strict": True}}],
            "parallel_tool_calls": False,
            "b": 1,
            "a": {"c": [2]},
        }
    )


def test_a_preference_holds_its_tools_in_its_input(tmp_path: Path) -> None:
    record = one(tmp_path, "tools: {f: }\nuser: u\npreferred: a\nrejected: b")
    assert record["input"] == {"messages": [user("u")], "tools": [{"type": "function", "function": {"name": "f"}}]}


def test_a_completion(tmp_path: Path) -> None:
    assert one(tmp_path, "prompt: 1 + 1 =\ncompletion: 2") == {"prompt": "1 + 1 =", "completion": "2"}


def test_defaults_are_replaced_and_removed(tmp_path: Path) -> None:
    source = (
        "defaults:\n  system: s\n  tools: {f: {}}\n  tags: [a]\n  repeat: 2\n  group: g\n  whitespace: keep\n"
        "  reference: {k: 1}\nexamples:\n  - user: u\n  - user: u\n    system: t\n    tools:\n    tags: [b]\n"
        "    repeat: 3\n    group: ~\n    reference: {m: 2}\n"
        "  - user: u\n    assistant: |\n      a\n    reference: null\n"
    )
    first, second, third = built(tmp_path, source).examples
    assert first.record == {"messages": [{"role": "system", "content": "s"}, user("u")], "tools": [TOOL], "k": 1}
    assert second.record == {"messages": [{"role": "system", "content": "t"}, user("u")], "m": 2}
    assert [(e.tags, e.repeat, e.group) for e in (first, second)] == [(("a",), 2, "g"), (("b",), 3, "")]
    assert third.record["messages"][2] == assistant("a\n")
    assert [e.shape for e in (first, second, third)] == ["reinforcement", "reinforcement", "chat"]


TOOL = {"type": "function", "function": {"name": "f"}}


def test_merge_keys_and_anchors_work(tmp_path: Path) -> None:
    source = (
        "examples:\n  - &first\n    user: u\n    assistant: &said yes\n    tags: &tags [a]\n"
        "  - <<: *first\n    user: v\n  - <<: [{user: w, tags: *tags}, *first]\n    assistant: *said\n"
    )
    authored = built(tmp_path, source)
    assert [[m["content"] for m in e.record["messages"]] for e in authored.examples] == [
        ["u", "yes"],
        ["v", "yes"],
        ["w", "yes"],
    ]
    assert all(e.tags == ("a",) for e in authored.examples)


def test_separators_of_unicode_are_characters(tmp_path: Path) -> None:
    said = "a\u2028 b\u2029 c\x85 d\ufeff e"
    record = one(tmp_path, f'user: {said}\nassistant: "{said} \\u2028 \\ue000 \\x85"')
    assert [message["content"] for message in record["messages"]] == [said, f"{said} \u2028 \ue000 \x85"]


@pytest.mark.parametrize(
    ("data", "kind"), [(b"\xff\xd8\xff\xe0", "jpeg"), (b"RIFF\0\0\0\0WEBPVP8 ", "webp"), (b"\x89PNG\r\n\x1a\n", "png")]
)
def test_an_image_is_known_by_its_bytes(tmp_path: Path, data: bytes, kind: str) -> None:
    (tmp_path / "i.jpg").write_bytes(data)
    url = one(tmp_path, "user: u\nimages: [{file: i.jpg}]\nassistant: a")["messages"][0]["content"][1]
    assert url["image_url"]["url"].startswith(f"data:image/{kind};base64,")
