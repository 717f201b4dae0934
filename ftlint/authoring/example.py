"""One authored example as a built record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ftlint.authoring.model import Place
from ftlint.authoring.source import Site, place
from ftlint.model import Route, Shape, Split


@dataclass(frozen=True, slots=True)
class Example:
    """One authored example, built.

    Attributes:
        index: its number in the file, from 0.
        id: as the author gave it, or nothing.
        site: the whole example in the YAML.
        record: what is exported, keys in their fixed order; ``shape``: which kind of record that is.
        split: as given; None if the configuration decides.
        group: what must not straddle splits, or nothing; ``tags``: the author's own words, which nothing depends on.
        repeat: how often the record is written.
        shared: the routes whose values stand in ``defaults`` or in an included file.
    """

    index: int
    id: str
    site: Site
    record: Mapping[str, Any]
    shape: Shape
    split: Split | None = None
    group: str = ""
    tags: tuple[str, ...] = ()
    repeat: int = 1
    shared: frozenset[Route] = frozenset()

    @property
    def place(self) -> Place:
        """The lines and columns of the whole example."""
        return place(self.site)

    @property
    def line(self) -> int:
        """The line on which it starts, from 1."""
        return self.site[0].point(self.site[1])[0]
