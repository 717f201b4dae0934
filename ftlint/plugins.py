"""Kinds of check and rule pages from other packages: by their ``ftlint`` entry point, or named in ``ftlint.yaml``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from ftlint.config import Config
from ftlint.errors import ConfigError, UnreadableFile
from ftlint.pages import Catalogue, catalogue, read_pages

GROUP = "ftlint"


@cache
def pages_of(modules: Sequence[str]) -> list[Path]:
    """Import all plugins (importing one makes its kinds known); the folders ``rules`` beside them, where there are any.

    Raises:
        ConfigError: a plugin cannot be imported.
    """
    from importlib.metadata import entry_points

    names = [*(point.value for point in entry_points(group=GROUP)), *modules]
    folders = [_rules_beside(_load(name)) for name in dict.fromkeys(names)]
    return [folder for folder in folders if folder.is_dir()]


def _load(name: str) -> ModuleType:
    try:
        return import_module(name.partition(":")[0])
    except Exception as error:
        raise ConfigError(f"the plugin {name} cannot be imported: {type(error).__name__}: {error}") from error


def _rules_beside(module: ModuleType) -> Path:
    return Path(module.__file__ or "").parent / "rules"


def rules(config: Config) -> Catalogue:
    """All rules that a configuration makes known: ftlint's own, those of plugins, and the dataset repository's.

    Raises:
        ConfigError: a plugin cannot be imported, a page is damaged, or a name stands twice.
        UnreadableFile: a place under ``rules-from`` does not exist.
    """
    extra = [*pages_of(config.plugins), *(config.root / place for place in config.rules_from)]
    if not extra:
        return catalogue()
    for place in extra:
        if not place.exists():
            raise UnreadableFile(f"{config.path}: rules-from names {place}, which does not exist")
    own = catalogue()
    return Catalogue({**own, **read_pages([*(rule.page for rule in own.values()), *extra])})
