"""A state of the past: the datasets as a git commit has them, read from its objects; no checkout, no index."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from ftlint import config as configuration
from ftlint.authoring.files import MAX_BYTES
from ftlint.config import Config
from ftlint.errors import ConfigError, FtlintError
from ftlint.estimate.measure import Asked, State, count
from ftlint.estimate.objects import LINK, MODULE, Blob, ObjectReader, absent, blobs, commit_of, git, object_reader
from ftlint.model import Source
from ftlint.session import as_built
from ftlint.sources.globs import below, expand, has_magic
from ftlint.sources.jsonl import is_authored
from ftlint.sources.opening import is_url
from ftlint.sources.paths import as_seen, discover
from ftlint.sources.sniff import LFS

POINTER_BYTES = 1024
NOT_HERE = "a sparse checkout leaves it out here"


def past(ref: str, config: Config, asked: Asked) -> tuple[State, tuple[str, ...]]:
    """The state at a commit, on the terms of its own ``ftlint.yaml``, and what is to be said about it.

    Raises:
        FtlintError: there is no repository, no such commit, or no git.
    """
    if "-" in asked.paths:
        raise FtlintError("standard input has no past: name files, or compare with a file written by --format json")
    folder = config.root
    if asked.paths and not config.path and not is_url(asked.paths[0]):
        first = Path(os.path.abspath(_plain(asked.paths[0])))
        folder = first if first.is_dir() else first.parent
    top = Path(os.path.realpath(git(folder, "rev-parse", "--show-toplevel").strip()))
    commit = commit_of(folder, ref)
    with tempfile.TemporaryDirectory(prefix="ftlint-") as name:
        tree = Tree(top, Path(os.path.realpath(name)), commit)
        return _counted(tree, config, asked)


def _counted(tree: Tree, config: Config, asked: Asked) -> tuple[State, tuple[str, ...]]:
    then, notes = _config(tree, config)
    paths = tuple(path for path in _paths(tree, then, asked.paths) if is_url(path) or _is_there(path))
    if not paths:
        return State({}, count((), then, asked).terms, missing=tuple(tree.unfetched(asked.paths))), notes
    with discover(paths, then) as found:
        sources = [as_built(source, then) for dataset in found.datasets for source in dataset.sources]
    left_out = {source: tree.absent[source.file] for source in sources if source.file in tree.absent}
    sources = [source for source in sources if source not in left_out]
    read = [source.file for source in sources if not is_url(source.file)]
    tree.fetch(read)
    if any(map(is_authored, read)):
        tree.fetch_small()
        asked = replace(asked, work=replace(asked.work, cache=None))
    state = count([tree.renamed(source, asked.paths) for source in sources], then, asked)
    missing = [(path, _reason(reason)) for path, reason in state.missing] + list(tree.unfetched(asked.paths))
    missing += [(tree.renamed(each, asked.paths).path, NOT_HERE) for each, changed in left_out.items() if changed]
    return replace(state, missing=tuple(missing)), notes


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


def _plain(path: str) -> str:
    """A path, or of a glob the folder that all its matches are in."""
    while has_magic(path) and not os.path.lexists(path):
        path = os.path.dirname(path)
    return path


def _is_there(path: str) -> bool:
    return os.path.lexists(path) or (has_magic(path) and bool(expand(path, ".")))


class Tree:
    """A folder that stands for a commit: every file is there, but empty until it is fetched.

    Attributes:
        absent: files that a sparse checkout leaves out of the working folder, and whether they changed.
    """

    def __init__(self, top: Path, folder: Path, commit: str) -> None:
        self.top, self.folder = top, folder
        self.blobs = {str(folder / blob.path): blob for blob in blobs(top, commit)}
        self.modules = [self.blobs.pop(file) for file, blob in [*self.blobs.items()] if blob.mode == MODULE]
        here = {str(folder / path): name for path, name in absent(top).items()}
        self.absent = {file: blob.name != here[file] for file, blob in self.blobs.items() if file in here}
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
        for top in dict.fromkeys(blob.top for _, blob in wanted):
            with object_reader(top) as objects:
                for file, blob in wanted:
                    if blob.top == top:
                        self._fill(file, blob, objects)

    def _fill(self, file: str, blob: Blob, objects: ObjectReader) -> None:
        if blob.mode == LINK:
            if not os.path.lexists(file):
                self._link(file, objects.read(blob))
            return
        with open(file, "wb") as out:
            objects.copy(blob, out)
        if blob.size <= POINTER_BYTES:
            _smudge(file, blob.top)

    def _link(self, file: str, target: bytes) -> None:
        """A link that stays within the repository."""
        inner = os.path.normpath(os.path.join(os.path.dirname(file), os.fsdecode(target)))
        if inner.startswith(str(self.folder) + os.sep):
            os.symlink(os.fsdecode(target), file)

    def renamed(self, source: Source, named: Sequence[str]) -> Source:
        """A file under the name that it has in the working folder; so what is unchanged is found in the cache.

        Args:
            named: what the user named, which says how the files are shown.
        """
        return replace(source, path=self._name(source.path, named), dataset=self._name(source.dataset, named))

    def unfetched(self, named: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The submodules of which the commit is not here, each with what to do."""
        for blob in self.modules:
            yield (
                self._name(str(self.folder / blob.path), named),
                f"the commit {blob.name[:10]} of this submodule is not here: run `git fetch` in it",
            )

    def _name(self, text: str, named: Sequence[str]) -> str:
        """A path in the tree as the user sees it in the working folder; any other text as it is."""
        text = text.replace("/", os.sep)
        inner = below(text, str(self.folder))
        if not inner:
            return text.replace(os.sep, "/")
        for plain in map(_plain, named):
            rest = "" if is_url(plain) else below(text, str(self.place(plain)))
            if rest or text == str(self.place(plain)):
                return as_seen(os.path.join(plain, rest) if rest else plain)
        return as_seen(os.path.relpath(self.top / inner))


def _smudge(file: str, top: Path) -> None:
    """Put the object of a Git LFS pointer in its place, if the repository has it."""
    data = Path(file).read_bytes()
    if data.startswith(LFS):
        found = [row[11:].decode("ascii", "replace") for row in data.split(b"\n") if row.startswith(b"oid sha256:")]
        store = Path(git(top, "rev-parse", "--path-format=absolute", "--git-common-dir").strip())
        stored = store / "lfs" / "objects" / found[0][:2] / found[0][2:4] / found[0] if found else store
        if stored.is_file():
            shutil.copyfile(stored, file)


def _reason(reason: str) -> str:
    return "its object is not here: run `git lfs fetch` for that commit" if "LFS" in reason else reason
