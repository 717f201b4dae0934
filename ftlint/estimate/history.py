"""A state of the past: the datasets as a git commit has them, read from its objects; no checkout, no index."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from msgspec import Struct
from msgspec.structs import replace

from ftlint import config as configuration
from ftlint.authoring.files import MAX_BYTES
from ftlint.config import Config
from ftlint.errors import ConfigError, FtlintError
from ftlint.estimate.measure import Asked, State, count
from ftlint.model import Source
from ftlint.session import as_built
from ftlint.sources.globs import expand, has_magic
from ftlint.sources.jsonl import is_authored
from ftlint.sources.opening import is_url
from ftlint.sources.paths import discover
from ftlint.sources.sniff import LFS

LINK, MODULE = "120000", "160000"
POINTER_BYTES = 1024


class Blob(Struct, frozen=True):
    """A file of a commit: its object, its bytes, and its path from the top of the repository."""

    mode: str
    name: str
    size: int
    path: str


def past(ref: str, config: Config, asked: Asked) -> tuple[State, tuple[str, ...]]:
    """The state at a commit, on the terms of its own ``ftlint.yaml``, and what is to be said about it.

    Raises:
        FtlintError: there is no repository, no such commit, or no git.
    """
    if "-" in asked.paths:
        raise FtlintError("standard input has no past: name files, or compare with a file written by --format json")
    folder = config.root
    if asked.paths and not config.path and not is_url(asked.paths[0]):
        first = Path(os.path.abspath(asked.paths[0]))
        folder = first if first.is_dir() else first.parent
    top = Path(os.path.realpath(_git(folder, "rev-parse", "--show-toplevel").strip()))
    commit = _commit(folder, ref)
    with tempfile.TemporaryDirectory(prefix="ftlint-") as name:
        tree = Tree(top, Path(os.path.realpath(name)), commit)
        return _counted(tree, config, asked)


def _counted(tree: Tree, config: Config, asked: Asked) -> tuple[State, tuple[str, ...]]:
    then, notes = _config(tree, config)
    paths = tuple(path for path in _paths(tree, then, asked.paths) if is_url(path) or _is_there(path))
    if not paths:
        return State({}, count((), then, asked).terms), notes
    with discover(paths, then) as found:
        sources = [as_built(source, then) for dataset in found.datasets for source in dataset.sources]
    read = [source.file for source in sources if not is_url(source.file)]
    tree.fetch(read)
    if any(map(is_authored, read)):
        tree.fetch_small()
        asked = replace(asked, work=replace(asked.work, cache=None))
    state = count([tree.renamed(source) for source in sources], then, asked)
    return replace(state, missing=tuple((path, _reason(reason)) for path, reason in state.missing)), notes


def _config(tree: Tree, config: Config) -> tuple[Config, tuple[str, ...]]:
    """The configuration as it was; today's where there was none, or none that can be used."""
    root = tree.place(config.root) if tree.holds(config.root) else tree.folder
    root.mkdir(parents=True, exist_ok=True)
    file = tree.place(config.path) if config.path and tree.holds(config.path) else None
    if file and file.exists():
        tree.fetch([str(file)])
        try:
            return _with_tokenizers(tree, configuration.load(file)), ()
        except ConfigError:
            return replace(config, root=root), ("its ftlint.yaml cannot be used: today's stands in for it",)
    return replace(config, root=root), ()


def _with_tokenizers(tree: Tree, config: Config) -> Config:
    """The configuration with each ``tokenizer.json`` as the commit has it, or else as it lies in the working folder."""
    models = {}
    for name, options in config.models.items():
        path = str(options.get("tokenizer", ""))
        tree.fetch([path])
        if path and path not in tree.blobs:
            options = {**options, "tokenizer": path.replace(str(tree.folder), str(tree.top), 1)}  # noqa: PLW2901
        models[name] = options
    return replace(config, models=models)


def _paths(tree: Tree, config: Config, paths: Sequence[str]) -> Iterator[str]:
    """What is to be read, in the tree of the commit: what was named, or else the configured datasets."""
    if not paths and not config.datasets:
        yield str(config.root)
    for path in paths:
        yield path if is_url(path) else str(tree.place(path))
    for splits in () if paths else config.datasets.values():
        for pattern in (pattern for patterns in splits.values() for pattern in patterns):
            yield pattern if is_url(pattern) else os.path.normpath(os.path.join(config.root, pattern))


def _is_there(path: str) -> bool:
    return os.path.lexists(path) or (has_magic(path) and bool(expand(path, ".")))


