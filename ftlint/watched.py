"""The files that a check reads: datasets, what authored files include, the configuration and its rule pages."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ftlint import config as configuration
from ftlint.config import Config
from ftlint.errors import FtlintError
from ftlint.model import Source
from ftlint.sources.jsonl import is_authored
from ftlint.sources.paths import discover


class Watched:
    """The files of one command, asked for again and again; an authored file is read once for each time it changed."""

    def __init__(self, paths: Sequence[str], config_path: Path | None = None, *, no_config: bool = False) -> None:
        self.paths, self.config_path, self.no_config = paths, config_path, no_config
        self._included: dict[str, tuple[int, tuple[str, ...]]] = {}

    def files(self) -> list[str]:
        """All that is there now; while the configuration is wrong, or nothing is there, what was named."""
        path = None if self.no_config else self.config_path or configuration.find(Path.cwd())
        named = [*self.paths, *([str(path)] if path else [])]
        try:
            config = configuration.load(path) if path else configuration.default(Path.cwd())
            return [*named, *map(str, _pages(config)), *self._datasets(config)]
        except (FtlintError, OSError):
            return named

    def _datasets(self, config: Config) -> Iterator[str]:
        with discover(self.paths, config) as found:
            for dataset in found.datasets:
                for source in dataset.sources:
                    yield source.file
                    if is_authored(source.path):
                        yield from self._includes(source)

    def _includes(self, source: Source) -> tuple[str, ...]:
        from ftlint.sources.authored import load

        changed = os.stat(source.file).st_mtime_ns
        if self._included.get(source.file, (0,))[0] != changed:
            self._included[source.file] = changed, load(source).included
        return self._included[source.file][1]


def _pages(config: Config) -> Iterator[Path]:
    for place in config.rules_from:
        where = config.root / place
        yield from (where, *(where.rglob("*.md") if where.is_dir() else ()))
