"""What several commands have in common: options of one meaning, standard input and output, and writing a file."""

from __future__ import annotations

from pathlib import Path

import click

from ftlint.errors import FtlintError

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
