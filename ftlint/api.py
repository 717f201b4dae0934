"""All that the command line and Python callers use: check a dataset, get a report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ftlint import config as configuration
from ftlint.baseline import Baseline
from ftlint.config import Config
from ftlint.engine import Map
from ftlint.executors import mapping
from ftlint.plugins import rules
from ftlint.report import Report
from ftlint.session import Options, Session
from ftlint.sources.jsonl import SHARD_BYTES
from ftlint.sources.paths import discover, nothing
from ftlint.timing import Stopwatch
from ftlint.work import Progress, Work

if TYPE_CHECKING:
    from ftlint.estimate.report import CostOptions, CostReport
    from ftlint.repair import Fixes
    from ftlint.stats.report import Statistics

__all__ = ["CostOptions", "Options", "check", "cost", "fix", "load_config", "rules", "stats"]

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


def load_config(path: str | Path | None = None, folder: str | Path = ".") -> Config:
    """The configuration file at ``path``, else the nearest ``ftlint.yaml`` at or above ``folder``, else the defaults.

    Raises:
        ConfigError: the file is missing or wrong.
    """
    found = Path(path) if path is not None else configuration.find(Path(folder).resolve())
    return configuration.load(found) if found else configuration.default(Path(folder).resolve())


def check(  # noqa: PLR0913  # each is one decision of the caller's
    paths: Paths = (),
    *,
    config: Config | None = None,
    options: Options | None = None,
    executor: str | None = None,
    jobs: int | None = 1,
    map_: Map | None = None,
    progress: Progress | None = None,
    shard_bytes: int = SHARD_BYTES,
    cache: str | Path | None = None,
) -> Report:
    """Check files, folders or (with no paths) the datasets that the configuration names.

    Args:
        paths: files and folders (or one of them); ``-`` is standard input.
        config: from ``load_config``; None looks for ``ftlint.yaml`` from the current folder upwards.
        options: what overrides the configuration.
        executor: ``process[:N]``, ``thread[:N]`` or ``dask[:ADDRESS]``, as ``ftlint.executors.mapping`` has it.
        jobs: processes that share the work; None takes the cores where it pays. The caller's script is then imported
            by each worker, so that what it does belongs under ``if __name__ == "__main__"``.
        map_: in place of these: runs a function over shards, in order, like the ``map`` of any
            ``concurrent.futures.Executor``.
        progress: called with the bytes checked so far and in all.
        shard_bytes: about how many bytes a shard has; the report does not depend on it.
        cache: a folder for what was found before, made if need be; None for no cache. Small inputs do without.

    Raises:
        FtlintError: something could not be checked at all; the text says what to do.
    """
    with (
        opened(paths, config or load_config(), options or Options()) as session,
        nullcontext(map_)
        if map_
        else mapping(executor, None if executor and jobs == 1 else jobs, session.size) as chosen,
    ):
        return session.run(chosen, shard_bytes, progress, None if cache is None else Path(cache))


def fix(
    paths: Paths = (),
    *,
    config: Config | None = None,
    options: Options | None = None,
    unsafe: bool = False,
    show: Callable[[str], object] | None = None,
) -> Fixes:
    """Mend what has a fix, in the files themselves; each is replaced whole or left as it is.

    Args:
        paths, config, options: as for ``check``; standard input is left, and said to be.
        unsafe: apply the fixes that may lose something too.
        show: is given the unified diffs of what would be done, secrets masked; nothing is then written.

    Raises:
        FtlintError: there is nothing to fix, or the configuration is wrong; the text says what to do.
    """
    from ftlint.repair import Repair

    with opened(paths, config or load_config(), options or Options()) as session:
        repair = Repair(session, unsafe=unsafe, write=show is None)
        for text in repair.run():
            if show is not None:
                show(text)
        return repair.fixes


def cost(  # noqa: PLR0913  # as of check
    paths: Paths = (),
    *,
    config: Config | None = None,
    options: CostOptions | None = None,
    executor: str | None = None,
    jobs: int | None = 1,
    map_: Map | None = None,
    progress: Progress | None = None,
    shard_bytes: int = SHARD_BYTES,
    cache: str | Path | None = None,
) -> CostReport:
    """What training on files, folders or the configured datasets costs; arguments as of ``check``.

    Raises:
        FtlintError: there is nothing to count, or nothing to compare with; the text says what to do.
    """
    from ftlint.estimate import report
    from ftlint.estimate.measure import names

    asked = options or report.CostOptions()
    work = Work(executor, jobs, map_, shard_bytes, progress, None if cache is None else Path(cache))
    return report.cost(names(paths), config or load_config(), asked, work)


def stats(  # noqa: PLR0913  # as of check
    paths: Paths = (),
    *,
    config: Config | None = None,
    target: str | None = None,
    stdin_filename: str = "<stdin>",
    executor: str | None = None,
    jobs: int | None = 1,
    map_: Map | None = None,
    progress: Progress | None = None,
    shard_bytes: int = SHARD_BYTES,
    cache: str | Path | None = None,
) -> Statistics:
    """What files, folders or the configured datasets are like, before they are trained on; arguments as of ``check``.

    Raises:
        FtlintError: there is nothing to count; the text says what to do.
    """
    from ftlint.estimate.measure import Asked, names
    from ftlint.stats import report

    work = Work(executor, jobs, map_, shard_bytes, progress, None if cache is None else Path(cache))
    asked = Asked(names(paths), (target,) if target else (), stdin_filename=stdin_filename, work=work)
    return report.stats(config or load_config(), asked)


def __getattr__(name: str) -> Any:
    """What only costs need is imported when it is used."""
    if name == "CostOptions":
        from ftlint.estimate.report import CostOptions

        return CostOptions
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def require(paths: Sequence[str | os.PathLike[str]], config: Config) -> None:
    """Raise ``FtlintError`` unless all that is named is there."""
    if paths:
        discover([os.fspath(path) for path in paths], config).cleanup()


@contextmanager
def opened(paths: Paths, config: Config, options: Options, baseline: Baseline | None = None) -> Iterator[Session]:
    """The session of a run over what ``paths`` name; ``baseline`` stands in for the configuration's.

    Raises:
        FtlintError: there is nothing to check, or something that is named cannot be.
    """
    watch = Stopwatch()
    names = [os.fspath(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)]
    with discover(names, config, stdin_filename=options.stdin_filename) as found:
        if not found.datasets and not found.excluded:
            raise nothing("check", names, config)
        sources = [source for dataset in found.datasets for source in dataset.sources]
        yield Session(config, options, sources, baseline, watch)
