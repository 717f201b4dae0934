"""What ``ftlint check`` does about fixes: its options, and the run that fixes before the check."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from ftlint.cli._options import STANDARD, together
from ftlint.cli._screen import wants_color, width

if TYPE_CHECKING:
    from ftlint.api import Options
    from ftlint.config import Config

fixing_options = together(
    click.option("--fix", is_flag=True, help="Fix what can be fixed without loss, and report the rest."),
    click.option("--unsafe-fixes", is_flag=True, help="With --fix: fix also what may lose something; else: mark it."),
    click.option("--diff", is_flag=True, help="Write nothing; show what --fix would change, exit with 1 if anything."),
    click.option("--fix-only", is_flag=True, help="Fix, report nothing, and exit with 0."),
    click.option("--show-fixes", is_flag=True, help="List what was fixed, by file and rule."),
)
"""The options that have to do with fixes."""

_INSTEAD = ("add_ignore", "watch", "outputs")
_ALONE = {"diff": _INSTEAD, "fix_only": _INSTEAD, "fix": ("add_ignore",)}


def refuse_contradictions(given: Mapping[str, Any]) -> None:
    """Raise a usage error for options of which one would be passed over in silence, or undo what another is for."""
    for name, others in _ALONE.items():
        for other in others:
            if given[name] and given[other]:
                one, two = (f"--{word.removesuffix('s').replace('_', '-')}" for word in (name, other))
                raise click.UsageError(f"{one} does not go with {two}.")


def fix_first(
    paths: tuple[str, ...], config: Config, options: Options, given: Mapping[str, Any]
) -> Mapping[tuple[str, str], int]:
    """Fix before the check, as far as it is asked for; how many findings were mended, by (path, rule).

    Ends the program where fixes are all that is asked for: after ``--diff``, and after ``--fix-only``.
    """
    if not (given["fix"] or given["diff"] or given["fix_only"]):
        return {}
    if STANDARD in paths:
        click.echo("ftlint: standard input is not fixed: name a file", err=True)
        paths = tuple(path for path in paths if path != STANDARD)
        if not paths:
            return _ended(given)
    from ftlint import api
    from ftlint.render.parts.changes import changes

    diffs = 0

    def show(text: str) -> None:
        nonlocal diffs
        diffs += 1
        if sys.stdout.isatty():
            for row in changes(text, width()):
                click.echo(row, color=wants_color(sys.stdout))
        else:
            click.echo(text.encode("utf-8", "surrogateescape"), nl=False)

    how = show if given["diff"] else None
    fixes = api.fix(paths, config=config, options=options, unsafe=given["unsafe_fixes"], show=how)
    for path, reason in fixes.left:
        click.echo(f"ftlint: {path}: {reason}", err=True)
    if fixes.masked:
        lines = f"{fixes.masked:,} line{'s' * (fixes.masked != 1)}"
        click.echo(f"ftlint: {lines} of the diff cannot be applied: dots stand for the secrets there", err=True)
    if given["show_fixes"]:
        _list(fixes.fixed)
    _ended(given, diffs)
    return fixes.fixed


def _ended(given: Mapping[str, Any], diffs: int = 0) -> Mapping[tuple[str, str], int]:
    """The end of the program where no report is asked for, else that nothing was fixed."""
    if given["diff"]:
        sys.exit(int(diffs > 0 and not given["exit_zero"]))
    if given["fix_only"]:
        sys.exit(0)
    return {}


def _list(fixed: Counter[tuple[str, str]]) -> None:
    """What was fixed, a line a file and rule; on standard error, so that a report stays whole."""
    for (path, name), count in sorted(fixed.items()):
        click.echo(f"{path}: fixed {count:,} × {name}", err=True)
