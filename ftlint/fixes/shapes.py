"""Fixes of what the schema refuses in a record: roles, ids, arguments, contents, keys; and foreign shapes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

from ftlint import suggest
from ftlint.authoring.foreign import translate
from ftlint.authoring.turns import RefusedError
from ftlint.fixes import Seen, fixer
from ftlint.locate import locate
from ftlint.model import GONE, Edit, Finding, Fix, Route
from ftlint.record import INSTRUCTIONS

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
MEANT = {**suggest.ROLES, "chatgpt": "assistant", "developer": "system"}
"""Words of other formats for the roles, as ``authoring.foreign`` reads them."""

TALKS: tuple[Route, ...] = (("messages",), ("input", "messages"), ("preferred_output",), ("non_preferred_output",))
"""Where messages stand in records of any shape."""


def value_at(value: Any, route: Route) -> Any:
    for step in route:
        value = value[step]
    return value


@fixer("unknown-role")
def unknown_role(seen: Seen, finding: Finding) -> Fix | None:
    role = value_at(seen.value, finding.at.route)
    plain = role.strip().lower()
    if plain in ROLES and plain != role:
        return Fix(f'write the role as "{plain}"', edits=(Edit(finding.at.route, plain),))
    if role := MEANT.get(plain):
        return Fix(f'write the role as "{role}"', safe=False, edits=(Edit(finding.at.route, role),))
    return None


@fixer("extra-key")
def extra_key(seen: Seen, finding: Finding) -> Fix | None:
    """A misspelt key is none that can go: what it says was meant."""
    if finding.values["suggestion"]:
        return None
    if finding.at.route == ("system",):
        return _system_message(seen)
    return Fix("remove the key", safe=False, edits=(Edit(finding.at.route, GONE),))


def _system_message(seen: Seen) -> Fix | None:
    """A system prompt beside the messages, as Anthropic's format has it, becomes the first of them."""
    prompt, messages = seen.value["system"], seen.value.get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    says = isinstance(prompt, str) and prompt.strip() != ""
    if not (says and isinstance(first, dict) and first.get("role") not in INSTRUCTIONS):
        return None
    edits = Edit(("system",), GONE), Edit(("messages",), [{"role": "system", "content": prompt}, *messages])
    return Fix("write it as the first message", safe=False, edits=edits)


@fixer("object-arguments")
def object_arguments(seen: Seen, finding: Finding) -> Fix | None:
    """The string is the object's own text, so that numbers stay as they were written."""
    route = finding.at.route
    if not isinstance(value_at(seen.value, route), dict):
        return None
    start, stop = locate(seen.text, route)
    return Fix("write the arguments as a string of JSON", edits=(Edit(route, seen.text[start:stop]),))


@fixer("wrong-type")
def wrong_type(seen: Seen, finding: Finding) -> Fix | None:
    """A content that holds one text, but not as a text: ``["…"]`` or ``{"type": "text", "text": "…"}``."""
    route = finding.at.route
    while route and route[-1] != "content":
        route = route[:-1]
    content = value_at(seen.value, route) if route else None
    [only] = content if isinstance(content, list) and len(content) == 1 else [content]
    if isinstance(only, dict) and only.keys() == {"type", "text"} and only["type"] == "text":
        only = only["text"]
    if not isinstance(only, str):
        return None
    return Fix("write the content as a text", edits=(Edit(route, only),))


@fixer("missing-call-id")
def missing_call_id(seen: Seen, finding: Finding) -> Fix | None:
    """All ids of the record at once: each result answers the calls before it in their order, if none is left over."""
    names = _names(seen.value)
    edits = [
        edit
        for home in TALKS
        if isinstance(messages := _talk(seen.value, home), list)
        for edit in _ids(messages, home, names)
    ]
    return Fix("give the calls ids, and their results the same", edits=tuple(edits)) if edits else None


def _talk(value: Any, home: Route) -> Any:
    try:
        return value_at(value, home)
    except (KeyError, TypeError):
        return None


def _names(value: Any) -> Iterator[str]:
    """Ids that nothing in the record has."""
    taken = json.dumps(value)
    return (name for name in (f"call_{number}" for number in count(1)) if f'"{name}"' not in taken)


def _ids(messages: list[Any], home: Route, names: Iterator[str]) -> Iterator[Edit]:
    """The ids that one conversation lacks."""
    waiting: list[str] = []
    for index, message in enumerate(messages):
        if message.get("role") == "tool":
            continue
        waiting = []
        for number, call in enumerate(message.get("tool_calls") or ()):
            name = call.get("id")
            if name is None:
                name = next(names)
                yield Edit((*home, index, "tool_calls", number, "id"), name)
            waiting.append(name)
        yield from _answers(messages, index + 1, home, waiting)


def _answers(messages: list[Any], start: int, home: Route, waiting: list[str]) -> Iterator[Edit]:
    """The ids of the results that follow a message, where there is exactly one for each call that has none yet."""
    stop = start
    while stop < len(messages) and messages[stop].get("role") == "tool":
        stop += 1
    results = range(start, stop)
    given = [messages[index].get("tool_call_id") for index in results]
    left = [name for name in waiting if name not in given]
    lacking = [index for index, name in zip(results, given, strict=True) if name is None]
    if len(left) == len(lacking):
        yield from (Edit((*home, at, "tool_call_id"), name) for at, name in zip(lacking, left, strict=True))


@fixer("wrong-shape")
def wrong_shape(seen: Seen, finding: Finding) -> Fix | None:
    """The conversation that a record of another tool holds; what else it says is lost."""
    value = seen.value
    if isinstance(value, list):
        if not value or not all(isinstance(item, dict) and "role" in item for item in value):
            return None
        new = f'{{"messages": {seen.text.strip()}}}'
    else:
        try:
            found = translate(dict(value))
        except RefusedError:
            return None
        if found is None:
            return None
        new = json.dumps(found[0], ensure_ascii=seen.text.isascii())
    return Fix("write it as a chat record", safe=False, lines=(seen.bom + new.encode() + seen.line.ending,))
