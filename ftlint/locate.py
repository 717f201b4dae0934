"""From a route to the characters that spell its value in JSON text, without decoding what lies beside the way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Literal

from ftlint.model import Route

Span = tuple[int, int]
"""Characters ``[start, stop)``, from 0."""

# Every quantifier is possessive: what was read once is never read again, so damaged lines stay quick too.
_BODY = r'"[^"\\]*+(?:\\.[^"\\]*+)*+'
_STRING = re.compile(_BODY + '"?', re.DOTALL)
_SCALAR = re.compile(r"[^ \t\r\n,\]}]*+")
_BRACKET = re.compile(rf'[^"\[\]{{}}]*+(?:{_BODY}"[^"\[\]{{}}]*+)*+[\[\]{{}}]', re.DOTALL)
_BETWEEN = re.compile(r"[ \t\r\n,]*+")
_KEY = re.compile(rf'({_BODY}")[ \t\r\n]*+:[ \t\r\n]*+', re.DOTALL)
_SIGNIFICANT = re.compile(rf'({_BODY}"?)([ \t\r\n]*+:)?|[\[\]{{}},]', re.DOTALL)
_PLAIN = re.compile(r"[^\\]*+")
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)


@dataclass(slots=True)
class _Node:
    """A value on the way: its characters, and those of the key that leads to it."""

    start: int
    stop: int
    key: Span | None = None


def locate(text: str, route: Route, part: Literal["value", "key", "line"] = "value", span: Span | None = None) -> Span:
    """The characters ``[start, stop)`` of ``text``, from 0, that spell a part of one line of JSON.

    Args:
        text: one JSON value; ``NaN`` and ``Infinity`` are accepted.
        route: keys and indices; of duplicate keys the last is followed, as ``json.loads`` keeps that one.
        part: the ``value`` at the route (a string with its quotes), its ``key``, or the whole ``line``.
        span: only these characters of the decoded string (of the raw text for a ``line``).

    Never raises: where the route leads nowhere, or the text is damaged, the last value on the way is given.
    """
    if part == "line":
        return span or (0, len(text))
    trail = _trail(text, route)
    node = trail[-1]
    if len(trail) <= len(route):
        return node.start, node.stop
    start, stop = node.key if part == "key" and node.key else (node.start, node.stop)
    return _within(text, start, stop, span) if span and text[start : start + 1] == '"' else (start, stop)


def duplicate_keys(text: str) -> Iterator[tuple[Route, str, Span]]:
    """Every key that stands in its object again: the object's route, the key, and where it stands this time."""
    seen: list[set[str]] = []
    steps: list[str | int] = []
    for match in _SIGNIFICANT.finditer(text):
        string, colon = match.groups()
        if string is None:
            _turn(match[0], seen, steps)
        elif colon is not None and steps:
            steps[-1] = key = _decode(string)
            if key in seen[-1]:
                yield tuple(steps[:-1]), key, match.span(1)
            seen[-1].add(key)


def _turn(mark: str, seen: list[set[str]], steps: list[str | int]) -> None:
    """Follow a bracket or a comma: into a container, out of it, or on to the next item."""
    if mark in "[{":
        seen.append(set())
        steps.append(0)
    elif not steps:
        return
    elif mark == ",":
        step = steps[-1]
        steps[-1] = step + 1 if isinstance(step, int) else step
    else:
        seen.pop()
        steps.pop()


def _trail(text: str, route: Route) -> list[_Node]:
    """The values that the route passes, the whole line first, as far as the route leads.

    One pass over the text, whatever its depth: ``inside`` holds, for each container on the way that is still open,
    its next indices, or None for an object; a key that comes again drops what was found under the earlier one.
    """
    at = end_of(_BETWEEN, text, 0)
    trail = [_Node(at, _end(text, at) if not route else len(text))]
    inside: list[Iterator[int] | None] = []
    if route:
        at = _enter(text, at, inside)
    while inside:
        at, key, step = _member(text, at, inside[-1])
        level = len(inside)
        if at == len(text) or text[at] in "]}":
            at = trail[level - 1].stop = min(at + 1, len(text))
            inside.pop()
        elif step != route[level - 1]:
            at = _end(text, at)
        else:
            trail[level:] = [_Node(at, len(text), key)]
            at = _enter(text, at, inside) if level < len(route) else _end(text, at)
            if len(inside) == level:
                trail[level].stop = at
    return trail


def _enter(text: str, at: int, inside: list[Iterator[int] | None]) -> int:
    """Step into the container that starts here, or past a value that is none."""
    if text[at : at + 1] not in ("[", "{"):
        return _end(text, at)
    inside.append(count() if text[at] == "[" else None)
    return at + 1


def _member(text: str, at: int, indices: Iterator[int] | None) -> tuple[int, Span | None, str | int | None]:
    """Where the next value of a container starts, with the characters of its key, and the key or index."""
    at = end_of(_BETWEEN, text, at)
    if indices is not None:
        return at, None, next(indices)
    match = _KEY.match(text, at)
    return (match.end(), match.span(1), _decode(match[1])) if match else (at, None, None)


def _end(text: str, at: int) -> int:
    """Where the value that starts here ends; the end of the text for one that is not closed."""
    if text[at : at + 1] == '"':
        return end_of(_STRING, text, at)
    if text[at : at + 1] not in ("[", "{"):
        return end_of(_SCALAR, text, at)
    depth = 0
    while bracket := _BRACKET.match(text, at):
        at = bracket.end()
        depth += 1 if text[at - 1] in "[{" else -1
        if not depth:
            return at
    return len(text)


def _within(text: str, start: int, stop: int, span: Span) -> Span:
    """The source of some characters of the string whose quotes stand at ``start`` and ``stop - 1``."""
    first = _advance(text, start + 1, stop - 1, span[0])
    return first, _advance(text, first, stop - 1, span[1] - span[0])


def _advance(text: str, at: int, stop: int, characters: int) -> int:
    """The place that many decoded characters further, at most ``stop``; a surrogate pair is one character."""
    while characters > 0 and at < stop:
        plain = end_of(_PLAIN, text, at)
        if plain - at >= characters:
            return min(at + characters, stop)
        characters -= plain - at + 1
        at = end_of(_ESCAPE, text, plain)
        if at == plain:
            return stop
    return min(at, stop)


def end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where what a pattern matches here ends; here, if it does not."""
    match = pattern.match(text, at)
    return match.end() if match else at


def _decode(string: str) -> str:
    """What a quoted string says; as it stands, where it is damaged."""
    if "\\" in string:
        try:
            return str(json.loads(string, strict=False))
        except ValueError:
            pass
    return string[1:-1]
