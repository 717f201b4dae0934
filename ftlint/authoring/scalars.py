"""A text as a YAML scalar: plain where that is safe, in quotes where needed, as a block where it is long."""

from __future__ import annotations

import re

from ftlint.yamltree.nodes import NULLS

WIDTH = 100
"""A text that is longer, or has several lines, becomes a block."""

_UNPRINTABLE = re.compile("[^\n\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What only double quotes can hold (line ends of YAML 1.1: U+0085, U+2028, U+2029; byte order marks)."""

_UNSAFE = re.compile(r"""^(?:[,\[\]{}#&*!|>'"%@`]|[-?:](?:\s|$)|---|\.\.\.)|:(?:\s|$)|\s\#|\t""")
_UNSAFE_IN_FLOW = re.compile(r"^[-?]|[,\[\]{}:#]")
_CONSTANTS = frozenset({*NULLS, "true", "True", "TRUE", "false", "False", "FALSE", "<<"})
_NUMBER = re.compile(r"[-+]?\.?[0-9][0-9a-fA-FxXo._]*(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|nan)", re.IGNORECASE)
_INDENTED = re.compile(r"\n*[ \t]")
_ESCAPES = {"\0": r"\0", "\n": r"\n", "\r": r"\r", "\t": r"\t", '"': r"\"", "\\": r"\\"}
_ESCAPED = re.compile(_UNPRINTABLE.pattern + '|[\n\t"\\\\]')


def is_edged(text: str) -> bool:
    """Whether a line end stands at the end, which the format drops unless it is told to keep white space."""
    return text.endswith("\n")


def block(text: str, indent: int, *, exact: bool) -> str | None:
    """A text as literal block below a key at column ``indent``, header included; None where no block can hold it.

    ``exact`` keeps the final newlines as they are; else one is added that the reader drops.
    """
    if not text.strip() or _UNPRINTABLE.search(text):
        return None
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    chomping = ("-", "", "+")[min(ends, 2)] if exact else ""
    pad = "\n" + " " * (indent + 2)
    lines = "".join(pad + line if line else "\n" for line in body.split("\n"))
    return f"|{'2' if _INDENTED.match(text) else ''}{chomping}{lines}" + "\n" * (ends - 1)


def quoted(text: str) -> str:
    """A text in quotes on one line: double ones, or single ones where that saves backslashes."""
    if not _ESCAPED.search(text):
        return f'"{text}"'
    if not _UNPRINTABLE.search(text) and "\n" not in text and "\t" not in text:
        return "'" + text.replace("'", "''") + "'"
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    return _ESCAPES.get(char) or (f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}")


def inline(text: str, *, resolved: bool, flow: bool = False) -> str:
    """A text on one line; ``resolved`` where a plain ``true`` or ``12`` would not be text, ``flow`` in ``{}``."""
    plain = not (text != text.strip() or "\n" in text or _UNSAFE.search(text) or _UNPRINTABLE.search(text))
    if flow and _UNSAFE_IN_FLOW.search(text):
        plain = False
    ambiguous = (text in _CONSTANTS or _NUMBER.fullmatch(text)) if resolved else text in NULLS
    return text if plain and not ambiguous else quoted(text)


def scalar(text: str, indent: int, *, resolved: bool, exact: bool) -> str:
    """A text as value of a key, or item of a list, at column ``indent``."""
    long = (len(text) > WIDTH and " " in text) or "\n" in text.strip("\n")
    written = block(text, indent, exact=exact) if long else None
    return inline(text, resolved=resolved) if written is None else written
