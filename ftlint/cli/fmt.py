"""``ftlint fmt``: rewrite authored YAML in one style."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ftlint.cli import complain
from ftlint.cli._options import STANDARD, write
from ftlint.errors import FtlintError, UnreadableFile

if TYPE_CHECKING:
    from ftlint.config import Config


@click.command("fmt", short_help="Rewrite authored YAML in one style.")
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@click.option("--check", is_flag=True, help="Write nothing; name the files that are not in style, and exit with 1.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change, and exit with 1 if anything would.")
def command(files: tuple[str, ...], check: bool, diff: bool) -> None:
    """Rewrite authored YAML (files, folders, or - for standard input) in one style.

    Indentation, blank lines and the white space around values change; comments, anchors, quotes and the order of keys
    stay. A file that would then say something else is left alone, and so is one with mistakes.
    """
    from ftlint import api

    config = api.load_config()
    changed = failed = 0
    for name in _named(files, config):
        try:
            old, new = _styled(name, str(config.root))
            if old != new and name != STANDARD and not (check or diff):
                write(Path(name), new)
        except FtlintError as error:
            complain(str(error))
            failed += 1
            continue
        changed += old != new
        if diff:
            click.echo(_difference(name, old, new), nl=False)
        elif name == STANDARD and not check:
            sys.stdout.buffer.write(new.encode())
        elif old != new:
            click.echo(f"{name} is not in style" if check else f"formatted {name}", err=not check)
    sys.exit(2 if failed else int(bool(changed) and (check or diff)))


def _named(files: tuple[str, ...], config: Config) -> Iterator[str]:
    """The files that were named, and the authored ones in folders."""
    from ftlint.convert import authored_below

    for name in files:
        if name != STANDARD and Path(name).is_dir():
            yield from authored_below(name, config)
        else:
            yield name


def _styled(name: str, root: str) -> tuple[str, str]:
    """The text of a file, and the same in style."""
    from ftlint.authoring.style import styled
    from ftlint.convert.given import name_of

    path = "<stdin>" if name == STANDARD else name_of(name)
    if name != STANDARD and Path(name).exists() and not name.endswith((".yaml", ".yml")):
        raise UnreadableFile(f"{name} is not YAML; `ftlint import {name}` makes it so")
    try:
        data = sys.stdin.buffer.read() if name == STANDARD else Path(name).read_bytes()
        text = data.decode()
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path}: byte 0x{data[error.start]:02X} is not UTF-8: save the file as UTF-8") from None
    return text, styled(text, path, path, root)


def _difference(name: str, old: str, new: str) -> str:
    """A unified diff, secrets masked."""
    from ftlint.fixes.masking import masked

    before, after = (masked(text).splitlines(keepends=True) for text in (old, new))
    lines = difflib.unified_diff(before, after, name, f"{name} in style")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
