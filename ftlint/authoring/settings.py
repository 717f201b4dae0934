"""What an example has beside its conversation, and may take from ``defaults``: tools, tags, its split, and so on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_args

from ftlint.authoring.draft import included, text_of
from ftlint.authoring.files import Files
from ftlint.authoring.places import Table
from ftlint.authoring.reader import Pair, Reader, is_null
from ftlint.authoring.source import SourceText, whole
from ftlint.model import Route, Split
from ftlint.shape import TRAINED_KEYS

MAX_REPEAT = 1_000

TOOL_KEYS = ("description", "parameters", "strict")


@dataclass(eq=False)
class Setting:
    """A value that is ready for a record: None if it is faulty.

    Attributes:
        pair: its key and node, for texts, which are read again in each example.
        table: the sites of its parts.
        shared: whether it stands in ``defaults`` or in an included file.
    """

    value: Any
    pair: Pair
    table: Table = field(default_factory=Table)
    shared: bool = False


@dataclass(eq=False)
class Settings:
    """The reader of settings; ``files`` are those that the YAML file may include."""

    reader: Reader
    files: Files

    def read(self, name: str, pair: Pair, *, shared: bool) -> Setting:
        """The setting of a name in ``READERS``."""
        setting = READERS[name](self, pair)
        if not isinstance(setting, Setting):
            setting = Setting(setting, pair)
        setting.shared |= shared
        return setting

    def text(self, pair: Pair) -> str | None:
        return self.reader.text(pair)

    def anything(self, pair: Pair) -> bool:
        return self.reader.value(pair[1]) is not None or is_null(pair[1])

    def tags(self, pair: Pair) -> tuple[str, ...] | None:
        items = self.reader.items(pair, "a list of words")
        words = [self.reader.text((item, item)) for item in items or ()]
        return None if items is None or None in words else tuple(filter(None, words))

    def split(self, pair: Pair) -> str | None:
        return self.reader.choice(pair, get_args(Split))

    def repeat(self, pair: Pair) -> int | None:
        return self.reader.number(pair, range(1, MAX_REPEAT + 1), f"a whole number from 1 to {MAX_REPEAT:,}")

    def whitespace(self, pair: Pair) -> str | None:
        return self.reader.choice(pair, ("keep",))

    def switch(self, pair: Pair) -> Setting:
        setting = Setting(self.reader.boolean(pair), pair)
        setting.table.values[()] = self.reader.site(pair[1])
        setting.table.keys[()] = self.reader.site(pair[0])
        return setting

    def reference(self, pair: Pair) -> Setting:
        """The keys that stand beside the messages of a reinforcement record."""
        setting = Setting(None, pair)
        reader, node = self.reader, pair[1]
        if node.id != "mapping" or not node.value:
            reader.unlike(node, reader.named(pair), "a mapping of keys for the grader")
            return setting
        known = len(reader.faults)
        setting.value = reader.value(node, setting.table)
        for name in TRAINED_KEYS.intersection(setting.value or ()):
            fix = "give it another name, which the grader reads as well"
            reason = f'"{name}" is a key of the record itself'
            reader.wrong(reader.fields(node)[name][0], reason, fix)
        if len(reader.faults) > known:
            setting.value = None
        setting.table.values.pop((), None)
        return setting

    def tools(self, pair: Pair) -> Setting:
        """The tools by name, here or in a file."""
        node = pair[1]
        if (file := included(node)) is None:
            return Toolbox(self.reader, self.files).all(pair)
        source = self.files.text(self.reader, file)
        setting = self._included_tools(source, pair, file) if source else Setting(None, pair)
        setting.shared = True
        return setting

    def _included_tools(self, source: SourceText, pair: Pair, file: Pair) -> Setting:
        reader = Reader(source, self.reader.faults)
        known = len(reader.faults)
        root = reader.root()
        if len(reader.faults) > known:
            return Setting(None, pair)
        if root is None or included(root):
            reason = f'"{source.path}" {"is empty" if root is None else "includes a file again"}'
            self.reader.wrong(file[1], reason, "write the tools into it, by name")
            return Setting(None, pair)
        setting = Toolbox(reader, None).all((root, root))
        setting.table.keys[()] = self.reader.site(pair[0])
        return setting


@dataclass(eq=False)
class Toolbox:
    """The reader of tools; without ``files`` where it reads an included file, which includes no other."""

    reader: Reader
    files: Files | None
    table: Table = field(default_factory=Table)

    def all(self, pair: Pair) -> Setting:
        """The tools of a mapping from names to descriptions."""
        reader, node = self.reader, pair[1]
        setting = Setting(None, pair, self.table)
        if node.id != "mapping":
            reader.unlike(node, reader.named(pair), "a mapping from the names of tools to what they take")
            return setting
        known = len(reader.faults)
        self.table.values[()] = reader.site(node)
        if pair[0] is not node:
            self.table.keys[()] = reader.site(pair[0])
        tools = [self._tool((at,), tool) for at, tool in enumerate(reader.fields(node).values())]
        if len(reader.faults) == known:
            setting.value = tools
        return setting

    def _tool(self, at: Route, pair: Pair) -> Any:
        reader, table = self.reader, self.table
        table.values[at] = table.values[(*at, "function")] = reader.site(pair[1])
        table.values[(*at, "function", "name")] = reader.site(pair[0])
        function: dict[str, Any] = {"name": pair[0].value}
        fields = {} if is_null(pair[1]) else reader.mapping(pair, frozenset(TOOL_KEYS), "a tool") or {}
        for name in TOOL_KEYS:
            if name in fields:
                function[name] = self._part((*at, "function", name), fields[name], name)
        return {"type": "function", "function": function}

    def _part(self, at: Route, pair: Pair, name: str) -> Any:
        reader, node = self.reader, pair[1]
        self.table.keys[at] = reader.site(pair[0])
        if name == "parameters":
            if node.id == "mapping":
                return reader.value(node, self.table, at)
            reader.unlike(node, reader.named(pair), "a mapping (a JSON Schema)")
            return None
        self.table.values[at] = reader.site(node)
        if name == "strict":
            return reader.boolean(pair)
        if (file := included(node)) is None or self.files is None:
            return reader.text(pair)
        source = self.files.text(reader, file)
        if source is None:
            return None
        self.table.values[at] = whole(source)
        return text_of(source, keep=False)


READERS: dict[str, Callable[[Settings, Pair], Any]] = {
    "tools": Settings.tools,
    "parallel_tool_calls": Settings.switch,
    "reference": Settings.reference,
    "tags": Settings.tags,
    "split": Settings.split,
    "group": Settings.text,
    "note": Settings.anything,
    "meta": Settings.anything,
    "repeat": Settings.repeat,
    "whitespace": Settings.whitespace,
}
"""What reads each setting."""
