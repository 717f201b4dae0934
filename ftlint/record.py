"""What a file is read into: lines, and the records that checks may trust."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct
from xxhash import xxh3_64_digest

from ftlint.identity import canonical, digest, number
from ftlint.model import Finding, Location, Related, Route, Scalar, Shape, Source, Split, show_route

Message = dict[str, Any]
Value = TypeVar("Value")

INSTRUCTIONS = ("system", "developer")
"""The roles that instruct the model before anybody speaks."""


class Kept(Generic[Value]):
    """A value that is worked out when it is first asked for: a ``cached_property`` without the lock of Python 3.11."""

    def __init__(self, work_out: Callable[[Any], Value]) -> None:
        self.work_out, self.name, self.__doc__ = work_out, work_out.__name__, work_out.__doc__

    def __get__(self, owner: Any, _: type | None = None) -> Value:
        value = owner.__dict__[self.name] = self.work_out(owner)
        return value


class Line(Struct, frozen=True):
    r"""A line as read, without its end; ``ending`` is ``b"\\n"``, ``b"\\r\\n"`` or, at the end of a file, ``b""``.

    ``length`` counts its bytes in the file, end included: more than ``data`` holds if the line was too long to read.
    Of an authored example it is the line to be written: ``number`` is its line in the YAML, ``offset`` its number in
    the file, ``repeat`` how often it is written; ``group`` and ``said_split`` are as its author says;
    values at the ``shared`` routes stand in the text of many examples.
    """

    source: Source
    number: int
    offset: int
    data: bytes
    ending: bytes = b"\n"
    length: int = 0
    repeat: int = 1
    group: str = ""
    said_split: Split | None = None
    shared: frozenset[Route] = frozenset()

    @property
    def at(self) -> Location:
        return Location(self.source.path, self.number, self.offset, part="line")

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that stand for the line's bytes."""
        return digest(self.data)

    def finding(self, at: Location | None = None, subject: str | None = None, **values: Scalar) -> Finding:
        """A finding about this line; its identity is the line's bytes unless a ``subject`` is given."""
        return Finding(at or self.at, self.digest if subject is None else subject, values)


Said = tuple[Location, Message]
"""A message and its place."""


