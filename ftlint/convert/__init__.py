"""Conversion: authored YAML becomes JSONL, the same bytes on every run; all files are written, or none."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ftlint.authoring.splits import assign
from ftlint.authoring.write import line
from ftlint.config import Config
from ftlint.errors import ConfigError, UnreadableFile
from ftlint.files import shown, write_atomically
from ftlint.model import Source, Split
from ftlint.sources.jsonl import is_authored
from ftlint.sources.opening import open_source
from ftlint.sources.paths import Discovery, discover

if TYPE_CHECKING:
    from ftlint.authoring.example import Example
    from ftlint.authoring.model import AuthoringFault
    from ftlint.authoring.read import Authored

AUTHORED = ("**/*.ft.yaml", "**/*.ft.yml")
STANDARD = "-"
"""The name of standard input, and of standard output."""
STDIN_NAME = "<stdin>.yaml"


class Job(Struct, frozen=True):
    """What is to be built.

    Attributes:
        sources: the authored files, in the order in which they are written.
        outputs: split → file; None → the file of all splits; ``-`` is standard output.
        shares: split → share of the examples that name no split.
        name: the dataset of the configuration, or nothing.
    """

    sources: tuple[Source, ...]
    outputs: Mapping[Split | None, str]
    shares: Mapping[Split, Decimal] = {}
    name: str = ""


class Row(Struct, frozen=True):
    """A line that is written: its example, the file that the example stands in, and its split."""

    authored: Authored
    example: Example
    split: Split


class Built(Struct, frozen=True):
    """What the files of a job hold: their rows, and the faults that only all files together show."""

    job: Job
    authored: tuple[Authored, ...]
    rows: tuple[Row, ...]
    faults: tuple[AuthoringFault, ...]

    def of(self, split: Split | None) -> list[Row]:
        """The rows of one split, or all; row n is line n + 1 of the output."""
        return [row for row in self.rows if split in (None, row.split)]

    def homeless(self) -> Counter[Split]:
        """How many rows of which splits no output takes."""
        return Counter(row.split for row in self.rows if not {None, row.split} & self.job.outputs.keys())

    def files(self) -> set[str]:
        """All files that were read: the sources, and what they include."""
        return {name for one in self.authored for name in (one.file, *one.included)}


@contextmanager
def jobs(names: Sequence[str], output: str | None, split: Split | None, config: Config) -> Iterator[list[Job]]:
    """What the user asks for: the named sources into one output, else the outputs that the configuration names.

    Sources that are named without an output choose the datasets of the configuration that they belong to. While the
    context is open, a copy of standard input stands in a temporary file.

    Raises:
        ConfigError: nothing is named, two outputs are one file, or an output is a source.
        UnreadableFile: a source does not exist, or is not YAML.
    """
    with _named(names, config) as found:
        given = [replace(source, root=str(config.root)) for dataset in found.datasets for source in dataset.sources]
        known = configured(config, strict=not names)
        if output is None and STANDARD in names:
            output = STANDARD
        chosen = _one(given, output, known, split) if output else _some(given, known, split, config)
        _verify(chosen, config)
        yield chosen


def _named(names: Sequence[str], config: Config) -> Discovery:
    if not names:
        return Discovery(())
    return discover(names, replace(config, datasets={}, include=AUTHORED), stdin_filename=STDIN_NAME)


def authored_below(folder: str, config: Config) -> list[str]:
    """The authored files of a folder, by name: those that a check would find, neither hidden nor ignored nor excluded.

    Raises:
        UnreadableFile: the folder cannot be searched.
    """
    with _named([folder], config) as found:
        return sorted(shown(Path(source.file)) for dataset in found.datasets for source in dataset.sources)


def configured(config: Config, *, strict: bool = True) -> list[Job]:
    """The jobs that the configuration names; unless ``strict``, those whose sources are missing are left out."""
    found = []
    for name, build in config.builds.items():
        outputs: dict[Split | None, str] = {split: shown(config.root / path) for split, path in build.outputs.items()}
        try:
            there = discover([], replace(config, datasets={name: {"train": build.sources}}, include=AUTHORED))
        except UnreadableFile:
            if strict:
                raise
            continue
        sources = [replace(source, root=str(config.root)) for dataset in there.datasets for source in dataset.sources]
        found.append(Job(tuple(sources), outputs, build.shares, name))
    return found


def _one(given: list[Source], output: str, known: list[Job], split: Split | None) -> list[Job]:
    if given:
        homes = [job for job in known if _files(given) <= _files(job.sources)]
        return [Job(tuple(given), {split: output}, homes[0].shares if homes else {})]
    if len(known) != 1:
        raise ConfigError("nothing to convert: name the YAML files before -o")
    return [replace(known[0], outputs={split: output})]


def _some(given: list[Source], known: list[Job], split: Split | None, config: Config) -> list[Job]:
    chosen = [job for job in known if job.outputs and (not given or _files(given) & _files(job.sources))]
    homes = {file for job in chosen for file in _files(job.sources)}
    if strangers := [source.path for source in given if not _files([source]) <= homes]:
        raise ConfigError(f"{strangers[0]} belongs to no dataset with an output; say where it goes: -o train.jsonl")
    if split:
        chosen = [replace(job, outputs={split: job.outputs[split]}) for job in chosen if split in job.outputs]
    if not chosen:
        where = f"{shown(config.path)} names no" if config.path else "there is no ftlint.yaml with a"
        what = f"output for {split}" if split else "dataset with `sources` and `output`"
        raise ConfigError(f"nothing to convert: {where} {what}; or name YAML files and -o FILE")
    return chosen


def _files(sources: Iterable[Source]) -> set[str]:
    return {os.path.realpath(source.file) for source in sources}


def _verify(chosen: Sequence[Job], config: Config) -> None:
    """Sources are YAML, and no output is a source or the output of another job."""
    sources = {file: source.path for job in chosen for source in job.sources for file in _files([source])}
    for path in sources.values():
        if not is_authored(path):
            raise UnreadableFile(f"{path} is not YAML; `ftlint import {path}` makes it so")
    outputs: set[str] = set()
    for job in chosen:
        for split, path in job.outputs.items():
            at = ("datasets", job.name, "output", str(split))
            with config.at(*at) if _is_configured(path, job, config) else nullcontext():
                _verify_output(path, sources, outputs)
            outputs.add(os.path.realpath(path))


def _is_configured(path: str, job: Job, config: Config) -> bool:
    """Whether the configuration names an output of a job, and not the command line."""
    build = config.builds.get(job.name)
    return build is not None and path in (shown(config.root / output) for output in build.outputs.values())


def _verify_output(path: str, sources: Container[str], others: Container[str]) -> None:
    real = os.path.realpath(path)
    if real in sources:
        raise ConfigError(f"{path} is a source: the output would take its place; name another file")
    if real in others:
        raise ConfigError(f"{path} is the output of two splits or datasets; name a file for each")
    if os.path.exists(path) and not os.path.isfile(path):
        what = "a folder; name a file in it" if os.path.isdir(path) else "no file; -o - writes to standard output"
        raise ConfigError(f"{path} is {what}")


def build(job: Job) -> Built:
    """Read the sources of a job and assign each example to its split; examples at fault are left out.

    Raises:
        UnreadableFile: a source cannot be read.
    """
    read = [_load(source) for source in job.sources]
    pairs = list(zip(read, job.sources, strict=True))
    found = [(authored, example, source.split) for authored, source in pairs for example in authored.examples]
    splits, faults = assign([(example, home) for _, example, home in found], job.shares)
    rows = [
        Row(authored, example, split)
        for (authored, example, _), split in zip(found, splits, strict=True)
        for _ in range(example.repeat)
    ]
    return Built(job, tuple(read), tuple(rows), tuple(faults))


def _load(source: Source) -> Authored:
    from ftlint.sources.authored import load

    try:
        return load(source)
    except OSError as error:
        raise UnreadableFile(f"{source.path}: it could not be read: {error.strerror}") from None


def content(rows: Iterable[Row]) -> bytes:
    """The file of some rows."""
    return b"".join(line(row.example.record) for row in rows)


def source_map(rows: Iterable[Row], path: str) -> bytes:
    """JSON beside the output at ``path``: for each line, the file, line, column and id of its example.

    Files are named from the folder of the output.
    """
    folder = os.path.dirname(os.path.abspath(path))
    lines = [
        {
            "path": os.path.relpath(row.example.place.file, folder).replace(os.sep, "/"),
            "line": row.example.place.line,
            "column": row.example.place.column,
            "id": row.example.id,
        }
        for row in rows
    ]
    head = json.dumps({"version": 1, "file": os.path.basename(path)}, ensure_ascii=False)
    body = ",\n".join(json.dumps(item, ensure_ascii=False) for item in lines)
    return f'{head[:-1]}, "lines": [\n{body}\n]}}\n'.encode()


def decompressed(file: str) -> bytes:
    """The bytes of a file, decompressed.

    Raises:
        OSError: it cannot be read.
    """
    with open_source(file) as stream:
        return stream.read()


def write_all(files: Mapping[str, bytes]) -> None:
    """Write all files, or none: each whole beside its place first, then all into their places; modes are kept.

    Raises:
        OSError: a folder cannot be made or written, the disk is full; the old files are then untouched. Its
            ``filename`` is the name that was given.
    """
    staged: list[tuple[str, Path, Path]] = []
    try:
        for name, data in files.items():
            with _naming(name):
                path = Path(os.path.realpath(name))
                path.parent.mkdir(parents=True, exist_ok=True)
                spare = path.with_name(f".{path.name}.{os.getpid()}")
                staged.append((name, spare, path))
                write_atomically(spare, data)
                if path.exists():
                    shutil.copymode(path, spare)
        for name, spare, path in staged:
            with _naming(name):
                os.replace(spare, path)
    finally:
        for _, spare, _ in staged:
            spare.unlink(missing_ok=True)


@contextmanager
def _naming(name: str) -> Iterator[None]:
    """Errors name the file that was to be written, rather than a temporary one or none."""
    try:
        yield
    except OSError as error:
        error.filename = name
        raise
