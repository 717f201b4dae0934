"""YAML read into plain data, with the place and the source text of every key and value to be had on demand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from ftlint.errors import ConfigError
from ftlint.model import Route
from ftlint.yamltree.nodes import MAX_DEPTH, FaultError, Pair, data, entries
from ftlint.yamltree.words import explain, printable

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something stands: lines and columns from 1, in characters; the end is exclusive, without trailing space."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Tree:
    """One YAML document.

    Attributes:
        data: dicts with text keys, lists, str, int, float, bool and None, resolved by YAML 1.2's core schema.
        marks: the place of each value (an alias stands where its anchor does).
        keys: the place of each key of a mapping, by the route to its value.
        texts: each scalar before it was resolved: ``"007"``, ``"12.50"``, ``"No"``.
        text, path: what was read.
    """

    data: Any
    marks: Mapping[Route, Mark]
    keys: Mapping[Route, Mark]
    texts: Mapping[Route, str]
    text: str
    path: str

    def __reduce__(self) -> tuple[Callable[[str, str], Tree], tuple[str, str]]:
        return load, (self.text, self.path)

    def position(self, route: Route, *, key: bool = False) -> tuple[int, int]:
        """Line and column of a value (or of its key), else of the nearest value around it, else (1, 1)."""
        mark = self.keys.get(route) if key else None
        while mark is None and route:
            mark, route = self.marks.get(route), route[:-1]
        return (mark.line, mark.column) if mark else (1, 1)


def decode(data: bytes, path: str) -> str:
    """The text of a UTF-8 file, without byte order mark; ConfigError with the place where it is something else."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ConfigError(f"{path}:1:1: the file is UTF-16: save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        head = data[: error.start].decode("utf-8-sig", "replace")
        line, column = _Places(head).at(len(head))
        what = f"byte 0x{data[error.start]:02x} is not UTF-8: save the file as UTF-8"
        raise ConfigError(f"{path}:{line}:{column}: {what}") from None


def load(text: str, path: str) -> Tree:
    """Read one document; ConfigError says ``path:line:column: what, what to do``."""
    text = text.removeprefix("\ufeff")
    places = _Places(text)
    with _explained(places, path), parser(text) as composer:
        root = composer.get_single_node()
        content = data(root, text)
    marks = _View(root, lambda _, value: places.mark(value))
    keys = _View(root, lambda key, _: key and places.mark(key))
    texts = _View(root, lambda _, value: value.value if value.id == "scalar" else None)
    return Tree(content, marks, keys, texts, text, path)


def load_many(text: str, path: str) -> list[Any]:
    """Read any number of documents as plain data; ConfigError as for ``load``."""
    text = text.removeprefix("\ufeff")
    documents = []
    with _explained(_Places(text), path), parser(text) as composer:
        while composer.check_node():
            documents.append(data(composer.get_node(), text))
    return documents


class _View(Mapping[Route, V], Generic[V]):
    """What can be read off the nodes of a document, by route."""

    def __init__(self, root: Any, read: Callable[[Any, Any], V | None]) -> None:
        self.root, self.read = root, read

    def __getitem__(self, route: Route) -> V:
        found = None
        if self.root is not None:
            key, node = None, self.root
            for step in route:
                key, node = _child(node, step)
            found = self.read(key, node)
        if found is None:
            raise KeyError(route)
        return found

    def __iter__(self) -> Iterator[Route]:
        return (route for route, pair in _pairs((), (None, self.root)) if self.read(*pair) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _pairs(route: Route, pair: Pair) -> Iterator[tuple[Route, Pair]]:
    key, node = pair
    if node is None:
        return
    yield route, (key, node)
    if node.id == "mapping":
        for name, entry in entries(node).items():
            yield from _pairs((*route, name), entry)
    elif node.id == "sequence":
        for index, item in enumerate(node.value):
            yield from _pairs((*route, index), (None, item))


def _child(node: Any, step: Any) -> Pair:
    if node.id == "mapping":
        return entries(node)[step]
    if node.id == "sequence" and isinstance(step, int) and 0 <= step < len(node.value):
        return None, node.value[step]
    raise KeyError(step)


class _Places:
    """Lines and columns of a text; libyaml's own count U+0085, U+2028 and U+2029 as line ends, as editors do not."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []

    def at(self, index: int) -> tuple[int, int]:
        if not self.starts:
            self.starts = [0, *(end.end() for end in re.finditer(r"\r\n?|\n", self.text))]
        line = bisect_right(self.starts, index)
        return line, index - self.starts[line - 1] + 1

    def mark(self, node: Any) -> Mark:
        start, end = node.start_mark.index, node.end_mark.index
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return Mark(*self.at(start), *self.at(end))


@cache
def _loader() -> Any:
    """PyYAML's C parser, else the pure one; it tags plain scalars ``?`` and all else that has no tag with nothing."""
    import yaml

    class Hooks:
        def __init__(self, text: str) -> None:
            super().__init__(text)  # type: ignore[call-arg]
            around: list[Any] = []

            def descend(parent: Any, _index: object) -> None:
                around.append(parent)
                if len(around) > MAX_DEPTH:
                    raise FaultError(parent.start_mark.index, f"nested more than {MAX_DEPTH} deep: make it flatter")

            self.descend_resolver, self.ascend_resolver = descend, around.pop

        def resolve(self, kind: type, _value: str, implicit: Any) -> str:
            return "?" if kind is yaml.ScalarNode and implicit[0] else ""

    if yaml.__with_libyaml__:
        return type("Parser", (Hooks, yaml.CSafeLoader), {})
    return type("Parser", (Hooks, yaml.SafeLoader), {})


@contextmanager
def parser(text: str) -> Iterator[Any]:
    composer = _loader()(text)
    try:
        yield composer
    finally:
        composer.dispose()


@contextmanager
def _explained(places: _Places, path: str) -> Iterator[None]:
    from yaml import YAMLError

    try:
        yield
    except FaultError as fault:
        index, words = fault.args
    except (YAMLError, ValueError) as error:  # a lone surrogate is a ValueError
        index, words = explain(error, places.text)
    else:
        return
    line, column = places.at(index)
    raise ConfigError(f"{path}:{line}:{column}: {printable(words)}")
