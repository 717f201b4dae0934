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
