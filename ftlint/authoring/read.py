"""Authored YAML is read: text becomes examples and faults, with the place of every value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Literal

from ftlint.authoring.build import Builder
from ftlint.authoring.compose import compose, pairs, paused
from ftlint.authoring.draft import Draft
from ftlint.authoring.example import Example
from ftlint.authoring.files import Files
from ftlint.authoring.model import AuthoringFault, Place
from ftlint.authoring.places import find_value, show
from ftlint.authoring.reader import Reader
from ftlint.authoring.source import SourceText
from ftlint.model import Position, Route, Scalar

FILE_KEYS = frozenset(("defaults", "examples"))
_START = "start it with the key examples, and a list below"


@dataclass(frozen=True)
class Authored:
    """An authored file.

    Attributes:
        files: its name, and the texts that were read.
        examples: those without faults; each knows its number in the file.
        faults: in the order of the text, those of included files where they are included.
    """

    files: Files = field(repr=False)
    examples: tuple[Example, ...] = ()
    faults: tuple[AuthoringFault, ...] = ()

    @property
    def file(self) -> str:
        """The file, as it is opened."""
        return self.files.file

    @property
    def included(self) -> tuple[str, ...]:
        """The other files that the examples are made of, or name in vain."""
        return tuple(self.files.opened)

    def position(
        self,
        index: int,
        route: Route,
        part: Literal["value", "key"] = "value",
        span: tuple[int, int] | None = None,
    ) -> Position:
        """Where a part of the record of example ``index`` stands; ``span`` are characters of the built text there.

        The text is composed again for the first place that is asked for, and each time its example built with places.

        Raises:
            KeyError: there is no such example.
        """
        example, draft = self._drafted(index)
        place, exact = draft.find(route, part)
        said = find_value(example.record, route)
        if not exact or not isinstance(said, str):
            return self.shown(place)
        return show(place, self.files.sources, said, span)

    def find(self, index: int, route: Route) -> tuple[Place, bool]:
        """The place of a value of example ``index``, or of the nearest value around it; and whether it is its own."""
        return self._drafted(index)[1].find(route, "value")

    @property
    def nodes(self) -> list[Any]:
        """PyYAML's nodes of all examples, those with faults included."""
        return self._composed[1]

    @cached_property
    def pairs(self) -> dict[int, tuple[Any, int]]:
        """Every key by the character at which it starts: its mapping, and its number there."""
        with paused():
            found = pairs(compose(self.files.sources[self.file].text))
            return {start: (mapping, number) for start, mapping, number in found}

    def key(self, index: int, route: Route) -> tuple[Place, bool]:
        """The place of the key of a value of example ``index``, or of what is near; and whether it is its own."""
        return self._drafted(index)[1].find(route, "key")

    def shown(self, place: Place) -> Position:
        """A place on its first line."""
        return show(place, self.files.sources)

    def _drafted(self, index: int) -> tuple[Example, Draft]:
        builder, nodes = self._composed
        drafted = builder.drafted(index, nodes[index]) if 0 <= index < len(nodes) else None
        if drafted is None:
            raise KeyError(index)
        return drafted

    @cached_property
    def _composed(self) -> tuple[Builder, list[Any]]:
        with paused():
            reader = Reader(self.files.sources[self.file], [])
            return _opened(reader, self.files, reader.root())

    def __getstate__(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self)}


def read(path: str, file: str, root: str, *, given: str | None = None) -> Authored:
    """Read an authored file.

    Args:
        path: its name as it is shown to the user.
        file: the file that is opened; included files are named from its folder.
        root: the folder of the project, which included files may not leave.
        given: the text, where it does not come from the file.

    Raises:
        OSError: the file cannot be read.
    """
    if given is None:
        with open(file, "rb") as stream:
            data = stream.read()
        if coding := _wide(data):
            return _undecoded(path, file, data.decode(coding, "replace"))
        try:
            given = data.decode("utf-8")
        except UnicodeDecodeError as error:
            return _undecodable(path, file, data, error)
    source = SourceText(path, file, given.removeprefix("\ufeff"))
    files = Files(path, file, root, {file: source})
    reader = Reader(source, [])
    with paused():
        examples = tuple(_examples(reader, files))
    faults = sorted(reader.faults, key=lambda fault: (fault.place.file != file, fault.place.line, fault.place.column))
    return Authored(files, examples, tuple(faults))


def _wide(data: bytes) -> str:
    """The kind of UTF-16 that a file is by its mark, or by its first character, which is ASCII in YAML; or nothing."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    first, second = data[:2].ljust(2)
    return "utf-16-le" if first and not second else "utf-16-be" if second and not first else ""


def _undecoded(path: str, file: str, text: str) -> Authored:
    source = SourceText(path, file, text)
    values = {"what": "the file is UTF-16, where YAML is read as UTF-8", "fix": "save it as UTF-8"}
    fault = AuthoringFault("invalid-yaml", source.place(0, 1, "node"), values)
    return Authored(Files(path, file, "", {file: source}), faults=(fault,))


def _undecodable(path: str, file: str, data: bytes, error: UnicodeDecodeError) -> Authored:
    source = SourceText(path, file, data.decode("utf-8-sig", "replace"))
    index = len(data[: error.start].decode("utf-8-sig", "replace"))
    values: dict[str, Scalar] = {"seen": f"byte 0x{data[error.start]:02X}", "count": 1}
    fault = AuthoringFault("not-utf8", source.place(index, index + 1, "node"), values)
    return Authored(Files(path, file, "", {file: source}), faults=(fault,))


def _examples(reader: Reader, files: Files) -> list[Example]:
    from ftlint.authoring.altered import altered_texts
    from ftlint.authoring.whitespace import odd_key

    source = reader.source
    root = reader.root()
    if odd := odd_key(source.text, source.path, source.file, root):
        reader.faults.append(odd)
    if reader.faults:
        return []
    builder, nodes = _opened(reader, files, root)
    built = [builder.example(index, node) for index, node in enumerate(_released(nodes))]
    reader.faults += builder.repeated
    reader.faults += altered_texts(source.text, source.path, source.file, dict.fromkeys(reader.texts))
    return [example for example in built if example is not None]


def _released(nodes: list[Any]) -> Iterator[Any]:
    """Each node of a list, which keeps none of them: they weigh many times what they say."""
    for index, node in enumerate(nodes):
        nodes[index] = None
        yield node


def _opened(reader: Reader, files: Files, root: Any) -> tuple[Builder, list[Any]]:
    """The builder of a file's examples, which has read the defaults, and the nodes of the examples."""
    builder = Builder(reader, files)
    if root is None:
        values = {"reason": "the file is empty", "fix": _START, "suggestion": ""}
        reader.faults.append(AuthoringFault("wrong-value", reader.source.place(0, 0, "node"), values))
        return builder, []
    if root.id != "mapping":
        reader.wrong(root, f"the file is {reader.seen(root)}", _START)
        return builder, []
    found = reader.fields(root, FILE_KEYS, "the file")
    odd = bool(reader.faults)  # of which one may be a misspelt "examples"
    if "defaults" in found:
        builder.read_defaults(found["defaults"])
    if "examples" not in found:
        if not odd:
            reader.wrong(root, 'the file has no "examples"', _START)
        return builder, []
    nodes = reader.items(found["examples"], "a list of examples")
    if nodes == []:
        reader.wrong(found["examples"][1], "the file has no examples", _START)
    return builder, nodes or []
