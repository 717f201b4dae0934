"""``ftlint import``: write a JSONL file as authored YAML."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click

from ftlint.cli._options import STANDARD, write
from ftlint.errors import FtlintError, UnreadableFile
from ftlint.model import Scalar
from ftlint.render.parts.words import plural


@click.command("import", short_help="Write a JSONL file as authored YAML.")
@click.argument("file", metavar="FILE")
@click.option(
    "-o",
    "--output",
    metavar="FILE.ft.yaml",
    help="Write to this file (default: beside FILE, here for a URL); - is standard output.",
)
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
@click.option(
    "--renumber-calls",
    is_flag=True,
    help="Let tool calls have new ids (call_1, call_2, …) and results the order of their calls.",
)
def command(file: str, output: str | None, force: bool, renumber_calls: bool) -> None:
    """Write the records of FILE (JSONL, also as .gz or .zst, a JSON array, or - for standard input) as authored YAML.

    Chats, tool calls, preferences, reinforcement and completion records are taken as they are: `ftlint convert` gives
    the same records back. ShareGPT, Alpaca and TRL records become what they mean; keys of theirs that are not trained
    on go to `meta`. A system prompt or tools that most examples share become `defaults`.

    What YAML examples have no place for is refused, and nothing is written: no part of a record is ever dropped.
    """
    from ftlint.authoring.importer import author_records
    from ftlint.convert.given import name_of
    from ftlint.convert.unfit import unfit

    if file != STANDARD and Path(file).is_dir():
        raise UnreadableFile(f"{file} is a folder: name a JSONL file")
    target = _target(file, output)
    if target and target.exists() and not force:
        raise FtlintError(f"{target} exists: name another file with -o, or overwrite it with --force.")
    data, name = _read(file), "standard input" if file == STANDARD else name_of(file)
    if reason := unfit(data, partial(_explained, file)):
        raise UnreadableFile(f"{name} was not imported: {reason}")
    text = author_records(data, name, renumber=renumber_calls, say=_said)
    if target is None:
        sys.stdout.buffer.write(text.encode())
        return
    write(target, text)
    examples = text.count("\n  - id: ")
    click.echo(f"wrote {target}: {plural(examples, 'example')}", err=True)


def _said(rule: str, values: Mapping[str, Scalar]) -> str:
    """A fault in the words of its page."""
    from ftlint.pages import catalogue, fill

    return fill(catalogue()[rule].message, {"count": 1, **values})


def _explained(file: str, rule: str, values: Mapping[str, Scalar]) -> str:
    """What is wrong with a file as a whole, and what to do."""
    from ftlint.convert.given import is_mended
    from ftlint.pages import catalogue

    page, plain = catalogue()[rule], file != STANDARD and is_mended(file)
    mend = f", or let `ftlint check --fix {shlex.quote(file)}` do it" if plain and page.fix == "safe" else ""
    return f"{_said(rule, values)}; {page.hint}{mend}"


def _target(file: str, output: str | None) -> Path | None:
    """Where the YAML goes; None for standard output."""
    from ftlint.convert.given import yaml_of

    if output == STANDARD or (output is None and file == STANDARD):
        return None
    target = Path(output) if output else yaml_of(file)
    if target.suffix not in (".yaml", ".yml"):
        raise click.UsageError(f"{target} is no name of a YAML file: let it end in .ft.yaml.")
    return target


def _read(file: str) -> bytes:
    from ftlint.convert import decompressed
    from ftlint.convert.given import name_of

    try:
        if file == STANDARD:
            return sys.stdin.buffer.read()
        return decompressed(file)
    except OSError as error:
        raise FtlintError(f"{name_of(file)}: {error.strerror}") from None
