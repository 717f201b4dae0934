"""From what the user names to datasets: files, folders, globs, standard input, and ``ftlint.yaml``."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from ftlint.config import Config
from ftlint.errors import FtlintError, UnreadableFile
from ftlint.model import Dataset, Source, Split, show_route
from ftlint.sources.claims import Claim, settled
from ftlint.sources.globs import Patterns, below, expand, has_magic, search
from ftlint.sources.opening import COMPRESSED, is_url, shown
from ftlint.sources.pairing import inferred, mask
from ftlint.suggest import did_you_mean, nearest

_Found = Iterator[tuple[Hashable, Source]]


class Discovery(Struct, frozen=True):
    """The datasets that are to be checked; a context manager that removes the copy of standard input at its end.

    Attributes:
        datasets: in the order in which their first file was named.
        excluded: what was named, but is held back by ``exclude``.
        spooled: the temporary copy of standard input, or "".
    """

    datasets: tuple[Dataset, ...]
    excluded: tuple[str, ...] = ()
    spooled: str = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cleanup()

    def cleanup(self) -> None:
        """Remove the copy of standard input, if there is one."""
        if self.spooled and os.path.exists(self.spooled):
            os.unlink(self.spooled)


class _Missing(UnreadableFile):
    """Nothing stands at the path, or matches the pattern."""


def discover(paths: Sequence[str], config: Config, *, stdin_filename: str = "<stdin>") -> Discovery:
    """The datasets of what ``paths`` name: files, folders, globs, and ``-`` for standard input.

    Without paths, the datasets of the configuration; if it has none, its folder is searched. A file of a configured
    dataset brings the rest of that dataset with it, as not ``asked``. Other files form one dataset where their names
    differ only in a split word (``train.jsonl``, ``valid.jsonl``). A file that is named twice is checked once.

    Raises:
        UnreadableFile: a path that does not exist, a folder that cannot be searched, a pipe or a device.
        ConfigError: a file that is in two datasets, or in two splits of one.
    """
    finder = _Finder(config, stdin_filename)
    try:
        named = paths or ([] if config.datasets else [_from_here(config.root)])
        asked = _first(found for path in named for found in finder.files(path))
        excluded = finder.excluded.copy() if named else finder.excluded
        configured = finder.configured(asked, strict=not paths)
        return Discovery(tuple(_datasets(asked if named else configured, configured)), tuple(excluded), finder.spooled)
    except BaseException:
        Discovery((), spooled=finder.spooled).cleanup()
        raise


def nothing(to_do: str, paths: Sequence[str], config: Config) -> UnreadableFile:
    """The error where nothing was found to check, or to count."""
    if config.datasets and not paths:
        return UnreadableFile(config.placed(f"there is nothing to {to_do}: the datasets name no file", "datasets"))
    looked = ", ".join(config.include) or "an empty `include`"
    return UnreadableFile(f"there is nothing to {to_do}: no file here matches {looked}; name files or folders")


class _Finder:
    """Looks up paths and patterns under one configuration, and keeps what it held back or copied on the way."""

    def __init__(self, config: Config, stdin_filename: str) -> None:
        self.config, self.stdin_filename = config, stdin_filename
        root = os.path.realpath(config.root)
        self.include = Patterns(config.include, root, braces=True)
        self.exclude = Patterns(config.exclude, root, braces=True)
        self.excluded: dict[str, None] = {}
        self.urls: dict[str, dict[str, int]] = {}
        self.spooled = ""

    def configured(self, asked: Mapping[Hashable, Source], *, strict: bool) -> dict[Hashable, Source]:
        """The files of all configured datasets; unless ``strict``, those that are missing are left out."""
        datasets = [item for item in self.config.datasets.items() if strict or self._may_hold(asked, *item)]
        return settled((one for item in datasets for one in self._claims(*item, strict=strict)), self.config)

    def _may_hold(self, asked: Mapping[Hashable, Source], name: str, splits: Mapping[Split, tuple[str, ...]]) -> bool:
        """Whether a dataset holds what was asked for, as far as that can be told without asking a server."""
        here = {split: tuple(one for one in patterns if not is_url(one)) for split, patterns in splits.items()}
        if here == dict(splits) or any(isinstance(key, str) and is_url(key) for key in asked):
            return True
        return any(key in asked for key, _ in self._claims(name, here, strict=False))

    def _claims(
        self, name: str, splits: Mapping[Split, tuple[str, ...]], *, strict: bool
    ) -> Iterator[tuple[Hashable, Claim]]:
        """What each pattern of a dataset finds."""
        root = _from_here(self.config.root)
        for split, pattern in ((split, pattern) for split, patterns in splits.items() for pattern in patterns):
            wide = has_magic(pattern) or os.path.isdir(os.path.join(root, pattern))
            route = self.config.claim(name, split, pattern)
            try:
                for key, source in self.files(pattern, root):
                    yield key, Claim(wide, route, replace(source, dataset=name, split=split))
            except FtlintError as error:
                if strict or not isinstance(error, _Missing):
                    raise type(error)(self.config.placed(f"{show_route(route)}: {error}", *route)) from None

    def files(self, given: str, folder: str = "") -> _Found:
        """What a path or glob names, seen from ``folder``: each file's identity, and the file."""
        path = os.path.join(folder, given)
        if is_url(given):
            yield from self._behind(given)
        elif path == "-":
            yield from self._standard_input()
        elif has_magic(given) and not os.path.lexists(path):
            matches = expand(given, folder or ".")
            if not matches:
                raise _Missing(f"nothing matches '{_safe(given)}'")
            for match in matches:
                yield from self.files(match, folder)
        elif not self._holds_back(path):
            yield from self._searched(path) if os.path.isdir(path) else [_found(path)]

    def _behind(self, url: str) -> _Found:
        from ftlint.sources import urls

        found = urls.find(url, self.include, self.exclude)
        if not found:
            raise _Missing(f"nothing matches '{_safe(shown(url))}'")
        for one in found:
            same = self.urls.setdefault(_safe(shown(one)), {})
            number = same.setdefault(one, len(same) + 1)
            yield one, Source(_safe(shown(one)) + (f"#{number}" if number > 1 else ""), one)

    def _searched(self, folder: str) -> _Found:
        real = os.path.realpath(folder)
        try:
            for path in search(real, self.include, self.exclude):
                yield _found(os.path.join(folder, below(path, real)), searched=True)
        except OSError as error:
            place = os.path.join(folder, below(error.filename or "", real))
            mend = "give access to it or name it under `exclude`"
            raise UnreadableFile(f"cannot search '{as_seen(place)}' ({_reason(error)}): {mend}") from None

    def _standard_input(self) -> _Found:
        name = self.stdin_filename
        if not self._holds_back(name):
            if not self.spooled:
                self._spool()
            yield _key(name) if os.path.isfile(name) else "-", Source(as_seen(name), self.spooled, copied=True)

    def _spool(self) -> None:
        import shutil
        import tempfile

        if sys.stdin is None:
            raise UnreadableFile("there is no standard input: name a file instead of `-`")
        ending = next((one for one in COMPRESSED if self.stdin_filename.endswith(one)), "")
        try:
            with tempfile.NamedTemporaryFile(prefix="ftlint-", suffix=ending, delete=False) as copy:
                self.spooled = copy.name
                shutil.copyfileobj(sys.stdin.buffer, copy)
        except OSError as error:
            raise UnreadableFile(f"cannot copy standard input to a temporary file ({_reason(error)})") from None

    def _holds_back(self, path: str) -> bool:
        held = bool(self.exclude.lines) and self.exclude.cover(_place(path), is_folder=os.path.isdir(path))
        if held:
            self.excluded[as_seen(path)] = None
        return held


