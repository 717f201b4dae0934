"""What several commands have in common: options of one meaning, standard input and output, and writing a file."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from ftlint.errors import FtlintError

F = TypeVar("F", bound=Callable[..., Any])

STANDARD = "-"
"""The name of standard input, and of standard output."""


class Number(click.FloatRange):
    """A number between two others; nan, which click lets through, is between none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        return self.fail("nan is no number.", param, ctx) if math.isnan(number) else number


class Auto(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.5 only
    """A number, or ``auto``; whether the service takes it is said with all else that it would not take."""

    def __init__(self, kind: type[int | float]) -> None:
        self.kind, self.name = kind, "N|auto"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | float | str:
        if value == "auto":
            return "auto"
        try:
            return self.kind(value)
        except ValueError:
            self.fail(f'"{value[:40]}" is neither a number nor "auto".', param, ctx)


config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    help="Configuration file (default: the nearest ftlint.yaml).",
)

cache_dir_option = click.option(
    "--cache-dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="FTLINT_CACHE_DIR",
    show_envvar=True,
    help="Folder of the cache (default: .ftlint_cache beside ftlint.yaml).",
)

format_option = click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output format."
)


no_config_option = click.option("--no-config", is_flag=True, help="Read no configuration file.")


def stdin_filename_option(command: F) -> F:
    """The option that names standard input; where that is not read it is a usage error, as nothing would come of it."""

    @click.option("--stdin-filename", metavar="NAME", help="Name for standard input (-) in the report.")
    @wraps(command)
    def named(*, stdin_filename: str | None, paths: tuple[str, ...], **given: Any) -> Any:
        if stdin_filename and STANDARD not in paths:
            raise click.UsageError("--stdin-filename names standard input, which is not read: add - to the paths.")
        return command(paths=paths, stdin_filename=stdin_filename or "<stdin>", **given)

    return cast(F, named)


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in their order."""

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def names(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Names given in several options, or separated by commas."""
    return tuple(word.strip() for text in value for word in text.split(",") if word.strip())


def baseline_option(name: str) -> Callable[[F], F]:
    """The option that names the file of accepted findings."""
    words = "File of accepted findings (default: ftlint-baseline.json beside ftlint.yaml)."
    return click.option("--baseline", name, type=click.Path(path_type=Path), metavar="FILE", help=words)


baseline_options = together(
    baseline_option("baseline"),
    click.option("--no-baseline", is_flag=True, help="Report what the baseline accepts, too."),
)
"""The options that name the file of accepted findings, or leave it out."""


work_options = together(
    click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Share the work among N processes (default: the cores, for large inputs).",
    ),
    click.option("--executor", metavar="NAME", help="What runs the work: process[:N], thread[:N] or dask[:ADDRESS]."),
    cache_dir_option,
    click.option("--no-cache", is_flag=True, help="Keep no results for the next run, and use none."),
)
"""The options that say how the work is done; no outcome depends on them."""


def work(given: Mapping[str, Any], root: Path) -> dict[str, Any]:
    """What ``work_options`` were given, as arguments of the API; ``root`` is the folder of the configuration.

    Raises:
        FtlintError: the folder for the cache is one of something else.
    """
    kept = None if given["no_cache"] else cache_folder(given["cache_dir"], root)
    return {"executor": given["executor"], "jobs": given["jobs"], "cache": kept}


def cache_folder(given: Path | None, root: Path) -> Path:
    """The folder of the cache: the one that was named, which must not be a folder of something else; or the default.

    Raises:
        FtlintError: it is a folder of something else.
    """
    from ftlint.cache.store import NAME, Store

    if given is not None and not Store(given).writable:
        raise FtlintError(f"{given} is no cache of ftlint, and not empty: name a new folder with --cache-dir")
    return given or root / NAME


def write(path: Path, text: str) -> None:
    """Write a file whole.

    Raises:
        FtlintError: it cannot be written; the text says why.
    """
    from ftlint.files import write_atomically

    try:
        write_atomically(path, text.encode())
    except OSError as error:
        raise FtlintError(f"{path} could not be written: {error.strerror}") from None
