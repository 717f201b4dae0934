"""The kinds of check, a module a family; they are found, not listed."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ftlint.checks.base import KINDS, Check


@cache
def load() -> dict[str, type[Check]]:
    """Import every module of this folder; all kinds of check by name (plugins add theirs to the same table)."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return KINDS