class Record:
    """A line that the schema found sound: checks may trust its types (``schemas/``).

    What several rules ask for (places of messages, the plain text, the digest) is worked out once, when asked for.
    """

    def __init__(self, line: Line, data: dict[str, Any], shape: Shape) -> None:
        self.line, self.data, self.shape = line, data, shape

    @classmethod
    def of_turns(cls, line: Line, turns: list[str]) -> Record:
        """A plain chat, known by its ``turns`` alone: its data is decoded when somebody asks for it."""
        record = cls.__new__(cls)
        record.__dict__ = {"line": line, "turns": turns, "shape": "chat"}
        return record

    @Kept
    def data(self) -> dict[str, Any]:
        """The decoded line."""
        decoded: dict[str, Any] = msgspec.json.decode(self.line.data)
        return decoded

    @Kept
    def token_counts(self) -> dict[str, Any]:
        """What was counted, by target (``ftlint.counting``)."""
        return {}

    @property
    def at(self) -> Location:
        return Location(self.line.source.path, self.line.number, self.line.offset)

    @property
    def split(self) -> Split:
        return self.line.source.split

    @Kept
    def digest(self) -> str:
        """Sixteen hexadecimal digits that stand for the content, whatever the order of keys and the white space."""
        return digest(canonical(self.data)) if self.turns is None else f"{self.numbers[0]:016x}"

    @Kept
    def numbers(self) -> tuple[int, int, int]:
        """What stands for the content of a plain chat: for all of it, for what is asked, and for the last answer."""
        assert self.turns is not None
        spelled = said(self.turns)
        return number(spelled), number(spelled[:-8]), number(spelled[-8:])

    @Kept
    def turns(self) -> list[str] | None:
        """The texts of a plain chat: nothing but text, an optional system prompt, then user and assistant in turn.

        None for any other record. Most are plain, and most faults cannot be in them, so this is what checks ask first.
        """
        if self.shape != "chat" or len(self.data) != 1:
            return None
        messages = self.data["messages"]
        try:
            texts: list[str] = [message["content"] for message in messages]
            if not all(texts) or any(map(str.isspace, texts)) or set(map(len, messages)) != {2}:
                return None
            return texts if in_turn(tuple([message["role"] for message in messages])) else None
        except (KeyError, TypeError):
            return None

    @Kept
    def home(self) -> dict[str, Any]:
        """What holds the conversation and the tools: the record, or a preference record's ``input``."""
        home: dict[str, Any] = self.data["input"] if self.shape == "preference" else self.data
        return home

    @Kept
    def conversation(self) -> list[Message]:
        """The messages of the conversation, without their places; none of a completion."""
        messages: list[Message] = self.home.get("messages", [])
        return messages

    @Kept
    def spoken(self) -> list[Message]:
        """All messages, the conversation's and a preference record's answers, without their places."""
        if self.shape == "preference":
            return [*self.conversation, *self.data["preferred_output"], *self.data["non_preferred_output"]]
        return self.conversation

    @Kept
    def plain(self) -> str:
        """All texts in one string, with NUL between them: what quick first tests look at."""
        if self.turns is not None:
            return "\0".join(self.turns)
        if self.shape == "completion":
            texts = [text for text in (self.data["prompt"], self.data["completion"]) if isinstance(text, str)]
            return "\0".join(texts)
        texts = []
        for message in self.spoken:
            content = message.get("content")
            if isinstance(content, str):
                texts.append(content)
            elif content:
                texts += [part.get("text") or part.get("refusal") or "" for part in content]
        return "\0".join(texts)

    def messages(self) -> list[Said]:
        """The conversation: ``messages``, or a preference record's ``input.messages``; nothing for a completion."""
        return self._placed[0]

    def answers(self) -> list[Said]:
        """What is trained on beside the conversation: a preference record's two outputs."""
        return self._placed[1]

    def all_messages(self) -> list[Said]:
        """The conversation and the answers."""
        conversation, answers = self._placed
        return conversation + answers if answers else conversation

    @Kept
    def _placed(self) -> tuple[list[Said], list[Said]]:
        data, at = self.data, self.at
        if self.shape == "preference":
            first, second = (_each(at / key, data[key]) for key in ("preferred_output", "non_preferred_output"))
            return _each(at / "input" / "messages", self.conversation), first + second
        return _each(at / "messages", self.conversation), []

    def texts(self) -> Iterator[tuple[Location, str, str]]:
        """Every text with its place and role, part by part; a completion's are of ``user`` and ``assistant``."""
        for at, message in self.all_messages():
            for place, text in content_texts(at, message):
                yield place, message["role"], text
        if self.shape == "completion":
            for key, role in (("prompt", "user"), ("completion", "assistant")):
                if isinstance(self.data[key], str):
                    yield self.at / key, role, self.data[key]

    def tools(self) -> list[dict[str, Any]]:
        """The declared tools, as ``{"type": "function", "function": {...}}``; old ``functions`` are not among them."""
        return self.home.get("tools") or []

    def finding(
        self,
        at: Location | None = None,
        *,
        subject: str | None = None,
        related: tuple[Related, ...] = (),
        **values: Scalar,
    ) -> Finding:
        """A finding about this record; its identity is the content and the route unless a ``subject`` is given."""
        at = at or self.at
        shared = shared_digest(self.data, self.line.shared, at.route) if self.line.shared else None
        if subject is None:
            subject = f"{self.digest if shared is None else shared}:{show_route(at.route)}"
        return Finding(at, subject, values, related, once=shared is not None)


def shared_digest(data: Any, shared: frozenset[Route], route: Route) -> str | None:
    """What stands for a text of a record that many examples share, if the route leads into one."""
    for stop in range(len(route), 0, -1):
        if route[:stop] in shared:
            for step in route[:stop]:
                data = data[step]
            return digest(canonical(data))
    return None


def content_texts(at: Location, message: Message) -> Iterator[tuple[Location, str]]:
    """The texts of one message's content: the string, or each text and refusal part."""
    content = message.get("content")
    if isinstance(content, str):
        yield at / "content", content
    for index, part in enumerate(content if isinstance(content, list) else ()):
        kind = part.get("type")
        if kind in ("text", "refusal") and isinstance(part.get(kind), str):
            yield at / "content" / index / kind, part[kind]


def said(texts: Sequence[str]) -> bytes:
    """What stands for some texts: eight bytes for each."""
    return b"".join([xxh3_64_digest(text.encode("utf-8", "surrogatepass")) for text in texts])


@lru_cache
def in_turn(roles: tuple[str, ...]) -> bool:
    """Whether a user and the assistant speak in turn, perhaps after a system prompt, and the assistant last."""
    talk = roles[1:] if roles[0] == "system" else roles
    return bool(talk) and talk == ("user", "assistant") * (len(talk) // 2)


def _each(at: Location, messages: list[Message]) -> list[Said]:
    return [(at / index, message) for index, message in enumerate(messages)]
