"""One example while it is being built: its texts, and the places of all that goes into its record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ftlint.authoring.files import Files
from ftlint.authoring.model import Place
from ftlint.authoring.places import Graft, Sites, Table, exact, nearest
from ftlint.authoring.reader import Pair, Reader, is_null
from ftlint.authoring.source import SourceText, place, site, whole
from ftlint.model import Route


def included(node: Any) -> Pair | None:
    """The key and the value of ``{file: path}``; None for anything else."""
    if node.id != "mapping" or len(node.value) != 1:
        return None
    pair: Pair = node.value[0]
    return pair if pair[0].value == "file" and pair[1].id == "scalar" and not is_null(pair[1]) else None


def text_of(source: SourceText, *, keep: bool) -> str:
    r"""What an included file says, with ``\n`` for its line ends; the final one goes unless white space is kept."""
    text = source.text.replace("\r\n", "\n")
    return text.removesuffix("\n") if not keep else text


@dataclass(eq=False)
class Draft:
    """A record in the making.

    Attributes:
        keep: whether texts keep the line end at their end.
        sited: whether sites are noted; a reading for the records alone needs none.
        values, keys: the sites of what the record holds, and of the keys that the author gave.
        shared: the routes whose values stand in ``defaults`` or in an included file.
        grafts, key_grafts: parts with sites of their own.
    """

    reader: Reader
    files: Files
    keep: bool = False
    sited: bool = True
    values: Sites = field(default_factory=dict)
    keys: Sites = field(default_factory=dict)
    shared: list[Route] = field(default_factory=list)
    grafts: list[Graft] = field(default_factory=list)
    key_grafts: list[Graft] = field(default_factory=list)

    def text(self, route: Route, pair: Pair) -> str | None:
        """The text that stands here, or in the file that is named here."""
        if pair[1].id == "mapping" and (file := included(pair[1])):
            return self._included(route, pair, file)
        self.note(route, pair)
        return self.reader.text(pair, keep=self.keep)

    def scalar(self, route: Route, pair: Pair) -> str | None:
        """The word that stands here."""
        self.note(route, pair)
        return self.reader.text(pair)

    def number(self, route: Route, pair: Pair, known: range | tuple[int, ...], expected: str) -> int | None:
        """One of some whole numbers."""
        self.note(route, pair)
        return self.reader.number(pair, known, expected)

    def choice(self, route: Route, pair: Pair, words: tuple[str, ...]) -> str | None:
        """One of some words."""
        self.note(route, pair)
        return self.reader.choice(pair, words)

    def note(self, route: Route, pair: Pair, *, spelled: bool = True) -> None:
        """Note where a value and its key stand, as ``place`` does."""
        key, node = pair
        self.place(route, node, spelled=spelled)
        if self.sited and key is not node:
            self.keys[route] = site(self.reader.source, key)

    def _included(self, route: Route, pair: Pair, file: Pair) -> str | None:
        source = self.files.text(self.reader, file)
        if source is None:
            return None
        if self.sited:
            self.values[route] = whole(source)
            self.keys[route] = site(self.reader.source, pair[0])
        self.shared.append(route)
        if not source.text.strip("\r\n"):
            self.reader.fault("empty-text", file[1], what=f'the file "{source.path}"')
            return None
        return text_of(source, keep=self.keep)

    def place(self, route: Route, node: Any, *, spelled: bool = False) -> None:
        """Note where a value stands; ``spelled`` if the record holds the very text of the scalar."""
        if self.sited:
            source, start, stop, style = site(self.reader.source, node)
            self.values[route] = source, start, stop, style if spelled else "node"

    def graft(self, home: Route, table: Table, *, shared: bool) -> None:
        """Note where the parts of a value stand."""
        self.grafts.append((home, table.values))
        self.key_grafts.append((home, table.keys))
        if shared:
            self.shared += [(*home, *route) for route in table.values]

    def find(self, route: Route, part: str) -> tuple[Place, bool]:
        """The place of a value or key, or else of the nearest value around it; and whether it is the one asked for."""
        if part == "key" and (key := exact(self.keys, self.key_grafts, route)):
            return place(key), True
        found = nearest(self.values, self.grafts, route)
        assert found is not None, "an example has a site"
        return place(found[0]), part == "value" and found[1] == route