def _datasets(asked: Mapping[Hashable, Source], configured: Mapping[Hashable, Source]) -> Iterator[Dataset]:
    groups: dict[tuple[bool, str], list[Source]] = {}
    for key, source in asked.items():
        home = configured.get(key)
        group = (True, home.dataset) if home else (False, mask(source.path)[0])
        groups.setdefault(group, []).append(source)
    for (is_configured, name), sources in groups.items():
        yield _complete(name, asked, configured) if is_configured else inferred(name, sources)


def _complete(name: str, asked: Mapping[Hashable, Source], configured: Mapping[Hashable, Source]) -> Dataset:
    """A whole configured dataset, of which some files were asked for."""
    sources = [
        replace(asked.get(key, home), dataset=name, split=home.split, asked=key in asked)
        for key, home in configured.items()
        if home.dataset == name
    ]
    return Dataset(name, tuple(sources))


def _first(found: Iterable[tuple[Hashable, Source]]) -> dict[Hashable, Source]:
    kept: dict[Hashable, Source] = {}
    for key, source in found:
        kept.setdefault(key, source)
    return kept


def _found(path: str, *, searched: bool = False) -> tuple[Hashable, Source]:
    """A file and its identity; a link to nowhere is kept where a search finds it: the others are still checked."""
    broken = searched and not os.path.exists(path)
    return path if broken else _key(path), Source(as_seen(path), os.path.join(os.getcwd(), path))


def _key(path: str) -> Hashable:
    """What is the same for all names of one file.

    Raises:
        UnreadableFile: there is no such file, or it is a pipe or a device.
    """
    try:
        status = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        if not os.path.islink(path):
            raise _missing(path) from None
        raise UnreadableFile(f"'{as_seen(path)}' links to '{_safe(os.readlink(path))}', which does not exist") from None
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"cannot read '{as_seen(path)}' ({_reason(error)})") from None
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFile(f"'{as_seen(path)}' is a pipe or a device, not a file: pipe the data to `ftlint check -`")
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(path)


def _missing(path: str) -> _Missing:
    parent, name = os.path.split(path.rstrip(os.sep))
    while parent != os.path.dirname(parent) and not os.path.exists(parent):
        parent, name = os.path.split(parent)
    folder = parent or "."
    entries = os.listdir(folder) if os.path.isdir(folder) and os.access(folder, os.R_OK) else []
    near = nearest(name, entries)
    meant = did_you_mean(near and as_seen(os.path.join(parent, near)), quote="'")
    return _Missing(f"no such file or folder: '{as_seen(path)}'{meant}")


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else "its name holds a NUL character"


def _place(path: str) -> str:
    """The real path of what is named, a last link not followed."""
    folder, name = os.path.split(path.rstrip(os.sep))
    return os.path.realpath(path) if name in ("", ".", "..") else os.path.join(os.path.realpath(folder), name)


def _from_here(path: str | Path) -> str:
    try:
        return os.path.relpath(path)
    except ValueError:
        return str(path)


def as_seen(path: str) -> str:
    """How the user sees a path: from the current folder when below it, else as given; odd characters escaped.

    A way up and down again is shortened, unless a link on it leads elsewhere.
    """
    if ".." in path.split(os.sep):
        near = _from_here(path)
        return _safe((near if os.path.realpath(near) == os.path.realpath(path) else path).replace(os.sep, "/"))
    return _safe(below(os.path.abspath(path), os.getcwd()) or path.replace(os.sep, "/"))


def _safe(text: str) -> str:
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
