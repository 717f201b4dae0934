"""One YAML text while it is being read: its nodes as texts, values and mappings, and the faults on the way."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from ftlint.authoring.compose import AliasBombError, compose
from ftlint.authoring.model import AuthoringFault
from ftlint.authoring.places import Table
from ftlint.authoring.quick import plain_text
from ftlint.authoring.source import Site, SourceText, place, site
from ftlint.model import Route, Scalar
from ftlint.schemas import shorten
from ftlint.suggest import nearest, suggest
from ftlint.yamltree.nodes import NULLS, FaultError, data

Pair = tuple[Any, Any]
"""PyYAML's nodes of a key and its value."""

_COMMENT = re.compile(r"[ ]*: #(?! ftlint:)")
_WORDS = {"mapping": "a mapping", "sequence": "a list"}


def is_null(node: Any) -> bool:
    """Whether a node says nothing: ``null``, ``~``, or no characters at all."""
    return bool(node.tag == "?" and node.value in NULLS)


def _names_file(node: Any) -> bool:
    """Whether a mapping has the key ``file``, or one that is nearly that."""
    names = [key.value for key, _ in node.value if key.id == "scalar"]
    return "file" in names or any(nearest(name, ["file"]) for name in names)


def either(names: Collection[str]) -> str:
    """Names in quotes, of which one is to be chosen: ``"a", "b" or "c"``."""
    *most, last = [f'"{name}"' for name in names]
    return f"{', '.join(most)} or {last}" if most else last


def explain(source: SourceText, error: Exception) -> AuthoringFault:
    """Why a text is no YAML."""
    from ftlint.authoring.mistakes import syntax

    return syntax(source.text, source.path, source.file, error)


