"""``ftlint targets``: providers and models with limits, prices, dates and sources."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ftlint.cli._options import config_option, format_option
from ftlint.cli._screen import wants_color, width

if TYPE_CHECKING:
    from ftlint.targets import Target

AGE = 180


@click.command("targets", short_help="Show providers and models with limits, prices, dates and sources.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--check", "is_check", is_flag=True, help="Warn of data that is older than --max-age; exit with 1.")
@click.option("--max-age", type=click.IntRange(min=0), default=AGE, show_default=True, metavar="DAYS")
@config_option
@format_option
def command(names: tuple[str, ...], is_check: bool, max_age: int, config_path: Path | None, format_: str) -> None:
    """Show the catalogue, the models of providers, or all that is known of single models.

    Prices are dollars for 1,000,000 tokens. `models:` in ftlint.yaml overrides them.
    """
    from ftlint import api
    from ftlint.targets import load
    from ftlint.targets.age import outdated

    overrides = api.load_config(config_path).models
    today = datetime.now().astimezone().date()
    targets = _chosen(names, overrides)
    if is_check:
        lines = list(outdated(targets, today, max_age))
        for line in lines:
            click.echo(line)
        sys.exit(bool(lines))
    if format_ == "json":
        click.echo(_json(targets))
        return
    from ftlint.render.parts.targets import catalogue, details
    from ftlint.render.parts.visible import painter

    color = wants_color(sys.stdout)
    single = names and all(name.lower() not in load.PROVIDERS for name in names)
    if single:
        lines = [line for target in targets for line in (*details(target, today, width(), painter(color)), "\n")][:-1]
    else:
        lines = list(catalogue(targets, today, width(), painter(color)))
    click.echo("".join(lines), nl=False, color=color)


def _chosen(names: tuple[str, ...], overrides: Any) -> list[Target]:
    """The targets of some names: those of a provider, or one model; all of them without names."""
    from ftlint.targets import all_targets, load, resolve

    known = [resolve(target.name, overrides) for target in all_targets()]
    whole = [*known, *(resolve(name, overrides) for name in load.PROVIDERS if not load.provider(name)["models"])]
    if not names:
        return whole
    chosen = []
    for name in names:
        of_provider = [target for target in whole if target.provider == name.lower()]
        chosen += of_provider or [resolve(name, overrides)]
    return chosen


def _json(targets: list[Target]) -> str:
    import msgspec

    rows = [
        {"name": target.name, **msgspec.structs.asdict(target), "roles": sorted(target.roles)} for target in targets
    ]
    return msgspec.json.format(msgspec.json.Encoder(decimal_format="number").encode(rows)).decode()