class Tree:
    """A folder that stands for a commit: every file is there, but empty until it is fetched."""

    def __init__(self, top: Path, folder: Path, commit: str) -> None:
        self.top, self.folder = top, folder
        self.blobs = {str(folder / blob.path): blob for blob in _blobs(top, commit)}
        for file, blob in self.blobs.items():
            os.makedirs(os.path.dirname(file), exist_ok=True)
            if blob.mode != LINK:
                Path(file).touch()
        self.fetch([file for file, blob in self.blobs.items() if blob.mode == LINK])

    def holds(self, path: Path) -> bool:
        """Whether a path of the working folder lies in the repository."""
        return Path(os.path.realpath(path)).is_relative_to(self.top)

    def place(self, path: str | Path) -> Path:
        """Where the tree has what stands at a path of the working folder."""
        real = Path(os.path.realpath(os.path.dirname(os.path.abspath(path)))) / os.path.basename(os.path.abspath(path))
        try:
            return self.folder / real.relative_to(self.top)
        except ValueError:
            raise FtlintError(f"{path} lies outside the repository at {self.top}: it has no past there") from None

    def fetch_small(self) -> None:
        """Fill in all that authored YAML may include."""
        self.fetch([file for file, blob in self.blobs.items() if blob.size <= MAX_BYTES and not os.path.getsize(file)])

    def fetch(self, files: Sequence[str]) -> None:
        """Fill in some files; a Git LFS pointer becomes its object, if that is here."""
        places = dict.fromkeys(place for file in files for place in (file, os.path.realpath(file)))
        wanted = [(file, self.blobs[file]) for file in places if file in self.blobs]
        with _contents(self.top) as contents:
            for file, blob in wanted:
                if blob.mode == LINK:
                    if not os.path.lexists(file):
                        self._link(file, contents.read(blob))
                    continue
                with open(file, "wb") as out:
                    contents.copy(blob, out)
                if blob.size <= POINTER_BYTES:
                    self._smudge(file)

    def _link(self, file: str, target: bytes) -> None:
        """A link that stays within the repository."""
        inner = os.path.normpath(os.path.join(os.path.dirname(file), os.fsdecode(target)))
        if inner.startswith(str(self.folder) + os.sep):
            os.symlink(os.fsdecode(target), file)

    def _smudge(self, file: str) -> None:
        data = Path(file).read_bytes()
        if data.startswith(LFS):
            found = [row[11:].decode("ascii", "replace") for row in data.split(b"\n") if row.startswith(b"oid sha256:")]
            store = Path(_git(self.top, "rev-parse", "--path-format=absolute", "--git-common-dir").strip())
            stored = store / "lfs" / "objects" / found[0][:2] / found[0][2:4] / found[0] if found else store
            if stored.is_file():
                shutil.copyfile(stored, file)

    def renamed(self, source: Source) -> Source:
        """A file under the name that it has in the working folder; so what is unchanged is found in the cache."""
        return replace(source, path=self._name(source.path), dataset=self._name(source.dataset))

    def _name(self, text: str) -> str:
        try:
            here = f"{self.place('.')}{os.sep}"
        except FtlintError:
            here = ""
        text = text.replace(here, "") if here else text
        return text.replace(f"{self.folder}{os.sep}", f"{self.top}{os.sep}").replace(os.sep, "/")


def _reason(reason: str) -> str:
    return "its object is not here: run `git lfs fetch` for that commit" if "LFS" in reason else reason


class Contents:
    """A running ``git cat-file --batch``."""

    def __init__(self, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.stdin, self.stdout = stdin, stdout

    def copy(self, blob: Blob, out: IO[bytes]) -> None:
        """Write the bytes of a blob."""
        self.stdin.write(f"{blob.name}\n".encode())
        self.stdin.flush()
        head = self.stdout.readline().split()
        if len(head) != 3:
            raise FtlintError(f"{blob.path}: git has not got its object: fetch the commit in full")
        left = int(head[2])
        while left > 0 and (block := self.stdout.read(min(left, 1 << 20))):
            out.write(block)
            left -= len(block)
        self.stdout.read(1)

    def read(self, blob: Blob) -> bytes:
        """The bytes of a small blob."""
        import io

        out = io.BytesIO()
        self.copy(blob, out)
        return out.getvalue()


@contextmanager
def _contents(top: Path) -> Iterator[Contents]:
    command = ["git", "-C", str(top), "cat-file", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()) as process:  # noqa: S603
        assert process.stdin
        assert process.stdout
        yield Contents(process.stdin, process.stdout)
        process.stdin.close()


def _blobs(top: Path, commit: str) -> Iterator[Blob]:
    for row in _git(top, "ls-tree", "-r", "-z", "-l", "--full-tree", commit).split("\0")[:-1]:
        head, _, path = row.partition("\t")
        mode, _, name, size = head.split()
        if mode != MODULE:
            yield Blob(mode, name, int(size), path)


def _commit(folder: Path, ref: str) -> str:
    try:
        return _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}").strip()
    except FtlintError:
        raise FtlintError(
            f'git knows no commit "{ref}" here: fetch it first (in CI, with `fetch-depth: 0`), or name another'
        ) from None


def _environment() -> dict[str, str]:
    """Without what a hook sets, so that git finds the repository by the folder."""
    return {name: value for name, value in os.environ.items() if name not in ("GIT_DIR", "GIT_WORK_TREE")}


def _git(folder: Path, *arguments: str) -> str:
    """What git answers."""
    try:
        command = ["git", "-C", str(folder), *arguments]
        done = subprocess.run(command, capture_output=True, check=True, env=_environment())  # noqa: S603
    except FileNotFoundError:
        raise FtlintError("git is not installed, and --base asks it for the past") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        raise FtlintError(f"git cannot tell the past of {folder}: {said or 'it gave no reason'}") from None
    return os.fsdecode(done.stdout)
