"""A reader of the simplest YAML, which front matters are written in; it declines whatever takes a YAML parser.

It is there for speed alone: what it reads, it reads as ``ftlint.yamltree`` does (a law of the tests).
"""

from __future__ import annotations

import re
from typing import Any

_ATOM = r"'(?:[^']|'')*'|\"[^\"\\]*\"|[A-Za-z0-9][\w./-]*"
_token = re.compile(rf"({_ATOM}|[\[\]{{}}]|, |: )")
_line = re.compile(r"(  )?([a-z][a-z_-]*):(?: (.+))?")
_quoted = re.compile(r"'(?:[^']|'')*'|\"[^\"\\]*\"")
_text = re.compile(r"[A-Za-z](?!.*(?:: | #)).*(?<![: ])|\d+\.\d+\.\d+")
_number = re.compile(r"(?:0|[1-9][0-9]{0,15})(\.[0-9]{1,15})?")
_WORDS = {"true": True, "false": False}
_SPECIAL = frozenset(("true", "false", "null"))
DEEPEST = 4


class DeclinedError(ValueError):
    """This takes a YAML parser."""


def read(text: str) -> dict[str, Any] | None:
    """The mapping that a text spells, a key and its value a line, or a key with such lines below it; else None."""
    found: dict[str, Any] = {}
    inner: dict[str, Any] | None = None
    try:
        for line in text.removesuffix("\n").split("\n"):
            indented, key, value = _split(line)
            target = inner if indented else found
            if target is None or key in target or (indented and value is None):
                return None
            if value is None:
                target[key] = inner = {}
            else:
                target[key] = _value(value)
                inner = inner if indented else None
    except DeclinedError:
        return None
    return None if {} in found.values() else found


def _split(line: str) -> tuple[str | None, str, str | None]:
    """The indentation, key and value of a line."""
    match = _line.fullmatch(line)
    if match is None or not line.isprintable() or match[2] in _SPECIAL:
        raise DeclinedError
    return match[1], match[2], match[3]


def _value(text: str) -> Any:
    if text[0] in "[{":
        tokens = _token.split(text)
        if any(tokens[::2]):
            raise DeclinedError
        parts = tokens[1::2]
        value = _flow(parts, DEEPEST)
        if parts:
            raise DeclinedError
        return value
    return _scalar(text)


def _flow(tokens: list[str], room: int) -> Any:
    """The value that some tokens begin with, which are taken away."""
    opening = _next(tokens)
    if opening not in ("[", "{"):
        return _scalar(opening)
    if opening == "[" and tokens[:1] == ["]"]:
        del tokens[0]
        return []
    items: list[Any] = []
    pairs: dict[str, Any] = {}
    while room:
        if opening == "[":
            items.append(_flow(tokens, room - 1))
        else:
            key = _scalar(_next(tokens))
            if type(key) is not str or key in pairs or _next(tokens) != ": ":
                break
            pairs[key] = _flow(tokens, room - 1)
        if (following := _next(tokens)) == ("]" if opening == "[" else "}"):
            return items if opening == "[" else pairs
        if following != ", ":
            break
    raise DeclinedError


def _next(tokens: list[str]) -> str:
    if not tokens:
        raise DeclinedError
    return tokens.pop(0)


def _scalar(text: str) -> Any:
    if _quoted.fullmatch(text):
        return text[1:-1].replace("''", "'") if text[0] == "'" else text[1:-1]
    if text in _WORDS:
        return _WORDS[text]
    if match := _number.fullmatch(text):
        return float(text) if match[1] else int(text)
    if text.lower() in _SPECIAL or not _text.fullmatch(text):
        raise DeclinedError
    return text
