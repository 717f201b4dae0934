"""Tool definitions as the service shows them to the model: a TypeScript namespace.

Source: the counts published with hmarr/openai-chat-tokens and OpenAI's cookbook, which this rendering reproduces.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

DEEPEST = 64
"""Levels of a schema that are rendered; what lies deeper is ``any``."""

NAMES = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null"}


def render(functions: Sequence[Mapping[str, Any]]) -> str:
    """The namespace of some functions (``name``, ``description``, ``parameters``); ill-typed parts are left out."""
    lines = ["namespace functions {", ""]
    for function in functions:
        if described := string(function.get("description")):
            lines.append(f"// {described}")
        schema = mapping(function.get("parameters"))
        if mapping(schema.get("properties")):
            lines += [f"type {function['name']} = (_: {{", properties(schema, 0), "}) => any;", ""]
        else:
            lines += [f"type {function['name']} = () => any;", ""]
    return "\n".join([*lines, "} // namespace functions"])


def properties(schema: Mapping[str, Any], indent: int) -> str:
    """The properties of an object schema, each on a line of its own."""
    required = schema.get("required")
    return "\n".join(_properties(schema, required if isinstance(required, list) else [], indent))


def _properties(schema: Mapping[str, Any], required: list[Any], indent: int) -> Iterator[str]:
    margin = " " * indent
    for name, found in mapping(schema.get("properties")).items():
        value = mapping(found)
        if indent < 2 and (described := string(value.get("description"))):
            yield f"{margin}// {described}"
        yield f"{margin}{name}{'' if name in required else '?'}: {kind(value, indent)},"


def kind(schema: Mapping[str, Any], indent: int, depth: int = 0) -> str:
    """The type of one schema."""
    if max(indent // 2, depth) > DEEPEST:
        return "any"
    if isinstance(choices := schema.get("anyOf"), list):
        return " | ".join(kind(mapping(choice), indent, depth + 1) for choice in choices)
    name = schema.get("type")
    if name == "object":
        return f"{{\n{properties(schema, indent + 2)}\n}}"
    if name == "array":
        return kind(mapping(schema.get("items")), indent, depth + 1) + "[]"
    if name in ("string", "number", "integer") and isinstance(values := schema.get("enum"), list) and values:
        return " | ".join(filter(None, (literal(value) for value in values)))
    return NAMES.get(name, "any") if isinstance(name, str) else "any"


def literal(value: object) -> str:
    """A value of an enumeration; nothing for what is neither a string nor a number."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, float):
        return format(value, "g")
    return str(value) if isinstance(value, int) else ""


def mapping(value: object) -> Mapping[str, Any]:
    return value if type(value) is dict or isinstance(value, Mapping) else {}


def string(value: object) -> str:
    return value if isinstance(value, str) else ""
