"""``ftlint cost``: what training costs, with which model, and what a change of the data adds."""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from ftlint.cli._options import config_option, no_config_option, stdin_filename_option, work, work_options
from ftlint.cli._screen import progress, wants_color, width
from ftlint.cli.check import Epochs
from ftlint.render.costs import FORMATS

MOST = 10**12
"""Requests, or tokens of one: more of them have sums of more digits than are kept."""


class Threshold(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.5 only
    """A sum in US dollars, or a share of what was: ``5``, ``$5``, ``10%``."""

    name = "USD|PERCENT%"
    pattern = re.compile(r"\$?([0-9]{1,12}(?:\.[0-9]{1,12})?)|([0-9]{1,12}(?:\.[0-9]{1,12})?)%")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from ftlint.estimate.report import Limit

        written = self.pattern.fullmatch(str(value).strip())
        if written is None:
            self.fail(f'"{value}" is neither a sum of money (12.50) nor a share (10%).', param, ctx)
        return Limit(Decimal(written[1] or written[2]), written[1] is None)


@click.command("cost", short_help="Say what training costs, and what a change adds to it.")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--target", "targets", multiple=True, metavar="PROVIDER/MODEL", help="Model to be tuned; repeatable.")
@click.option("--compare-models", is_flag=True, help="All models that take this data, the cheapest first.")
@click.option("--epochs", type=Epochs(), help="Passes over the training data (default: auto).")
@click.option("--base", metavar="REF", help="Compare with a git commit, read without a checkout.")
@click.option(
    "--compare", type=click.Path(path_type=Path), metavar="FILE", help="Compare with what --format json wrote before."
)
@click.option("--fail-above", type=Threshold(), help="Exit with 1 if the change (or all) costs more: 5, 10%.")
@click.option("--warn-above", type=Threshold(), help="Warn if it does.")
@click.option("--requests", type=click.IntRange(min=1), metavar="N", help="Requests a month: does tuning pay?")
@click.option(
    "--saved-prompt-tokens", type=click.IntRange(min=0), metavar="N", help="Tokens that the tuned model needs no more."
)
@click.option("--without-system", is_flag=True, help="The tuned model needs no system prompt.")
@click.option(
    "--prompt-tokens",
    type=click.IntRange(min=1),
    metavar="N",
    help="Tokens of a request, untuned (default: an example's).",
)
@click.option(
    "--answer-tokens", type=click.IntRange(min=1), metavar="N", help="Tokens of an answer (default: an example's)."
)
@click.option("--base-model", metavar="PROVIDER/MODEL", help="What is used untuned (default: the same model).")
@work_options
@config_option
@no_config_option
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True, help="Output format."
)
@stdin_filename_option
def command(paths: tuple[str, ...], config_path: Path | None, no_config: bool, format_: str, **given: Any) -> None:
    """Say what training on files, folders or configured datasets costs.

    Billed tokens, times epochs, times the price of a target, by dataset, split and file. With --base or --compare only
    what changed is told, and nothing where nothing did.
    """
    from ftlint import api
    from ftlint.config import default
    from ftlint.render import Options
    from ftlint.render.costs import render

    _agree(format_, **given)
    options = api.CostOptions(
        targets=given["targets"],
        compare_models=given["compare_models"],
        epochs=given["epochs"],
        base=given["base"],
        compare=given["compare"],
        contents=format_ == "json" and len(given["targets"]) < 2 and not given["compare_models"],
        requests=given["requests"],
        saved=given["saved_prompt_tokens"],
        prompt=given["prompt_tokens"],
        answer=given["answer_tokens"],
        base_model=given["base_model"],
        fail_above=given["fail_above"],
        warn_above=given["warn_above"],
        stdin_filename=given["stdin_filename"],
    )
    config = default(Path.cwd()) if no_config else api.load_config(config_path)
    with progress("counting", True) as update:
        report = api.cost(paths, config=config, options=options, progress=update, **work(given, config.root))
    how = Options(color=wants_color(sys.stdout) and format_ == "text", width=width())
    for chunk in render(report, format_, how):
        click.echo(chunk, nl=False, color=how.color)
    sys.exit(report.exit_code)


def _agree(format_: str, **given: Any) -> None:
    """Options that go together, and those that do not."""
    if given["base"] is not None and given["compare"] is not None:
        raise click.UsageError("--base and --compare are two states to compare with: choose one.")
    if given["compare_models"] and (given["targets"] or given["base"] is not None or given["compare"] is not None):
        raise click.UsageError("--compare-models is about all models of today: leave out --target, --base, --compare.")
    if given["saved_prompt_tokens"] is not None and given["without_system"]:
        raise click.UsageError("--saved-prompt-tokens and --without-system both say what is saved: choose one.")
    saving = given["saved_prompt_tokens"] is not None or given["without_system"]
    if bool(given["requests"]) != saving:
        raise click.UsageError(
            "--requests N goes with what the tuned model need not be sent: --saved-prompt-tokens N or --without-system."
        )
    for name in ("requests", "prompt_tokens", "answer_tokens", "saved_prompt_tokens"):
        if (given[name] or 0) > MOST:
            raise click.UsageError(f"--{name.replace('_', '-')} is at most {MOST:,}.")
    if given["requests"] and format_ == "csv":
        raise click.UsageError("--format csv has a row for each file, and none for use: leave out --requests.")
    for name in ("base_model", "prompt_tokens", "answer_tokens"):
        if given[name] and not given["requests"]:
            raise click.UsageError(f"--{name.replace('_', '-')} is about use: give --requests N too.")
