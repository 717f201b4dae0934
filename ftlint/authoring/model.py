"""The nouns of authoring: an authored file, its examples as built records, and where each of their values stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ftlint.model import Route, Scalar, Shape, Split

Style = Literal["plain", "'", '"', "|", ">", "file", "node"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in YAML, or in a file that it includes.

    Attributes:
        path: the file as it is shown to the user; ``file``: as it is opened.
        line, column, end_line, end_column: all from 1, the end exclusive.
        style: how a scalar is written; ``file`` for all of an included file, ``node`` for lists and mappings.
    """

    path: str
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    style: Style = "node"


@dataclass(frozen=True, slots=True)
class AuthoringFault:
    """A mistake of an author: the name of its rule, its place, and values for the page's words.

    ``soft`` faults leave the example usable (warnings about text that was cut, for instance).
    """

    rule: str
    place: Place
    values: Mapping[str, Scalar] = field(default_factory=dict)
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """One authored example, built.

    Attributes:
        index: its number in the file, from 0.
        id: as the author gave it, or nothing.
        place: the whole example in the YAML.
        record: what is exported, keys in their fixed order.
        split: as given; None if the configuration decides.
        group: what must not straddle splits, or nothing.
        repeat: how often the record is written.
        shared: the routes whose values stand in ``defaults`` or in an included file.
    """

    index: int
    id: str
    place: Place
    record: Mapping[str, Any]
    shape: Shape
    split: Split | None = None
    group: str = ""
    tags: tuple[str, ...] = ()
    repeat: int = 1
    shared: frozenset[Route] = frozenset()
