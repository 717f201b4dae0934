"""The checks of tool calls: what they pass, what they call, and which messages answer them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from ftlint.checks.base import kind
from ftlint.checks.sieve import SievedCheck
from ftlint.model import Finding, Location, Related, Route
from ftlint.record import Message, Record
from ftlint.schemas import noun, shorten
from ftlint.suggest import suggest

if TYPE_CHECKING:
    import json

Turn = tuple[Route, Message]


class Call(NamedTuple):
    """A tool call or, where ``id`` is None, a ``function_call`` (the deprecated form); ``name`` may be a bad one."""

    route: Route
    id: str | None
    name: Any
    arguments: str

    @property
    def function(self) -> Route:
        """The way to the object that holds the name and the arguments."""
        return self.route if self.id is None else (*self.route, "function")


def threads(record: Record) -> list[list[Turn]]:
    """The conversations that a record holds: one, or a preference record's input continued by each of its outputs."""
    if record.shape == "completion":
        return []
    if record.shape != "preference":
        return [_turns(record.data["messages"], "messages")]
    start = _turns(record.data["input"]["messages"], "input", "messages")
    return [start + _turns(record.data[key], key) for key in ("preferred_output", "non_preferred_output")]


def _turns(messages: list[Message], *route: str) -> list[Turn]:
    return [((*route, index), message) for index, message in enumerate(messages)]


def calls_of(turn: Turn) -> list[Call]:
    """The calls of one message."""
    route, message = turn
    if message["role"] != "assistant":
        return []
    found = [
        Call((*route, "tool_calls", index), call["id"], call["function"]["name"], call["function"]["arguments"])
        for index, call in enumerate(message.get("tool_calls", ()))
    ]
    if "function_call" in message:
        call = message["function_call"]
        found.append(Call((*route, "function_call"), None, call["name"], call["arguments"]))
    return found


def calls(record: Record) -> Iterator[Call]:
    """All calls of a record, each once."""
    seen: set[Route] = set()
    for thread in threads(record):
        for turn in thread:
            if ("tool_calls" in turn[1] or "function_call" in turn[1]) and turn[0] not in seen:
                seen.add(turn[0])
                yield from calls_of(turn)


def declared(record: Record) -> dict[str, dict[str, Any]]:
    """The functions that a record declares, by name, in ``tools`` or the deprecated ``functions``."""
    functions = [tool["function"] for tool in record.tools()]
    functions += record.data.get("functions", ()) if record.shape == "chat" else ()
    return {function["name"]: function for function in functions if isinstance(function["name"], str)}


def place(record: Record, route: Route) -> Location:
    """Where a route leads in this record."""
    return replace(record.at, route=route)


class Unreadable(NamedTuple):
    """Why a call's arguments are no JSON object, where in the string (if at one place), and what to do."""

    why: str
    span: tuple[int, int] | None = None
    hint: str = "write the arguments with a JSON library, not by hand"


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON value")


@cache
def _decoder() -> json.JSONDecoder:
    import json

    return json.JSONDecoder(parse_constant=_refuse)


def read_arguments(text: str) -> dict[str, Any] | Unreadable:
    """The object that a call's arguments spell, or why they spell none."""
    if not text.strip():
        return Unreadable("it is empty", hint='write "{}" for a call without arguments')
    from json import JSONDecodeError

    try:
        value = _decoder().decode(text)
    except JSONDecodeError as error:
        return _explain(text, error)
    except RecursionError:
        return Unreadable("it is nested too deeply")
    except ValueError as error:
        return Unreadable(str(error) if "is no JSON" in str(error) else "it holds a number too long to read")
    if isinstance(value, str):
        return Unreadable("it is a string in a string", hint="encode the arguments once, not twice")
    return value if isinstance(value, dict) else Unreadable(f"it is {noun(value)}")


_REASONS = {
    "Unterminated string": "a string starts that never ends",
    "Invalid control": "a raw line break or control character stands in a string",
    "Invalid \\": "a backslash escapes nothing",
    "Extra data": "more text follows the JSON",
    "Expecting ',' delimiter": "a comma is missing, or a quote is not escaped",
    "Expecting ':' delimiter": "a colon is missing",
}


def _explain(text: str, error: json.JSONDecodeError) -> Unreadable:
    """A decoder's complaint in words that do not change from one Python to the next."""
    at, before = error.pos, text[: error.pos].rstrip()
    if at >= len(text):
        return Unreadable("it ends before the object does", (len(text) - 1, len(text)), "was it cut off?")
    rest = text[at:]
    if rest[0] in "}]" and before.endswith(","):
        at, rest = len(before) - 1, ","
    span, where = (at, at + 1), f" at character {at + 1:,}"
    if rest == "," or (rest[0] == "," and rest[1:].lstrip()[:1] in ("}", "]")):
        return Unreadable("a comma too many stands" + where, span)
    if rest[0] == "'":
        return Unreadable(f"a single quote stands{where}", span, "write it with json.dumps, not with str()")
    if word := next((word for word in ("None", "True", "False") if rest.startswith(word)), ""):
        return Unreadable(f"Python's {word} stands{where}", (at, at + len(word)), "write it with json.dumps")
    reason = next((reason for start, reason in _REASONS.items() if error.msg.startswith(start)), "")
    return Unreadable((reason or f"{shorten(rest[0])} cannot stand") + where, span)


