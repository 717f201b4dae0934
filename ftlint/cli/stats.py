"""``ftlint stats``: what a dataset is like before it is trained on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ftlint.cli._options import config_option, format_option, stdin_filename_option, work, work_options
from ftlint.cli._screen import progress, wants_color, width


@click.command("stats", short_help="Show what a dataset is like: lengths, prompts, tools, scripts, splits.")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--target", metavar="PROVIDER/MODEL", help="Whose tokens are counted.")
@work_options
@config_option
@format_option
@stdin_filename_option
def command(paths: tuple[str, ...], config_path: Path | None, format_: str, **given: Any) -> None:
    """Show distributions with percentiles and histograms, system prompts, tools, scripts, duplicates and splits."""
    from ftlint import api
    from ftlint.render import Options
    from ftlint.render.stats import render

    config = api.load_config(config_path)
    with progress("counting", True) as update:
        statistics = api.stats(
            paths,
            config=config,
            target=given["target"],
            stdin_filename=given["stdin_filename"],
            progress=update,
            **work(given, config.root),
        )
    how = Options(color=wants_color(sys.stdout) and format_ == "text", width=width())
    for chunk in render(statistics, format_, how):
        click.echo(chunk, nl=False, color=how.color)
    sys.exit(2 if statistics.unread else 0)
