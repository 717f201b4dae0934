"""``ftlint explain``: what a server's words mean, and which line of the YAML they are about."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ftlint.cli._options import config_option, format_option
from ftlint.errors import FtlintError

if TYPE_CHECKING:
    from ftlint.config import Config
    from ftlint.explain import Explanation, Spot
    from ftlint.pages import Rule


@click.command("explain", short_help="Explain why a service refused a file or a job.")
@click.argument("words", nargs=-1, required=True, metavar="MESSAGE|-")
@click.option(
    "--file", "file", metavar="FILE", help="The file that was sent (default: the one that ftlint.yaml builds)."
)
@format_option
@config_option
def command(words: tuple[str, ...], file: str | None, format_: str, config_path: Path | None) -> None:
    """Explain the MESSAGE of a training service; - reads it from standard input.

    Exits with 1 where the message is not known.
    """
    from ftlint import api

    message = sys.stdin.read() if words == ("-",) else " ".join(words)
    sys.exit(0 if tell(message, file, api.load_config(config_path), format_) else 1)


def tell(message: str, file: str | None, config: Config, format_: str = "text", sources: Sequence[str] = ()) -> bool:
    """Print what a message means, and the places that it speaks of; gives whether it is known."""
    from ftlint import api, explain

    found = explain.explain(message)
    catalogue = api.rules(config)
    rules = [catalogue[name] for name in found.meaning.rules if name in catalogue] if found.meaning else []
    sent = file or _only_output(config)
    places = list(explain.spots(found, sent, config, sources)) if sent else []
    if format_ == "json":
        click.echo(json.dumps(_as_data(found, rules, places), indent=2, ensure_ascii=False))
    else:
        _show(found, rules, places, sent)
    return found.meaning is not None


def _only_output(config: Config) -> str | None:
    """The one file for training that the configuration has built, if it is one."""
    from ftlint.convert import configured

    try:
        files = [job.outputs["train"] for job in configured(config, strict=False) if "train" in job.outputs]
    except FtlintError:
        return None
    return files[0] if len(files) == 1 else None


def _show(found: Explanation, rules: list[Rule], places: list[Spot], sent: str | None) -> None:
    from ftlint import explain

    meaning = found.meaning
    if meaning is None:
        _row("unknown", "ftlint does not know this message.")
        _row("do", explain.UNKNOWN)
    else:
        _row("says", f"{meaning.provider} ({meaning.stage})")
        _row("cause", meaning.cause)
        _row("fix", meaning.fix)
        for rule in rules:
            _row("rule", f"{rule.name} ({rule.code}): {rule.summary}  `ftlint rule {rule.name}`")
    for place in places:
        _row("place", f"line {place.line:,} is {place}")
        if place.note:
            _row("note", place.note)
    if len(found.lines) > len(places) > 0:
        _row("note", f"{len(found.lines) - len(places):,} more lines are spoken of")
    if found.lines and not sent:
        _row("place", f"line {found.lines[0]:,} of the file that was sent; --file FILE shows where that is")
    if meaning is not None:
        _row("source", f"{meaning.source} (as of {explain.collection()['as_of']})")


def _row(head: str, text: str) -> None:
    click.echo(f"{click.style(f'{head:<8}', bold=True)}{text}")


def _as_data(found: Explanation, rules: list[Rule], places: list[Spot]) -> dict[str, Any]:
    from ftlint import explain

    meaning = found.meaning
    told = (
        {key: getattr(meaning, key) for key in ("id", "provider", "stage", "cause", "fix", "source")} if meaning else {}
    )
    return {
        "known": meaning is not None,
        **(told or {"fix": explain.UNKNOWN}),
        "as_of": explain.collection()["as_of"],
        "rules": [{"name": rule.name, "code": rule.code, "summary": rule.summary} for rule in rules],
        "lines": list(found.lines),
        "message": found.message,
        "key": found.key,
        "places": [
            {
                "line": place.line,
                "path": place.path,
                "at": {"line": place.at[0], "column": place.at[1]},
                "words": place.words,
                "note": place.note,
            }
            for place in places
        ],
    }
