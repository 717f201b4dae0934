"""The reference validation of records: ``jsonschema`` over ``schemas/``, where each failing part names its rule.

Only lines that the typed gate refused come here, so ``jsonschema`` is imported at the first of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from msgspec import Struct

from ftlint.model import Route, Shape, show_route
from ftlint.resources import schema_text

SHAPES: tuple[Shape, ...] = ("chat", "preference", "reinforcement", "completion")

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


_MEANT = {"human": "user", "gpt": "assistant", "bot": "assistant", "ai": "assistant", "model": "assistant"}


def suggest(word: str, known: list[str]) -> str:
    """`` — did you mean "assistant"?``, or nothing where no known word is near."""
    import difflib

    plain = word.strip().lower()
    near = [_MEANT[plain]] if _MEANT.get(plain) in known else difflib.get_close_matches(plain, known, 1, 0.6)
    return f' — did you mean "{near[0]}"?' if near and near[0] != word else ""


def shorten(value: object, limit: int = 40) -> str:
    """A value as a short JSON text that is safe in a message."""
    text = json.dumps(value, ensure_ascii=False) if not isinstance(value, dict | list) else noun(value)
    return text if len(text) <= limit else text[: limit - 2] + "…" + text[-1]


@cache
def validator(shape: Shape) -> Any:
    """The ``jsonschema`` validator of one shape of record."""
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource

    schemas = {name: json.loads(schema_text(name)) for name in SHAPES}
    registry: Any = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas.values()
    )
    return Draft202012Validator(schemas[shape], registry=registry)


def faults(data: dict[str, Any], shape: Shape) -> list[SchemaFault]:
    """Every fault of a record against the schema of its shape, outermost first and one a place."""
    checker = validator(shape)
    found = [fault for error in checker.iter_errors(data) for fault in _explain(error, checker.schema)]
    found.sort(key=lambda fault: (len(fault.route) - fault.key, fault.key, fault.soft))
    kept: list[SchemaFault] = []
    for fault in found:
        if not any(_covers(other, fault) for other in kept):
            kept.append(fault)
    return sorted(kept, key=lambda fault: [str(step).zfill(9) for step in fault.route])


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


def _explain(error: Any, root: dict[str, Any]) -> Iterator[SchemaFault]:
    schema, keyword = error.schema, error.validator
    rule = schema.get("x-ftlint-rule") or root["x-ftlint-rules"].get(keyword, "wrong-type")
    soft = bool(schema.get("x-ftlint-soft")) or rule == "extra-key"
    route = tuple(error.absolute_path)
    if keyword == "additionalProperties":
        known = list(schema["properties"])
        for key in (key for key in error.instance if key not in known):
            values = {"key": key, "suggestion": suggest(key, known), "where": _owner(route)}
            yield SchemaFault(rule, (*route, key), True, soft, values)
        return
    values = {"seen": noun(error.instance), "value": shorten(error.instance), "expected": _expected(keyword, schema)}
    if keyword == "required":
        values["key"] = '" and "'.join(key for key in schema["required"] if key not in error.instance)
        values["where"] = _owner(route)
    else:
        name = next((index for index in reversed(range(len(route))) if isinstance(route[index], str)), len(route))
        values["key"] = show_route(route[name:])
    if keyword in ("minItems", "maxItems"):
        values["seen"] = f"a list of {len(error.instance)}"
    words = schema.get("enum") if keyword == "enum" else None
    known = [word for word in words or () if isinstance(word, str)]
    values["suggestion"] = suggest(error.instance, known) if isinstance(error.instance, str) and known else ""
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
