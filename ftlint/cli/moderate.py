"""``ftlint moderate``: what the service's moderation flags in a dataset, at its place."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from ftlint.cli._options import Number, baseline_options, config_option
from ftlint.cli._remote import endpoint_of, open_service, service_options
from ftlint.cli._reports import plan, show
from ftlint.cli._screen import progress
from ftlint.render import FORMATS, Options


@click.command("moderate", short_help="Report what the service's moderation flags.")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--sample", type=click.IntRange(1), metavar="N", help="Send N texts only, always the same ones.")
@click.option("--threshold", type=Number(0, 1), help="Report each category of this score or more.")
@click.option("--model", default="omni-moderation-latest", show_default=True, help="The model that moderates.")
@click.option("--format", "formats", type=click.Choice(FORMATS), multiple=True, help="Output format.")
@click.option("--output", "outputs", multiple=True, metavar="[FORMAT:]FILE", help="Write the report to a file.")
@click.option("--show", type=click.IntRange(min=0), metavar="N", help="Show N findings in a file, 0 for all.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only, no summary.")
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings too.")
@baseline_options
@service_options
@config_option
def command(paths: tuple[str, ...], config_path: Path | None, **given: Any) -> None:
    """Send the texts of datasets to the service's moderation, and report what it flags by the rule flagged-text.

    Each text is sent once, whatever the files are called: verdicts are kept in .ftlint. Images and
    arguments of tools are not sent.
    """
    from ftlint import api
    from ftlint.submit.screening import ScreeningOptions, screen

    reports = plan(given["formats"], given["outputs"], paths)
    config = api.load_config(config_path)
    baseline = "" if given["no_baseline"] else given["baseline"] and str(given["baseline"])
    screening = ScreeningOptions(given["sample"], given["threshold"], given["model"], baseline)
    with open_service(given, endpoint_of(given, None)) as service, progress("moderating", enabled=True) as update:
        report = screen(paths, config, service, screening, update)
    how = Options(quiet=given["quiet"], rules=partial(api.rules, config))
    show(report, reports, how, given["show"])
    sys.exit(report.exit_code(strict=given["strict"]))
