"""Why a text is no YAML, as its author should hear it: one fault, at the place that is to be changed."""

from __future__ import annotations

import re

from ftlint.authoring import whitespace
from ftlint.authoring.lines import KEYS, TEXT_KEYS, SourceLines, clip, in_block, in_quotes, quoted
from ftlint.authoring.model import AuthoringFault
from ftlint.authoring.stop import Stop, Token, stop
from ftlint.yamltree.nodes import FaultError
from ftlint.yamltree.words import explain

RESERVED = "`@%!&*{}[],-?:#|>"
"""What a text of one line cannot start with, the last five before a space."""

_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*")
_UNSURE = re.compile(r"[\ud800-\udfff]|(?![\t\n\r\x85])[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_GLUED = re.compile(rf"(?:{'|'.join(sorted(KEYS))})(?=:\S|\s|$)")
_HEX = "[0-9a-fA-F]"
_LOW = rf"\\u[dD][c-fC-F]{_HEX}{{2}}"
_LONG = rf"U(?!0000[dD][89a-fA-F])00(?:0{_HEX}|10){_HEX}{{4}}"
_ESCAPES = re.compile(
    rf"(?P<half>\\u[dD][89abAB]{_HEX}{{2}}(?:{_LOW})?|{_LOW})"
    rf"|(?P<sound>\\(?:x{_HEX}{{2}}|u{_HEX}{{4}}|{_LONG}|"
    r"""[0abtnvfre "/\\N_LP\t\r\n]))|[\\"]"""
)
"""Halves of characters, sound escapes, and a backslash or a quote that is neither's."""
_DIGITS = {
    "x": "two hexadecimal digits",
    "u": "four hexadecimal digits",
    "U": "eight hexadecimal digits of a character",
}
_COMMENT = re.compile(r"[ \t]+(#.*)")


def syntax(text: str, path: str, file: str, error: Exception) -> AuthoringFault:
    """The one fault that explains an error of PyYAML, or a ``FaultError`` of ``yamltree``, on ``text``.

    A ``FaultError`` may also name the first character of a value that YAML read as something else than text. Takes time
    linear in the length of the text, and never raises.
    """
    case = stop(SourceLines(path, file, text), error)
    if not _UNSURE.search(text):
        for explainer in _EXPLAINERS:
            if fault := explainer(case):
                return fault
    return _other(case, error)


def _bar(case: Stop) -> AuthoringFault | None:
    """Text on the line of ``|`` or ``>``."""
    found = _HEADER.match(case.text, case.at)
    if not found or not case.begins_value():
        return None
    source, start = case.source, found.end()
    stop = source.end(start)
    rest = case.text[start:stop]
    if not rest or case.text[case.index : case.index + 1] == "\t":
        return None
    glued, text = not found[0][-1:].isspace(), found[0][0] == ">" or "|" in rest
    if glued and text and not _goes_on(case, start):
        return _reserved(case, case.at)
    mark, label = found[0].strip(), source.label(case.at)
    fix = f'end the line with "{label}{mark}" and start the text on the next line, indented: {clip(rest)}'
    return source.fault("text-on-bar-line", start, stop, mark=mark, text=clip(rest), fix=fix)


def _goes_on(case: Stop, at: int) -> bool:
    """Whether the line after that of a character is indented deeper than the last key."""
    owner = case.owner()
    line = re.compile(r"[^\r\n]*(?:\r\n?|\n)(?:[ \t]*(?:\r\n?|\n))*( *)[^\s]").match(case.text, at)
    base = case.source.column(owner.start) if owner else case.source.indent(at)
    return bool(line) and len(line[1]) > base and not case.source.key(line.end())  # type: ignore[index,union-attr]


def _quote(case: Stop) -> AuthoringFault | None:
    """Text behind a closing quote, or a quote that is not closed where it was meant to be."""
    source, last = case.source, case.last
    if "end of stream" in case.problem and case.text[case.at : case.at + 1] in ("'", '"'):
        return _unclosed(case, case.at)
    if last.style not in ("'", '"') or not source.together(last.stop - 1, case.index) or case.index < last.stop:
        return None
    if any(source.key(start) for start in _line_starts(case.text, last)):
        return _unclosed(case, last.start)
    begin = last.stop + len(case.text[last.stop :]) - len(case.text[last.stop :].lstrip(" \t"))
    stop = source.end(begin)
    whole = case.text[last.start : stop]
    if case.text[last.stop : last.stop + 1].isalnum() and whole.endswith(last.style):
        whole = whole[1:-1].replace("\\" + last.style, last.style)
    fix = in_block(source.label(last.start)) if _goes_on(case, begin) else in_quotes(source.label(last.start), whole)
    return source.fault("quote-then-text", begin, stop, rest=clip(case.text[begin:stop]), quote=last.style, fix=fix)


def _line_starts(text: str, token: Token) -> list[int]:
    """Where the lines of a token start, but for its first."""
    return [found.end() for found in re.compile(r"\r\n?|\n").finditer(text, token.start, token.stop)]


def _unclosed(case: Stop, at: int) -> AuthoringFault:
    stop = case.source.end(at)
    text = clip(case.text[at:stop])
    quote = case.text[at]
    fix = f"close it: {text}{quote} (or, if it belongs to the text: {quoted(text)})"
    what = f"the quote {quote} is opened here and not closed on its line"
    return case.source.fault("invalid-yaml", at, stop, what=what, fix=fix)


def _escape(case: Stop) -> AuthoringFault | None:
    """A backslash in double quotes that starts no escape."""
    if case.text[case.at : case.at + 1] != '"' or not re.search("escape|hexa?decimal", case.problem):
        return None
    found = next((found for found in _ESCAPES.finditer(case.text, case.at + 1) if not found["sound"]), None)
    if not found or found[0] == '"':
        return None
    if found["half"]:
        return _half(case, found)
    at = found.start()
    seen = case.text[at : at + 2]
    digits = _DIGITS.get(seen[1:])
    what = f"a backslash in double quotes starts an escape, and {seen} " + (f"needs {digits}" if digits else "is none")
    text = case.text[case.at + 1 : case.source.end(case.at)].removesuffix('"')
    fix = f"write \\{seen} if a backslash is meant"
    if not any(escape["sound"] for escape in _ESCAPES.finditer(text)):
        advice = "or put the text in single quotes, where a backslash is a backslash"
        fix = f"write \\{seen}, {advice}: {case.source.label(case.at)}{quoted(clip(text))}"
    return case.source.fault("invalid-yaml", at, at + 2, what=what, fix=fix)


def _half(case: Stop, found: re.Match[str]) -> AuthoringFault:
    """A character beyond U+FFFF as JSON may write it: as two escapes, which YAML takes for halves of characters."""
    halves = re.findall(r"\\u(\w{4})", found[0])
    units = b"".join(int(half, 16).to_bytes(2, "big") for half in halves)
    char = units.decode("utf-16-be", "ignore")
    what = f"\\u needs four hexadecimal digits of a whole character, and \\u{halves[0]} is half of one"
    fix = f"write the character itself: {char}" if char else "write the whole character, or remove it"
    return case.source.fault("invalid-yaml", *found.span(), what=what, fix=fix)


def _first_character(case: Stop) -> AuthoringFault | None:
    """Text that starts with a character that means something else to YAML."""
    last = case.last
    if case.begins_value() and case.text[case.at : case.at + 1] in tuple(RESERVED):
        return _reserved(case, case.at)
    closed = last.kind in ("alias", "tag", "anchor") or (last.kind == "flow" and not last.style)
    behind = closed and case.source.together(last.stop - 1, case.index) and case.index >= last.stop
    nested = last.kind == "flow" and last.style == "open" and case.text.startswith("{{", last.start)
    return _reserved(case, last.start) if behind or nested else None


def _reserved(case: Stop, at: int) -> AuthoringFault | None:
    source, name = case.source, case.name(case.owner())
    if name in KEYS - TEXT_KEYS or case.head() < 0:
        return None
    text = case.text[at : source.end(at)]
    char = "{{" if text.startswith("{{") else text[:1]
    label = source.label(at)
    fix = in_block(label) if _goes_on(case, at) else in_quotes(label, text)
    if "undefined alias" in case.problem:
        fix += f", or give something the anchor &{clip(text[1:])}"
    return source.fault("reserved-first-character", at, at + len(char), char=char, fix=fix)


def _cut(case: Stop) -> AuthoringFault | None:
    """A plain text of several lines, of which one was cut by ``#``: what follows belongs to nothing."""
    if case.last.kind != "scalar" or case.last.style or case.head() < 0 or case.source.key(case.at):
        return None
    found = _COMMENT.match(case.text, case.last.stop)
    owner = case.owner()
    base = case.source.column(owner.start) if owner else case.source.indent(case.last.start)
    if not found or case.source.together(case.at, case.last.start) or case.source.indent(case.at) <= base:
        return None
    at = found.start(1)
    cut = clip(found[1].rstrip())
    fix = in_block(case.source.label(case.last.start)) if owner else "put the text in quotes"
    return case.source.fault("comment-cuts-text", at, case.source.end(at), cut=cut, fix=fix)


def _colon(case: Stop) -> AuthoringFault | None:
    """A second ``: `` in a plain text, or a key that became text since something is wrong with the one before it."""
    source, last = case.source, case.last
    if "values are not allowed" not in case.problem or last.kind != "scalar" or last.style:
        return None
    if not source.together(last.start, case.index) and source.key(case.index):
        glued = _GLUED.match(case.text, last.start)
        if glued and not (len(case.tokens) > 1 and case.tokens[-2].kind == "value"):
            return whitespace.missing_colon(case, glued.end())
        return _too_deep(case)
    owner = case.owner()
    label = source.label(owner.start) + case.name(owner) + ": " if owner else ""
    whole = case.text[last.start : source.end(case.index)]
    several = not source.together(last.start, case.index) or _goes_on(case, case.index)
    fix = in_block(label) if several else in_quotes(label, whole)
    shown = clip(case.text[case.index : source.end(case.index)].lstrip(": "))
    return source.fault("colon-in-plain-text", case.index, case.index + 1, rest=shown, fix=fix)


def _too_deep(case: Stop) -> AuthoringFault:
    """A key that is indented deeper than the key of the text above it."""
    source, owner = case.source, case.owner()
    begin, name = source.start(case.index) + source.indent(case.index), source.key(case.index)
    what = f'"{name}" is indented by {source.indent(case.index)} spaces, and so it is part of the text above it'
    fix = f'indent it by {source.column(owner.start)} spaces, as "{case.name(owner)}"' if owner else "indent it less"
    return source.fault("invalid-yaml", begin, case.index, what=what, fix=fix)


def _document(case: Stop) -> AuthoringFault | None:
    """JSON Lines, or several documents in one file."""
    if "document" not in case.problem:
        return None
    if case.text.lstrip().startswith("{"):
        what, fix = "this is JSON Lines, not YAML", "name the file .jsonl"
    elif case.text.startswith(("---", "..."), case.source.start(case.index)):
        what = "a second document starts here"
        fix = "keep one list of examples: remove the line, or indent it if it belongs to the text above it"
    else:
        return None
    return case.source.fault("invalid-yaml", case.index, case.source.end(case.index), what=what, fix=fix)


def _other(case: Stop, error: Exception) -> AuthoringFault:
    """Anything else, in the words of ``yamltree``."""
    index, words = error.args if isinstance(error, FaultError) else explain(error, case.text)
    what, _, fix = words.rpartition(": ")
    if not what or what.startswith("this is not valid YAML"):
        what, fix = f"this is not valid YAML ({fix or words})", "look at the quotes, colons and indentation around it"
    stop = index + (not case.text[index : index + 1].isspace())
    return case.source.fault("invalid-yaml", index, stop, what=what, fix=fix)


_EXPLAINERS = (
    whitespace.tab,
    whitespace.odd_space,
    _bar,
    _quote,
    _escape,
    _first_character,
    _cut,
    _colon,
    _document,
    whitespace.stretched_blank,
    whitespace.continuation,
    whitespace.misplaced_key,
)
