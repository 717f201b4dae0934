"""Lines: one damaged part is one fault of the right rule, and stands where it is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ftlint.model import Source
from ftlint.record import Line
from ftlint.shape import Fault, describe, examine, is_log
from ftlint.words import Places

USER = {"role": "user", "content": "Where is my parcel?"}
ANSWER = {"role": "assistant", "content": "It left."}
CALL = {"id": "c1", "type": "function", "function": {"name": "track", "arguments": '{"id": 1, "id2": ":"}'}}
TOOL = {"type": "function", "function": {"name": "track", "parameters": {"type": "object"}, "strict": None}}
IMAGE = {"type": "image_url", "image_url": {"url": "https://a.example/b.png", "detail": "low"}}
SOUND: tuple[dict[str, Any], ...] = (
    {"messages": [{"role": "system", "content": "Be kind."}, USER, {**ANSWER, "weight": 0, "name": "bot"}]},
    {
        "messages": [
            USER,
            {"role": "assistant", "content": None, "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "c1", "content": "depot"},
            ANSWER,
        ],
        "tools": [TOOL],
        "parallel_tool_calls": False,
    },
    {
        "messages": [
            USER,
            {"role": "assistant", "function_call": CALL["function"]},
            {"role": "function", "name": "track", "content": None},
            ANSWER,
        ],
        "functions": [TOOL["function"]],
    },
    {
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "What?"}, IMAGE]},
            {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
        ]
    },
    {"input": {"messages": [USER], "tools": [TOOL]}, "preferred_output": [ANSWER], "non_preferred_output": [ANSWER]},
    {"messages": [{"role": "developer", "content": "Be kind."}, USER], "answer": {"messages": [1, "a:"]}, "id": 2**70},
    {"prompt": "Where?", "completion": " Here.", "label": True},
    {"prompt": [USER], "completion": [ANSWER]},
)


def line(data: bytes, number: int = 1) -> Line:
    return Line(Source("train.jsonl", "train.jsonl"), number, 0, data)


@pytest.mark.parametrize("data", SOUND)
def test_sound_records_have_no_fault(data: dict[str, Any]) -> None:
    outcome = examine(line(json.dumps(data).encode()))
    assert outcome.faults == ()
    assert outcome.record is not None


@pytest.mark.parametrize("half", [r"\udc00", r"\ud83dA", r"\ud83d", r"\ud83d\u0041", r"\ud83d\ud83d"])
def test_half_characters_are_refused_by_the_decoder_and_found(half: str) -> None:
    data = b'{"messages": [{"role": "user", "content": "%b"}]}' % half.encode()
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(data)
    (fault,) = examine(line(data)).faults
    assert (fault.rule, fault.finding.at.span) == ("lone-surrogate", (43, 49))


def test_brackets_many_levels_deep_are_one_fault() -> None:
    def nested(depth: int) -> bytes:
        return b'{"messages": [%b], "x": %b}' % (json.dumps(USER).encode(), b"[" * depth + b"]" * depth)

    for depth in (600, 5000, 100_000):
        (fault,) = examine(line(nested(depth))).faults
        assert (fault.rule, "levels deep" in str(fault.finding.values["reason"])) == ("invalid-json", True)
    assert examine(line(nested(400))).faults == ()


def test_integers_of_many_digits_are_one_fault() -> None:
    start = b'{"messages": [%b], "x": ' % json.dumps(USER).encode()
    (fault,) = examine(line(start + b"9" * 5000 + b"}")).faults
    assert (fault.rule, fault.finding.at.span) == ("invalid-json", (len(start), len(start) + 5000))
    assert examine(line(start + b"9" * 4000 + b"}")).faults == ()


FAULTY: dict[str, tuple[bytes, str]] = {
    "comma": (b'{"messages": [{"role": "user" "content": "x"}]}', '"content"'),
    "nan": (b'{"messages": [], "x": NaN}', "NaN"),
    "twice": (b'{"messages": [{"role": "user", "content": "x", "content" : "y"}]}', '"content"'),
    "surrogate": (b'{"messages": [{"role": "user", "content": "\\\\ \\ud83d"}]}', "\\ud83d"),
    "utf8": (b'{"messages": [{"role": "user", "content": "\xe9"}]}', "\ufffd"),
    "objects": (b'{"messages": []} {"messages": []}', "{"),
    "type": (b'{"messages": [{"role": "user", "content": 5}]}', "5"),
    "extra": (b'{"messages": [{"role": "user", "content": "x", "a": 5}]}', '"a"'),
    "missing": (b'{"messages": [{"role": "user"}]}', '{"role": "user"}'),
    "empty": (b'{"messages": []}', "[]"),
}


@pytest.mark.parametrize("name", FAULTY)
@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b""])
@pytest.mark.parametrize("before", ["", "héé 🌙 漢字\u2028", "\\u00e9 \\ud83d\\ude00"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b'{"a": 1}\n'])
def test_faults_stand_where_they_are(tmp_path: Path, name: str, ending: bytes, before: str, mark: bytes) -> None:
    from ftlint.sources.jsonl import cut
    from ftlint.sources.read import read

    data, token = FAULTY[name]
    if before and b'"role": "user"' in data:
        message = json.dumps({"role": "system", "content": "?"}).replace("?", before)
        data = data.replace(b'"messages": [', b'"messages": [' + message.encode() + b", ", 1)
    file = tmp_path / "train.jsonl"
    file.write_bytes(mark + data + ending)
    source = Source("train.jsonl", str(file))
    found = [fault for block in read(next(cut(source))) for fault in block.faults]
    fault = found[-1]
    position = Places([Source("train.jsonl", str(file))]).position(fault.finding.at)
    text = (mark + data).decode("utf-8", "replace").split("\n")[-1]
    column = len(text) - text[::-1].index(token[::-1]) - len(token) + 1
    assert (position.line, position.column) == (1 + mark.count(b"\n"), column)
    assert text[position.column - 1 : position.end_column - 1] == token


def of(record: dict[str, Any]) -> list[tuple[str, str]]:
    outcome = examine(line(json.dumps(record).encode()))
    return [(fault.rule, str(fault.finding.at).partition(":1")[2].lstrip(":")) for fault in outcome.faults]


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        ({"role": "user", "content": 5}, "wrong-type"),
        ({"role": "user", "content": {"type": "text"}}, "wrong-type"),
        ({"role": "user", "content": ["a", "b", "c"]}, "wrong-type"),
        ({"role": "user", "content": [{"text": "a"}, {"text": "b"}]}, "missing-key"),
        ({"role": "user", "content": None}, "null-content"),
        ({"role": "user", "value": "a", "id": 1}, "missing-key"),
        ({"role": "assistant"}, "missing-key"),
        ({"role": "assistant", "content": None}, "null-content"),
        ({"role": "assistant", "content": "a", "tool_calls": []}, "wrong-type"),
        ({"role": "assistant", "content": None, "tool_calls": []}, "wrong-type"),
        ({"role": "assistant", "tool_calls": None}, "wrong-type"),
        ({"role": "assistant", "tool_calls": [{**CALL, "type": "x"}]}, "wrong-type"),
        (
            {"role": "assistant", "tool_calls": [{"type": "function", "name": "a", "arguments": "{}"}]},
            "missing-call-id",
        ),
        ({"role": "tool"}, "missing-call-id"),
        ({"role": "tool", "output": "a"}, "missing-call-id"),
        ({"role": "function"}, "missing-key"),
        ({"from": "human", "value": "a"}, "missing-role"),
        ({}, "missing-role"),
        ({"role": "bot", "text": "a"}, "unknown-role"),
        ({"role": None, "content": None}, "wrong-type"),
        ("user: hi", "wrong-type"),
        (None, "wrong-type"),
        ([USER], "wrong-type"),
    ],
)
def test_one_damaged_message_is_one_fault(message: Any, rule: str) -> None:
    assert [name for name, _ in of({"messages": [USER, message, ANSWER]})] == [rule]


@pytest.mark.parametrize(
    ("record", "rules"),
    [
        ({"messages": []}, ["empty-messages"]),
        ({"messages": None}, ["wrong-type"]),
        ({"messages": [USER, ANSWER], "tools": [{"type": "function", "name": "a", "parameters": {}}]}, ["missing-key"]),
        ({"preferred_output": [ANSWER], "rejected": [ANSWER]}, ["missing-key"]),
        ({"messages": [{**USER, "id": 1}, {**ANSWER, "id": 2}]}, ["extra-key", "extra-key"]),
        ({"messages": [{**USER, "weight": 1}, {**ANSWER, "weight": 2}]}, ["misplaced-weight", "bad-weight"]),
        ({"conversations": []}, ["wrong-shape"]),
        ({"prompt": 1, "completion": ""}, ["wrong-type"]),
    ],
)
def test_causes_are_told_once(record: dict[str, Any], rules: list[str]) -> None:
    assert [name for name, _ in of(record)] == rules


def test_soft_faults_leave_the_record_usable() -> None:
    outcome = examine(line(json.dumps({"id": 1, "messages": [USER, {**ANSWER, "weight": 2, "name": "a b"}]}).encode()))
    assert {fault.rule for fault in outcome.faults} == {"extra-key", "bad-weight", "bad-name"}
    assert outcome.record is not None


@pytest.mark.parametrize(
    "value",
    [
        {"timestamp": "2026-11-23", "level": "info", "msg": "started"},
        {"ts": 1.5, "trace_id": "a", "prompt": "Where?", "response": "Here."},
        {"type": "user", "sessionId": "a", "uuid": "b", "timestamp": "2026", "message": {"role": "user"}},
        {"time": 1, "text": "x", "severity": "INFO"},
    ],
)
def test_lines_of_logs_are_told_from_records(value: dict[str, Any]) -> None:
    assert is_log(value)
    assert describe(value) == "a line of a log or trace"


@pytest.mark.parametrize(
    "value", [*SOUND, {"question": "a", "answer": "b", "date": "2026"}, {"text": "a", "ts": 1}, [], 1, {}]
)
def test_records_are_no_logs(value: Any) -> None:
    assert not is_log(value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"conversations": []}, "ShareGPT"),
        ({"conversations": [USER, {}]}, "ShareGPT"),
        ({"conversation": [USER, ANSWER]}, "a chat whose messages stand under conversation"),
        ({"instruction": "", "input": "", "output": ""}, "Alpaca"),
        ({"prompt": "", "chosen": "", "rejected": ""}, "preference pair"),
        ({"prompt": "", "chosen": [ANSWER], "rejected": [ANSWER]}, "preference pair"),
        (USER, "single message"),
        ([USER, ANSWER], "bare list of messages"),
        ([1], "a list"),
        ("a", "a string"),
        (None, "null"),
        ({}, "an empty object"),
        ({"a": 1, "b" * 50: 2}, 'an object with the keys "a", "bbb'),
    ],
)
def test_other_shapes_are_named(value: Any, words: str) -> None:
    (fault,) = examine(line(json.dumps(value).encode())).faults
    assert fault.rule == "wrong-shape"
    assert words in str(fault.finding.values["seen"])


def test_a_fault_is_a_fault_wherever_the_key_stands_twice() -> None:
    def rules(text: str) -> list[str]:
        return [fault.rule for fault in examine(line(text.encode())).faults]

    base = '{"messages": [{"role": "user", "content": "x"%s}]}'
    for colon in (":", " :", "\t:", "\r:", "\r\t :"):
        assert rules(base % f', "content"{colon}"y"') == ["duplicate-key"]
        assert rules(base % f', "\\u0063ontent"{colon}"y"') == ["duplicate-key"]
    assert rules('{"messages": [{"role": "user", "content": "x"}], "a\\\\": 1, "a\\\\":2}') == ["duplicate-key"]
    assert rules('{"messages": [{"role": "user", "content": "x"}], "a\\":": 1, "a\\":":2}') == ["duplicate-key"]
    assert rules('{"messages": [{"role": "user", "content": ":\\":\\" :"}]}') == []


def test_faults_are_values() -> None:
    fault: Fault = examine(line(b"{")).faults[0]
    assert fault == examine(line(b"{")).faults[0]
    assert re.fullmatch("[0-9a-f]{16}", fault.finding.subject)
