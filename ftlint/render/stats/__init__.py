"""The formats of ``ftlint stats``: for people at a terminal, and JSON (``schemas/stats.schema.json``)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ftlint.render import Options

if TYPE_CHECKING:
    from ftlint.stats.report import Statistics

FORMATS = ("text", "json")
VERSION = 1


def render(statistics: Statistics, name: str, options: Options) -> Iterator[str]:
    """The statistics in one of the ``FORMATS``."""
    if name == "json":
        return iter([json.dumps({"version": VERSION, **_data(statistics)}, indent=2) + "\n"])
    from ftlint.render.stats.text import text

    return text(statistics, options)


def _data(value: Any) -> Any:
    """What ``json`` writes: structs as objects, means beside the sums."""
    if isinstance(value, dict):
        return {key: _data(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_data(item) for item in value]
    if not hasattr(value, "__struct_fields__"):
        return value
    data = {name: _data(getattr(value, name)) for name in value.__struct_fields__}
    return {**data, "mean": round(value.mean, 2)} if hasattr(value, "mean") else data
