"""What several commands have in common: options of one meaning, standard input and output, and writing a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ftlint.errors import FtlintError

F = TypeVar("F", bound=Callable[..., Any])

STANDARD = "-"
"""The name of standard input, and of standard output."""

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    help="Configuration file (default: the nearest ftlint.yaml).",
)

format_option = click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output format."
)


def names(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Names given in several options, or separated by commas."""
    return tuple(word.strip() for text in value for word in text.split(",") if word.strip())


def baseline_options(command: F) -> F:
    """The options that name the file of accepted findings, or leave it out."""
    without = click.option("--no-baseline", is_flag=True, help="Report what the baseline accepts, too.")
    return baseline_option("baseline")(without(command))


def baseline_option(name: str) -> Callable[[F], F]:
    """The option that names the file of accepted findings."""
    words = "File of accepted findings (default: ftlint-baseline.json beside ftlint.yaml)."
    return click.option("--baseline", name, type=click.Path(path_type=Path), metavar="FILE", help=words)


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
