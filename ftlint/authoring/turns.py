"""A record as the mapping that its author would have written; what the format cannot carry is refused by its route."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ftlint.authoring.calls import compact
from ftlint.authoring.emit import Data, Text, parts
from ftlint.authoring.settings import TOOL_KEYS
from ftlint.model import Route, Shape, show_route
from ftlint.record import INSTRUCTIONS

MAX_DEPTH = 80
"""Data that is nested deeper stays a JSON text; the YAML reader stops at 100."""

Fields = dict[str, Any]
"""Keys and values, as an author writes them."""


class RefusedError(ValueError):
    """What cannot be carried: ``route: why``."""

    def __init__(self, route: Route, why: str) -> None:
        super().__init__(f"{show_route(route)}: {why}" if route else why)


@dataclass
class CallIds:
    """The ids of one record's calls: how many there were, and which wait for their result."""

    count: int = 0
    waiting: list[str] = field(default_factory=list)


def author(record: dict[str, Any], shape: Shape) -> Fields:
    """The example of one sound record.

    Raises:
        RefusedError: the format has no place for a part of it.
    """
    calls = CallIds()
    if shape == "completion":
        _only(record, (), "prompt", "completion")
        return {name: _text(record[name], (name,)) for name in ("prompt", "completion")}
    if shape == "preference":
        _only(record, (), "input", "preferred_output", "non_preferred_output")
        _only(record["input"], ("input",), "messages", "tools", "parallel_tool_calls")
        example = _talk(record["input"], ("input",), calls, "preferred")
        return example | {
            "preferred": _answer(record, "preferred_output"),
            "rejected": _answer(record, "non_preferred_output"),
        }
    reference = {name: item for name, item in record.items() if name not in _CONVERSATION}
    if shape == "chat":
        _only(record, (), *_CONVERSATION)
    if reference and _depth(reference) > MAX_DEPTH:
        raise RefusedError((), f"values nested more than {MAX_DEPTH} deep cannot be written as YAML")
    example = _talk(record, (), calls, "" if reference else "assistant")
    return example | ({"reference": parts(reference)} if reference else {})


_CONVERSATION = ("messages", "tools", "parallel_tool_calls")


def _talk(home: dict[str, Any], route: Route, calls: CallIds, answer: str) -> Fields:
    """System prompt, tools and turns; a bare question (and answer) without the list of turns."""
    messages: list[dict[str, Any]] = home["messages"]
    example: Fields = {}
    start = 0
    first = messages[0]
    if len(messages) > 1 and first.keys() == {"role", "content"} and first["role"] in INSTRUCTIONS:
        example[first["role"]] = _text(first["content"], (*route, "messages", 0, "content"))
        start = 1
    if "tools" in home:
        example["tools"] = _tools(home["tools"], (*route, "tools"))
    if "parallel_tool_calls" in home:
        example["parallel_tool_calls"] = home["parallel_tool_calls"]
    turns = list(_turns(messages, start, (*route, "messages"), calls))
    wanted = {"assistant": [["user"], ["assistant"]], "preferred": [["user"]]}.get(answer)
    if wanted == [[name for name in turn if name != "images"] for turn in turns]:
        return example | {name: item for turn in turns for name, item in turn.items()}
    return example | {"turns": turns}


def _turns(messages: list[dict[str, Any]], start: int, route: Route, calls: CallIds) -> Iterator[Fields]:
    at = start
    while at < len(messages):
        if messages[at]["role"] == "tool":
            stop = next((n for n in range(at, len(messages)) if messages[n]["role"] != "tool"), len(messages))
            yield from _results(messages[at:stop], route, at, calls)
            at = stop
        else:
            yield _turn(messages[at], (*route, at), calls)
            at += 1


def _turn(message: dict[str, Any], route: Route, calls: CallIds) -> Fields:
    role = message["role"]
    calls.waiting = []
    if role == "function":
        raise RefusedError(route, "messages of the role function are an old form: write tool calls")
    known = {"user": ("name",), "assistant": ("name", "weight", "tool_calls")}.get(role, ("name",))
    _only(message, route, "role", "content", *known)
    turn: Fields = {}
    content = message.get("content")
    if role == "user" and isinstance(content, list):
        turn |= _pictured(content, (*route, "content"))
    elif content is not None or "tool_calls" not in message:
        turn[role] = _text(content, (*route, "content"))
    if "tool_calls" in message:
        turn |= _calls(message["tool_calls"], (*route, "tool_calls"), calls)
    if "name" in message:
        turn["name"] = message["name"]
    if "weight" in message:
        if type(message["weight"]) is not int or message["weight"] not in (0, 1):
            raise RefusedError((*route, "weight"), "a weight is 0 or 1")
        turn["weight"] = message["weight"]
    return turn


