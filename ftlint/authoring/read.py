"""Authored YAML is read: text becomes examples and faults, with the place of every value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from ftlint.authoring.build import Builder
from ftlint.authoring.compose import paused
from ftlint.authoring.files import Files
from ftlint.authoring.model import AuthoringFault, Example, Place
from ftlint.authoring.places import find, show, value_at
from ftlint.authoring.reader import Reader
from ftlint.authoring.source import Source
from ftlint.model import Position, Route, Scalar

FILE_KEYS = frozenset(("defaults", "examples"))
_START = "Start it with the key examples, and a list below."


@dataclass(frozen=True)
class Authored:
    """An authored file.

    Attributes:
        path, file: its name as it is shown, and as it is opened.
        examples: those without faults; each knows its number in the file.
        faults: in the order of the text, those of included files where they are included.
        included: the other files that the examples are made of, or name in vain.
        digests: of those that were read, as they are named: what the name leads to, and the digest of what it holds.
        sources: the texts that were read, by the name of the file.
    """

    path: str
    file: str
    examples: tuple[Example, ...] = ()
    faults: tuple[AuthoringFault, ...] = ()
    included: tuple[str, ...] = ()
    digests: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    sources: Mapping[str, Source] = field(default_factory=dict, repr=False)

    def position(
        self,
        index: int,
        route: Route,
        part: Literal["value", "key"] = "value",
        span: tuple[int, int] | None = None,
    ) -> Position:
        """Where a part of the record of example ``index`` stands; ``span`` are characters of the built text there.

        Raises:
            KeyError: there is no such example.
        """
        example = self._by_index[index]
        place, exact = find(example, route, part)
        said = value_at(example.record, route)
        if not exact or not isinstance(said, str):
            return show(place, self.sources)
        return show(place, self.sources, said, span)

    def shown(self, place: Place) -> Position:
        """A place on its first line."""
        return show(place, self.sources)

    @cached_property
    def _by_index(self) -> dict[int, Example]:
        return {example.index: example for example in self.examples}


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
    source = Source(path, file, given.removeprefix("\ufeff"))
    files = Files(path, file, root, {file: source})
    reader = Reader(source, [])
    with paused():
        examples = tuple(_examples(reader, files))
    faults = sorted(reader.faults, key=lambda fault: (fault.place.file != file, fault.place.line, fault.place.column))
    return Authored(path, file, examples, tuple(faults), tuple(files.opened), files.digests, files.sources)


def _wide(data: bytes) -> str:
    """The kind of UTF-16 that a file is by its mark, or by its first character, which is ASCII in YAML; or nothing."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    first, second = data[:2].ljust(2)
    return "utf-16-le" if first and not second else "utf-16-be" if second and not first else ""


def _undecoded(path: str, file: str, text: str) -> Authored:
    source = Source(path, file, text)
    values = {"what": "the file is UTF-16, where YAML is read as UTF-8", "fix": "save it as UTF-8"}
    fault = AuthoringFault("invalid-yaml", source.place(0, 1, "node"), values)
    return Authored(path, file, faults=(fault,), sources={file: source})


def _undecodable(path: str, file: str, data: bytes, error: UnicodeDecodeError) -> Authored:
    source = Source(path, file, data.decode("utf-8-sig", "replace"))
    index = len(data[: error.start].decode("utf-8-sig", "replace"))
    values: dict[str, Scalar] = {"seen": f"byte 0x{data[error.start]:02X}", "count": 1}
    fault = AuthoringFault("not-utf8", source.place(index, index + 1, "node"), values)
    return Authored(path, file, faults=(fault,), sources={file: source})


def _examples(reader: Reader, files: Files) -> list[Example]:
    from ftlint.authoring.careless import careless
    from ftlint.authoring.layout import odd_key

    source = reader.source
    root = reader.root()
    if odd := odd_key(source.text, source.path, source.file, root):
        reader.faults.append(odd)
    if reader.faults:
        return []
    examples = _built(reader, files, root)
    reader.faults += careless(source.text, source.path, source.file, dict.fromkeys(reader.texts))
    return examples


def _built(reader: Reader, files: Files, root: Any) -> list[Example]:
    if root is None:
        values = {"reason": "the file is empty", "fix": _START, "suggestion": ""}
        reader.faults.append(AuthoringFault("wrong-value", reader.source.place(0, 0, "node"), values))
        return []
    if root.id != "mapping":
        reader.wrong(root, f"the file is {reader.seen(root)}", _START)
        return []
    fields = reader.fields(root, FILE_KEYS, "the file")
    odd = bool(reader.faults)  # of which one may be a misspelt "examples"
    builder = Builder(reader, files)
    if "defaults" in fields:
        builder.read_defaults(fields["defaults"])
    if "examples" not in fields:
        if not odd:
            reader.wrong(root, 'the file has no "examples"', _START)
        return []
    nodes = reader.items(fields["examples"], "a list of examples")
    if nodes == []:
        reader.wrong(fields["examples"][1], "the file has no examples", _START)
    built = [builder.example(index, node) for index, node in enumerate(nodes or ())]
    reader.faults += builder.repeated
    return [example for example in built if example is not None]
