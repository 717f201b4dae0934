"""Which files patterns mean: those of ``.gitignore``, the globs of ``ftlint.yaml``, and folders searched with both."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import PurePath

from msgspec import Struct
from msgspec.structs import replace

from ftlint.errors import ConfigError

SKIPPED = frozenset({"node_modules", "__pycache__"})
"""Folders that are never searched, beside hidden ones."""

_MAGIC = re.compile(r"[*?{\[]")


def has_magic(text: str) -> bool:
    """Whether the text is a pattern, rather than the name of one file."""
    return _MAGIC.search(text) is not None


def natural(path: str) -> list[tuple[list[str | int], str]]:
    """A key that sorts paths folder by folder, case-sensitively, ``part-2`` before ``part-10``."""
    return [(_numbered(name), name) for name in path.split(os.sep)]


def _numbered(name: str) -> list[str | int]:
    return [int(piece) if index % 2 else piece for index, piece in enumerate(re.split(r"([0-9]+)", name))]


class Patterns(Struct, frozen=True, dict=True):
    """Patterns in the syntax of ``.gitignore``, seen from one folder; the last one that matches decides.

    Attributes:
        lines: the patterns: without an inner slash at any depth, ``!`` takes back, a last ``/`` means folders only.
        folder: the real path that they are relative to; about files outside of it they say nothing.
        braces: whether ``{a,b}`` means either and ``./a`` is ``/a``, as in ``ftlint.yaml``.
    """

    lines: tuple[str, ...]
    folder: str
    braces: bool = False

    def says(self, path: str, *, is_folder: bool = False) -> bool | None:
        """True when the patterns match, False when they take it back with ``!``, None when they say nothing."""
        inner = below(path, self.folder) if self.lines else ""
        for matches, verdict, folders_only in reversed(self._compiled if inner else ()):
            if (is_folder or not folders_only) and matches(inner):
                return verdict
        return None

    def cover(self, path: str, *, is_folder: bool = False) -> bool:
        """Whether the patterns match a path or one of the folders that it is in."""
        inner = below(path, self.folder) if self.lines else ""
        ends = [index for index, letter in enumerate(inner) if letter == "/"]
        parents = (path[: len(path) - len(inner) + end] for end in ends)
        return (
            any(self.says(parent, is_folder=True) for parent in parents) or self.says(path, is_folder=is_folder) is True
        )

    @cached_property
    def _compiled(self) -> list[tuple[Callable[[str], bool], bool, bool]]:
        return [_compile(line, braces=self.braces) for line in self.lines if line.strip("!/")]


def _compile(line: str, *, braces: bool) -> tuple[Callable[[str], bool], bool, bool]:
    from wcmatch import glob

    verdict, line = not line.startswith("!"), line.removeprefix("!")
    if braces and line.startswith("./"):
        line = line[1:]
    pattern = line.removesuffix("/")
    pattern = pattern.removeprefix("/") if "/" in pattern else f"**/{pattern}"
    flags = glob.GLOBSTAR | glob.DOTMATCH | glob.CASE | glob.FORCEUNIX | (glob.BRACE if braces else 0)
    with _explained(line):
        return glob.compile(pattern, flags=flags).match, verdict, line.endswith("/")


def expand(pattern: str, folder: str) -> list[str]:
    """The files and folders that a glob means, seen from ``folder``, in natural order; not what is hidden from ``*``.

    Raises:
        ConfigError: the pattern cannot be used.
    """
    from wcmatch import glob

    with _explained(pattern):
        return sorted(glob.glob(pattern, root_dir=folder, flags=glob.GLOBSTAR | glob.BRACE | glob.CASE), key=natural)


@contextmanager
def _explained(pattern: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # the library keeps its own exception private
        raise ConfigError(f"cannot use the pattern {pattern!r}: {error}") from None


def search(folder: str, include: Patterns, exclude: Patterns) -> Iterator[str]:
    """The files below a folder (a real path) that ``include`` matches, in natural order.

    Left out are what ``exclude`` or a ``.gitignore`` names (those of the folders above too, up to the root of the
    repository or else of the configuration), what is hidden, and folders behind links.

    Raises:
        OSError: a folder cannot be listed.
    """
    nearby = replace(include, folder=folder)
    pending = [(folder, True, _gitignores_above(folder, include.folder))]
    while pending:
        path, is_folder, gitignores = pending.pop()
        if is_folder:
            gitignores = [*gitignores, *_gitignore(path)]
            pending += [(*child, gitignores) for child in reversed(_children(path, gitignores, exclude))]
        elif (include if below(path, include.folder) else nearby).says(path):
            yield path


def _children(folder: str, gitignores: Sequence[Patterns], exclude: Patterns) -> list[tuple[str, bool]]:
    with os.scandir(folder) as entries:
        found = sorted(filter(_is_candidate, entries), key=lambda entry: natural(entry.name))
    children = [(entry.path, entry.is_dir(follow_symlinks=False)) for entry in found]
    return [
        (path, is_folder)
        for path, is_folder in children
        if not _ignored(path, gitignores, exclude, is_folder=is_folder)
    ]


def _is_candidate(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name in SKIPPED:
        return False
    return not os.path.isdir(entry.path) if entry.is_symlink() else entry.is_dir() or entry.is_file()


def _ignored(path: str, gitignores: Sequence[Patterns], exclude: Patterns, *, is_folder: bool) -> bool:
    if exclude.says(path, is_folder=is_folder):
        return True
    verdicts = (nearest.says(path, is_folder=is_folder) for nearest in reversed(gitignores))
    return next((verdict for verdict in verdicts if verdict is not None), False)


def _gitignores_above(folder: str, root: str) -> list[Patterns]:
    """The ``.gitignore`` patterns of the folders above, outermost first."""
    chain = [folder, *map(str, PurePath(folder).parents)]
    tops = [parent for parent in chain if os.path.lexists(os.path.join(parent, ".git"))] or [root]
    above = chain[1 : chain.index(tops[0]) + 1] if tops[0] in chain else []
    return [gitignores for parent in reversed(above) for gitignores in _gitignore(parent)]


def _gitignore(folder: str) -> Iterator[Patterns]:
    path = os.path.join(folder, ".gitignore")
    if os.path.isfile(path):
        with open(path, encoding="utf-8-sig", errors="surrogateescape", newline="\n") as file:
            yield Patterns(tuple(_patterns(file)), folder)


def _patterns(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        pattern = re.sub(r"(?<!\\) +$", "", line.rstrip("\r\n"))
        if pattern and not pattern.startswith("#"):
            yield pattern


def below(path: str, folder: str) -> str:
    """The path relative to the folder that it is in, with forward slashes; "" when it is not inside."""
    start = folder if folder.endswith(os.sep) else folder + os.sep
    return path[len(start) :].replace(os.sep, "/") if path.startswith(start) else ""
