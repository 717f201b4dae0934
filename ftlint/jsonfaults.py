"""The plain reason why a line is not valid JSON: the grammar as a small automaton, and what its stops mean."""

from __future__ import annotations

import json
import re
import unicodedata

from msgspec import Struct
from msgspec.structs import replace

DEPTH = 500
"""Objects and arrays in one another: deeper lines are refused, as many readers of JSON would crash on them."""

PYTHON_LENGTH = 200_000
"""Longer texts, in characters, are not tried as Python."""


class JsonFault(Struct, frozen=True):
    """Why a line is not JSON.

    Attributes:
        reason: a word for machines, such as ``missing-comma``.
        words: part of a sentence for people: ``a comma is missing before "content"``.
        hint: what to do, part of a sentence as well.
        start, stop: characters of the line, from 0, where the fault is best shown; equal where a line was cut short.
    """

    reason: str
    words: str
    hint: str
    start: int
    stop: int


# Possessive, so that damaged lines take linear time. Groups are sure before they read: Python before 3.11.5 keeps what
# a failing turn has read.
_SPACE = re.compile(r"[ \t\r\n]*+")
_PLAIN = r'[^"\\\x00-\x1f]*+'
_ESCAPE, _UNICODE = r'\\["\\/bfnrt]', r"\\u" + "[0-9a-fA-F]" * 4
_PART = rf'"{_PLAIN}(?:{_ESCAPE}{_PLAIN}|(?!{_ESCAPE}){_UNICODE}{_PLAIN})*+'
_NUMBER = r"-?(?:0|[1-9][0-9]{0,4299}+(?![0-9])|[1-9][0-9]*+(?=[.eE]))(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?(?![-+.\w])"
_TOKEN = re.compile(rf'{_PART}"|{_NUMBER}|(?:true|false|null)(?!\w)|[\[\]{{}},:]')
_STEP = re.compile(rf"({_TOKEN.pattern})[ \t\r\n]*+")
_STRING_PART = re.compile(_PART)
_BARE = re.compile(r"[-+.\w$]++")
_NUMERIC = re.compile(r"[-+]?\.?[0-9]")
_INFINITE = re.compile(r"[-+]?(?:nan|inf|infinity)", re.IGNORECASE)
_SINGLE = re.compile(r"'[^'\\]*+(?:\\.[^'\\]*+)*+'?", re.DOTALL)
_COMMENT = re.compile(r"(?:#|//)[^\n]*+|/\*(?:(?!\*/).)*+(?:\*/)?", re.DOTALL)
_SECOND = re.compile(r"[,;]?+[ \t\r\n]*+(?=[{\[])")
_SEPARATOR = re.compile(r'[;，；、](?=[ \t\r\n]*+")')
_REST_OF_KEY = re.compile(r'[\w.-]++"[ \t\r\n]*+:')
_NEXT = {"more items": re.compile(rf'{_PART}"[ \t\r\n]*+[,\]]'), "more members": re.compile(rf'{_PART}"[ \t\r\n]*+:')}
_SMART = "“”„‟‘’‚«»"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"

_VALUE = {'"': "whole", "0": "whole", "{": "first key", "[": "first item"}
_GRAMMAR = {
    "value": _VALUE,
    "first item": {**_VALUE, "]": "whole"},
    "first key": {'"': "colon", "}": "whole"},
    "key": {'"': "colon"},
    "colon": {":": "value"},
    "more items": {",": "value", "]": "whole"},
    "more members": {",": "key", "}": "whole"},
    "end": {},
}
"""What each state accepts (``0``: a number, true, false or null), and leads to; a whole value leads back out."""


class _Stop(Struct, frozen=True):
    """Where the automaton could not go on: its state, the place, the last token, and the brackets that are open."""

    text: str
    state: str
    at: int
    last: tuple[int, int]
    opened: list[int]

    @property
    def char(self) -> str:
        return self.text[self.at : self.at + 1]

    @property
    def before(self) -> str:
        """The first character of the last token: a quote for a string."""
        return self.text[slice(*self.last)][:1]

    @property
    def token(self) -> str:
        return _match(_TOKEN, self.text, self.at) or _match(_BARE, self.text, self.at) or self.char

    def after_string(self) -> bool:
        return self.before == '"' and self.last[1] == self.at

    def fault(self, reason: str, words: str, hint: str, start: int | None = None, size: int | None = None) -> JsonFault:
        """A fault of what stands here, or of one character (``size`` characters) at ``start``."""
        size = size if size is not None else 1 if start is not None else len(self.token)
        start = self.at if start is None else start
        return JsonFault(reason, words, hint, start, min(start + size, len(self.text)))


