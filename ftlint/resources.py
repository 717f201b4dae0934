"""Where the rule pages and schemas are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """The folder ``rules`` or ``schemas``."""
    installed = PACKAGE / name
    return installed if installed.is_dir() else PACKAGE.parent / name


def schema_names() -> list[str]:
    """The names that ``ftlint schema`` takes."""
    return sorted(path.name.removesuffix(".schema.json") for path in folder("schemas").glob("*.schema.json"))


def schema_text(name: str) -> str:
    """The text of one schema."""
    return (folder("schemas") / f"{name}.schema.json").read_text("utf-8")
