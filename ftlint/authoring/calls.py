"""Tool calls and their results: ids that nobody has to write, and which result answers which call."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ftlint.authoring.draft import Draft, included
from ftlint.authoring.reader import Pair, is_null
from ftlint.model import Route
from ftlint.record import Message

compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A value as JSON without white space."""


@dataclass(eq=False)
class Calls:
    """The calls of one example: how many were made, and the ids of those that wait for a result.

    ``faulty`` if some could not be read: how many results they want is not known.
    """

    draft: Draft
    count: int = 0
    pending: list[str] = field(default_factory=list)
    faulty: bool = False

    def made(self, at: Route, fields: dict[str, Pair]) -> list[Any]:
        """The calls of a turn."""
        pair = fields.get("call") or fields["calls"]
        self.draft.note(at, pair, spelled=False)
        if "call" in fields:
            self.draft.place((*at, 0), pair[1])
            return [self._call((*at, 0), self.draft.scalar((*at, 0, "function", "name"), pair), fields.get("args"))]
        items = self.draft.reader.items(pair, "a list of calls")
        self.faulty |= items is None
        return [self._named_call((*at, index), item) for index, item in enumerate(items or ())]

    def _named_call(self, at: Route, node: Any) -> Any:
        """A call written as ``name: {arguments}``."""
        self.draft.place(at, node)
        fields = self.draft.reader.fields(node) if node.id == "mapping" else {}
        if len(fields) != 1:
            self.faulty = True
            fix = "write the name of the tool, a colon and its arguments, and each call as an item of its own"
            self.draft.reader.wrong(node, "this item is no call", fix)
            return None
        [(name, pair)] = fields.items()
        self.draft.place((*at, "function", "name"), pair[0], spelled=True)
        return self._call(at, name, pair)

    def _call(self, at: Route, name: str | None, args: Pair | None) -> Message:
        self.count += 1
        self.pending.append(f"call_{self.count}")
        function = {"name": name, "arguments": self._arguments((*at, "function", "arguments"), args)}
        return {"id": self.pending[-1], "type": "function", "function": function}

    def _arguments(self, at: Route, pair: Pair | None) -> str | None:
        """Arguments as JSON; a text is taken for JSON as it stands."""
        if pair is None or is_null(pair[1]):
            return "{}"
        reader, node = self.draft.reader, pair[1]
        self.draft.note(at, pair, spelled=node.id == "scalar")
        value = reader.value(node)
        if isinstance(value, dict):
            return compact(value)
        if isinstance(value, str):
            return value
        reader.unlike(node, reader.named(pair), "a mapping of arguments")
        return None

    def results(self, home: Route, first: int, fields: dict[str, Pair], node: Any) -> list[Message]:
        """The messages of a turn's results, in the order of their calls; ``first`` is the index of the first."""
        if "result" in fields:
            return self._paired(home, first, [(node, fields["result"])], fields)
        pair = fields["results"]
        items = self.draft.reader.items(pair, "a list of results")
        if items is None:
            return []
        if len(items) < len(self.pending) or not items:
            self._unpaired(pair[0], len(items))
            return []
        return self._paired(home, first, [(item, (item, item)) for item in items], fields)

    def _paired(self, home: Route, first: int, given: list[tuple[Any, Pair]], fields: dict[str, Pair]) -> list[Message]:
        if len(given) > len(self.pending):
            pair = next(iter(fields[name] for name in ("result", "results") if name in fields))
            self._unpaired(pair[0], len(given))
            return []
        ids, self.pending = self.pending[: len(given)], self.pending[len(given) :]
        messages = []
        for index, (call, (node, pair)) in enumerate(zip(ids, given, strict=True), first):
            at = (*home, index)
            self.draft.place(at, node)
            message: Message = {"role": "tool", "content": self._content((*at, "content"), pair)}
            if "name" in fields:
                message["name"] = self.draft.scalar((*at, "name"), fields["name"])
            messages.append(message | {"tool_call_id": call})
        return messages

    def _unpaired(self, key: Any, results: int) -> None:
        if not self.faulty:
            self.draft.reader.fault("unpaired-result", key, results=results, calls=len(self.pending))

    def _content(self, at: Route, pair: Pair) -> str | None:
        """A result: text as it is written, or data as JSON."""
        node = pair[1]
        if node.id == "scalar" or included(node):
            return self.draft.text(at, pair)
        self.draft.note(at, pair, spelled=False)
        value = self.draft.reader.value(node)
        return None if value is None else compact(value)
