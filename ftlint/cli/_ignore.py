"""The options of ``ftlint check`` that write ignores rather than a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ftlint.cli._options import together

if TYPE_CHECKING:
    from ftlint.config import Config
    from ftlint.report import Report

ignore_options = together(
    click.option(
        "--add-ignore",
        metavar="RULE|FINGERPRINT",
        help="Ignore the findings of a rule, or one finding in YAML: writes a comment, or an entry of ftlint.yaml.",
    ),
    click.option("--reason", default="", help="Why it is ignored, for the next reader."),
)
"""What is to be ignored from now on, and why."""


def require_reason(word: str | None, reason: str) -> None:
    """Raise a usage error before any work unless both are given, or neither."""
    if bool(word) != bool(reason.strip()):
        raise click.UsageError('--add-ignore needs a --reason, and the other way round: --reason "they write so".')


def add_ignores(report: Report, config: Config, word: str, reason: str) -> None:
    """Write the ignores and say where."""
    from ftlint.ignore import add

    for line in add(report, config, word, reason):
        click.echo(line)
