"""All that the command line and Python callers use: check a dataset, get a report."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ftlint import config as configuration
from ftlint.baseline import Debt
from ftlint.config import Config
from ftlint.engine import Map
from ftlint.errors import UnreadableFile
from ftlint.plugins import rules
from ftlint.report import Report
from ftlint.session import Options, Progress, Session
from ftlint.sources.jsonl import SHARD_BYTES
from ftlint.sources.paths import discover
from ftlint.timing import Stopwatch

if TYPE_CHECKING:
    from ftlint.estimate.report import CostOptions, CostReport
    from ftlint.stats.report import Portrait

__all__ = ["CostOptions", "Options", "check", "cost", "load_config", "rules", "stats"]

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


def load_config(path: str | Path | None = None, folder: str | Path = ".") -> Config:
    """The configuration file at ``path``, else the nearest ``ftlint.yaml`` at or above ``folder``, else the defaults.

    Raises:
        ConfigError: the file is missing or wrong.
    """
    found = Path(path) if path is not None else configuration.find(Path(folder).resolve())
    return configuration.load(found) if found else configuration.default(Path(folder).resolve())


def check(
    paths: Paths = (),
    *,
    config: Config | None = None,
    options: Options | None = None,
    map_: Map = map,
    progress: Progress | None = None,
    shard_bytes: int = SHARD_BYTES,
) -> Report:
    """Check files, folders or (with no paths) the datasets that the configuration names.

    Args:
        paths: files and folders (or one of them); ``-`` is standard input.
        config: from ``load_config``; None looks for ``ftlint.yaml`` from the current folder upwards.
        options: what overrides the configuration.
        map_: runs a function over shards, in order: ``map``, or the ``map`` of any ``concurrent.futures.Executor``.
        progress: called with the bytes cut so far and in all.
        shard_bytes: about how many bytes a shard has; the report does not depend on it.

    Raises:
        FtlintError: something could not be checked at all; the text says what to do.
    """
    with opened(paths, config or load_config(), options or Options()) as session:
        return session.run(map_, shard_bytes, progress)


def cost(
    paths: Paths = (),
    *,
    config: Config | None = None,
    options: CostOptions | None = None,
    map_: Map = map,
    progress: Progress | None = None,
    shard_bytes: int = SHARD_BYTES,
) -> CostReport:
    """What training on files, folders or the configured datasets costs; arguments as of ``check``.

    Raises:
        FtlintError: there is nothing to count, or nothing to compare with; the text says what to do.
    """
    from ftlint.estimate import report
    from ftlint.estimate.measure import names

    asked = options or report.CostOptions()
    return report.cost(names(paths), config or load_config(), asked, map_, shard_bytes, progress)


def stats(
    paths: Paths = (),
    *,
    config: Config | None = None,
    target: str | None = None,
    stdin_filename: str = "<stdin>",
    progress: Progress | None = None,
) -> Portrait:
    """What files, folders or the configured datasets are like: lengths, prompts, tools, scripts, splits.

    Raises:
        FtlintError: there is nothing to count; the text says what to do.
    """
    from ftlint.estimate.measure import Asked, names
    from ftlint.stats import report

    asked = Asked(names(paths), (target,) if target else (), stdin_filename=stdin_filename, progress=progress)
    return report.stats(config or load_config(), asked)


def __getattr__(name: str) -> Any:
    """What only costs need is imported when it is used."""
    if name == "CostOptions":
        from ftlint.estimate.report import CostOptions

        return CostOptions
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@contextmanager
def opened(paths: Paths, config: Config, options: Options, debt: Debt | None = None) -> Iterator[Session]:
    """The session of a run over what ``paths`` name; ``debt`` stands in for the baseline.

    Raises:
        FtlintError: there is nothing to check, or something that is named cannot be.
    """
    watch = Stopwatch()
    names = [os.fspath(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)]
    with discover(names, config, stdin_filename=options.stdin_filename) as found:
        if not found.datasets and not found.excluded:
            looked = ", ".join(config.include)
            raise UnreadableFile(f"there is nothing to check: no file here matches {looked}; name files or folders")
        sources = [source for dataset in found.datasets for source in dataset.sources]
        yield Session(config, options, sources, debt, watch)
