"""The laws of reading a line: the quick gate never passes what the reference refuses, and any bytes give an outcome."""

from __future__ import annotations

import copy
import json
from typing import Any

import strategies
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from test_shape import SOUND, USER, line

from ftlint.gate import lets_pass
from ftlint.schemas import faults, judged, reference, validator
from ftlint.shape import examine, shape_of

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        0,
        1,
        1.0,
        2,
        -0.0,
        10**30,
        "",
        "a b",
        "user",
        "developer",
        "image_url",
        "\ud83d",
        ":",
        '":',
        '\\":',
        [],
        {},
        [USER],
        "text",
        "refusal",
        [{"type": "text", "text": ""}],
        {"role": "user", "content": "x"},
        float("inf"),
        "name\n",
    ]
) | st.text(max_size=4)
KEYS = st.sampled_from(
    ["role", "content", "weight", "name", "tools", "id", "refusal", "label", "functions", "tool_calls"]
) | st.text(max_size=3)


def strict(data: bytes) -> Any:
    """The reference reader: UTF-8, no key twice, no NaN, no half characters."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({key for key, _ in items}) == len(items), "a key stands twice"
        return dict(items)

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    value = json.loads(data.decode(), object_pairs_hook=pairs, parse_constant=refuse)
    json.dumps(value, ensure_ascii=False).encode()
    return value


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, child in items for place in [(value, key), *places(child)]]


@st.composite
def mutants(draw: st.DrawFn) -> dict[str, Any]:
    record: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(SOUND)))
    for _ in range(draw(st.integers(0, 3))):
        container, key = draw(st.sampled_from(places(record) or [(record, "messages")]))
        match draw(st.integers(0, 3)):
            case 0:
                container[key] = copy.deepcopy(draw(ODD))
            case 1 if isinstance(container, dict):
                container.pop(key, None)
            case 2 if isinstance(container, dict):
                container[draw(KEYS)] = copy.deepcopy(draw(ODD))
            case _ if isinstance(container, list):
                container.append(copy.deepcopy(container[key]))
    return record


SPACES = st.sampled_from(["", "", " ", "\t", "\r", " \r\t"])


@st.composite
def spelt(draw: st.DrawFn) -> bytes:
    """A mutant as JSON text, with odd white space and, at times, a key that stands twice or damaged bytes."""
    space, twice = draw(SPACES), draw(st.booleans())

    def spell(value: Any) -> str:
        if isinstance(value, dict):
            members = [f"{space}{json.dumps(key)}{space}:{space}{spell(item)}" for key, item in value.items()]
            if twice and members and draw(st.integers(0, 4)) == 0:
                members.append(draw(st.sampled_from(members)))
            return "{" + ",".join(members) + space + "}"
        if isinstance(value, list):
            return "[" + ",".join(map(spell, value)) + "]"
        return json.dumps(value, ensure_ascii=draw(st.booleans()))

    data = bytearray(spell(draw(mutants())).encode("utf-8", "surrogatepass"))
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        at = draw(st.integers(0, len(data) - 1))
        data[at : at + draw(st.integers(0, 2))] = draw(
            st.sampled_from([b"\xff", b"\\", b'"', b":", b"NaN", b"\\udc00", b"", b"\0"])
        )
    return bytes(data).replace(b"\n", b"")


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(spelt())
def test_no_fault_means_that_the_reference_has_none(data: bytes) -> None:
    outcome = examine(line(data))
    assert (outcome.record is None) <= bool(outcome.faults)
    if not outcome.faults:
        assert outcome.record is not None
        value = strict(data)
        assert list(validator(outcome.record.shape).iter_errors(value)) == []


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(mutants())
def test_what_the_gate_lets_pass_the_schema_lets_pass(record: dict[str, Any]) -> None:
    shape = shape_of(record)
    assume(shape is not None)
    assert shape is not None
    data = json.dumps(record).encode()
    if lets_pass(data, shape):
        assert list(validator(shape).iter_errors(json.loads(data))) == []


@settings(max_examples=300)
@given(mutants())
def test_a_record_without_schema_errors_has_no_fault(record: dict[str, Any]) -> None:
    shape = shape_of(record)
    assume(shape is not None)
    assert shape is not None
    assert bool(faults(record, shape)) == bool(list(validator(shape).iter_errors(record)))


@settings(max_examples=300)
@given(st.one_of(mutants(), strategies.faulty()))
@example({"messages": [{"role": "user", "content": 10**400}]})
@example({"messages": [{"role": "user", "content": "Hi", "name": "a\n"}], "id": 1.0})
@example({"messages": [{"role": "user", "content": [{"type": "text"}, {"image_url": {"url": "https://a.example"}}]}]})
def test_the_quick_validator_agrees_with_the_reference(record: dict[str, Any]) -> None:
    shape = shape_of(record)
    assume(shape is not None)
    assert shape is not None
    assert faults(record, shape) == judged(reference(record, shape), shape)


@settings(max_examples=300)
@given(
    st.binary(max_size=60)
    | st.text(alphabet='{}[]":,\\u dD8\n\r\t019eE.-NaItrfls\ufeff\u2028', max_size=60).map(str.encode)
)
def test_any_bytes_give_an_outcome(data: bytes) -> None:
    outcome = examine(line(data))
    assert outcome.faults or outcome.record
