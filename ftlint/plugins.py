"""Kinds of check and rule pages from other packages: by their ``ftlint`` entry point, or named in ``ftlint.yaml``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType

from ftlint.config import Config
from ftlint.errors import ConfigError
from ftlint.pages import Catalogue, catalogue, read_pages

GROUP = "ftlint"


@cache
def pages_of(modules: Sequence[str]) -> list[Path]:
    """Import all plugins (importing one makes its kinds known); the folders ``rules`` beside them, where there are any.

    Raises:
        ConfigError: a plugin cannot be imported.
    """
    names = [*installed(), *modules]
    folders = dict.fromkeys(_rules_beside(_load(name)) for name in names)
    return [folder for folder in folders if folder is not None and folder.is_dir()]


def installed() -> list[str]:
    """The modules of all installed plugins; only where there are any is the standard library asked, which is slow."""
    if not any(map(_may_hold_plugins, sys.path)) and not any(map(_finds_packages, sys.meta_path)):
        return []
    from importlib.metadata import entry_points

    return [point.value for point in entry_points(group=GROUP)]


def _may_hold_plugins(folder: str) -> bool:
    """Whether a package in a folder of the search path has the entry point, or the folder is an archive."""
    try:
        return any(f"[{GROUP}]".encode() in text for text in _entry_points(folder or "."))
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _entry_points(folder: str) -> Iterator[bytes]:
    for name in os.listdir(folder):
        if name.endswith((".dist-info", ".egg-info")):
            try:
                with open(os.path.join(folder, name, "entry_points.txt"), "rb") as file:
                    yield file.read()
            except (FileNotFoundError, NotADirectoryError):
                continue


def _finds_packages(finder: object) -> bool:
    return hasattr(finder, "find_distributions") and finder is not PathFinder


def _load(name: str) -> ModuleType:
    try:
        return import_module(name.partition(":")[0])
    except (Exception, SystemExit) as error:  # a script that exits would end the check as if all were well
        is_missing = isinstance(error, ModuleNotFoundError) and f"{name}.".startswith(f"{error.name}.")
        mend = "; install the package that holds it, or name its folder in PYTHONPATH" * is_missing
        raise ConfigError(f"the plugin {name} cannot be imported: {type(error).__name__}: {error}{mend}") from error


def _rules_beside(module: ModuleType) -> Path | None:
    """The folder ``rules`` beside a module's file, or in the (first) folder of a package."""
    homes = [*getattr(module, "__path__", ()), *(os.path.dirname(file) for file in [module.__file__] if file)]
    return Path(homes[0], "rules") if homes else None


def _plugged(config: Config) -> list[Path]:
    """The folders of rules of all plugins; one that cannot be imported is told where it is named."""
    try:
        return pages_of(config.plugins)
    except ConfigError:
        for index, name in enumerate(config.plugins):
            with config.at("plugins", index):
                _load(name)
        raise


def rules(config: Config) -> Catalogue:
    """All rules that a configuration makes known: ftlint's own, those of plugins, and the dataset repository's.

    Raises:
        ConfigError: a plugin cannot be imported, a page is damaged, a name stands twice, or a place under
            ``rules-from`` does not exist.
    """
    for index, place in enumerate(config.rules_from):
        if not (config.root / place).exists():
            raise config.error(f"there is no file or folder {place} to take rules from", "rules-from", index)
    extra = [*_plugged(config), *(config.root / place for place in config.rules_from)]
    if not extra:
        return catalogue()
    own = catalogue()
    return Catalogue({**own, **read_pages([*(rule.page for rule in own.values()), *extra])})
