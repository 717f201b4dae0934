"""The checks of declared tools: whether calls fit their JSON Schemas, and whether services take those schemas."""

from __future__ import annotations

import marshal
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ftlint.checks.base import kind
from ftlint.checks.sieve import SievedCheck
from ftlint.checks.tools import Unreadable, calls, declared, place, read_arguments
from ftlint.identity import canonical, digest
from ftlint.model import Finding, Route, show_route
from ftlint.record import Record
from ftlint.schemas import noun, shorten
from ftlint.suggest import suggest

if TYPE_CHECKING:
    from ftlint.targets import Target

_TYPES = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_PLAIN = frozenset(
    ("type", "properties", "required", "additionalProperties", "items", "enum", "title", "description", "default")
)


class Spelled(bytes):
    """The quick spelling of a JSON value, with the value: what is worked out of it can be remembered."""

    value: Any


def spell(value: Any) -> Spelled:
    """A value, spelled."""
    spelled = Spelled(marshal.dumps(value, 2))
    spelled.value = value
    return spelled


def plainly_fits(value: Any, schema: Any) -> bool:
    """Whether a value surely fits a schema of the plain keywords; False means only that ``jsonschema`` has to look."""
    if type(schema) is not dict or not _PLAIN.issuperset(schema):
        return False
    wanted = schema.get("type")
    if wanted is not None and not (type(wanted) is str and type(value) in _TYPES.get(wanted, ())):
        return False
    if "enum" in schema and not (type(value) is str and type(schema["enum"]) is list and value in schema["enum"]):
        return False
    if type(value) is dict:
        return _plain_object(value, schema)
    return type(value) is not list or "items" not in schema or all(plainly_fits(v, schema["items"]) for v in value)


def _plain_object(value: dict[str, Any], schema: dict[str, Any]) -> bool:
    known, required = schema.get("properties", {}), schema.get("required", [])
    if type(known) is not dict or type(required) is not list:
        return False
    if not all(type(name) is str and name in value for name in required):
        return False
    open_ended = schema.get("additionalProperties", True) is True
    return all(plainly_fits(item, known[name]) if name in known else open_ended for name, item in value.items())


def _dialect(schema: dict[str, Any]) -> Any:
    """The ``jsonschema`` class for what ``$schema`` names, or for 2020-12."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import validator_for

    return validator_for(schema if isinstance(schema.get("$schema"), str) else {}, default=Draft202012Validator)


@lru_cache(256)
def _validator(schema: Spelled) -> Any:
    """A ``jsonschema`` validator that fetches nothing."""
    from referencing import Registry

    return _dialect(schema.value)(schema.value, registry=Registry())


def plainly_sound(schema: Any) -> bool:
    """Whether something surely is a JSON Schema, of the plain keywords; False means only that ``jsonschema`` looks."""
    if type(schema) is not dict or not _PLAIN.issuperset(schema):
        return schema is True or schema is False
    kind, required = schema.get("type", "object"), schema.get("required", [])
    if (
        type(kind) is not str
        or kind not in _TYPES
        or type(required) is not list
        or type(schema.get("enum", [])) is not list
    ):
        return False
    words = [schema.get(key, "") for key in ("title", "description")]
    if not all(type(word) is str for word in (*words, *required)) or len(set(required)) < len(required):
        return False
    inner = [schema[key] for key in ("items", "additionalProperties") if key in schema]
    known = schema.get("properties", {})
    return type(known) is dict and all(map(plainly_sound, (*inner, *known.values())))


@lru_cache(256)
def _schema_error(schema: Spelled) -> Any:
    """What its metaschema finds wrong with a schema, or None; patterns are not looked at, as they may be ECMA's."""
    if plainly_sound(schema.value):
        return None
    from jsonschema import SchemaError

    try:
        _dialect(schema.value).check_schema(schema.value, format_checker=None)
    except SchemaError as error:
        return error
    return None


def mismatches(value: Any, schema: dict[str, Any]) -> list[Any]:
    """How a value fails a schema: ``jsonschema`` errors, the most telling first; none if the schema is no good."""
    from jsonschema.exceptions import best_match
    from referencing.exceptions import Unresolvable

    try:
        spelled = spell(schema)
        if _schema_error(spelled) is not None:
            return []
        errors = list(_validator(spelled).iter_errors(value))
    except (Unresolvable, RecursionError, ValueError, ArithmeticError, re.error):
        return []  # a schema that cannot be applied says nothing about the arguments
    return [best_match(errors), *errors[1:]] if errors else []


def _explain(error: Any) -> str:
    """One ``jsonschema`` error in short words: the route in the arguments, and why."""
    where, wanted, seen = show_route(tuple(error.absolute_path)), error.validator_value, error.instance
    subject = where or "the object"
    if error.validator == "required" and type(wanted) is list:
        missing = next((name for name in wanted if name not in seen), "")
        return f"{where}.{missing} is missing".removeprefix(".")
    if error.validator == "additionalProperties" and wanted is False:
        known = list(error.schema.get("properties", {}))
        extra = next((name for name in seen if name not in known), "")
        return f"{where}.{extra} is not declared".removeprefix(".") + suggest(extra, known)
    if error.validator == "type":
        return f"{subject} is {noun(seen)}, not of type {wanted if isinstance(wanted, str) else ' or '.join(wanted)}"
    if error.validator == "enum":
        near = suggest(seen, [word for word in wanted if isinstance(word, str)]) if isinstance(seen, str) else ""
        allowed = ", ".join(map(shorten, wanted)) if len(wanted) < 5 else f"the {len(wanted):,} allowed values"
        return f"{subject} is {shorten(seen)}, none of {allowed}{near}"
    return f"{subject} is {shorten(seen)}, against {error.validator}: {shorten(wanted)}"


