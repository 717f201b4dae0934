"""What a line is: a sound record, or its JSON and schema faults, each naming its rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

import msgspec

from ftlint.identity import canonical
from ftlint.lazy import lazy_pattern
from ftlint.model import Finding, Location, Scalar, Shape
from ftlint.record import Line, Record

BOM = b"\xef\xbb\xbf"
TRAINED_KEYS = frozenset({"messages", "tools", "parallel_tool_calls", "functions"})
"""Keys of a chat record; any other is for graders."""
DATASET_KEYS = frozenset({"messages", "conversations", "conversation", "instruction", "chosen", "custom_id"})
CLOCK_KEYS = frozenset({"timestamp", "ts", "time", "@timestamp", "created_at", "datetime", "date", "asctime"})
TRACE_KEYS = frozenset({"level", "levelname", "severity", "logger", "msg", "message", "event", "trace_id", "span_id"})
TRACE_KEYS |= {"traceId", "spanId", "request_id", "requestId", "session_id", "sessionId", "uuid", "duration", "pid"}

MANY_BRACKETS = 500
"""Fewer cannot nest deeper than ``jsonfaults.DEPTH``."""

MAX_DIGITS = 4300
"""Python's ``json`` reads no longer integers (``sys.int_info.default_max_str_digits``)."""

_decode = msgspec.json.Decoder().decode
_spaced_colon = lazy_pattern(rb'"[ \t\r]+:')
_long_number = lazy_pattern(rf'"(?:[^"\\]|\\.)*+"|(?P<digits>[0-9]{{{MAX_DIGITS + 1},}})')
_surrogate = lazy_pattern("[\ud800-\udfff]")


class Fault(msgspec.Struct, frozen=True):
    """A finding with the name of its rule; ``soft`` faults leave the record usable."""

    rule: str
    finding: Finding
    soft: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What became of a line: a record where other checks may trust it, and its faults.

    ``broken`` lines are no JSON at all: the lines after them may be the rest of the same record.
    """

    record: Record | None = None
    faults: tuple[Fault, ...] = ()
    broken: bool = False


def examine(line: Line) -> Outcome:
    """Read one line that is not blank."""
    from ftlint.gate import lets_pass

    data = line.data.removeprefix(BOM) if line.number == 1 else line.data
    try:
        value = _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _reference(line, data)
    if not isinstance(value, dict):
        return _misshapen(line, value)
    shape = shape_of(value)
    passed = shape is not None and lets_pass(data, shape)
    if _may_repeat_keys(data, value):
        text = data.decode()
        if faults := list(_duplicate_keys(line, text)):
            return Outcome(faults=tuple(faults))
    return _sound(line, data, value, passed)


def _reference(line: Line, data: bytes) -> Outcome:
    """The exact, slow reading of a line that the quick decoder refused."""
    import json

    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Outcome(faults=(not_utf8(line, data, error),), broken=not _parses(data.decode("utf-8", "replace")))
    try:
        value = json.loads(text, parse_constant=_refuse, parse_int=_integer)
    except (ValueError, RecursionError):
        return Outcome(faults=(invalid_json(line, text),), broken=True)
    if not isinstance(value, dict):
        return _misshapen(line, value)
    if faults := [*_duplicate_keys(line, text), *_lone_surrogates(line, text)]:
        return Outcome(faults=tuple(faults[:1]))
    return _sound(line, data, value, False)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        _refuse(digits)
    return int(digits)


def _parses(text: str) -> bool:
    from ftlint.jsonfaults import diagnose

    return diagnose(text) is None


def _sound(line: Line, data: bytes, value: dict[str, Any], passed: bool) -> Outcome:
    shape = shape_of(value)
    if shape is None:
        return _misshapen(line, value)
    if data.count(b"[") + data.count(b"{") > MANY_BRACKETS and not _parses(text := data.decode()):
        return Outcome(faults=(invalid_json(line, text),), broken=True)
    record = Record(line, value, shape)
    if passed:
        return Outcome(record)
    from ftlint.schemas import faults

    found = []
    for fault in faults(value, shape):
        at = record.at
        for step in fault.route:
            at /= step
        finding = record.finding(at.key() if fault.key else at, **fault.values)
        found.append(Fault(fault.rule, finding, fault.soft))
    return Outcome(record if all(fault.soft for fault in found) else None, tuple(found))


def shape_of(data: dict[str, Any]) -> Shape | None:
    """The shape that a record's keys announce; None for shapes that no service trains on as they are."""
    if "messages" in data:
        return "reinforcement" if _is_prompt_only(data) else "chat"
    if "preferred_output" in data or "non_preferred_output" in data:
        return "preference"
    if "prompt" in data and "completion" in data:
        return "completion"
    return None


def _is_prompt_only(data: dict[str, Any]) -> bool:
    """A reinforcement record: keys for graders, and a conversation that the model has yet to answer."""
    messages = data["messages"]
    last = messages[-1] if isinstance(messages, list) and messages else None
    return isinstance(last, dict) and last.get("role") == "user" and not TRAINED_KEYS.issuperset(data)


FOREIGN = {
    "conversations": "a ShareGPT conversation (conversations, from, value)",
    "conversation": "a ShareGPT conversation (conversation, from, value)",
    "instruction": "an Alpaca record (instruction, input, output)",
    "chosen": "a preference pair as TRL writes it (prompt, chosen, rejected)",
    "custom_id": "a batch request (custom_id, body)",
    "text": "plain text for continued pre-training (text)",
    "role": "a single message; the messages of one example belong in one line",
    "question": "a question and an answer without roles",
    "prompt": "a prompt without a completion",
    "completion": "a completion without a prompt",
    "input": "an input without outputs",
}


