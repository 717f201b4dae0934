"""The formats of ``ftlint cost``, a module each."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, cast

from ftlint.render import Options

if TYPE_CHECKING:
    from ftlint.estimate.report import CostReport

FORMATS = ("text", "json", "markdown", "csv")


def render(report: CostReport, name: str, options: Options) -> Iterator[str]:
    """The report in one of the ``FORMATS``, in chunks of text."""
    return cast("Iterator[str]", import_module(f"{__name__}.{name}").render(report, options))
