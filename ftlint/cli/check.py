"""``ftlint check``: say what would waste a training run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from time import process_time_ns
from typing import Any, NoReturn

import click
from msgspec.structs import replace

from ftlint.cli._fixing import fix_first, fixing_options, refuse_contradictions
from ftlint.cli._ignore import add_ignores, ignore_options, require_reason
from ftlint.cli._options import (
    STANDARD,
    baseline_options,
    config_option,
    names,
    no_config_option,
    stdin_filename_option,
    work,
    work_options,
)
from ftlint.cli._reports import plan, show
from ftlint.cli._screen import progress
from ftlint.render import FORMATS, Options


class Money(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.5 only
    """A sum in US dollars, exact."""

    name = "USD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            amount = Decimal(str(value).removeprefix("$"))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0:
            self.fail(f'"{value}" is not a sum of money; write it like 12.50.', param, ctx)
        return amount


class Epochs(click.ParamType):  # type: ignore[type-arg]
    """A number of passes from 1 to 50, or ``auto``."""

    name = "N|auto"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        if value == "auto":
            return "auto"
        if not (str(value).isascii() and str(value).isdigit() and 1 <= int(value) <= 50):
            self.fail(f'"{value}" is neither a number from 1 to 50 nor "auto".', param, ctx)
        return int(value)


@click.command("check", short_help="Check datasets and say what would waste a training run.")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option(
    "--target", metavar="PROVIDER/MODEL", help="Model that is to be tuned: openai/gpt-4.1-mini, gpt-4o, ft:…."
)
@click.option("--epochs", type=Epochs(), help="Passes over the training data (default: auto).")
@click.option("--budget", type=Money(), help="Training may cost this much; more is an error.")
@click.option(
    "--select",
    multiple=True,
    callback=names,
    metavar="RULES",
    help="Run these rules only: names, codes or prefixes (FT1), separated by commas.",
)
@click.option("--ignore", multiple=True, callback=names, metavar="RULES", help="Do not run these rules.")
@config_option
@no_config_option
@click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    help="Output format (default: text on a terminal, else concise).",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT:]FILE",
    help="Write the report to a file; with FORMAT: in addition to what is printed. Repeatable.",
)
@click.option(
    "--show",
    type=click.IntRange(min=0),
    metavar="N",
    help="Show N findings of a rule in a file, 0 for all (default: 3 in text, 10 in concise and markdown).",
)
@baseline_options
@ignore_options
@click.option("-q", "--quiet", is_flag=True, help="Print findings only, no summary.")
@click.option("--statistics", is_flag=True, help="Print a count for every rule instead of the findings.")
@click.option("--no-totals", is_flag=True, help="Count no totals of tokens and no cost: quicker.")
@click.option("--timings", is_flag=True, help="Say on standard error where the time went.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings too.")
@fixing_options
@work_options
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@stdin_filename_option
@click.pass_context
def command(
    ctx: click.Context, /, paths: tuple[str, ...], config_path: Path | None, no_config: bool, **given: Any
) -> None:
    """Check fine-tuning datasets: files, folders, or - for standard input.

    Without PATHS, what ftlint.yaml names is checked, or the current folder.
    """
    from ftlint import api
    from ftlint.config import default

    refuse_contradictions(given)
    if given["watch"]:
        _watch(ctx)
    reports = plan(given["formats"], given["outputs"], paths)
    require_reason(given["add_ignore"], given["reason"])
    if STANDARD in paths and sys.stdin.isatty():
        click.echo("reading standard input until Ctrl-D…", err=True)
    config = default(Path.cwd()) if no_config else api.load_config(config_path)
    fixed, failed = fix_first(paths, config, _wishes(given), given)
    started = process_time_ns()
    with progress("checking", not given["quiet"]) as update:
        report = api.check(
            paths,
            config=config,
            options=_wishes(given),
            progress=update,
            **work(given, config.root),
        )
    if given["add_ignore"]:
        return add_ignores(report, config, given["add_ignore"], given["reason"])
    how = _options(partial(api.rules, config), github="github" in reports.formats, **given)
    show(replace(report, fixed=fixed), reports, how, given["show"])
    if given["timings"]:
        _show_timings(report, started)
    code = 2 if failed else report.exit_code(strict=given["strict"])
    sys.exit(0 if given["exit_zero"] and code == 1 else code)


def _wishes(given: Mapping[str, Any]) -> Any:
    """What the command line decides over the configuration."""
    from ftlint.api import Options

    return Options(
        target=given["target"],
        epochs=given["epochs"],
        usd=given["budget"],
        select=given["select"],
        ignore=given["ignore"],
        stdin_filename=given["stdin_filename"],
        totals=not given["no_totals"],
        timings=given["timings"],
        baseline="" if given["no_baseline"] else given["baseline"],
    )


def _options(
    rules: Callable[[], Any], *, github: bool, quiet: bool, statistics: bool, unsafe_fixes: bool, **_: Any
) -> Options:
    """How reports are shown; the lines under review are asked for only where annotations are made."""
    from ftlint.ci import changed_lines, repository

    root = repository()
    changed = changed_lines(os.environ, root) if github else {}
    return Options(
        quiet=quiet, statistics=statistics, root=root, changed=changed, rules=rules, unsafe_fixes=unsafe_fixes
    )


def _show_timings(report: Any, started: int) -> None:
    from ftlint.render.parts.timings import table

    for line in table({"starting": started, **report.timings}):
        click.echo(line, nl=False, err=True)


def _watch(ctx: click.Context) -> NoReturn:
    """Run the same command again and again."""
    from ftlint.cli._watch import forever
    from ftlint.watched import Watched

    given = {**ctx.params, "watch": False}
    paths = given["paths"]
    if STANDARD in paths:
        raise click.UsageError("--watch does not go with standard input.")

    def once() -> None:
        if sys.stdout.isatty():
            click.clear()
        try:
            ctx.invoke(command, **given)
        except SystemExit:
            sys.stdout.flush()

    forever(once, Watched(paths, given["config_path"], no_config=given["no_config"]).files)
