"""``ftlint check``: say what would waste a training run."""

from __future__ import annotations

import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from ftlint.cli._options import cache_dir_option, cache_folder, config_option
from ftlint.cli._screen import progress, wants_color, width
from ftlint.errors import FtlintError
from ftlint.render import FORMATS

CONCISE_SHOWN = 10
TEXT_SHOWN = 3


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


def names(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Names given in several options, or separated by commas."""
    return tuple(word.strip() for text in value for word in text.split(",") if word.strip())


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
@click.option("--no-config", is_flag=True, help="Read no configuration file.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), help="Output format (default: text on a terminal, else concise)."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to a file.")
@click.option(
    "--show",
    type=click.IntRange(min=0),
    metavar="N",
    help="Show N findings of a rule in a file, 0 for all (default: 3 in text, 10 in concise).",
)
@click.option("-q", "--quiet", is_flag=True, help="Print findings only, no summary.")
@click.option("--statistics", is_flag=True, help="Print a count for every rule instead of the findings.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings too.")
@cache_dir_option
@click.option("--no-cache", is_flag=True, help="Keep no results for the next run, and use none.")
@click.option("--stdin-filename", default="<stdin>", metavar="NAME", help="Name for standard input (-) in the report.")
def command(paths: tuple[str, ...], config_path: Path | None, no_config: bool, **given: Any) -> None:
    """Check fine-tuning datasets: files, folders, or - for standard input.

    Without PATHS, what ftlint.yaml names is checked, or the current folder.
    """
    from ftlint import api
    from ftlint.config import default

    _refuse_data(given["output"], paths)
    options = api.Options(
        target=given["target"],
        epochs=given["epochs"],
        usd=given["budget"],
        select=given["select"],
        ignore=given["ignore"],
        stdin_filename=given["stdin_filename"],
    )
    if "-" in paths and sys.stdin.isatty():
        click.echo("reading standard input until Ctrl-D…", err=True)
    config = default(Path.cwd()) if no_config else api.load_config(config_path)
    cache = None if given["no_cache"] else cache_folder(given["cache_dir"], config.root)
    with progress("checking", not given["quiet"]) as update:
        report = api.check(paths, config=config, options=options, progress=update, cache=cache)
    _show(report, **given)
    code = report.exit_code(strict=given["strict"])
    sys.exit(0 if given["exit_zero"] and code == 1 else code)


def _show(report: Any, *, format_: str | None, output: Path | None, show: int | None, **given: Any) -> None:
    from ftlint.render import Options, render

    terminal = sys.stdout.isatty() and output is None
    name = format_ or ("text" if terminal else "concise")
    how = Options(
        color=output is None and wants_color(sys.stdout),
        width=width(),
        shown=show if show is not None else TEXT_SHOWN if name == "text" else CONCISE_SHOWN,
        quiet=given["quiet"],
        statistics=given["statistics"],
    )
    if output is None:
        for chunk in render(report, name, how):
            click.echo(chunk, nl=False, color=how.color)
        return
    from ftlint.files import write_atomically

    try:
        write_atomically(output, "".join(render(report, name, how)).encode())
    except OSError as error:
        raise FtlintError(f"{output}: the report could not be written: {error.strerror}") from None


def _refuse_data(output: Path | None, paths: tuple[str, ...]) -> None:
    """No report is written over a dataset."""
    if output is None or not output.exists():
        return
    named = any(Path(path).exists() and output.samefile(path) for path in paths)
    if named or output.suffix in (".jsonl", ".ndjson", ".yaml", ".yml"):
        raise FtlintError(f"{output} looks like a dataset, and would be lost: write the report to another file")
