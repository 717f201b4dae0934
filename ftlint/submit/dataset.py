"""The bytes that will be uploaded: built or copied once, by digest, so that what was checked is what is sent."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ftlint import convert
from ftlint.build_errors import build_errors
from ftlint.config import Config
from ftlint.errors import ConfigError, FtlintError, UnreadableFile
from ftlint.files import shown
from ftlint.model import Shape, Split
from ftlint.shape import shape_of
from ftlint.sources.jsonl import is_authored
from ftlint.sources.opening import is_compressed, is_url
from ftlint.sources.opening import shown as public
from ftlint.sources.paths import discover
from ftlint.submit.ledger import FOLDER
from ftlint.suggest import did_you_mean, nearest

OUTGOING = "outgoing"
BLOCK = 1 << 20
SPLITS: tuple[Split, ...] = ("train", "validation")


class BuildError(FtlintError):
    """The sources have errors; each line of the text is one, at its place."""


class Payload(Struct, frozen=True):
    """One file to upload.

    Attributes:
        name: of the dataset.
        shown: the file, or what is checked in its place, as the user knows it.
        checked: the files whose bytes they are, in order.
        path: a copy that nobody else writes to.
        md5: what the uploads API compares parts with.
        sources: the YAML that it was built from.
    """

    name: str
    split: Split
    shown: str
    checked: tuple[str, ...]
    path: Path
    sha256: str
    md5: str
    size: int
    lines: int
    sources: tuple[str, ...] = ()

    @property
    def filename(self) -> str:
        """The name at the service: that of the dataset, and the digest, by which the file is found again."""
        stem = re.sub(r"[^\w-]+", "-", self.name)[:60]
        return (stem if self.split in stem else f"{stem}-{self.split}") + self.tail

    @property
    def tail(self) -> str:
        """How the names of all files of these bytes end."""
        return f".{self.sha256[:16]}.jsonl"


class Chosen(Struct, frozen=True):
    """What is to be submitted: a name, and the files of each split, or the job that builds them."""

    name: str
    files: Mapping[Split, tuple[str, ...]] = {}
    job: convert.Job | None = None


def choose(names: Sequence[str], validation: str | None, config: Config) -> Chosen:
    """The dataset that is meant: one of the configuration, or files.

    Raises:
        FtlintError: it is not clear which, or it cannot be read.
    """
    if not names:
        names = [_only_dataset(config)]
    if len(names) == 1 and names[0] in config.datasets:
        return _configured(names[0], validation, config)
    if any(map(is_authored, names)):
        folder = str(config.root / FOLDER / "outgoing.jsonl")
        with convert.jobs(names, folder, None, config) as jobs:
            return _with(Chosen(Path(names[0]).name.partition(".")[0], job=jobs[0]), validation, config)
    return _with(Chosen(Path(names[0]).name.removesuffix(".jsonl"), {"train": tuple(names)}), validation, config)


def _only_dataset(config: Config) -> str:
    if len(config.datasets) == 1:
        return next(iter(config.datasets))
    if config.datasets:
        raise ConfigError(f"which dataset? name one of {', '.join(config.datasets)}, or a file")
    raise ConfigError("nothing to submit: name a file of examples, or a dataset of ftlint.yaml")


def _configured(name: str, validation: str | None, config: Config) -> Chosen:
    if name in config.builds:
        job = next(job for job in convert.configured(config) if job.name == name)
        return _with(Chosen(name, job=job), validation, config)
    with discover([], config) as found:
        sources = [source for dataset in found.datasets if dataset.name == name for source in dataset.sources]
    files = {split: tuple(source.path for source in sources if source.split == split) for split in SPLITS}
    return _with(Chosen(name, {split: paths for split, paths in files.items() if paths}), validation, config)


def _with(chosen: Chosen, validation: str | None, config: Config) -> Chosen:
    files = {**chosen.files, "validation": (validation,)} if validation else chosen.files
    for path in (path for paths in files.values() for path in paths):
        if is_url(path) or is_compressed(path):
            raise UnreadableFile(f"{public(path)}: the service takes plain files: fetch or unpack it, then submit that")
        if not os.path.isfile(path):
            raise _missing(path, config)
    return Chosen(chosen.name, files, chosen.job)


def _missing(name: str, config: Config) -> UnreadableFile:
    what = "does not exist"
    if os.path.exists(name):
        what = "is a folder; name its files" if os.path.isdir(name) else "is no plain file"
    near = nearest(name, config.datasets)
    return UnreadableFile(f"{name} {what}{did_you_mean(near, ', and no dataset is named so; ')}")


def payloads(chosen: Chosen, config: Config) -> dict[Split, Payload]:
    """Build what is authored, and copy all files to where only ftlint writes.

    Raises:
        BuildError: the YAML has errors.
        FtlintError: a file cannot be read, or the copy cannot be written.
    """
    stage = Stage(chosen.name, config.root / FOLDER / OUTGOING)
    made = {split: stage.keep(split, paths, _blocks(paths)) for split, paths in chosen.files.items()}
    if chosen.job is not None:
        made = {**_built(chosen.job, stage, config), **made}
    if "train" not in made:
        raise ConfigError(f"{chosen.name} has no training examples")
    return made


def _built(job: convert.Job, stage: Stage, config: Config) -> dict[Split, Payload]:
    built = convert.build(job)
    if errors := list(build_errors([built], config)):
        raise BuildError("\n".join(errors))
    outputs = {split: path for split, path in job.outputs.items() if job.name}
    try:
        convert.write_all({path: convert.content(built.of(split)) for split, path in outputs.items()})
    except OSError as error:
        raise FtlintError(f"{error.filename}: it could not be written: {error.strerror}") from None
    sources = tuple(source.file for source in job.sources)
    made = {}
    for split in SPLITS:
        if rows := built.of(split):
            shown = (outputs.get(split) or outputs.get(None, ""),) if outputs else ()
            kept = stage.keep(split, tuple(filter(None, shown)), [convert.content(rows)])
            made[split] = replace(kept, sources=sources)
    return made


def _blocks(paths: Iterable[str]) -> Iterator[bytes]:
    """The files one after the other, each ending in a line end if another follows."""
    last = b"\n"
    for path in paths:
        if last[-1:] != b"\n":
            yield b"\n"
        try:
            with open(path, "rb") as file:
                while block := file.read(BLOCK):
                    last = block
                    yield block
        except OSError as error:
            raise UnreadableFile(f"{path}: it could not be read: {error.strerror}") from None


class Stage(Struct, frozen=True):
    """Where the copies of a dataset are kept until they are uploaded."""

    name: str
    folder: Path

    def keep(self, split: Split, paths: tuple[str, ...], blocks: Iterable[bytes]) -> Payload:
        """Copy what ``paths`` hold; without paths the copy is what is checked."""
        sha, md5, size, lines, last = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0, 0, b"\n"
        spare = self.folder / f"{split}.{os.getpid()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with spare.open("wb") as file:
                for block in blocks:
                    sha.update(block)
                    md5.update(block)
                    size += file.write(block)
                    lines, last = lines + block.count(b"\n"), block[-1:] or last
            mine = f".{os.getpid()}" if paths else ""  # it is removed in the end, and another process may send its own
            path = self.folder / f"{sha.hexdigest()[:16]}{mine}.jsonl"
            spare.replace(path)
        except OSError as error:
            with suppress(OSError):
                spare.unlink()
            raise FtlintError(f"{self.folder}: the copy to upload could not be written: {error.strerror}") from None
        paths = paths or (shown(path),)
        digests = sha.hexdigest(), md5.hexdigest()
        return Payload(self.name, split, paths[0], paths, path, *digests, size, lines + (last != b"\n"))


def verify_unchanged(payload: Payload) -> None:
    """Hold the files that were checked to the copy that will be sent.

    Raises:
        FtlintError: one was written to in the meantime.
    """
    sha = hashlib.sha256()
    for block in _blocks(payload.checked):
        sha.update(block)
    if sha.hexdigest() != payload.sha256:
        raise FtlintError(f"{payload.shown} changed while it was checked: run the command again")


def shape(payload: Payload) -> Shape | None:
    """The shape that the first record announces; None where it is none that services train on."""
    with payload.path.open("rb") as file:
        for line in file:
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                return None
            return shape_of(record) if isinstance(record, dict) else None
    return None


def discard(made: Iterable[Payload], *, builds: bool = False) -> None:
    """Remove the copies; one that is all there is of a build only with ``builds``."""
    for payload in made:
        if builds or payload.checked != (shown(payload.path),):
            payload.path.unlink(missing_ok=True)


def tidy(root: Path) -> None:
    """Remove the folders of the copies, where nothing is in them."""
    with suppress(OSError):
        (root / FOLDER / OUTGOING).rmdir()
        (root / FOLDER).rmdir()
