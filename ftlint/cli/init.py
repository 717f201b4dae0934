"""``ftlint init``: write the files that a project starts with."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("init", short_help="Write a configuration, a pre-commit hook and an example dataset.")
@click.argument("folder", default=".", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Write a commented ftlint.yaml, an entry in .pre-commit-config.yaml and an example dataset.

    They go to FOLDER, or to the current folder. No file is ever overwritten.
    """
    from ftlint.starter import start

    done = start(folder)
    for file in done.files:
        click.echo(f"wrote {file.path}" if file.written else f"kept {file.path} (exists)")
    if done.entry:
        click.echo(f"\nTo have every commit checked, add this below `repos:` in {done.hooks}:\n")
        click.echo(done.entry, nl=False)
