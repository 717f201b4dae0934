"""``ftlint limits``: what the service lets this key do, and how much of it is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ftlint.cli._options import config_option
from ftlint.cli._remote import endpoint_of, open_service, row, service_options, target_of


@click.command("limits", short_help="Show the rate limits of a key.")
@click.option("--target", metavar="PROVIDER/MODEL", help="Ask for the limits of this model's use.")
@service_options
@config_option
def command(target: str | None, config_path: Path | None, **given: Any) -> None:
    """Show the rate limits that the service tells, by one request that costs nothing."""
    from ftlint import api
    from ftlint.submit.limits import limits

    resolved = target_of(target, api.load_config(config_path))
    with open_service(given, endpoint_of(given, resolved)) as service:
        found = limits(service)
    for one in found:
        again = f", again {one.limit} in {one.reset}" if one.reset else ""
        row(one.kind, f"{one.remaining} of {one.limit} left{again}")
    if not found:
        click.echo("the service tells no limits")
