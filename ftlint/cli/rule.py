"""``ftlint rule``: the table of rules, the page of one, and the test of anybody's pages."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ftlint.cli._options import config_option, format_option
from ftlint.render.parts.visible import COLORS
from ftlint.render.parts.words import plural

if TYPE_CHECKING:
    from ftlint.pages import Rule


MARKS = {"": " ", "safe": "*", "unsafe": "!"}
"""The marks of rules with fixes in the table of all."""


@click.command("rule", short_help="Explain a rule, list them all, or test rule pages.")
@click.argument("names", nargs=-1, metavar="[NAME|CODE]")
@click.option("--test", is_flag=True, help="Run the examples of the rule pages in the files and folders given.")
@format_option
@config_option
def command(names: tuple[str, ...], test: bool, format_: str, config_path: Path | None) -> None:
    """Print the page of a rule; without a name, the table of all rules.

    With --test, the arguments are files and folders of rule pages, anybody's: every Bad example must give exactly its
    report, every Good one nothing.
    """
    from ftlint import api

    if test:
        sys.exit(_test([Path(name) for name in names]))
    rules = api.rules(api.load_config(config_path))
    chosen = [rules.find(name) for name in names] or list(rules.values())
    if format_ == "json":
        click.echo(json.dumps([_as_data(rule) for rule in chosen], indent=2, ensure_ascii=False))
    elif names:
        for rule in chosen:
            _page(rule)
    else:
        _table(chosen)


def _as_data(rule: Rule) -> dict[str, Any]:
    keys = ("code", "name", "family", "summary", "status", "since", "enabled", "fix")
    data = {key: getattr(rule, key) for key in keys}
    return {**data, "severity": str(rule.severity), "options": dict(rule.options), "page": rule.text()}


def _page(rule: Rule) -> None:
    """The page as it stands, under a head that says what the front matter says."""
    head = f"{click.style(rule.code, dim=True)} {click.style(rule.name, bold=True)}"
    state = click.style(str(rule.severity), fg=COLORS[rule.severity])
    traits = f"{'' if rule.enabled else ', off by default'}{rule.fix and f', {rule.fix} fix'}"
    click.echo(f"{head}  {state}{traits}, {rule.status} since {rule.since}")
    for name, value in rule.options.items():
        click.echo(f"  option {name}: {json.dumps(value, ensure_ascii=False)}")
    _, _, body = rule.text().partition("\n")
    click.echo("\n" + body.strip())


def _table(rules: Iterable[Rule]) -> None:
    """A row a rule, under a heading a family."""
    family = ""
    for rule in rules:
        if rule.family != family:
            click.echo(("\n" if family else "") + click.style(rule.family, bold=True))
            family = rule.family
        severity = click.style(f"{rule.severity if rule.enabled else 'off'!s:<8}", fg=COLORS[rule.severity])
        click.echo(f"  {click.style(rule.code, dim=True)}  {severity} {MARKS[rule.fix]} {rule.name:<27} {rule.summary}")


def _test(places: Iterable[Path]) -> int:
    """Test pages; 0 when every example gives its report."""
    from ftlint.errors import UnreadableFile
    from ftlint.pages import read_pages
    from ftlint.testing import check_page

    places = list(places)
    if missing := [place for place in places if not place.exists()]:
        raise UnreadableFile(f"{missing[0]}: no such file or folder")
    rules = read_pages(places)
    if not rules:
        raise UnreadableFile("there are no rule pages to test; name their files or folders after --test")
    problems = [problem for rule in rules.values() for problem in check_page(rule.page)]
    for problem in problems:
        click.echo(problem)
    click.echo(f"{plural(len(rules), 'page')}, {plural(len(problems), 'problem')}")
    return int(bool(problems))
