"""The nouns of authoring: a place in YAML, and a mistake of an author."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ftlint.model import Scalar

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
