"""The outputs of a comparison of two models: a module a format."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from ftlint.submit.comparison import Comparison

FORMATS = ("text", "jsonl", "html")


def render(found: Comparison, name: str, width: int = 100) -> Iterator[str]:
    """A comparison in a format; ``width`` is the terminal's, in cells."""
    return cast("Iterator[str]", import_module(f"{__name__}.{name}").render(found, width))