def describe(value: object) -> str:
    """What a value that is no record looks like, for people."""
    from ftlint.schemas import noun, shorten

    if isinstance(value, list):
        return "a bare list of messages, without the key messages" if _are_messages(value) else "a list"
    if not isinstance(value, dict):
        return noun(value)
    if is_log(value):
        return "a line of a log or trace"
    for key, words in FOREIGN.items():
        if key in value:
            is_chat = key.startswith("conversation") and _are_messages(value[key])
            return f"a chat whose messages stand under {key}" if is_chat else words
    keys = ", ".join(shorten(key, 20) for key in list(value)[:4])
    return f"an object with the keys {keys}" if keys else "an empty object"


def _are_messages(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) and "role" in item for item in value)


def is_log(value: object) -> bool:
    """Whether a value reads as a line of a log or trace: times and trace keys, and no key of a dataset."""
    if not isinstance(value, dict) or DATASET_KEYS & value.keys() or shape_of(value):
        return False
    clocks, traces = CLOCK_KEYS & value.keys(), TRACE_KEYS & value.keys()
    return bool(clocks and traces) or (not FOREIGN.keys() & value.keys() and (bool(clocks) or len(traces) > 1))


def _misshapen(line: Line, value: object) -> Outcome:
    return Outcome(faults=(Fault("wrong-shape", line.finding(seen=describe(value))),))


def not_utf8(line: Line, data: bytes, error: UnicodeDecodeError) -> Fault:
    """Bytes that are not UTF-8, with the encoding that they were most likely written in."""
    column = len(data[: error.start].decode("utf-8")) + (len(line.data) > len(data))
    byte, following = data[error.start], data[error.start + 1 : error.start + 2]
    character = bytes([byte]).decode("cp1252", "replace")
    if byte == 0xED and following >= b"\xa0":
        likely = "half of a surrogate pair in CESU-8"
    elif character.isprintable() and character != "\ufffd":
        likely = f"{character} in Windows-1252"
    else:
        likely = "in no common encoding"
    return Fault("not-utf8", line.finding(line.at.chars(column, column + 1), seen=f"byte 0x{byte:02X} ({likely})"))


def invalid_json(line: Line, text: str, lines: int = 1) -> Fault:
    """What is wrong with a text that is not JSON; ``lines`` physical lines long."""
    from ftlint.jsonfaults import diagnose

    fault = diagnose(text)
    end, several = len(text.partition("\n")[0]), fault is not None and fault.reason == "several-objects"
    if fault is None or (several and fault.start > end):
        return _spread(line, lines) if lines > 1 else _long_integer(line, text)
    if fault.start <= end:
        at = line.at.chars(fault.start, max(min(fault.stop, end), fault.start))
        where = f" ({lines} lines are damaged)" if lines > 1 else ""
    else:
        number = text.count("\n", 0, fault.start)
        at, where = line.at.chars(0, 1), f" ({number} line{'s' * (number > 1)} further down)"
    rule = "several-objects-on-a-line" if several else "invalid-json"
    return _at_text(line, rule, at, reason=fault.words + where, fix=fault.hint, lines=lines)


def _spread(line: Line, lines: int) -> Fault:
    reason = f"a record is spread over {lines} lines"
    return _at_text(line, "invalid-json", line.at.chars(0, 1), reason=reason, fix="write it on one line", lines=lines)


def _long_integer(line: Line, text: str) -> Fault:
    match = next((match for match in _long_number.finditer(text) if match["digits"]), None)
    at = line.at.chars(*(match.span() if match else (0, 1)))
    reason, fix = f"a number has more than {MAX_DIGITS:,} digits", "write it as a string"
    return _at_text(line, "invalid-json", at, reason=reason, fix=fix, lines=1)


def _at_text(line: Line, rule: str, at: Location, **values: Scalar) -> Fault:
    """A fault at characters that were counted without the byte order mark of the first line."""
    start, stop = at.span or (0, 0)
    shift = int(line.number == 1 and line.data.startswith(BOM))
    return Fault(rule, line.finding(at.chars(start + shift, stop + shift), None, **values))


def _may_repeat_keys(data: bytes, value: dict[str, Any]) -> bool:
    """Whether the text may hold a key twice: what was read of it, written again, has fewer keys then.

    A colon behind a quote belongs to a key, or to a text that holds both, in what was read as in what is written.
    """
    try:
        written = canonical(value)
    except RecursionError:
        return True
    if b"\\u0022" in data or data.count(b'":') != written.count(b'":'):
        return True
    return (b" :" in data or b"\t" in data or b"\r" in data) and _spaced_colon.search(data) is not None


def _duplicate_keys(line: Line, text: str) -> Iterator[Fault]:
    from ftlint.locate import duplicate_keys
    from ftlint.schemas import shorten

    for _, key, (start, stop) in duplicate_keys(text):
        yield _at_text(line, "duplicate-key", line.at.chars(start, stop), key=shorten(key))


def _lone_surrogates(line: Line, text: str) -> Iterator[Fault]:
    r"""Escapes such as ``\ud83d`` without their other half; pairs are one character to the JSON reader."""
    import json

    for match in re.finditer(r'"(?:[^"\\]|\\.)*"', text):
        if "\\u" in match.group() and _surrogate.search(json.loads(match.group())):
            for half in _HALF.finditer(match.group()):
                if half.group("lone"):
                    start = match.start() + half.start("lone")
                    yield _at_text(line, "lone-surrogate", line.at.chars(start, start + 6), escape=half["lone"])


_HALF = lazy_pattern(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)
