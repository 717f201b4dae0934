"""All that the command line and Python callers use: check a dataset, get a report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ftlint import config as configuration
from ftlint.config import Config
from ftlint.engine import Map
from ftlint.errors import UnreadableFile
from ftlint.plugins import rules
from ftlint.report import Report
from ftlint.session import Options, Progress, Session
from ftlint.sources.jsonl import SHARD_BYTES
from ftlint.sources.paths import discover

__all__ = ["Options", "check", "load_config", "rules"]


def load_config(path: str | Path | None = None, folder: str | Path = ".") -> Config:
    """The configuration file at ``path``, else the nearest ``ftlint.yaml`` at or above ``folder``, else the defaults.

    Raises:
        ConfigError: the file is missing or wrong.
    """
    found = Path(path) if path is not None else configuration.find(Path(folder).resolve())
    return configuration.load(found) if found else configuration.default(Path(folder).resolve())


def check(  # noqa: PLR0913 - all but the paths are named
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
    *,
    config: Config | None = None,
    options: Options | None = None,
    map_: Map = map,
    progress: Progress | None = None,
    shard_bytes: int = SHARD_BYTES,
    cache: str | Path | None = None,
) -> Report:
    """Check files, folders or (with no paths) the datasets that the configuration names.

    Args:
        paths: files and folders (or one of them); ``-`` is standard input.
        config: from ``load_config``; None looks for ``ftlint.yaml`` from the current folder upwards.
        options: what overrides the configuration.
        map_: runs a function over shards, in order: ``map``, or the ``map`` of any ``concurrent.futures.Executor``.
        progress: called with the bytes cut so far and in all.
        shard_bytes: about how many bytes a shard has; the report does not depend on it.
        cache: a folder for what was found before, made if need be; None for no cache. Small inputs do without.

    Raises:
        FtlintError: something could not be checked at all; the text says what to do.
    """
    config, options = config or load_config(), options or Options()
    names = [os.fspath(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)]
    with discover(names, config, stdin_filename=options.stdin_filename) as found:
        if not found.datasets and not found.excluded:
            looked = ", ".join(config.include)
            raise UnreadableFile(f"there is nothing to check: no file here matches {looked}; name files or folders")
        sources = [source for dataset in found.datasets for source in dataset.sources]
        return Session(config, options, sources).run(
            map_, shard_bytes, progress, None if cache is None else Path(cache)
        )
