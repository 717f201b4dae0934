"""The files that a project starts with: a configuration, a pre-commit hook, and a small dataset that is clean."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from ftlint import __version__
from ftlint.ci import repository
from ftlint.config import NAMES
from ftlint.errors import FtlintError
from ftlint.files import write_atomically
from ftlint.resources import PACKAGE

HOOKS = ".pre-commit-config.yaml"
DATASET = ("data/train.jsonl", "data/validation.jsonl")


@dataclass(frozen=True)
class Placed:
    """One file of the start: where it is, and whether it was written now or is the user's own."""

    path: Path
    written: bool


@dataclass(frozen=True)
class Start:
    """What ``start`` did.

    Attributes:
        files: the files, in the order of writing.
        entry: lines for the user to add below ``repos:`` in ``hooks``; "" where there is nothing to add.
        hooks: the file that pre-commit reads.
    """

    files: tuple[Placed, ...]
    entry: str
    hooks: Path


def start(folder: Path) -> Start:
    """Write the files of a start into a folder, which is made where it is missing; no file is ever overwritten.

    pre-commit reads one file, at the top of a repository: for a folder further down, its entry is only told.

    Raises:
        FtlintError: a file cannot be written; the text says which and why.
    """
    config = next((name for name in NAMES if (folder / name).exists()), NAMES[0])
    files = [_place(folder / config, _template("ftlint.yaml"))]
    files += [_place(folder / name, _template(Path(name).name)) for name in DATASET]
    here = folder.resolve()
    top = Path(repository(str(here)))
    if top != here:
        return Start(tuple(files), _entry(here.relative_to(top).as_posix(), config), top / HOOKS)
    hooks = _place(folder / HOOKS, f"repos:\n{_entry()}".encode())
    return Start((*files, hooks), "" if hooks.written or _has_hook(hooks.path) else _entry(), hooks.path)


def _template(name: str) -> bytes:
    return (PACKAGE / "templates" / name).read_bytes()


def _place(path: Path, content: bytes) -> Placed:
    """Write a file, unless something stands at its place already."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FtlintError(f"{path.parent}: the folder could not be made: {error.strerror}") from None
    if os.path.lexists(path):
        return Placed(path, written=False)
    try:
        write_atomically(path, content)
    except OSError as error:
        raise FtlintError(f"{path}: it could not be written: {error.strerror}") from None
    return Placed(path, written=True)


def _has_hook(path: Path) -> bool:
    from yaml import YAMLError, safe_load

    try:
        found = safe_load(path.read_bytes())
        return any(hook["id"] == "ftlint" for repo in found["repos"] for hook in repo["hooks"])
    except (OSError, YAMLError, TypeError, KeyError):
        return False


def _entry(folder: str = "", config: str = "") -> str:
    """The hook as an item of pre-commit's ``repos``; with a folder, for the files below it and its configuration."""
    lines = [
        "  - repo: https://github.com/ftlint/ftlint",
        f"    rev: v{__version__}",
        "    hooks:",
        "      - id: ftlint",
    ]
    if folder:
        files = rf"^{re.escape(folder)}/.*(\.ft\.ya?ml|\.(jsonl|ndjson)(\.gz|\.zst)?)$"
        lines += [f"        files: {json.dumps(files)}", f"        args: [{json.dumps(f'--config={folder}/{config}')}]"]
    return "".join(f"{line}\n" for line in lines)
