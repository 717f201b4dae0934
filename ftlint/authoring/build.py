"""An example becomes a record: a conversation, a preference, a task with a reference, or a completion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ftlint.authoring import quick
from ftlint.authoring.draft import Draft
from ftlint.authoring.example import Example
from ftlint.authoring.files import Files
from ftlint.authoring.messages import Messages
from ftlint.authoring.model import AuthoringFault
from ftlint.authoring.reader import Pair, Reader, is_null
from ftlint.authoring.settings import READERS, Setting, Settings
from ftlint.authoring.source import place
from ftlint.model import Route, Shape
from ftlint.record import INSTRUCTIONS
from ftlint.schemas import shorten

SETTINGS = frozenset((*INSTRUCTIONS, *READERS))
"""What ``defaults`` may hold; null in an example removes it."""

ANSWERS = ("preferred", "rejected")
_FLAT = frozenset(("user", "assistant", "images", "weight"))
_COMPLETION = frozenset(("prompt", "completion"))
_TRAINED = ("tools", "parallel_tool_calls", "reference", *INSTRUCTIONS)
EXAMPLE_KEYS = SETTINGS | _FLAT | _COMPLETION | {"id", "turns", *ANSWERS}


@dataclass(eq=False)
class Builder:
    """The builder of one file's examples.

    Attributes:
        defaults: what applies to all of them.
        ids: where each id stands, and its example; ``repeated`` are the faults of those that were there before.
    """

    reader: Reader
    files: Files
    defaults: dict[str, Setting] = field(default_factory=dict)
    ids: dict[str, tuple[int, int]] = field(default_factory=dict)
    repeated: list[AuthoringFault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings = Settings(self.reader, self.files)

    def read_defaults(self, pair: Pair) -> None:
        """Take what applies to every example."""
        if is_null(pair[1]):
            return
        fields = self.reader.mapping(pair, SETTINGS, '"defaults"') or {}
        keeps = self._keeps(fields.get("whitespace"))
        for name, given in fields.items():
            if name in INSTRUCTIONS:
                self.defaults[name] = self._opening(name, given, keep=keeps)
            elif not is_null(given[1]):
                self.defaults[name] = self.settings.read(name, given, shared=True)

    def _keeps(self, pair: Pair | None) -> bool:
        return pair is not None and pair[1].value == "keep"

    def _opening(self, name: str, pair: Pair, *, keep: bool) -> Setting:
        """A message that opens every conversation."""
        draft = Draft(self.reader, self.files, keep)
        messages = Messages(draft, ())
        messages.say(name, {name: pair})
        setting = Setting(messages.said[0]["content"] and messages.said[0], pair, shared=True)
        setting.table.values = {route[1:]: site for route, site in draft.values.items()}
        setting.table.keys = {route[1:]: site for route, site in draft.keys.items()}
        return setting

    def example(self, index: int, node: Any) -> Example | None:
        """One example; None if it, or a default that it takes, is faulty."""
        if example := self._quickly(index, node):
            return example
        drafted = self.drafted(index, node, sited=False)
        return drafted[0] if drafted else None

    def _quickly(self, index: int, node: Any) -> Example | None:
        """An example that has only what most have; None for all others."""
        if not self._common or (said := quick.example(self.reader.source.text, node)) is None or said.id in self.ids:
            return None
        if said.id:
            self.ids[said.id] = said.id_at, node.start_mark.index
        opening, shared, settings = self._common
        record = {**opening, "messages": opening["messages"] + said.messages}
        values = settings | said.settings if said.settings else settings
        return Example(index, said.id, self.reader.site(node), record, "chat", **values, shared=shared)

    @cached_property
    def _common(self) -> tuple[dict[str, Any], frozenset[Route], dict[str, Any]] | None:
        """What a chat takes from ``defaults``: the start of its record, which routes are shared, and its settings.

        None where the defaults are faulty, or ask for more than that.
        """
        settings = dict(self.defaults)
        if {"reference", "whitespace"} & settings.keys() or any(one.value is None for one in settings.values()):
            return None
        draft = Draft(self.reader, self.files)
        record = self._record(draft, "chat", {}, settings)
        return record, frozenset(draft.shared), _values(settings)

    def drafted(self, index: int, node: Any, *, sited: bool = True) -> tuple[Example, Draft] | None:
        """One example with the sites of its parts; None if it, or a default that it takes, is faulty."""
        reader = self.reader
        known = len(reader.faults)
        fields = reader.mapping((node, node), EXAMPLE_KEYS, "an example")
        if fields is None or len(reader.faults) > known:
            return None
        settings = self._settings(fields)
        keep = "whitespace" in settings and settings["whitespace"].value == "keep"
        draft = Draft(reader, self.files, keep, sited)
        draft.place((), node)
        shape = self._shape(fields, settings, node)
        if shape is None:
            return None
        id_ = self._id(fields["id"], node) if "id" in fields else ""
        record = self._record(draft, shape, fields, settings)
        if len(reader.faults) > known or any(setting.value is None for setting in settings.values()):
            return None
        at, shared = reader.site(node), frozenset(draft.shared)
        return Example(index, id_ or "", at, record, shape, **_values(settings), shared=shared), draft

    def _id(self, pair: Pair, example: Any) -> str | None:
        """The id of an example; one that another example has is noted, where it is written or merged."""
        reader, node = self.reader, pair[1]
        said = reader.text(pair)
        here = node.start_mark.index, example.start_mark.index
        if said and (first := self.ids.setdefault(said, here))[1] != here[1]:
            line = reader.source.point(first[0])[0]
            at = place(reader.site(example if first[0] == here[0] else node))
            self.repeated.append(AuthoringFault("repeated-id", at, {"id": shorten(said), "first": line}, soft=True))
        return said

    def _settings(self, fields: dict[str, Pair]) -> dict[str, Setting]:
        """The settings of an example, with the defaults that it does not replace or remove."""
        found = dict(self.defaults)
        for name in fields.keys() & SETTINGS:
            pair = fields[name]
            if name in found and is_null(pair[1]):
                del found[name]
                del fields[name]
            elif name in INSTRUCTIONS:
                found.pop(name, None)
            elif is_null(pair[1]):
                del fields[name]
            else:
                found[name] = self.settings.read(name, pair, shared=False)
        return found

    def _shape(self, fields: dict[str, Pair], settings: dict[str, Setting], node: Any) -> Shape | None:
        """Which record the keys of an example ask for; None if they do not go together."""
        given = fields.keys() | settings.keys()
        if "turns" in given:
            return self._conversation(fields, given, node, _FLAT | _COMPLETION)
        if given & _COMPLETION:
            odd = [*_FLAT, *ANSWERS, *_TRAINED]
            whole = self._has(given, node, "completion", "prompt") and self._has(given, node, "prompt", "completion")
            return "completion" if whole and self._together(fields, given, "prompt", odd) else None
        if "user" not in given:
            words = '"user" and "assistant", or "turns"'
            self.reader.wrong(node, "this example has no conversation", f"give it {words}")
            return None
        if not given & {"assistant", "reference", *ANSWERS}:
            self._has(given, node, "assistant", "user")
            return None
        return self._conversation(fields, given, node, _COMPLETION)

    def _conversation(self, fields: dict[str, Pair], given: set[str], node: Any, odd: Iterable[str]) -> Shape | None:
        first = "turns" if "turns" in given else "user"
        if not self._together(fields, given, first, odd):
            return None
        if given.isdisjoint(ANSWERS):
            odd = ["assistant", "weight"] if "reference" in given else []
            return ("reinforcement" if odd else "chat") if self._together(fields, given, "reference", odd) else None
        whole = self._has(given, node, "rejected", "preferred") and self._has(given, node, "preferred", "rejected")
        odd = ["assistant", "weight", "reference"]
        return "preference" if whole and self._together(fields, given, "preferred", odd) else None

    def _together(self, fields: dict[str, Pair], given: set[str], name: str, odd: Iterable[str]) -> bool:
        """Whether none of some odd keys stands beside a key; those that come from ``defaults`` are removed by null."""
        if given.isdisjoint(odd):
            return True
        other = min(given.intersection(odd))
        if other in fields:
            key, fix = fields[other][0], f'keep either "{other}" or "{name}"'
        else:
            key, fix = fields[name][0], f"write {other}: null in this example"
        self.reader.wrong(key, f'"{other}" does not go together with "{name}"', fix)
        return False

    def _has(self, given: set[str], node: Any, name: str, beside: str) -> bool:
        if name not in given:
            self.reader.wrong(node, f'this example has "{beside}" but no "{name}"', f'add "{name}"')
        return name in given

    def _record(self, draft: Draft, shape: Shape, fields: dict[str, Pair], settings: dict[str, Setting]) -> Any:
        if shape == "completion":
            return {name: draft.text((name,), fields[name]) for name in ("prompt", "completion")}
        home: Route = ("input",) if shape == "preference" else ()
        talk: dict[str, Any] = {"messages": self._messages(draft, (*home, "messages"), fields, settings)}
        for name in ("tools", "parallel_tool_calls"):
            setting = settings.get(name)
            if setting is not None and setting.value not in (None, []):
                talk[name] = setting.value
                draft.graft((*home, name), setting.table, shared=setting.shared)
        if shape == "preference":
            return {"input": talk} | {
                key: self._answer(draft, key, fields[name])
                for key, name in zip(("preferred_output", "non_preferred_output"), ANSWERS, strict=True)
            }
        if shape == "reinforcement":
            setting = settings["reference"]
            draft.graft((), setting.table, shared=setting.shared)
            self._ends_open(talk["messages"], setting)
            talk |= setting.value or {}
        return talk

    def _ends_open(self, messages: list[Any], setting: Setting) -> None:
        if messages and messages[-1]["role"] != "user":
            fix = "let the conversation end with the user: the model is to answer it in training"
            self.reader.wrong(setting.pair[0], '"reference" stands beside a conversation that has its answer', fix)

    def _answer(self, draft: Draft, key: str, pair: Pair) -> list[Any]:
        messages = Messages(draft, (key,))
        messages.say("assistant", {"assistant": pair})
        return messages.said

    def _messages(self, draft: Draft, home: Route, fields: dict[str, Pair], settings: dict[str, Setting]) -> list[Any]:
        messages = Messages(draft, home)
        for name in INSTRUCTIONS:
            if name in fields:
                messages.say(name, {name: fields[name]})
            elif name in settings:
                draft.graft((*home, len(messages.said)), settings[name].table, shared=True)
                messages.said.append(settings[name].value)
        if "turns" not in fields:
            for role, beside in (("user", "images"), ("assistant", "weight")):
                if role in fields:
                    messages.say(role, {name: fields[name] for name in (role, beside) if name in fields})
            return messages.said
        turns = self.reader.items(fields["turns"], "a list of turns")
        if turns == []:
            self.reader.wrong(fields["turns"][1], "this example has no turns", 'add a turn: "- user: …"')
        for turn in turns or ():
            messages.turn(turn)
        return messages.said


def _values(settings: dict[str, Setting]) -> dict[str, Any]:
    """What an example keeps of its settings beside its record."""
    return {name: settings[name].value for name in ("split", "group", "tags", "repeat") if name in settings}
