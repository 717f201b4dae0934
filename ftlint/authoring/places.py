"""Where the values of built records stand: routes to places, worked out when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ftlint.authoring.model import Example, Place
from ftlint.authoring.source import Site, Source, place
from ftlint.authoring.spelling import locate, pieces
from ftlint.model import Position, Route

Sites = dict[Route, Site]


@dataclass(eq=False)
class Table:
    """The sites of a value's parts, and of their keys, by the route from that value."""

    values: Sites = field(default_factory=dict)
    keys: Sites = field(default_factory=dict)


Graft = tuple[Route, Sites]
"""The sites of a part that several records may share, and the route at which it stands in this one."""


class Places(Mapping[Route, Place]):
    """The sites of one record as places."""

    def __init__(self, own: Sites, grafts: tuple[Graft, ...] = ()) -> None:
        self.own, self.grafts = own, grafts

    def __getitem__(self, route: Route) -> Place:
        site = self.own.get(route)
        for home, sites in self.grafts:
            if site is None and route[: len(home)] == home:
                site = sites.get(route[len(home) :])
        if site is None:
            raise KeyError(route)
        return place(site)

    def __iter__(self) -> Iterator[Route]:
        yield from self.own
        for home, sites in self.grafts:
            yield from (route for step in sites if (route := (*home, *step)) not in self.own)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"Places({dict(self)!r})"

    def __reduce__(self) -> tuple[type[dict[Route, Place]], tuple[dict[Route, Place]]]:
        return dict, (dict(self),)


def find(example: Example, route: Route, part: str) -> tuple[Place, bool]:
    """The place of a value or key, or else of the nearest value around it; and whether it is the one asked for."""
    if part == "key" and route in example.keys:
        return example.keys[route], True
    for length in range(len(route), -1, -1):
        if route[:length] in example.places:
            return example.places[route[:length]], part == "value" and length == len(route)
    return example.place, not route


def show(place: Place, sources: Mapping[str, Source], said: str = "", span: tuple[int, int] | None = None) -> Position:
    """A place on its first line, or where the characters ``span`` of the text that it says stand.

    ``sources`` are the texts by the name of the file; one that is not among them has no line to show.
    """
    source = sources.get(place.file)
    if source is None:
        end = place.end_column if place.end_line == place.line else place.column
        return Position(place.path, place.line, place.column, end)
    start, stop = source.offset(place.line, place.column), source.offset(place.end_line, place.end_column)
    if span is not None:
        stop = source.blank_end(stop) if place.style in ("|", ">") else stop
        start, stop = locate(pieces(source.text, start, stop, place.style, said), *span) or (start, stop)
    return source.shown(start, stop)


def value_at(record: Mapping[str, object], route: Route) -> object:
    """What stands at a route; None where it leads nowhere."""
    value: Any = record
    try:
        for step in route:
            value = value[step]
    except (KeyError, IndexError, TypeError):
        return None
    return value
