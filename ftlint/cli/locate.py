"""``ftlint locate``: the place in the YAML of a line of a built file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from ftlint.cli._options import config_option

_place = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::(?P<column>\d+))?(?::(?P<route>.*))?", re.DOTALL)


class Place(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.5 only
    """A file, a line, and a column or a route: ``train.jsonl:100:messages[2].content``."""

    name = "FILE:LINE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> re.Match[str]:
        match = _place.fullmatch(value)
        if match is None:
            self.fail(f'"{value}" names no line; write it like train.jsonl:100:messages[2]', param, ctx)
        return match


@click.command("locate", short_help="Show where in the YAML a built line comes from.")
@click.argument("place", type=Place(), metavar="FILE:LINE[:PLACE]")
@click.option("--source", "sources", multiple=True, metavar="FILE", help="YAML that FILE was built from.")
@config_option
def command(place: re.Match[str], sources: tuple[str, ...], config_path: Path | None) -> None:
    """Print the place in the YAML of a line that `ftlint convert` wrote, or of a value in it.

    PLACE is a column, or a way into the record: build/train.jsonl:100:messages[2].content. The sources are those that
    ftlint.yaml names for the file, unless --source names them.
    """
    from ftlint import api
    from ftlint.convert import origin

    inner = int(place["column"]) if place["column"] and not place["route"] else origin.parse_route(place["route"] or "")
    built = origin.built(place["path"], api.load_config(config_path), sources)
    found = built.find(int(place["line"]), inner)
    if found.note:
        click.echo(f"note: {found.note}", err=True)
    click.echo(str(found))
