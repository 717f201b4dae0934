"""What git tells of a repository: commits, and the files that they hold, read from its objects."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from msgspec import Struct

from ftlint.errors import FtlintError
from ftlint.suggest import did_you_mean, nearest

LINK, MODULE = "120000", "160000"
OF_A_REPOSITORY = "GIT_DIR GIT_WORK_TREE GIT_COMMON_DIR GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_PREFIX".split()


class Blob(Struct, frozen=True):
    """A file of a commit, or a submodule of which that is not here.

    Attributes:
        name: of the object, and ``size``: its bytes.
        path: from the top of the repository that was asked.
        top: the repository that has the object: that one, or a submodule.
    """

    mode: str
    name: str
    size: int
    path: str
    top: Path


class ObjectReader:
    """The bytes of objects, from a running ``git cat-file --batch``."""

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
def object_reader(top: Path) -> Iterator[ObjectReader]:
    """A reader of a repository's objects."""
    command = ["git", "-C", str(top), "cat-file", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()) as process:  # noqa: S603
        assert process.stdin
        assert process.stdout
        yield ObjectReader(process.stdin, process.stdout)
        process.stdin.close()


def blobs(top: Path, commit: str, under: str = "") -> Iterator[Blob]:
    """The files of a commit, and those of its submodules as far as they are here; ``under`` goes before all paths."""
    for row in git(top, "ls-tree", "-r", "-z", "-l", "--full-tree", commit).split("\0")[:-1]:
        head, _, path = row.partition("\t")
        mode, _, name, size = head.split()
        if mode != MODULE:
            yield Blob(mode, name, int(size), under + path, top)
        elif (top / path / ".git").exists():
            try:
                commit_of(top / path, name)
            except FtlintError:
                yield Blob(mode, name, 0, under + path, top)
            else:
                yield from blobs(top / path, name, f"{under}{path}/")


def absent(top: Path) -> dict[str, str]:
    """The paths of files that a sparse checkout leaves out of the working folder, each with the name of its object."""
    rows = [row.partition("\t") for row in git(top, "ls-files", "-t", "-s", "-z").split("\0")]
    left_out = {path: head.split()[2] for head, _, path in rows if head.startswith("S ")}
    return {path: name for path, name in left_out.items() if not os.path.lexists(top / path)}


def commit_of(folder: Path, ref: str) -> str:
    """The name of a commit in the repository around a folder.

    Raises:
        FtlintError: there is no such commit here.
    """
    with suppress(FtlintError):
        if not ref.startswith("^"):
            return git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}").strip()
    raise FtlintError(f'git knows no commit "{ref}" here{_advice(folder, ref)}')


def _advice(folder: Path, ref: str) -> str:
    """What to do about a commit that is not here."""
    names = git(folder, "for-each-ref", "--format=%(refname:short)").split()
    if not names and not git(folder, "rev-list", "--all", "--max-count=1"):
        return ": the repository has no commit yet"
    if git(folder, "rev-parse", "--is-shallow-repository").strip() == "true":
        return ": only a part of its history was cloned; fetch the rest (in CI, with `fetch-depth: 0`)"
    near = next((name for name in names if name.endswith(f"/{ref}")), "") or nearest(ref, names)
    return did_you_mean(near) or ": fetch it first, or name a branch, a tag or the digits of one"


def _environment() -> dict[str, str]:
    """Without what a hook sets, so that git finds the repository, or its submodule, by the folder."""
    return {name: value for name, value in os.environ.items() if name not in OF_A_REPOSITORY}


def git(folder: Path, *arguments: str) -> str:
    """What git answers.

    Raises:
        FtlintError: it is not installed, or refuses.
    """
    try:
        command = ["git", "-C", str(folder), *arguments]
        done = subprocess.run(command, capture_output=True, check=True, env=_environment())  # noqa: S603
    except FileNotFoundError:
        raise FtlintError("git is not installed, and --base asks it for the past") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        raise FtlintError(f"git cannot tell the past of {folder}: {said or 'it gave no reason'}") from None
    return os.fsdecode(done.stdout)
