"""Tool calls: what must be found, what must stay silent, and that no sound record makes a check raise."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tooling import (
    ANSWER,
    CHECKS,
    PARAMETERS,
    TOOLS,
    USER,
    VALUES,
    asks,
    call,
    chat,
    found,
    legacy,
    preference,
    record,
    result,
    routes,
)

from ftlint.checks.base import RecordCheck
from ftlint.checks.tools import (
    DuplicateCallId,
    OrphanToolMessage,
    UnansweredToolCall,
    UndeclaredTool,
    UnparseableArguments,
    Unreadable,
    read_arguments,
)
from ftlint.model import show_route
from ftlint.record import Record

FUNCTION_CALL = {"role": "assistant", "content": None, "function_call": {"name": "get", "arguments": '{"id": "1"}'}}
FUNCTION = {"role": "function", "name": "get", "content": "ok"}
VALID = {
    "ends with a call": chat(USER, asks(call())),
    "content null": chat(USER, asks(call(), content=None), result(), ANSWER),
    "content empty": chat(USER, asks(call(), content=""), result(), ANSWER),
    "content and call": chat(USER, asks(call(), content="I look."), result(), ANSWER),
    "parallel": chat(USER, asks(call("a"), call("b")), result("a"), result("b"), ANSWER),
    "any order": chat(USER, asks(call("a"), call("b")), result("b"), result("a"), ANSWER),
    "rounds": chat(USER, asks(call("a")), result("a"), asks(call("b")), result("b"), ANSWER, USER, asks(call("c"))),
    "not parallel": chat(USER, asks(call()), result(), ANSWER, parallel_tool_calls=False),
    "unused tools": chat(USER, ANSWER),
    "weighted": chat(USER, asks(call(), weight=0), result(), ANSWER),
    "white space": chat(USER, asks(call(arguments=' {\n "id": "1"} '))),
    "no parameters": record(
        {"messages": [USER, asks(call(arguments="{}"))], "tools": [{"type": "function", "function": {"name": "get"}}]}
    ),
    "legacy": legacy(USER, FUNCTION_CALL, FUNCTION, ANSWER),
    "legacy ends": legacy(USER, FUNCTION_CALL),
    "legacy twice": legacy(USER, FUNCTION_CALL, FUNCTION, FUNCTION_CALL, FUNCTION, ANSWER),
    "empty tools": record({"messages": [USER, ANSWER], "tools": []}),
    "preference": preference([USER, asks(call()), result()], ANSWER, ANSWER),
    "preference of calls": preference([USER], asks(call("a")), asks(call("a"))),
    "reinforcement": record(
        {"messages": [USER, asks(call()), result(), USER], "tools": TOOLS, "functions": 7}, "reinforcement"
    ),
    "completion": record({"prompt": "a", "completion": "b", "tools": 7}, "completion"),
    "stray keys": chat({**USER, "tool_calls": 7, "function_call": None}, ANSWER),
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.kind)
@pytest.mark.parametrize("checked", VALID.values(), ids=VALID)
def test_valid_conversations_are_silent(check: RecordCheck, checked: Record) -> None:
    assert found(check, checked) == []


@pytest.mark.parametrize(
    ("text", "why", "span"),
    [
        ("", "it is empty", None),
        ("null", "it is null", None),
        ("[1]", "it is a list", None),
        ('"{}"', "it is a string in a string", None),
        ("{'a': 1}", "a single quote stands at character 2", (1, 2)),
        ('{"a": None}', "Python's None stands at character 7", (6, 10)),
        ('{"a": 1,}', "a comma too many stands at character 8", (7, 8)),
        ('{"a": [1, ]}', "a comma too many stands at character 9", (8, 9)),
        ('{"a": 1', "it ends before the object does", (6, 7)),
        ('{"a": "b', "a string starts that never ends at character 7", (6, 7)),
        ('{"a": "b\nc"}', "a raw line break or control character stands in a string at character 9", (8, 9)),
        ('{"a": "\\d"}', "a backslash escapes nothing at character 8", (7, 8)),
        ('{"a": 1} {}', "more text follows the JSON at character 10", (9, 10)),
        ('{"a" 1}', "a colon is missing at character 6", (5, 6)),
        ('{"a": "say "hi""}', "a comma is missing, or a quote is not escaped at character 13", (12, 13)),
        ('{"a": A1}', '"A" cannot stand at character 7', (6, 7)),
        ('{"a": NaN}', "NaN is no JSON value", None),
        ('{"a": ' + "1" * 5000 + "}", "it holds a number too long to read", None),
    ],
)
def test_unreadable_arguments_say_where(text: str, why: str, span: tuple[int, int] | None) -> None:
    read = read_arguments(text)
    assert isinstance(read, Unreadable)
    assert (read.why, read.span) == (why, span)


@given(st.text(alphabet="{}[]\"':,\\ \n1eE-.NaTfunl\ud800é") | st.text())
def test_arguments_are_read_as_json_reads_them(text: str) -> None:
    read = read_arguments(text)
    if isinstance(read, Unreadable):
        assert read.span is None or 0 <= read.span[0] < read.span[1] <= len(text)
    else:
        assert read == json.loads(text)


def test_arguments_are_pointed_at() -> None:
    (finding,) = found(UnparseableArguments(), chat(USER, asks(call(), call("b", arguments="{'id': 1}"))))
    assert show_route(finding.at.route) == "messages[1].tool_calls[1].function.arguments"
    assert finding.at.span == (1, 2)
    (finding,) = found(
        UnparseableArguments(), legacy(USER, {**FUNCTION_CALL, "function_call": {"name": "get", "arguments": ""}})
    )
    assert show_route(finding.at.route) == "messages[1].function_call.arguments"
    assert finding.values["advice"] == 'write "{}" for a call without arguments'


def test_undeclared_tools() -> None:
    (finding,) = found(UndeclaredTool(), chat(USER, asks(call(name="gets"), call("b", "gets"), call("c"))))
    assert finding.values == {"name": '"gets"', "why": 'is not declared — did you mean "get"?'}
    bare = record({"messages": [USER, asks(call("a", "get"), call("b", "put"))]})
    assert routes(UndeclaredTool(), bare) == ["messages[1].tool_calls[0].function.name"]
    assert found(UndeclaredTool(bare=False), bare) == []
    assert found(UndeclaredTool(bare=False), chat(USER, asks(call(name="put")))) != []


def test_orphans() -> None:
    assert routes(OrphanToolMessage(), chat(USER, result(), ANSWER)) == ["messages[1].tool_call_id"]
    early = chat(USER, result(), asks(call()), result(), ANSWER)
    assert routes(OrphanToolMessage(), early) == ["messages[1].tool_call_id"]
    other = {**FUNCTION, "name": "put"}
    assert routes(OrphanToolMessage(), legacy(USER, FUNCTION_CALL, other, ANSWER)) == ["messages[2].name"]
    shared = preference([USER, result()], ANSWER, ANSWER)
    assert routes(OrphanToolMessage(), shared) == ["input.messages[1].tool_call_id"]


def test_unanswered_calls() -> None:
    check = UnansweredToolCall()
    assert routes(check, chat(USER, asks(call()), ANSWER)) == ["messages[1].tool_calls[0].id"]
    assert routes(check, chat(USER, asks(call("a"), call("b")), result("a"))) == ["messages[1].tool_calls[1].id"]
    assert routes(check, chat(USER, asks(call("a")), USER, result("a"), ANSWER)) == ["messages[1].tool_calls[0].id"]
    assert routes(check, preference([USER, asks(call())], ANSWER, ANSWER)) == ["input.messages[1].tool_calls[0].id"]


def test_a_mistyped_id_is_one_finding() -> None:
    checked = chat(USER, asks(call("call_a")), result("cal_a"), ANSWER)
    (finding,) = [finding for check in CHECKS for finding in found(check, checked)]
    assert finding.values["why"] == 'no call has the id "cal_a" — did you mean "call_a"?'


def test_duplicate_ids_name_the_first() -> None:
    checked = chat(USER, asks(call()), result(), asks(call()), result(), ANSWER)
    (finding,) = found(DuplicateCallId(), checked)
    assert show_route(finding.at.route) == "messages[3].tool_calls[0].id"
    assert show_route(finding.related[0].at.route) == "messages[1].tool_calls[0].id"


def messages() -> st.SearchStrategy[Any]:
    ids = st.sampled_from(["a", "b", ""])
    name: st.SearchStrategy[Any] = st.sampled_from(["get", "gte", 7, None, []])
    arguments = VALUES.map(json.dumps) | st.text(max_size=3)
    tool_call = st.builds(call, ids, name, arguments)
    return st.one_of(
        st.sampled_from([USER, ANSWER, {**USER, "tool_calls": 7}, {"role": "system", "content": [], "name": 3}]),
        st.builds(result, ids),
        st.builds(lambda calls: asks(*calls, content=None), st.lists(tool_call, min_size=1, max_size=3)),
        st.builds(
            lambda one, text: {**FUNCTION_CALL, "function_call": {"name": one, "arguments": text}}, name, arguments
        ),
        st.builds(lambda one: {**FUNCTION, "name": one}, name),
    )


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Sound records with tools, of all shapes; names may be bad ones, as the schema lets those pass as soft faults."""
    function = st.fixed_dictionaries(
        {"name": st.sampled_from(["get", "put", 7, []])}, optional={"parameters": PARAMETERS, "strict": st.none()}
    )
    functions = draw(st.lists(function, max_size=2))
    tools = [{"type": "function", "function": one} for one in functions]
    talk = draw(st.lists(messages(), min_size=1, max_size=6))
    shape = draw(st.sampled_from(["chat", "preference", "reinforcement", "functions"]))
    if shape == "preference":
        good, bad = (draw(st.sampled_from([ANSWER, asks(call("a"))])) for _ in "ab")
        data = {"input": {"messages": talk, "tools": tools}, "preferred_output": [good], "non_preferred_output": [bad]}
        return record(data, "preference")
    if shape == "functions":
        return record({"messages": talk, "functions": functions})
    return record({"messages": talk, "tools": tools}, "chat" if shape == "chat" else "reinforcement")


@given(records())
def test_no_sound_record_makes_a_check_raise(checked: Record) -> None:
    before = copy.deepcopy(checked.data)
    for check in CHECKS:
        findings = found(check, checked)
        for finding in findings:
            value: Any = checked.data
            for step in finding.at.route:
                value = value[step]
        places = [finding.at for finding in findings]
        assert len(places) == len(set(places)) or check.kind == "unsupported-tool-schema"
    assert checked.data == before