@dataclass(eq=False)
class Reader:
    """A source, its faults and its texts; a method that finds a fault notes it, and gives None.

    ``texts`` are the nodes of the scalars that were read as text and deserve a second look, in their order.
    """

    source: SourceText
    faults: list[AuthoringFault]
    texts: list[Any] = field(default_factory=list)

    def site(self, node: Any) -> Site:
        return site(self.source, node)

    def fault(self, rule: str, node: Any, **values: Scalar) -> None:
        self.faults.append(AuthoringFault(rule, place(self.site(node)), values))

    def wrong(self, node: Any, reason: str, fix: str, suggestion: str = "") -> None:
        self.fault("wrong-value", node, reason=reason, fix=fix, suggestion=suggestion)

    def unlike(self, node: Any, what: str, expected: str, suggestion: str = "") -> None:
        """A value that is not what its key wants."""
        self.wrong(node, f"{what} is {self.seen(node)}, not {expected}", f"write {expected}", suggestion)

    def seen(self, node: Any) -> str:
        """A value as a message shows it."""
        if node.id != "scalar":
            return _WORDS[node.id]
        if is_null(node):
            return "nothing"
        plain = node.tag == "?" and not isinstance(data(node, ""), str)
        return node.value if plain and len(node.value) < 40 else shorten(node.value)

    def text(self, pair: Pair, *, keep: bool = False, what: str = "text") -> str | None:
        """The text of a scalar as it is written; without a final line end, unless the white space is kept."""
        node = pair[1]
        if node.id != "scalar":
            self.no_text(pair, what)
            return None
        text: str = node.value
        if node.tag not in ("?", "") or self.source.text.startswith("!", node.start_mark.index):
            self.misread(node)
            return None
        if plain_text(self.source.text, node) is None:
            self.texts.append(node)
        if text.endswith("\n") and not keep:
            text = text[:-1]
        if is_null(node) or not (text or node.style in ("'", '"')):
            self._empty(pair)
            return None
        return text

    def _empty(self, pair: Pair) -> None:
        """A text that is missing, or that starts with ``#``; comments on purpose stand two spaces away."""
        key, node = pair
        comment = None if node.value else _COMMENT.match(self.source.text, key.end_mark.index)
        if comment:
            self._unread(comment.end() - 1)
        else:
            self.fault("empty-text", node if node.value else key, what=self.named(pair))

    def root(self) -> Any:
        """The root node of the text; None for an empty one, and for what is no YAML."""
        from yaml import YAMLError

        try:
            return compose(self.source.text)
        except AliasBombError as error:
            index, words = error.args
            place = self.source.place(index, index + 1, "node")
            self.faults.append(AuthoringFault("alias-bomb", place, {"reason": words.partition(":")[0]}))
        except (YAMLError, FaultError, ValueError) as error:
            self.faults.append(explain(self.source, error))
        return None

    def named(self, pair: Pair) -> str:
        """What a message calls a value: by its key, or as an item of a list."""
        key = pair[0]
        return f'"{key.value}"' if key is not pair[1] and key.id == "scalar" else "this item"

    def no_text(self, pair: Pair, what: str) -> None:
        """A list or mapping in the place of a text: meant as one, or text that starts with a bracket."""
        node = pair[1]
        bare = node.id == "sequence" or all(key.id != "scalar" or is_null(value) for key, value in node.value)
        if node.flow_style and bare:
            self.misread(node)
        else:
            fix = 'write text, behind "|" if it has several lines'
            if node.id == "mapping" and _names_file(node):
                fix = "to take the text from a file, write {file: path} and nothing beside it"
            self.wrong(node, f"{self.named(pair)} is {self.seen(node)}, not {what}", fix)

    def misread(self, node: Any) -> None:
        """A value that YAML read as something else, for the sake of its first character."""
        self._unread(node.start_mark.index)

    def _unread(self, index: int) -> None:
        words = "a value that YAML reads as something else than text"
        self.faults.append(explain(self.source, FaultError(index, words)))

    def mapping(self, pair: Pair, known: frozenset[str], where: str) -> dict[str, Pair] | None:
        """The keys and values of a mapping with some known keys; an unknown one is a fault and left out."""
        node = pair[1]
        if node.tag not in ("?", ""):
            self.misread(node)
            return None
        if node.id != "mapping":
            self.unlike(node, self.named(pair), "a mapping")
            return None
        return self.fields(node, known, where)

    def fields(self, node: Any, known: frozenset[str] | None = None, where: str = "") -> dict[str, Pair]:
        """The keys and values of a mapping node by name, with those of its merge keys, which its own replace."""
        found: dict[str, Pair] = {}
        try:
            for pair in node.value:
                found[pair[0].value] = pair
        except TypeError:  # a list or mapping as a key cannot be hashed
            found.clear()
        if len(found) == len(node.value) and ("<<" not in found if known is None else known >= found.keys()):
            return found
        return self._slowly(node, known, where)

    def _slowly(self, node: Any, known: frozenset[str] | None, where: str) -> dict[str, Pair]:
        own: dict[str, Pair] = {}
        merged: dict[str, Pair] = {}
        for pair in node.value:
            key = pair[0]
            if key.id != "scalar":
                self.wrong(key, f"{_WORDS[key.id]} stands as a key", 'put text that starts with "{" or "[" in quotes')
            elif key.tag == "?" and key.value == "<<":
                merged = self._merged(pair[1], known, where) | merged
            elif key.value in own:
                line = self.source.point(own[key.value][0].start_mark.index)[0]
                self.fault("repeated-yaml-key", key, key=shorten(key.value), line=line)
            elif known is not None and key.value not in known:
                suggestion = suggest(key.value, sorted(known))
                self.fault("unknown-key", key, key=shorten(key.value), where=where, suggestion=suggestion)
            else:
                own[key.value] = pair
        return merged | own

    def _merged(self, node: Any, known: frozenset[str] | None, where: str) -> dict[str, Pair]:
        merged: dict[str, Pair] = {}
        for source in node.value if node.id == "sequence" else [node]:
            if source.id == "mapping":
                merged = self.fields(source, known, where) | merged
            else:
                self.wrong(source, '"<<" merges something that is no mapping', "give it an alias of a mapping")
        return merged

    def choice(self, pair: Pair, words: tuple[str, ...]) -> str | None:
        """One of some words."""
        node = pair[1]
        if node.id == "scalar" and node.value in words:
            word: str = node.value
            return word
        suggestion = suggest(node.value, list(words)) if node.id == "scalar" else ""
        self.unlike(node, self.named(pair), either(words), suggestion)
        return None

    def number(self, pair: Pair, known: range | tuple[int, ...], expected: str) -> int | None:
        """One of some whole numbers."""
        node = pair[1]
        value: Any = self._resolved(node) if node.tag == "?" else None
        if type(value) in (int, float) and value in known:
            return int(value)
        self.unlike(node, self.named(pair), expected)
        return None

    def boolean(self, pair: Pair) -> bool | None:
        """True or false, as YAML 1.2 writes them."""
        node = pair[1]
        value = self._resolved(node) if node.tag == "?" else None
        if isinstance(value, bool):
            return value
        self.unlike(node, self.named(pair), "true or false")
        return None

    def items(self, pair: Pair, expected: str = "a list") -> list[Any] | None:
        """The nodes of a list."""
        node = pair[1]
        if node.id != "sequence":
            self.unlike(node, self.named(pair), expected)
            return None
        found: list[Any] = node.value
        return found

    def value(self, node: Any, table: Table | None = None, route: Route = ()) -> Any:
        """A value as YAML 1.2's core schema resolves it, with the sites of its parts."""
        if table is not None:
            table.values[route] = self.site(node)
        if node.tag not in ("?", ""):
            self.misread(node)
            return None
        if node.id == "scalar":
            return self._resolved(node) if node.tag else node.value
        if node.id == "sequence":
            return [self.value(item, table, (*route, index)) for index, item in enumerate(node.value)]
        found = {}
        for name, (key, item) in self.fields(node).items():
            if table is not None:
                table.keys[(*route, name)] = self.site(key)
            found[name] = self.value(item, table, (*route, name))
        return found

    def _resolved(self, node: Any) -> Any:
        try:
            value = data(node, "")
        except FaultError:
            self.wrong(node, "this number is too long", "put it in quotes")
            return None
        if isinstance(value, float) and not math.isfinite(value):
            self.wrong(node, f"{node.value} is no number that JSON has", "put it in quotes")
            return None
        return value
