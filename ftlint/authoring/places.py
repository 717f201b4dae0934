"""Where the values of built records stand: routes to places, worked out when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ftlint.authoring.model import Place
from ftlint.authoring.source import Site, SourceText
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


def nearest(own: Sites, grafts: Sequence[Graft], route: Route) -> tuple[Site, Route] | None:
    """The site of a value, or of the nearest value around it, and its route; None where nothing has a site."""
    for length in range(len(route), -1, -1):
        if found := exact(own, grafts, route[:length]):
            return found, route[:length]
    return None


def exact(own: Sites, grafts: Sequence[Graft], route: Route) -> Site | None:
    """The site at a route, among a record's own or those of the parts that it shares."""
    parts = (sites.get(route[len(home) :]) for home, sites in grafts if route[: len(home)] == home)
    return own.get(route) or next(filter(None, parts), None)


def show(
    place: Place, sources: Mapping[str, SourceText], said: str = "", span: tuple[int, int] | None = None
) -> Position:
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


def find_value(record: Mapping[str, object], route: Route) -> object:
    """What stands at a route; None where it leads nowhere."""
    value: Any = record
    try:
        for step in route:
            value = value[step]
    except (KeyError, IndexError, TypeError):
        return None
    return value