def diagnose(text: str) -> JsonFault | None:
    """Why ``text`` is not one JSON value (RFC 8259), or None where it is one.

    Agrees with a ``json.loads`` that refuses NaN and Infinity, up to ``DEPTH`` levels; escaped surrogates may be lone.
    Takes time linear in the length and never raises; ``text`` may hold several physical lines.
    """
    stop = _read(text)
    if stop is None:
        return None
    explanations = (_whole, _string, _stray, _after_record, _after_key, _after_value, _closer, _python, _word)
    return next(fault for explain in explanations if (fault := explain(stop)))


def python_literal(text: str) -> bool:
    """Whether the text reads as a Python dict, such as ``{'a': None}``; False for one over ``PYTHON_LENGTH``."""
    import ast
    import warnings

    text = text.strip()
    if len(text) > PYTHON_LENGTH or not text.startswith("{"):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return isinstance(ast.literal_eval(text), dict)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False


def _read(text: str) -> _Stop | None:
    """Run the automaton; None where the text is one JSON value."""
    state, last, opened = "value", (0, 0), list[int]()
    at = len(_match(_SPACE, text, 0))
    while len(opened) <= DEPTH and (step := _STEP.match(text, at)):
        kind = text[at] if text[at] in '"{}[],:' else "0"
        if kind not in _GRAMMAR[state]:
            break
        state, last = _GRAMMAR[state][kind], step.span(1)
        if kind in "{[":
            opened.append(at)
        elif kind in "}]":
            opened.pop()
        if state == "whole":
            state = "end" if not opened else "more items" if text[opened[-1]] == "[" else "more members"
        at = step.end()
    return None if state == "end" and at == len(text) else _Stop(text, state, at, last, opened)


def _whole(stop: _Stop) -> JsonFault | None:
    """The text is empty, too deep or cut short."""
    if not stop.char + stop.before:
        return stop.fault("empty", "the line is empty", "remove the line", 0, stop.at)
    if len(stop.opened) > DEPTH:
        return stop.fault("too-deep", f"it is nested more than {DEPTH} levels deep", "nest less", stop.opened[-1])
    words = f"the line ends while {_still_open(stop)}"
    return None if stop.char else stop.fault("unclosed", words, "was the line cut short?", stop.last[1], 0)


def _string(stop: _Stop) -> JsonFault | None:
    """A string begins where one may stand, and something in it is wrong."""
    if stop.char != '"' or '"' not in _GRAMMAR[stop.state]:
        return None
    start = stop.at + len(_match(_STRING_PART, stop.text, stop.at))
    char = stop.text[start : start + 1]
    if not char or stop.text[start:] == "\\":
        words = "a string is not closed" + (f", and {_still_open(stop)}" if stop.opened else "")
        return stop.fault("unclosed-string", words, 'close the string with "', size=len(stop.text))
    if char == "\\":
        escape = stop.text[start : start + 2]
        hint = r"write four hexadecimal digits after \u" if escape == r"\u" else r"write \\ for a backslash"
        return stop.fault("bad-escape", f"{_clip(escape)} is not an escape of JSON", hint, start, 2)
    reason = "raw-newline" if char in "\r\n" else "control-character"
    name = {"\n": "newline", "\r": "carriage return", "\t": "tab"}.get(char, f"U+{ord(char):04X}")
    return stop.fault(reason, f"a raw {name} stands in a string", f"write {json.dumps(char)[1:-1]} for it", start)


def _stray(stop: _Stop) -> JsonFault | None:
    """White space that JSON does not know, or a comment."""
    if stop.char.isspace() or stop.char in _INVISIBLE:
        name = f"U+{ord(stop.char):04X} ({unicodedata.name(stop.char, 'control character').lower()})"
        return stop.fault("odd-space", f"{name} stands outside a string", "use plain spaces")
    if not stop.after_string() and (comment := _match(_COMMENT, stop.text, stop.at)):
        return stop.fault("comment", "a comment stands here", "remove it: JSON has no comments", size=len(comment))
    return None


def _after_record(stop: _Stop) -> JsonFault | None:
    """The record is over, or a bracket closes what was never opened."""
    if stop.char in "}]" and not stop.opened:
        return stop.fault("lone-bracket", f"{stop.char} closes nothing", "remove it, or open what it closes")
    if stop.state != "end":
        return None
    rest = stop.text[stop.at :].strip()
    if rest == ",":
        return stop.fault("trailing-comma", "a comma stands after the record", "remove the comma")
    if stop.before in "}]" and (second := _SECOND.match(stop.text, stop.at)):
        hint = "write each record on a line of its own"
        return stop.fault("several-objects", "another record starts on the same line", hint, second.end())
    return stop.fault("trailing-text", "text stands after the record", "remove the text", size=len(rest))


def _after_key(stop: _Stop) -> JsonFault | None:
    if stop.state != "colon":
        return None
    if stop.after_string() and stop.char not in '"{}[],=：0123456789':
        return _inner_quote(stop, ":")
    words = f"a colon is missing after {_clip(stop.text[slice(*stop.last)])}"
    return stop.fault("missing-colon", words, 'write "key": value')