def _pictured(content: list[dict[str, Any]], route: Route) -> Fields:
    """A user's text with its images, which follow it."""
    text, *pictures = content or [{}]
    if text.get("type") != "text" or not pictures or any(part["type"] != "image_url" for part in pictures):
        raise RefusedError(route, "content in parts is carried only as one text and then images: join the texts")
    images = [
        {key: part["image_url"][key] for key in ("url", "detail") if key in part["image_url"]} for part in pictures
    ]
    return {"user": _text(text["text"], (*route, 0, "text")), "images": images}


def _calls(given: list[dict[str, Any]], route: Route, calls: CallIds) -> Fields:
    """One call, or several; the ids are generated again, so they must be as they would be."""
    made: list[Fields] = []
    for index, call in enumerate(given):
        calls.count += 1
        if call["id"] != f"call_{calls.count}":
            why = f'the id would become "call_{calls.count}": --renumber-calls accepts that'
            raise RefusedError((*route, index, "id"), why)
        calls.waiting.append(call["id"])
        made.append({call["function"]["name"]: _arguments(call["function"]["arguments"])})
    if len(made) == 1:
        ((name, args),) = made[0].items()
        return {"call": name, "args": args}
    return {"calls": made}


def _arguments(text: str) -> Any:
    """Arguments as a mapping if they come out the same again, else the JSON text itself."""
    data = _parsed(text)
    return Data(data) if isinstance(data, dict) and compact(data) == text else text


def _results(messages: list[dict[str, Any]], route: Route, start: int, calls: CallIds) -> Iterator[Fields]:
    """The results of the waiting calls, in the order of the calls."""
    ids = [message["tool_call_id"] for message in messages]
    for index, message in enumerate(messages):
        _only(message, (*route, start + index), "role", "content", "tool_call_id", "name")
    if ids != calls.waiting[: len(ids)]:
        matched = set(ids) == set(calls.waiting)
        why = "--renumber-calls puts them in the order of their calls" if matched else "each answers one call before it"
        raise RefusedError((*route, start), f"results do not follow their calls one by one: {why}")
    contents = [_result(message["content"], (*route, start + n)) for n, message in enumerate(messages)]
    if 1 < len(ids) == len(calls.waiting) and not any("name" in message for message in messages):
        yield {"results": contents}
    else:
        for content, message in zip(contents, messages, strict=True):
            yield {"result": content} | ({"name": message["name"]} if "name" in message else {})
    calls.waiting = calls.waiting[len(ids) :]


def _result(content: Any, route: Route) -> Data | Text:
    text = _text(content, (*route, "content"))
    data = _parsed(text.value)
    return Data(data) if _is_data(data) and compact(data) == text.value else text


def _is_data(value: Any) -> bool:
    """A mapping or list, unless it would be taken for the name of a file."""
    return isinstance(value, dict | list) and (not isinstance(value, dict) or value.keys() != {"file"})


def _parsed(text: str) -> Any:
    """The data of a JSON text, None for other texts and for what YAML had better not hold."""
    if text[:1] not in ("{", "["):
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if _depth(data) <= MAX_DEPTH else None


def _depth(data: Any) -> int:
    depth, level = 0, [data]
    while level:
        children = [
            item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)
        ]
        level, depth = [child for items in children for child in items], depth + 1
    return depth


def _tools(tools: list[dict[str, Any]], route: Route) -> Fields:
    """Tools by name."""
    if not tools:
        raise RefusedError(route, "an empty list of tools has no place: leave it out")
    named: Fields = {}
    for index, tool in enumerate(tools):
        function = tool["function"]
        if function["name"] in named:
            raise RefusedError((*route, index), f'the tool "{function["name"]}" stands there twice')
        if _depth(function) > MAX_DEPTH:
            raise RefusedError((*route, index), f"a tool nested more than {MAX_DEPTH} deep cannot be written as YAML")
        _only(tool, (*route, index), "type", "function")
        _only(function, (*route, index, "function"), "name", *TOOL_KEYS)
        if (description := function.get("description", "")).endswith("\n"):
            function = function | {"description": description + "\n"}  # the reader drops one
        named[function["name"]] = {name: Data(function[name]) for name in TOOL_KEYS if name in function}
    return named


def _answer(record: dict[str, Any], name: str) -> Text:
    message = record[name][0]
    _only(message, (name, 0), "role", "content")
    return _text(message.get("content"), (name, 0, "content"))


def _text(content: Any, route: Route) -> Text:
    if isinstance(content, str):
        return Text(content)
    why = "content in parts must become one text" if isinstance(content, list) else "a text must stand here"
    raise RefusedError(route, why)


def _only(given: Iterable[str], route: Route, *known: str) -> None:
    for name in given:
        if name not in known:
            raise RefusedError((*route, name), "the format has no place for this key")
