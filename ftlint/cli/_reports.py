"""What ``--format`` and ``--output`` ask for: which format goes where, and writing it there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct
from msgspec.structs import replace

from ftlint.cli._screen import wants_color, width
from ftlint.errors import FtlintError
from ftlint.render import FORMATS, Options, render
from ftlint.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from ftlint.report import Report

SHOWN = {"text": 3}
SHOWN_ELSEWHERE = 10
SUMMARY_BYTES = 1_000_000
"""GitHub takes 1 MiB of summary from a step, and nothing of a longer one ("Workflow commands for GitHub Actions")."""
CHUNK = 1 << 16
DATA = (".jsonl", ".ndjson", ".gz", ".zst", ".yaml", ".yml")


class Plan(Struct, frozen=True):
    """Where reports go.

    Attributes:
        shown: the format on standard output; "" for none, None for that which fits.
        files: a format and the file that it is written to.
    """

    shown: str | None = None
    files: tuple[tuple[str, Path], ...] = ()

    @property
    def name(self) -> str:
        """The format on standard output."""
        return ("text" if sys.stdout.isatty() else "concise") if self.shown is None else self.shown

    @property
    def formats(self) -> set[str]:
        """All formats that are written somewhere."""
        return {self.name, *(name for name, _ in self.files)}


def plan(formats: Sequence[str], outputs: Sequence[str], paths: Iterable[str]) -> Plan:
    """Read the options: ``FORMAT:FILE`` stands for itself, a plain ``FILE`` takes the next ``--format``.

    Raises:
        UsageError: two formats for standard output, more files than formats, or one file twice.
        FtlintError: a report would be written over a dataset.
    """
    left, files = list(formats), []
    for output in outputs:
        name, path = _split(output)
        if not name and not left and len(outputs) > 1:
            raise click.UsageError(f"name the format of each output: --output FORMAT:{output}")
        files.append((name or (left.pop(0) if left else "concise"), path))
    if len(left) > 1:
        raise click.UsageError(f"{' and '.join(left)} cannot both go to standard output; use --output FORMAT:FILE")
    places = [path.resolve() for _, path in files]
    for path, place in zip((path for _, path in files), places, strict=True):
        if places.count(place) > 1:
            raise click.UsageError(f"{path} is named by two outputs")
        _refuse_data(path, paths)
    plain = any(not _split(output)[0] for output in outputs)
    return Plan(left[0] if left else "" if plain else None, tuple(files))


def _split(output: str) -> tuple[str, Path]:
    """``FORMAT:FILE``; the format is empty where none is named (as in ``C:/report.txt``)."""
    name, colon, file = output.partition(":")
    if "-" in (file, output):
        raise click.UsageError("--output writes to a file; --format names what standard output gets.")
    if colon and name in FORMATS and file:
        return name, Path(file)
    if colon and (near := nearest(name, FORMATS)):
        meant = did_you_mean(f"{near}:{file or 'FILE'}")
        raise click.UsageError(f'there is no output format "{name}"{meant}')
    if colon and len(name) > 1 and name.isalnum():
        known = ", ".join(FORMATS)
        raise click.UsageError(f'there is no output format "{name}": it is one of {known} (or write ./{output}).')
    return "", Path(output)


def _refuse_data(output: Path, paths: Iterable[str]) -> None:
    """No report is written over a dataset."""
    if not output.exists():
        return
    named = any(os.path.exists(path) and output.samefile(path) for path in paths)
    if named or output.suffix in DATA:
        raise FtlintError(f"{output} looks like a dataset, and would be lost: write the report to another file")


def show(report: Report, to: Plan, options: Options, shown: int | None) -> None:
    """Write all reports; ``shown`` is how many findings of a rule in a file people see (None: what fits the format).

    Raises:
        FtlintError: a file cannot be written.
    """
    plain = replace(options, color=False)
    for name, path in to.files:
        _write(path, "".join(render(report, name, _shown(plain, name, shown))).encode())
    if to.name == "github" and (summary := os.environ.get("GITHUB_STEP_SUMMARY")):
        _summarize(Path(summary), render(report, "markdown", _shown(plain, "markdown", shown)))
    if to.name:
        how = replace(_shown(options, to.name, shown), color=wants_color(sys.stdout), width=_width(to.name, options))
        for text in _gathered(render(report, to.name, how)):
            click.echo(text, nl=False, color=how.color)


def _width(name: str, options: Options) -> int:
    """The terminal's width, where anything is fitted to it."""
    return width() if name == "text" or options.statistics else options.width


def _shown(options: Options, name: str, shown: int | None) -> Options:
    return replace(options, shown=SHOWN.get(name, SHOWN_ELSEWHERE) if shown is None else shown)


def _write(path: Path, data: bytes) -> None:
    from ftlint.files import write_atomically

    try:
        write_atomically(path, data)
    except OSError as error:
        raise FtlintError(f"{path}: the report could not be written: {error.strerror}") from None


def _summarize(path: Path, chunks: Iterator[str]) -> None:
    """Add to the job's summary, in whole lines as far as there is room."""
    try:
        with path.open("ab") as file:
            room = SUMMARY_BYTES - file.tell()
            for chunk in chunks:
                data = chunk.encode()
                room -= len(data)
                if room < 0:
                    file.write(b"\nThe summary is full: the report is longer than GitHub takes.\n")
                    break
                file.write(data)
    except OSError as error:
        raise FtlintError(f"{path}: the job summary could not be written: {error.strerror}") from None


def _gathered(chunks: Iterator[str]) -> Iterator[str]:
    """Larger pieces: writing each finding by itself takes longer than making it."""
    text: list[str] = []
    size = 0
    for chunk in chunks:
        text.append(chunk)
        size += len(chunk)
        if size >= CHUNK:
            yield "".join(text)
            text, size = [], 0
    yield "".join(text)
