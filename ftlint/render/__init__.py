"""The outputs: a module a format, found by its name; what several formats need stands in ``parts``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from ftlint.errors import UnknownName
from ftlint.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from ftlint.report import Report

FORMATS: tuple[str, ...] = tuple(sorted(module.name for module in iter_modules(__path__) if not module.ispkg))
"""The names of all formats; a format's module is imported when it is used."""


class Options(Struct, frozen=True):
    """How an outcome is shown.

    Attributes:
        color: whether terminal colours are written.
        width: of the terminal, in cells.
        shown: findings shown of a rule in a file, the rest being counted; 0 shows all. Not for machines' formats.
        quiet: findings and files that could not be checked, and nothing else.
        statistics: a table of counts by rule in place of the findings.
        unsafe_fixes: findings with an unsafe fix are marked too.
        root: the repository's folder, from which machines want their paths; the current one if empty.
        changed: the lines that are under review, by path from the root; those are told first where not all can be.
        rules: asked for the rules by name, by formats that say what a rule is.
    """

    color: bool = False
    width: int = 100
    shown: int = 3
    quiet: bool = False
    statistics: bool = False
    unsafe_fixes: bool = False
    root: str = ""
    changed: Mapping[str, Sequence[range]] = {}
    rules: Callable[[], Mapping[str, Any]] = dict


def render(report: Report, name: str, options: Options) -> Iterator[str]:
    """The report in the format of that name, in chunks of text; raises ``UnknownName`` if there is none."""
    if name not in FORMATS:
        meant = did_you_mean(nearest(name, FORMATS))
        raise UnknownName(f'there is no output format "{name}": it is one of {", ".join(FORMATS)}{meant}')
    return cast("Iterator[str]", import_module(f"{__name__}.{name}").render(report, options))
