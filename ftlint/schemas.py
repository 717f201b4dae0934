"""The faults of records against ``schemas/``, where each failing part names its rule.

Only lines that the typed gate refused come here. ``jsonschema`` is the reference; ``jsonschema_rs`` finds the same
forty times as fast (a law of the tests), and is imported at the first such line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple, get_args

import msgspec
from msgspec import Struct

from ftlint.model import Route, Shape, show_route
from ftlint.resources import schema_text
from ftlint.suggest import suggest

SHAPES: tuple[Shape, ...] = get_args(Shape)

_TYPES = {"object": "an object", "array": "a list", "string": "a string", "boolean": "a boolean"}
_NOUNS = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", int: "a number", float: "a number"}


class SchemaFault(Struct, frozen=True):
    """A part of a record that its schema refuses.

    Attributes:
        rule: the name of the rule that the failing part names.
        route: the way to the value (or, if ``key``, to the key) at fault.
        soft: whether other checks may still trust the record.
        values: ``key``, ``expected``, ``seen``, ``value`` and ``suggestion`` for the page's words.
    """

    rule: str
    route: Route
    key: bool
    soft: bool
    values: dict[str, Any]


def noun(value: object) -> str:
    """What kind of JSON value this is, for people: ``a list``."""
    return "null" if value is None else _NOUNS.get(type(value), "a value")


def shorten(value: object, limit: int = 40) -> str:
    """A value as a short JSON text that is safe in a message."""
    import json

    if isinstance(value, str):
        text = json.encoder.encode_basestring(value)
    else:
        text = noun(value) if isinstance(value, dict | list) else json.dumps(value)
    return text if len(text) <= limit else text[: limit - 2] + "…" + text[-1]


class Failure(NamedTuple):
    """A keyword of a schema that a value does not meet: the schema around it, the way to the value, and the value."""

    keyword: str
    schema: dict[str, Any]
    route: Route
    instance: Any


@cache
def _schemas() -> dict[str, Any]:
    return {name: msgspec.json.decode(schema_text(name)) for name in SHAPES}


@cache
def validator(shape: Shape) -> Any:
    """The ``jsonschema`` validator of one shape of record."""
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource

    registry: Any = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in _schemas().values()
    )
    return Draft202012Validator(_schemas()[shape], registry=registry)


@cache
def _quick_validator(shape: Shape) -> Any:
    from jsonschema_rs import Registry, validator_for

    registry = Registry([(schema["$id"], schema) for schema in _schemas().values()])
    return validator_for(_schemas()[shape], registry=registry)


def reference(data: dict[str, Any], shape: Shape) -> list[Failure]:
    """What ``jsonschema`` finds."""
    errors = validator(shape).iter_errors(data)
    return [Failure(error.validator, error.schema, tuple(error.absolute_path), error.instance) for error in errors]


def quick(data: dict[str, Any], shape: Shape) -> list[Failure]:
    """What ``jsonschema_rs`` finds.

    Raises:
        ValueError, TypeError, OverflowError: it cannot take the data, such as a number of hundreds of digits.
    """
    found = []
    for error in _quick_validator(shape).iter_errors(data):
        order, keyword, schema = _walked(shape, tuple(error.evaluation_path))
        value: Any = data
        for step in error.instance_path:
            value = value[step]
        found.append((order, Failure(keyword, schema, tuple(error.instance_path), value)))
    return [failure for _, failure in sorted(found, key=itemgetter(0))]


@cache
def _walked(shape: Shape, path: Route) -> tuple[list[int], str, dict[str, Any]]:
    """Where a path through a schema and its references leads: the order in which it is met, a keyword, its schema."""
    root = around = inner = _schemas()[shape]
    order = []
    for step in path:
        around = inner
        order.append(step if isinstance(step, int) else list(around).index(step))
        inner = around[step]
        if step == "$ref":
            name, _, pointer = inner.partition("#/")
            root = next((schema for schema in _schemas().values() if schema["$id"] == name), root)
            inner = root
            for part in filter(None, pointer.split("/")):
                inner = inner[part]
    return order, str(path[-1]), around


def faults(data: dict[str, Any], shape: Shape) -> list[SchemaFault]:
    """Every fault of a record against the schema of its shape, outermost first and one a place."""
    try:
        failures = quick(data, shape)
    except (ValueError, TypeError, OverflowError):
        failures = reference(data, shape)
    return judged(failures, shape)


def judged(failures: Iterable[Failure], shape: Shape) -> list[SchemaFault]:
    """The faults that failures mean."""
    found = [fault for failure in failures for fault in _explain(failure, _schemas()[shape])]
    found.sort(key=lambda fault: (len(fault.route) - fault.key, fault.key, fault.soft, _in_order(fault.route)))
    kept: list[SchemaFault] = []
    for fault in found:
        if not any(_covers(other, fault) for other in kept):
            kept.append(fault)
    return sorted(kept, key=lambda fault: _in_order(fault.route))


def _in_order(route: Route) -> list[str]:
    """A route, spelled so that routes sort as they are met."""
    return [str(step).zfill(9) for step in route]


def _covers(cause: SchemaFault, fault: SchemaFault) -> bool:
    """Whether a fault has the cause of another.

    It stands at the same place; it is an odd key of an object that lacks one (its name is wrong); or it repeats what is
    wrong with an earlier part of the same content.
    """
    if cause.key:
        return cause == fault
    if fault.route == cause.route or (fault.key and fault.route[:-1] == cause.route):
        return True
    same_list = fault.route[:-1] == cause.route[:-1] and "content" in fault.route[-2:-1]
    return same_list and fault.rule == cause.rule


def _explain(failure: Failure, root: dict[str, Any]) -> Iterator[SchemaFault]:
    keyword, schema, route, instance = failure
    rule = schema.get("x-ftlint-rule") or root["x-ftlint-rules"].get(keyword, "wrong-type")
    soft = bool(schema.get("x-ftlint-soft")) or rule == "extra-key"
    if keyword == "additionalProperties":
        known = list(schema["properties"])
        for key in (key for key in instance if key not in known):
            values = {"key": key, "suggestion": suggest(key, known), "where": _owner(route)}
            yield SchemaFault(rule, (*route, key), True, soft, values)
        return
    values = {"seen": noun(instance), "value": shorten(instance), "expected": _expected(keyword, schema)}
    if keyword == "required":
        values["key"] = '" and "'.join(key for key in schema["required"] if key not in instance)
        values["where"] = _owner(route)
    else:
        name = next((index for index in reversed(range(len(route))) if isinstance(route[index], str)), len(route))
        values["key"] = show_route(route[name:])
    if keyword in ("minItems", "maxItems"):
        values["seen"] = f"a list of {len(instance)}"
    words = schema.get("enum") if keyword == "enum" else None
    known = [word for word in words or () if isinstance(word, str)]
    values["suggestion"] = suggest(instance, known) if isinstance(instance, str) and known else ""
    yield SchemaFault(rule, route, False, soft, values)


def _owner(route: Route) -> str:
    """What kind of object stands at a route: an example, a message, a tool call."""
    names = {"messages": "message", "content": "part", "tool_calls": "tool call", "tools": "tool"}
    if route and isinstance(route[-1], int) and len(route) > 1:
        return f"this {names.get(str(route[-2]), 'item')}"
    return f'"{route[-1]}"' if route else "this example"


def _expected(keyword: str, schema: dict[str, Any]) -> str:
    """What the schema wants, for people."""
    wanted: Any = schema.get(keyword)
    if keyword == "type":
        kinds = wanted if isinstance(wanted, list) else [wanted]
        return " or ".join(_TYPES[kind] for kind in kinds if kind != "null")
    if keyword in ("enum", "const"):
        return ", ".join(shorten(word) for word in (wanted if keyword == "enum" else [wanted]))
    if keyword in ("minItems", "maxItems"):
        return f"of at {'least' if keyword == 'minItems' else 'most'} {wanted} item{'s' * (wanted != 1)}"
    return str(schema.get("description", wanted if isinstance(wanted, str) else "another value")).rstrip(".")