@kind
class MismatchedArguments(SievedCheck):
    """A call's arguments that do not fit the parameters that its tool declares."""

    kind = "mismatched-arguments"

    def examine(self, record: Record) -> Iterator[Finding]:
        known: dict[str, dict[str, Any]] | None = None
        for call in calls(record):
            known = declared(record) if known is None else known
            schema = known.get(call.name, {}).get("parameters") if isinstance(call.name, str) else None
            value = read_arguments(call.arguments) if schema else None
            if not schema or isinstance(value, Unreadable) or plainly_fits(value, schema):
                continue
            if errors := mismatches(value, schema):
                more = f", and {len(errors) - 1:,} more" if len(errors) > 1 else ""
                at = place(record, (*call.function, "arguments"))
                yield record.finding(at, name=shorten(call.name), why=_explain(errors[0]) + more)


class ToolFault(NamedTuple):
    """What a service would refuse in a declared tool: which function, where in its parameters, and why."""

    number: int
    name: str
    route: Route
    why: str
    subject: str


_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_LISTS = ("anyOf", "allOf", "oneOf", "prefixItems")
_SINGLE = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")
_ROOT = ("oneOf", "anyOf", "allOf", "enum", "const", "not")


def subschemas(schema: dict[str, Any]) -> Iterator[tuple[Route, dict[str, Any]]]:
    """A schema and all schemas in it, with their routes; a property's name or a default is no schema."""
    todo: list[tuple[Route, Any]] = [((), schema)]
    for route, part in todo:
        if not isinstance(part, dict):
            continue
        yield route, part
        todo += (((*route, key), part[key]) for key in _SINGLE if key in part)
        for key in _MAPS:
            if isinstance(inner := part.get(key), dict):
                todo += (((*route, key, name), item) for name, item in inner.items())
        for key in _LISTS:
            if isinstance(inner := part.get(key), list):
                todo += (((*route, key, index), item) for index, item in enumerate(inner))


def _refused(part: dict[str, Any], keyword: str) -> str:
    """What stands of a refused keyword: a ``default`` counts only if it is null, an ``anyOf`` only with null."""
    if keyword == "default":
        return 'has "default": null' if part.get("default", 0) is None else ""
    if keyword == "anyOf":
        options = part.get("anyOf")
        return 'has an "anyOf" with null' if isinstance(options, list) and {"type": "null"} in options else ""
    return f'has the keyword "{keyword}"' if keyword in part else ""


def _wrong(schema: dict[str, Any], keywords: tuple[str, ...]) -> Iterator[tuple[Route, str]]:
    """The faults of one function's parameters, each kind of fault once."""
    if not schema:
        return
    if schema.get("type") != "object":
        yield ("type",) if "type" in schema else (), 'is not of "type": "object"'
    elif error := _schema_error(spell(schema)):
        route, seen = tuple(error.absolute_path), error.instance
        near = suggest(seen, list(_TYPES)) if isinstance(seen, str) and route[-1:] == ("type",) else ""
        yield route, f"is no JSON Schema: {show_route(route) or 'it'} cannot be {shorten(seen)}{near}"
        return
    yield from (((key,), f'has "{key}" at its top') for key in _ROOT if key in schema and key not in keywords)
    found: dict[str, tuple[Route, str]] = {}
    for route, part in subschemas(schema):
        if part.get("type") == "array" and "items" not in part:
            found.setdefault("items", (route, "has an array without items"))
        for keyword in keywords:
            if why := _refused(part, keyword):
                found.setdefault(f"keyword {keyword}", ((*route, keyword), why))
    yield from found.values()


@lru_cache(1024)
def _faults(functions: Spelled, keywords: tuple[str, ...]) -> tuple[ToolFault, ...]:
    """The faults of declared functions; most records of a dataset declare the same ones, so they are remembered."""
    return tuple(
        ToolFault(number, shorten(function["name"]), route, why, f"{digest(canonical(function))}:{show_route(route)}")
        for number, function in enumerate(functions.value)
        for route, why in _wrong(function.get("parameters", {}), keywords)
    )


@kind
class UnsupportedToolSchema(SievedCheck):
    """A declared tool whose parameters a service refuses; ``keywords`` are refused beside those of the target."""

    kind = "unsupported-tool-schema"
    target: Target | None = None
    keywords: tuple[str, ...] = ()

    def examine(self, record: Record) -> Iterator[Finding]:
        if record.shape == "completion":
            return
        refused = (*(self.target.refused_schema_keywords if self.target else ()), *self.keywords)
        home: Route = ("input",) if record.shape == "preference" else ()
        if tools := record.tools():
            functions = [tool["function"] for tool in tools]
            yield from self._report(record, functions, refused, (*home, "tools"), ("function", "parameters"))
        if record.shape == "chat" and (functions := record.data.get("functions") or []):
            yield from self._report(record, functions, refused, ("functions",), ("parameters",))

    def _report(
        self, record: Record, functions: list[Any], refused: tuple[str, ...], start: Route, end: Route
    ) -> Iterator[Finding]:
        try:
            faults = _faults(spell(functions), refused)
        except (RecursionError, ValueError):
            return  # nested too deeply for jsonschema, and for any service
        for fault in faults:
            at = place(record, (*start, fault.number, *end, *fault.route))
            key = fault.route and isinstance(fault.route[-1], str) and not fault.why.startswith("is ")
            yield record.finding(at.key() if key else at, subject=fault.subject, name=fault.name, why=fault.why)