def _after_value(stop: _Stop) -> JsonFault | None:
    """An item or a member is over, and neither a comma nor a bracket follows."""
    if stop.state not in _NEXT or stop.char in ":}]":
        return None
    if _match(_SEPARATOR, stop.text, stop.at):
        return stop.fault("missing-comma", f"{stop.char} stands where a comma is needed", "write a comma")
    ended = stop.before != '"' or (stop.char != '"' and not stop.after_string() and _TOKEN.match(stop.text, stop.at))
    if not ended and not _NEXT[stop.state].match(stop.text, stop.at):
        return _inner_quote(stop, ",")
    return stop.fault("missing-comma", f"a comma is missing before {_clip(stop.token)}", "put a comma between them")


def _inner_quote(stop: _Stop, mark: str) -> JsonFault:
    """The last string ended at a quote inside it; or its own end is missing, and it went on to the next string."""
    start, end = stop.last
    inside = stop.text[start + 1 : end - 1].rstrip()
    if inside.endswith(mark) and (mark == ":" or _REST_OF_KEY.match(stop.text, stop.at)):
        words = f"a string is not closed before {_clip(stop.token)}"
        return stop.fault("unclosed-string", words, f'write " before the {mark}', start, end - start)
    words = "a quote stands inside a string without a backslash"
    return stop.fault("unescaped-quote", words, r"write \" for a quote inside a string", end - 1)


def _closer(stop: _Stop) -> JsonFault | None:
    """A bracket closes too early, or a comma comes too early."""
    if stop.char not in "}],":
        return None
    if stop.before == ":":
        return stop.fault("missing-value", f"a value is missing before {stop.char}", "write a value, or null")
    if stop.char == ",":
        return stop.fault("extra-comma", "one comma too many stands here", "remove the comma")
    if stop.before == ",":
        return stop.fault("trailing-comma", f"a comma stands before {stop.char}", "remove the comma", stop.last[0])
    name, closer = ("object", "}") if stop.text[stop.opened[-1]] == "{" else ("array", "]")
    words = f"{stop.char} stands where {closer} should close the {name}"
    return stop.fault("mismatched-bracket", words, f"write {closer} before it, or remove it")


def _python(stop: _Stop) -> JsonFault | None:
    """Quotes and constants of Python."""
    if stop.char == "'":
        size = len(_match(_SINGLE, stop.text, stop.at))
        fault = stop.fault("single-quotes", "single quotes are not JSON", "use double quotes", size=size)
    elif stop.token in ("True", "False", "None") and "key" not in stop.state:
        fault = stop.fault("python-constant", f"{stop.token} is Python, not JSON", "write true, false or null")
    else:
        return None
    hint = "this is a printed Python dict: write it with json.dumps"
    return replace(fault, reason="python-repr", hint=hint) if python_literal(stop.text) else fault


def _word(stop: _Stop) -> JsonFault:
    """Anything else where a key or a value should stand."""
    shown, key = _clip(stop.token), "key" in stop.state
    bare, number = _BARE.match(stop.text, stop.at), _NUMERIC.match(stop.token)
    text = not stop.opened and not (number and stop.token == stop.text.strip())
    infinite = not key and _INFINITE.fullmatch(stop.token)
    cases = (
        (stop.char in _SMART, ("smart-quotes", f"{shown} is not a quote of JSON", 'use the plain "')),
        (stop.char == "\\", ("stray-backslash", "a backslash stands outside a string", "is the line escaped twice?")),
        (infinite, ("non-finite-number", f"{shown} is not a number of JSON", "use null or a finite number")),
        (text, ("not-json", "the line is text, not JSON", "each line must be one JSON object")),
        (key and bare, ("unquoted-key", f"the key {shown} has no quotes", 'put " around it')),
        (key and stop.char in "{[", ("missing-key", f"a key is missing before {shown}", "is a } missing before it?")),
        (number, ("bad-number", f"{shown} is not a number of JSON", "write it like -3, 0.5 or 1e9, or in quotes")),
        (bare, ("unquoted-value", f"{shown} has no quotes", 'put " around it')),
        (True, ("unexpected-character", f"{shown} cannot stand here", "check the quotes and brackets before it")),
    )
    return stop.fault(*next(fault for holds, fault in cases if holds))


def _still_open(stop: _Stop) -> str:
    """``2 objects and 1 array are still open``."""
    objects = sum(stop.text[at] == "{" for at in stop.opened)
    counts = {"object": objects, "array": len(stop.opened) - objects}
    names = [f"{count} {name}{'s' * (count > 1)}" for name, count in counts.items() if count]
    return f"{' and '.join(names)} {'is' if len(stop.opened) == 1 else 'are'} still open"


def _clip(token: str, most: int = 23) -> str:
    shown = "".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in token[:most])
    return shown + "…" * (len(token) > most)


def _match(pattern: re.Pattern[str], text: str, at: int) -> str:
    match = pattern.match(text, at)
    return match[0] if match else ""
