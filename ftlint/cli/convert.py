"""``ftlint convert``: write the JSONL of authored YAML, or say whether it is up to date."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ftlint.cli._options import STANDARD, config_option
from ftlint.cli._watch import forever
from ftlint.errors import FtlintError
from ftlint.render.parts.words import plural

if TYPE_CHECKING:
    from ftlint.convert import Built

SHOWN = 20
"""Errors that are shown."""


@click.command("convert", short_help="Write the JSONL of authored YAML.")
@click.argument("sources", nargs=-1, metavar="[SOURCES]...")
@click.option("-o", "--output", metavar="FILE", help="Write to this file; - is standard output.")
@click.option("--split", type=click.Choice(["train", "validation", "test"]), help="Write the examples of this split.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 and a diff where a file is not up to date.")
@click.option("--force", is_flag=True, help="Write in spite of errors; examples that cannot be built are left out.")
@click.option("--source-map", is_flag=True, help="Also write FILE.map.json: the place in the YAML of each line.")
@click.option("--watch", is_flag=True, help="Convert again whenever a source changes, until Ctrl-C.")
@config_option
def command(watch: bool, **given: Any) -> None:
    """Convert authored YAML (files, folders, or - for standard input) to JSONL.

    Without SOURCES, the outputs that ftlint.yaml names are written: all of them, or none. With errors in the sources
    nothing is written.
    """
    run = Run(**given)
    if not watch:
        sys.exit(run.once())
    if given["check"] or STANDARD in given["sources"]:
        raise click.UsageError("--watch goes neither with --check nor with standard input.")
    forever(run.once, run.watched)


class Run:
    """One command as it was given, to be run once or again and again."""

    def __init__(self, sources: tuple[str, ...], config_path: Path | None, **given: Any) -> None:
        self.sources, self.config_path, self.given = sources, config_path, given
        self.files: set[str] = set()

    def once(self) -> int:
        """Convert; gives the exit code."""
        from ftlint import api, convert
        from ftlint.build_errors import build_errors

        given = self.given
        config = api.load_config(self.config_path)
        with convert.jobs(self.sources, given["output"], given["split"], config) as jobs:
            built = [convert.build(job) for job in jobs]
            self.files = {file for one in built for file in one.files()}
            self.files |= {str(config.path)} if config.path else set()
            if (errors := list(build_errors(built, config))) and _refuse(errors, force=given["force"]):
                return 1
        files = {name: data for one in built for name, data in _files(one, given["source_map"])}
        return _compare(files) if given["check"] else self._write(built, files)

    def _write(self, built: Iterable[Built], files: dict[str, bytes]) -> int:
        from ftlint import convert

        standard = files.pop(STANDARD, None)
        try:
            convert.write_all(files)
        except OSError as error:
            raise FtlintError(f"nothing was written: {error.filename}: {error.strerror}") from None
        if standard is not None:
            sys.stdout.buffer.write(standard)
        for one in built:
            for split, path in one.job.outputs.items():
                if path != STANDARD:
                    click.echo(f"wrote {path}: {plural(len(one.of(split)), 'example')}", err=True)
            if not self.given["split"]:
                for line in _notes(one):
                    click.echo(f"note: {line}", err=True)
        return 0

    def watched(self) -> set[str]:
        """The files of the last time, those that it included too, and the sources as they are named now."""
        from ftlint import api, convert

        files = set(self.files)
        try:
            config = api.load_config(self.config_path)
            with convert.jobs(self.sources, self.given["output"], self.given["split"], config) as jobs:
                files |= {source.file for job in jobs for source in job.sources}
        except FtlintError:
            pass
        return files


def _refuse(errors: list[str], *, force: bool) -> bool:
    """Show what is wrong, and say whether that ends the command."""
    for line in errors[:SHOWN]:
        click.echo(line, err=True)
    if len(errors) > SHOWN:
        click.echo(f"and {len(errors) - SHOWN:,} more", err=True)
    if not force:
        what = f"{plural(len(errors), 'error')} in the sources"
        click.echo(f"nothing was written: {what} (--force writes in spite of them)", err=True)
    return not force


def _files(built: Built, source_map: bool) -> Iterable[tuple[str, bytes]]:
    from ftlint import convert

    for split, path in built.job.outputs.items():
        rows = built.of(split)
        yield path, convert.content(rows)
        if source_map:
            if path == STANDARD:
                raise click.UsageError("--source-map needs a file: name one with -o.")
            yield f"{path}.map.json", convert.source_map(rows, path)


def _compare(files: dict[str, bytes]) -> int:
    """Say which files are not up to date, and how."""
    from ftlint.convert import diff

    stale = 0
    for path, data in files.items():
        if path == STANDARD:
            raise click.UsageError("--check needs a file: name one with -o.")
        try:
            old = Path(path).read_bytes()
        except FileNotFoundError:
            stale += 1
            click.echo(f"{path} is missing: run `ftlint convert`")
            continue
        except OSError as error:
            raise FtlintError(f"{path}: it could not be read: {error.strerror}") from None
        if old != data:
            stale += 1
            click.echo(f"{path} is not up to date: run `ftlint convert`")
            for line in diff.short_diff(old, data, path):
                click.echo(line)
    return int(bool(stale))


def _notes(built: Built) -> Iterable[str]:
    """What the user may not expect of the outputs."""
    for split, count in built.homeless().items():
        where = f"datasets.{built.job.name}.output.{split}" if built.job.name else "--split"
        yield f"{plural(count, 'example')} of the split {split} went nowhere; name a file under {where}"
    splits = {row.split for row in built.rows}
    if None in built.job.outputs and len(splits) > 1:
        yield f"the splits {' and '.join(sorted(splits))} are written together; --split writes one"
