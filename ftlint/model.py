"""The nouns of ftlint: what a dataset is read into, what checks find in it, and what the user is told."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

Route = tuple[str | int, ...]
Scalar = str | int | float | bool
Split = Literal["train", "validation", "test"]
Shape = Literal["chat", "preference", "reinforcement", "completion"]


class Severity(IntEnum):
    """How bad: an error is refused, cut in silence or over budget; a warning trains, but likely badly."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Location(Struct, frozen=True):
    """A symbolic place: a line of a file and a route into its record.

    Attributes:
        path: the file as the user named it, with forward slashes.
        line: the line's number, from 1.
        offset: the byte at which the line starts in the file.
        route: keys and indices that lead from the record to a value.
        part: what is meant: the ``value`` at the route, its ``key``, or the raw text of the ``line``.
        span: characters ``[start, stop)`` inside that part (of a string value: of the decoded string); all if None.
    """

    path: str
    line: int = 1
    offset: int = 0
    route: Route = ()
    part: Literal["value", "key", "line"] = "value"
    span: tuple[int, int] | None = None

    @classmethod
    def of_file(cls, path: str, line: int = 1, column: int = 1) -> Location:
        """A point of a file, whatever stands there, both numbers from 1; its start stands for the whole file."""
        return cls(path, line, part="line", span=(column - 1, column - 1))

    def __truediv__(self, step: str | int) -> Location:
        return Location(self.path, self.line, self.offset, (*self.route, step))

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" + (f":{show_route(self.route)}" if self.route else "")

    def key(self) -> Location:
        """The key that leads to this value, rather than the value."""
        return replace(self, part="key")

    def chars(self, start: int, stop: int) -> Location:
        """Only the characters ``[start, stop)`` of the string that stands here."""
        return replace(self, span=(start, stop))


def show_route(route: Route) -> str:
    """A route as users write it: ``messages[2].role``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in route)
    return text.removeprefix(".")


class Source(Struct, frozen=True):
    """One file of a dataset.

    Attributes:
        path: the name that is shown to the user.
        file: the path that is opened (another one for standard input).
        dataset: the dataset that it belongs to, and its split there.
        asked: whether findings in it are reported (not so for the rest of a changed file's dataset).
        root: the folder that an authored file may include files from; its own if empty.
        shares: of the examples of an authored file without a split, the shares that go to other splits than train.
        copied: whether ``file`` is a copy of standard input.
    """

    path: str
    file: str
    dataset: str = ""
    split: Split = "train"
    asked: bool = True
    root: str = ""
    shares: tuple[tuple[Split, Decimal], ...] = ()
    copied: bool = False


class Dataset(Struct, frozen=True):
    """What whole-dataset rules are about: a name and its files."""

    name: str
    sources: tuple[Source, ...]


class Shard(Struct, frozen=True):
    """A run of whole lines of one file: bytes ``[start, stop)``, of which the first is line ``first_line``."""

    source: Source
    start: int
    stop: int
    first_line: int

    def __str__(self) -> str:
        return f"{self.source.path}, bytes {self.start} to {self.stop}"


class Related(Struct, frozen=True):
    """Another place that a finding is about, with a few words on what it is."""

    at: Location
    label: str


class Finding(Struct, frozen=True):
    """What a check saw.

    Attributes:
        at: the place.
        subject: what the fault is about, for the fingerprint only: never shown, free of line numbers.
        values: fill the page's ``message`` and ``hint``.
        related: other places.
        once: whether it is about a text that many examples share: findings of one subject are then one.
    """

    at: Location
    subject: str
    values: Mapping[str, Scalar] = {}
    related: tuple[Related, ...] = ()
    once: bool = False


class Gone(Enum):
    """What stands where nothing is to stand."""

    GONE = "gone"


GONE = Gone.GONE


class Edit(Struct, frozen=True):
    """One change of a record: what stands at a route becomes ``value``, or is ``GONE``; a key that lacks is added.

    With a ``span`` only the characters ``[start, stop)`` of the string that stands there become the text ``value``.
    """

    route: Route
    value: Any
    span: tuple[int, int] | None = None


class Fix(Struct, frozen=True):
    """What mends a finding.

    Attributes:
        what: it does, in a few words: ``trim the answer``.
        safe: whether nothing is lost by it, so that ``--fix`` may apply it unasked.
        edits: changes of the record, by route.
        lines: for damaged text, the physical lines (with their ends) that stand in its place; None otherwise.
    """

    what: str
    safe: bool = True
    edits: tuple[Edit, ...] = ()
    lines: tuple[bytes, ...] | None = None


class Position(Struct, frozen=True):
    """A concrete place: characters ``[column, end_column)`` of a line, all from 1, with the text around it."""

    path: str
    line: int
    column: int
    end_column: int
    text: str = ""


class Remedy(Struct, frozen=True):
    """What the user is told of a fix: what it does, whether it is safe, and its edits of the line, if it has such."""

    what: str
    safe: bool
    edits: tuple[Edit, ...] = ()


class Diagnostic(Struct, frozen=True):
    """What the user is told: a finding in the words of its rule, at a concrete place.

    Attributes:
        code, name, severity: of the rule; the severity as the user wants it.
        message, hint: what is wrong, and what to do, in the words of the rule's page.
        route: the value in the record, as users write it (``messages[2].role``); empty for a whole line or file.
        fingerprint: sixteen hexadecimal digits that stay while the content does, wherever it is moved.
        related: other places, each with what it is.
        count: the findings that it stands for, where a rule reports once a file.
        redact: whether the characters at ``position`` must not be shown.
        fix: what ``--fix`` would do about it, None where nothing.
    """

    code: str
    name: str
    severity: Severity
    message: str
    hint: str
    position: Position
    route: str
    fingerprint: str
    related: tuple[tuple[Position, str], ...] = ()
    count: int = 1
    redact: bool = False
    fix: Remedy | None = None
