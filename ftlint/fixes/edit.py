"""Edits of a record as edits of the text that spells it: what they do not touch stays, byte for byte."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable
from typing import Any

from ftlint.locate import end_of, locate
from ftlint.model import GONE, Edit

_SPACE = re.compile(r"[ \t\r\n]*+")
_COMMA_AFTER = re.compile(r"[ \t\r\n]*+,[ \t\r\n]*+")
_COMMA_BEFORE = re.compile(r",[ \t\r\n]*\Z")
_COMPACT = re.compile(r'":[^ ]')


def rewrite(text: str, edits: Iterable[Edit]) -> str:
    """One line of JSON with edits, verified: read again, it is what it was, changed by the edits and nothing else.

    Raises:
        ValueError: the edits do not lead to what they say.
    """
    value = json.loads(text)
    distinct = {(edit.route, edit.span): edit for edit in edits}.values()
    ordered = sorted(distinct, key=lambda edit: _start(text, value, edit), reverse=True)  # the last place first
    for edit in ordered:
        text = _text_with(text, value, edit)
        value = patched(value, [edit])
    if json.loads(text) != value:
        raise ValueError("the edits lead elsewhere")
    return text


def patched(value: Any, edits: Iterable[Edit]) -> Any:
    """A copy of a value with edits, one after the other."""
    value = copy.deepcopy(value)
    for edit in edits:
        home = value
        for step in edit.route[:-1]:
            home = home[step]
        last: Any = edit.route[-1]
        if edit.value is GONE:
            del home[last]
        elif edit.span is None:
            home[last] = edit.value
        else:
            start, stop = edit.span
            home[last] = home[last][:start] + edit.value + home[last][stop:]
    return value


def _exists(value: Any, edit: Edit) -> bool:
    for step in edit.route[:-1]:
        value = value[step]
    last = edit.route[-1]
    return last in value if isinstance(value, dict) else isinstance(last, int) and last < len(value)


def _start(text: str, value: Any, edit: Edit) -> int:
    if not _exists(value, edit):
        return locate(text, edit.route[:-1])[0] + 1
    return locate(text, edit.route, "value", edit.span)[0]


def _text_with(text: str, value: Any, edit: Edit) -> str:
    if edit.value is GONE:
        return _without(text, edit)
    new = json.dumps(edit.value, ensure_ascii=text.isascii())
    if not _exists(value, edit):
        return _with_key(text, edit, new)
    start, stop = locate(text, edit.route, "value", edit.span)
    return text[:start] + (new if edit.span is None else new[1:-1]) + text[stop:]


def _with_key(text: str, edit: Edit, new: str) -> str:
    """The text with another key, the first of its object."""
    at = locate(text, edit.route[:-1])[0] + 1
    empty = text[end_of(_SPACE, text, at)] == "}"
    colon, comma = (":", ",") if _COMPACT.search(text) else (": ", ", ")
    return f"{text[:at]}{json.dumps(edit.route[-1])}{colon}{new}{'' if empty else comma}{text[at:]}"


def _without(text: str, edit: Edit) -> str:
    """The text without a member or an item, and without one of the commas around it."""
    start, stop = locate(text, edit.route)
    if isinstance(edit.route[-1], str):
        start = locate(text, edit.route, "key")[0]
    after = _COMMA_AFTER.match(text, stop)
    if after is None and (before := _COMMA_BEFORE.search(text, 0, start)):
        start = before.start()
    return text[:start] + text[after.end() if after else stop :]
