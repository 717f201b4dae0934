"""An interpreter of the part of JSON Schema that ``ftlint.yaml`` needs: quick to load, with words for people."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from ftlint.model import Route
from ftlint.suggest import suggest

Schema = dict[str, Any]
NOUNS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping (key: value)",
    "null": "nothing",
    "infinite": "an infinite number",
}


@dataclass(frozen=True, slots=True)
class ContractFault:
    """What is wrong with the value at a route, or with its ``key``."""

    route: Route
    words: str
    key: bool = False


class Contract:
    """A schema to hold data against.

    Known: ``$ref`` to ``#/$defs/…``, ``type``, ``enum`` (of texts), ``anyOf``, ``minimum``, ``minLength``, ``pattern``,
    ``minItems``, ``items``, ``required``, ``dependentRequired``, ``properties``, ``additionalProperties``. It refuses
    what ``jsonschema`` does, and infinite numbers too.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def faults(self, data: object) -> list[ContractFault]:
        """Every fault, in the order of the data; of alternatives, those of the one that was meant by its type."""
        return list(self._check(data, self.schema, ()))

    def _check(self, value: Any, schema: Schema | bool, at: Route) -> Iterator[ContractFault]:
        if isinstance(schema, bool):
            if not schema:
                yield ContractFault(at, "nothing is allowed here: remove it")
            return
        types = self._types(schema)
        if types and not types & _types_of(value):
            yield ContractFault(at, _wrong_type(value, types))
            return
        if "$ref" in schema:
            yield from self._check(value, self._target(schema), at)
        if "anyOf" in schema:
            yield from self._any(value, schema["anyOf"], at)
        yield from _plain(value, schema, at)
        if isinstance(value, dict):
            yield from self._mapping(value, schema, at)
        if isinstance(value, list) and "items" in schema:
            for index, item in enumerate(value):
                yield from self._check(item, schema["items"], (*at, index))

    def _any(self, value: Any, branches: list[Schema], at: Route) -> Iterator[ContractFault]:
        found = [list(self._check(value, branch, at)) for branch in branches]
        if all(found):
            meant = [
                faults
                for faults, branch in zip(found, branches, strict=True)
                if not (types := self._types(branch)) or types & _types_of(value)
            ]
            yield from (meant or found)[0]

    def _mapping(self, value: dict[str, Any], schema: Schema, at: Route) -> Iterator[ContractFault]:
        known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        brought = (names for name, names in schema.get("dependentRequired", {}).items() if name in value)
        for name in dict.fromkeys(chain(schema.get("required", ()), *brought)):
            if name not in value:
                about = known.get(name, {}).get("description", "")
                yield ContractFault(
                    at, f'the key "{name}" is missing: add it' + (f" ({about.rstrip('.')})" if about else "")
                )
        for name, item in value.items():
            if name not in known and others is False:
                yield ContractFault((*at, name), f"unknown key {_short(name)}" + _instead(name, list(known)), key=True)
            else:
                yield from self._check(item, known.get(name, others), (*at, name))

    def _target(self, schema: Schema) -> Schema:
        target: Schema = self.schema["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        return target

    def _types(self, schema: Schema) -> set[str]:
        """The types that a value may have; none where any will do."""
        if "$ref" in schema:
            return self._types(self._target(schema))
        if "type" in schema:
            return {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])
        if "enum" in schema:
            return {"string"}
        branches = [self._types(branch) for branch in schema.get("anyOf", ())]
        return set().union(*branches) if all(branches) else set()


def _plain(value: Any, schema: Schema, at: Route) -> Iterator[ContractFault]:
    """The faults of a scalar, and of a list's length."""
    if "enum" in schema and value not in schema["enum"]:
        yield ContractFault(at, f"unknown value {_short(value)}" + _instead(value, schema["enum"]))
    if "minimum" in schema and "number" in _types_of(value) and value < schema["minimum"]:
        yield ContractFault(at, f"{value} is too small: write {schema['minimum']} or more")
    if "maximum" in schema and "number" in _types_of(value) and value > schema["maximum"]:
        yield ContractFault(at, f"{value} is too large: write {schema['maximum']} or less")
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            yield ContractFault(at, "empty text: write something, or remove the key")
        elif "pattern" in schema and not re.search(schema["pattern"], value):
            yield ContractFault(at, f"{_short(value)} will not do: {schema.get('description', schema['pattern'])}")
    if isinstance(value, list) and len(value) < schema.get("minItems", 0):
        yield ContractFault(at, "an empty list: name at least one")


def _types_of(value: object) -> set[str]:
    """The names that JSON Schema has for a value; an infinite number has none of them."""
    if isinstance(value, bool):
        return {"boolean"}
    if isinstance(value, int):
        return {"integer", "number"}
    if isinstance(value, float):
        if not math.isfinite(value):
            return {"infinite"}
        return {"integer", "number"} if value.is_integer() else {"number"}
    names: dict[type, str] = {str: "string", list: "array", dict: "object"}
    return {names.get(type(value), "null")}


def _wrong_type(value: object, types: set[str]) -> str:
    found = min(_types_of(value), key=lambda name: name != "number")
    wanted = " or ".join(noun for name, noun in NOUNS.items() if name in types)
    cure = ""
    if found == "null":
        cure = ": write a value, or remove the key"
    elif types == {"string"} and found in ("number", "boolean"):
        cure = ": put it in quotes"
    return f"expected {wanted}, found {NOUNS[found]}{cure}"


def _short(text: str) -> str:
    from ftlint.schemas import shorten

    return shorten(text)


def _instead(word: str, known: list[str]) -> str:
    return suggest(word, known) or f": use {' or '.join(filter(None, (', '.join(known[:-1]), known[-1])))}"
