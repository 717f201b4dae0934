"""Arguments against declared schemas, and schemas that targets refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from tooling import (
    ANSWER,
    CHECKS,
    PARAMETERS,
    USER,
    VALUES,
    asks,
    call,
    chat,
    found,
    record,
)

from ftlint.checks.toolschema import MismatchedArguments, UnsupportedToolSchema, mismatches, plainly_fits, subschemas
from ftlint.model import show_route


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({}, "id is missing"),
        ({"id": 7}, "id is a number, not of type string"),
        ({"id": "1", "idd": 1}, 'idd is not declared — did you mean "id"?'),
    ],
)
def test_mismatches_say_where(arguments: Any, why: str) -> None:
    (finding,) = found(MismatchedArguments(), chat(USER, asks(call(arguments=json.dumps(arguments)))))
    assert finding.values["why"] == why


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "https://schemas.invalid/order.json"},
        {"$ref": "#"},
        {"type": "int"},
        {"properties": {"id": {"pattern": "\\p{L}"}}},
        {"$schema": []},
        {"$schema": "http://["},
        {"$id": "http://[", "$ref": "x"},
        {"properties": {"id": {"$schema": "urn:x", "$id": "y", "type": "string"}}},
        {"required": 7, "properties": 7},
    ],
)
def test_schemas_that_cannot_be_applied_say_nothing(schema: dict[str, Any]) -> None:
    assert mismatches({"id": "1"}, schema) == []
    assert mismatches({"id": "1"}, {**schema, "type": "object"}) == []


def deep(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}, "minProperties": 0}
    return schema


@pytest.mark.parametrize("levels", [50, 300, 3000])
def test_deep_schemas_do_not_raise(levels: int) -> None:
    tools = [{"type": "function", "function": {"name": "get", "parameters": deep(levels)}}]
    checked = record({"messages": [USER, asks(call())], "tools": tools})
    assert [found(check, checked) for check in CHECKS[5:]] == [[], []]


def schema_faults(parameters: Any, *keywords: str) -> list[tuple[str, object]]:
    tools = [{"type": "function", "function": {"name": "get", "parameters": parameters}}]
    checked = record({"messages": [USER, ANSWER], "tools": tools})
    start = "tools[0].function.parameters"
    return [
        (show_route(finding.at.route).removeprefix(start).removeprefix("."), finding.values["why"])
        for finding in found(UnsupportedToolSchema(keywords=keywords), checked)
    ]


def test_refused_schemas() -> None:
    assert schema_faults({}) == []
    assert schema_faults({"properties": {}}) == [("", 'is not of "type": "object"')]
    assert schema_faults({"type": "object", "properties": {"n": {"type": "int"}}}) == [
        ("properties.n.type", 'is no JSON Schema: properties.n.type cannot be "int" — did you mean "integer"?')
    ]
    assert schema_faults({"type": "object", "oneOf": [{}]}) == [("oneOf", 'has "oneOf" at its top')]
    assert schema_faults({"type": "object", "properties": {"n": {"type": "array"}}}) == [
        ("properties.n", "has an array without items")
    ]


def test_refused_keywords_are_not_property_names() -> None:
    optional = {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None, "title": "T"}
    schema = {"type": "object", "properties": {"title": {"type": "string"}, "x": optional}}
    assert schema_faults(schema) == []
    assert {place for place, _ in schema_faults(schema, "title", "default", "anyOf")} == {
        "properties.x.title",
        "properties.x.default",
        "properties.x.anyOf",
    }
    harmless = {"type": "object", "properties": {"x": {"default": 1, "anyOf": [{"type": "string"}]}}}
    assert schema_faults(harmless, "default", "anyOf") == []


def test_a_shared_tool_has_one_identity() -> None:
    tools = [{"type": "function", "function": {"name": "get", "parameters": {"type": "int"}}}]
    one, two = (record({"messages": [{"role": "user", "content": text}, ANSWER], "tools": tools}) for text in "ab")
    check = UnsupportedToolSchema()
    assert [f.subject for f in found(check, one)] == [f.subject for f in found(check, two)]


@given(VALUES, PARAMETERS)
def test_the_quick_look_never_says_yes_where_jsonschema_says_no(value: Any, schema: Any) -> None:
    if plainly_fits(value, schema):
        assert mismatches(value, schema) == []


@given(PARAMETERS)
def test_subschemas_are_where_their_routes_lead(schema: dict[str, Any]) -> None:
    for route, part in subschemas(schema):
        value: Any = schema
        for step in route:
            value = value[step]
        assert value is part
