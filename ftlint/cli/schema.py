"""``ftlint schema``: print a JSON Schema, for editors and other tools."""

from __future__ import annotations

import click


@click.command("schema", short_help="Print a JSON Schema.")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Print the JSON Schema of that NAME; without one, list the names."""
    from ftlint.errors import UnknownName
    from ftlint.resources import schema_names, schema_text
    from ftlint.suggest import did_you_mean, nearest

    known = schema_names()
    if name is None:
        click.echo("\n".join(known))
        return
    if name not in known:
        meant = did_you_mean(nearest(name, known)) or f"; the names are {', '.join(known)}"
        raise UnknownName(f'there is no schema "{name}"{meant}')
    click.echo(schema_text(name), nl=False)
