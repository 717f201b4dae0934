"""``ftlint clean``: delete the cache."""

from __future__ import annotations

from pathlib import Path

import click

from ftlint.cli._options import cache_dir_option, config_option
from ftlint.errors import FtlintError


@click.command("clean", short_help="Delete the cache.")
@cache_dir_option
@config_option
def command(cache_dir: Path | None, config_path: Path | None) -> None:
    """Delete the cache: .ftlint_cache beside ftlint.yaml, or in the current folder if there is none.

    Only a folder that ftlint made is touched, and in it only what ftlint wrote.
    """
    from ftlint import api
    from ftlint.cache.store import NAME, clean

    folder = cache_dir or api.load_config(config_path).root / NAME
    try:
        freed = clean(folder)
    except OSError as error:
        raise FtlintError(f"{error.filename} could not be deleted: {error.strerror}") from None
    if freed is None and folder.exists():
        raise FtlintError(f"{folder} was not made by ftlint, so nothing in it was deleted")
    click.echo("there is no cache" if freed is None else f"deleted {folder} ({freed / 1e6:,.1f} MB)")
