"""What the tests of the tool rules share: checks, messages and records."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ftlint.checks import toolschema
from ftlint.checks.base import RecordCheck
from ftlint.checks.tools import (
    DuplicateCallId,
    OrphanToolMessage,
    UnansweredToolCall,
    UndeclaredTool,
    UnparseableArguments,
)
from ftlint.checks.toolschema import MismatchedArguments, UnsupportedToolSchema
from ftlint.model import Finding, Shape, Source, show_route
from ftlint.record import Line, Record

CHECKS: tuple[RecordCheck, ...] = (
    UnparseableArguments(),
    UndeclaredTool(),
    OrphanToolMessage(),
    UnansweredToolCall(),
    DuplicateCallId(),
    MismatchedArguments(),
    UnsupportedToolSchema(keywords=("title", "default", "anyOf")),
)
ORDER = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"], "additionalProperties": False}
TOOLS = [{"type": "function", "function": {"name": "get", "parameters": ORDER}}]
USER = {"role": "user", "content": "Where is it?"}
ANSWER = {"role": "assistant", "content": "Here."}


def record(data: dict[str, Any], shape: Shape = "chat") -> Record:
    return Record(Line(Source("train.jsonl", "train.jsonl"), 1, 0, b""), data, shape)


def call(id: str = "a", name: str = "get", arguments: str = '{"id": "1"}') -> dict[str, Any]:
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def asks(*calls: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "tool_calls": list(calls), **more}


def result(id: str = "a") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": id, "content": "ok"}


def chat(*messages: dict[str, Any], **more: Any) -> Record:
    return record({"messages": list(messages), "tools": TOOLS, **more})


def preference(messages: list[Any], good: dict[str, Any], bad: dict[str, Any]) -> Record:
    data = {"input": {"messages": messages, "tools": TOOLS}, "preferred_output": [good], "non_preferred_output": [bad]}
    return record(data, "preference")


def legacy(*messages: dict[str, Any], **more: Any) -> Record:
    return record({"messages": list(messages), "functions": [{"name": "get", "parameters": ORDER}], **more})


def found(check: RecordCheck, checked: Record) -> list[Finding]:
    return list(check.examine(checked))


def routes(check: RecordCheck, checked: Record) -> list[str]:
    return [show_route(finding.at.route) for finding in found(check, checked)]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, 1.5]) | st.sampled_from(["", "a", "b"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b", "title"]), inner, max_size=2)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(["a", "b", "title"])
SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    st.just({}) | st.builds(lambda kind: {"type": kind}, st.sampled_from([*toolschema._TYPES, "int"])),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["object", "array", "string", ["object", "null"]]),
            "properties": st.dictionaries(NAMES, inner, max_size=2),
            "required": st.lists(NAMES, max_size=2, unique=True),
            "additionalProperties": st.booleans() | inner,
            "items": inner,
            "enum": st.lists(VALUES, max_size=2),
            "anyOf": st.lists(inner, max_size=2),
            "title": VALUES,
            "default": VALUES,
            "$ref": st.sampled_from(["#", "#/$defs/x", "urn:x"]),
        },
    ),
    max_leaves=6,
)
ODD = st.dictionaries(
    st.sampled_from(["type", "properties", "required", "items", "enum", "$ref", "$id", "anyOf", "not"]), VALUES
)
PARAMETERS = SCHEMAS | ODD
