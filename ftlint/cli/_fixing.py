"""What ``ftlint check`` does about fixes: its options, and the run that fixes before the check."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from ftlint.cli._options import STANDARD, together
from ftlint.cli._screen import wants_color, width

if TYPE_CHECKING:
    from ftlint.api import Options
    from ftlint.config import Config
    from ftlint.repair import Fixes

fixing_options = together(
    click.option("--fix", is_flag=True, help="Fix what can be fixed without loss, and report the rest."),
    click.option("--unsafe-fixes", is_flag=True, help="With --fix: fix also what may lose something; else: mark it."),
    click.option("--diff", is_flag=True, help="Write nothing; show what --fix would change, exit with 1 if anything."),
    click.option(
        "--fix-only", is_flag=True, help="Fix, report nothing; exit with 0, or 2 if a file could not be fixed."
    ),
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
) -> tuple[Mapping[tuple[str, str], int], bool]:
    """Fix before the check, as far as it is asked for.

    Gives how many findings were mended, by (path, rule), and whether a file was to be written and could not be.
    Ends the program where fixes are all that is asked for: after ``--diff``, and after ``--fix-only``.
    """
    if not (given["fix"] or given["diff"] or given["fix_only"]):
        return {}, False
    named = tuple(path for path in paths if path != STANDARD)
    if named != paths:
        click.echo("ftlint: standard input is not fixed: name a file", err=True)
        if not named:
            _end(given, failed=True)
            return {}, False
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
    fixes = api.fix(named, config=config, options=options, unsafe=given["unsafe_fixes"], show=how)
    _tell(fixes, given)
    _end(given, diffs, failed=fixes.failed or named != paths)
    return fixes.fixed, fixes.failed


def _end(given: Mapping[str, Any], diffs: int = 0, *, failed: bool) -> None:
    """The end of the program where no report is asked for."""
    if given["diff"]:
        sys.exit(int(diffs > 0 and not given["exit_zero"]))
    if given["fix_only"]:
        sys.exit(2 if failed else 0)


def _tell(fixes: Fixes, given: Mapping[str, Any]) -> None:
    """What was left and, if asked for, what was fixed; on standard error, so that a report stays whole."""
    for path, reason in fixes.left:
        click.echo(f"ftlint: {path}: {reason}", err=True)
    if fixes.start and fixes.start != os.path.realpath(os.curdir):
        click.echo(f"ftlint: names in the diff start from {fixes.start}: apply it there", err=True)
    if fixes.masked:
        lines = f"{fixes.masked:,} line{'s' * (fixes.masked != 1)}"
        click.echo(f"ftlint: {lines} of the diff cannot be applied: dots stand for what is secret there", err=True)
    if given["show_fixes"]:
        for (path, name), count in sorted(fixes.fixed.items()):
            click.echo(f"{path}: fixed {count:,} × {name}", err=True)
