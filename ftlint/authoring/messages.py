"""Turns become messages: who speaks, which tools are called, and which result answers which call."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ftlint.authoring import quick
from ftlint.authoring.calls import Calls
from ftlint.authoring.draft import Draft
from ftlint.authoring.quick import SPEAKERS
from ftlint.authoring.reader import Pair, either
from ftlint.model import Route
from ftlint.record import Message

ROLES = (*SPEAKERS, "call", "calls", "result", "results")
BESIDE = {
    "user": ("images", "name"),
    "assistant": ("call", "calls", "args", "weight", "name"),
    "system": ("name",),
    "developer": ("name",),
    "call": ("args", "weight", "name"),
    "calls": ("weight", "name"),
    "result": ("name",),
    "results": (),
}
"""What may stand beside each role in a turn."""

TURN_KEYS = frozenset((*ROLES, "args", "weight", "images", "name"))
IMAGE_KEYS = frozenset(("url", "file", "detail"))
DETAILS = ("auto", "low", "high")


@lru_cache(4096)
def _routes(home: Route, index: int) -> tuple[Route, Route, Route]:
    """The routes of a message, its role and its content."""
    at = (*home, index)
    return at, (*at, "role"), (*at, "content")


@dataclass(eq=False)
class Messages:
    """The messages of one example; ``home`` is the route of their list."""

    draft: Draft
    home: Route
    said: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.calls = Calls(self.draft)

    def turn(self, node: Any) -> None:
        """Add the message, or the messages, of a turn."""
        reader = self.draft.reader
        if not self.draft.sited and not self.draft.keep and (message := quick.turn(reader.source.text, node)):
            self.said.append(message)
            self.calls.pending = []
            return
        known = len(reader.faults)
        fields = reader.mapping((node, node), TURN_KEYS, "a turn")
        if fields is None:
            return
        roles = [name for name in fields if name in BESIDE]
        if not roles:
            if len(reader.faults) == known:
                reader.wrong(node, "this turn says nothing", f"give it one of {either(ROLES)}")
            return
        role = "assistant" if "assistant" in roles else roles[0]
        if len(roles) > 1 and (second := self._second(role, roles)):
            reader.fault("two-roles-in-a-turn", fields[second][0], first=roles[0], second=second)
        elif len(fields) == 1 or self._belong(fields, {role, *BESIDE[role]}, f'a turn with "{role}"'):
            self.say(role, fields, node)

    def _second(self, role: str, roles: list[str]) -> str | None:
        """The role that needs a turn of its own: of two, any but a call of the assistant that speaks."""
        called = roles[1] if roles[0] == "assistant" else roles[0]
        if role == "assistant" and len(roles) == 2 and called in ("call", "calls"):
            return None
        return roles[1] if role != "assistant" or len(roles) == 2 else roles[2]

    def _belong(self, fields: dict[str, Pair], known: Collection[str], where: str) -> bool:
        """Whether all keys of a turn go together."""
        if "args" in fields and "call" not in fields:
            known = [name for name in known if name != "args"]
        odd = [name for name in fields if name not in known]
        for name in odd:
            self.draft.reader.fault("unknown-key", fields[name][0], key=f'"{name}"', where=where, suggestion="")
        return not odd

    def say(self, role: str, fields: dict[str, Pair], node: Any = None) -> None:
        """Add the messages of a role; ``node`` is the turn, if there is one around its key and value."""
        at = len(self.said)
        if role in ("result", "results"):
            self.said += self.calls.results(self.home, at, fields, node)
            return
        home, by, content = _routes(self.home, at)
        draft, spelled = self.draft, role in SPEAKERS
        draft.place(home, fields[role][1] if node is None else node)
        draft.place(by, fields[role][0], spelled=spelled)
        message: Message = {"role": role if spelled else "assistant"}
        if spelled and "images" in fields:
            message["content"] = self._parts(content, fields[role], fields["images"])
        elif spelled:
            message["content"] = draft.text(content, fields[role])
        if "name" in fields:
            message["name"] = draft.scalar((*home, "name"), fields["name"])
        if "weight" in fields:
            message["weight"] = draft.number((*home, "weight"), fields["weight"], (0, 1), "0 or 1")
        self.calls.pending = []
        if "call" in fields or "calls" in fields:
            message["tool_calls"] = self.calls.made((*home, "tool_calls"), fields)
        self.said.append(message)

    def _parts(self, at: Route, pair: Pair, images: Pair) -> list[Any]:
        """A text and its images."""
        self.draft.note(at, pair, spelled=False)
        parts = [{"type": "text", "text": self.draft.text((*at, 0, "text"), pair)}]
        items = self.draft.reader.items(images, "a list of images")
        return parts + [self._image((*at, index), item) for index, item in enumerate(items or (), 1)]

    def _image(self, at: Route, node: Any) -> Any:
        """An image by its address, or by the path of a file."""
        draft, inner = self.draft, (*at, "image_url")
        draft.place(at, node)
        if node.id == "scalar":
            return {"type": "image_url", "image_url": {"url": self._url((*inner, "url"), (node, node))}}
        fields = draft.reader.mapping((node, node), IMAGE_KEYS, "an image")
        if fields is None:
            return None
        if ("url" in fields) == ("file" in fields):
            fix = "write url: with an address, or file: with a path"
            draft.reader.wrong(node, 'an image has either "url" or "file"', fix)
            return None
        image = {"url": self._url((*inner, "url"), fields.get("url") or fields["file"], "url" in fields)}
        if "detail" in fields:
            image["detail"] = draft.choice((*inner, "detail"), fields["detail"], DETAILS)
        return {"type": "image_url", "image_url": image}

    def _url(self, at: Route, pair: Pair, given: bool | None = None) -> str | None:
        reader, node = self.draft.reader, pair[1]
        if given is None:
            given = node.value.startswith(("http://", "https://", "data:"))
        self.draft.place(at, node, spelled=given)
        return reader.text(pair) if given else self.draft.files.image(reader, pair)
