"""What somebody says in a conversation, as HTML that is safe whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

import msgspec

from ftlint.submit.measure import is_json

LONG_TEXT, LONG_DATA = 2000, 100
"""Characters from which on a text scrolls, and at which data within it, as those of an image, are cut off."""
_code = re.compile(r"^(?:```|~~~|\t| {4}|<[!/\w])", re.MULTILINE)
_data = re.compile(rf'("data:[^"]{{{LONG_DATA}}})[^"]+"')


def message(spoken: Mapping[str, Any]) -> str:
    """A message with its role."""
    role, text = str(spoken.get("role", "")), _text(spoken)
    return f'<div class="turn"><h3>{escape(role)}</h3>{said(text, label=role)}</div>\n'


def _text(message: Mapping[str, Any]) -> str:
    """What a message says: texts as they are, addresses cut off, calls as JSON."""
    content = message.get("content") or ""
    parts = [content] if isinstance(content, str) else [part.get("text") or _json(part) for part in content]
    if calls := message.get("tool_calls"):
        parts.append(_json(calls))
    return "\n".join(filter(None, parts))


def _json(value: Any) -> str:
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    return _data.sub(r'\1…"', text)


def said(text: str, html: str = "", label: str = "") -> str:
    """A text, or the HTML that stands for it; with a label it scrolls by itself where it is long."""
    code = " code" if _code.search(text) or (text[:1] in "{[" and is_json(text)) else ""
    scrolls = tall(text, label) if label else '"'
    return f'<div class="said{code}{scrolls}>{html or escape(text)}</div>'


def tall(text: str, label: str) -> str:
    """The end of the attributes of what scrolls, if the text is so long; keys reach it."""
    if len(text) < LONG_TEXT and text.count("\n") < 40:
        return '"'
    return f' tall" tabindex="0" role="region" aria-label="{escape(label)}"'