@kind
class UnparseableArguments(SievedCheck):
    """A call's arguments that are no JSON object."""

    kind = "unparseable-arguments"

    def examine(self, record: Record) -> Iterator[Finding]:
        for call in calls(record):
            read = read_arguments(call.arguments)
            if isinstance(read, Unreadable):
                at = place(record, (*call.function, "arguments"))
                yield record.finding(at.chars(*read.span) if read.span else at, why=read.why, advice=read.hint)


@kind
class UndeclaredTool(SievedCheck):
    """A call of a tool that its record does not declare, each tool once; ``bare``: also where none is declared."""

    kind = "undeclared-tool"
    bare: bool = True

    def examine(self, record: Record) -> Iterator[Finding]:
        known: dict[str, dict[str, Any]] | None = None
        reported: set[str] = set()
        for call in calls(record):
            known = declared(record) if known is None else known
            if not isinstance(call.name, str) or call.name in known or call.name in reported:
                continue
            reported.add(call.name)
            if not known and (len(reported) > 1 or not self.bare):
                return
            why = (
                f"is not declared{suggest(call.name, list(known))}" if known else "is called, but no tools are declared"
            )
            yield record.finding(place(record, (*call.function, "name")), name=shorten(call.name), why=why)


def _distinct(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Findings without those at a place seen before: two threads share their start."""
    return iter({finding.at: finding for finding in findings}.values())


def _uses_tools(thread: list[Turn]) -> bool:
    return any("tool_calls" in message or message["role"] in ("tool", "function") for _, message in thread)


@kind
class OrphanToolMessage(SievedCheck):
    """A tool's result that no call before it asked for."""

    kind = "orphan-tool-message"

    def examine(self, record: Record) -> Iterator[Finding]:
        return _distinct(
            finding for thread in threads(record) if _uses_tools(thread) for finding in self._orphans(record, thread)
        )

    def _orphans(self, record: Record, thread: list[Turn]) -> Iterator[Finding]:
        ids: set[str] = set()
        names: set[str] = set()
        pending: dict[str, None] = {}
        for route, message in thread:
            for call in calls_of((route, message)):
                if call.id is not None:
                    ids.add(call.id)
                    pending[call.id] = None
                elif isinstance(call.name, str):
                    names.add(call.name)
            if message["role"] == "tool":
                asked = message["tool_call_id"]
                pending.pop(asked, None)
                if asked not in ids:
                    why = f"no call has the id {shorten(asked)}{suggest(asked, list(pending))}"
                    yield record.finding(place(record, (*route, "tool_call_id")), role="tool", why=why)
            elif message["role"] == "function" and isinstance(message["name"], str) and message["name"] not in names:
                why = f"there is no call of {shorten(message['name'])}{suggest(message['name'], sorted(names))}"
                yield record.finding(place(record, (*route, "name")), role="function", why=why)


@kind
class UnansweredToolCall(SievedCheck):
    """A tool call in mid-conversation whose result does not follow; calls that end a conversation are its lesson."""

    kind = "unanswered-tool-call"

    def examine(self, record: Record) -> Iterator[Finding]:
        return _distinct(
            record.finding(place(record, (*call.route, "id")), id=shorten(call.id), name=shorten(call.name))
            for thread in threads(record)
            if _uses_tools(thread)
            for call in self._unanswered(thread)
        )

    def _unanswered(self, thread: list[Turn]) -> Iterator[Call]:
        known: set[str] = set()
        for index, turn in enumerate(thread[:-1], 1):
            asked = [call for call in calls_of(turn) if call.id is not None]
            known.update(str(call.id) for call in asked)
            results = takewhile(lambda later: later[1]["role"] == "tool", thread[index:]) if asked else ()
            answered = {message["tool_call_id"] for _, message in results}
            if answered <= known:  # a result with an unknown id was probably meant: it is an orphan, reported there
                yield from (call for call in asked if call.id not in answered)


@kind
class DuplicateCallId(SievedCheck):
    """A call id that an earlier call of the conversation has."""

    kind = "duplicate-call-id"

    def examine(self, record: Record) -> Iterator[Finding]:
        return _distinct(
            finding for thread in threads(record) if _uses_tools(thread) for finding in self._repeated(record, thread)
        )

    def _repeated(self, record: Record, thread: list[Turn]) -> Iterator[Finding]:
        first: dict[str, Route] = {}
        for call in (call for turn in thread for call in calls_of(turn) if call.id is not None):
            route = (*call.route, "id")
            earlier = first.setdefault(str(call.id), route)
            if earlier != route:
                related = (Related(place(record, earlier), "first used here"),)
                yield record.finding(place(record, route), related=related, id=shorten(call.id))
