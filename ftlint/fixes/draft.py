"""A draft: the new text of a file, written from the first change on, and put in its place whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

BLOCK = 1 << 20
SUFFIX = ".ftlint-draft"
"""The end of a draft's name, which no pattern of datasets matches."""


class ChangedError(OSError):
    """A file is another one than was read."""


def blocks(file: str | Path, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """The bytes ``[start, stop)`` of a file."""
    with open(file, "rb") as stream:
        stream.seek(start)
        left = os.fstat(stream.fileno()).st_size - start if stop is None else stop - start
        while left > 0 and (block := stream.read(min(BLOCK, left))):
            left -= len(block)
            yield block


class Draft:
    """What a file becomes in one pass: nothing is written until something changes."""

    def __init__(self, original: str, folder: Path, name: str) -> None:
        self.original, self.folder, self.name = original, folder, name
        self.kept = 0
        self.path = ""
        self.stream: IO[bytes] | None = None

    def keep(self, length: int) -> None:
        """The next bytes of the original stay."""
        if self.stream is not None:
            for block in blocks(self.original, self.kept, self.kept + length):
                self.stream.write(block)
        self.kept += length

    def keep_bytes(self, *raw: bytes) -> None:
        """The next bytes of the original, which are these, stay."""
        if self.stream is not None:
            self.stream.writelines(raw)
        self.kept += sum(map(len, raw))

    def change(self, length: int, new: Iterable[bytes]) -> None:
        """The next bytes of the original become others."""
        if self.stream is None:
            handle, self.path = tempfile.mkstemp(SUFFIX, f".{self.name}.{os.getpid()}.", self.folder)
            self.stream = os.fdopen(handle, "wb", BLOCK)
            for block in blocks(self.original, 0, self.kept):
                self.stream.write(block)
        self.stream.writelines(new)
        self.kept += length

    def close(self) -> bool:
        """Finish writing; whether anything changed."""
        if self.stream is not None:
            self.stream.flush()
            os.fsync(self.stream.fileno())
            self.stream.close()
        return self.stream is not None

    def discard(self) -> None:
        """Remove what was written."""
        if self.stream is not None:
            with contextlib.suppress(OSError):  # a full disk does not take what is still to be written
                self.stream.close()
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path)


class State:
    """What a file was when it was first read: to be compared just before another one takes its place."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stat = _stat(path)
        self.digest = b""

    def remember(self) -> None:
        """Keep the digest of the content, once it is known that the file is to change."""
        self.digest = _digest(self.path)
        self._verify_stat()

    def verify(self) -> None:
        """Raise ``ChangedError`` if the file has changed since."""
        self._verify_stat()
        if _digest(self.path) != self.digest:
            raise ChangedError(0, CHANGED)
        self._verify_stat()

    def _verify_stat(self) -> None:
        if _stat(self.path) != self.stat:
            raise ChangedError(0, CHANGED)


CHANGED = "it changed while it was fixed; run it again"


def _stat(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _digest(path: Path) -> bytes:
    digest = hashlib.blake2b()
    for block in blocks(path):
        digest.update(block)
    return digest.digest()


def put(draft: str, path: Path, state: State) -> None:
    """Put a draft in the place of a file that is as it was read, with its mode, owner and attributes.

    Raises:
        OSError: that is not possible; the file is then untouched.
    """
    before = path.stat()
    after = os.stat(draft)
    if hasattr(os, "chown") and (before.st_uid, before.st_gid) != (after.st_uid, after.st_gid):
        os.chown(draft, before.st_uid, before.st_gid)
    shutil.copystat(path, draft)
    os.utime(draft)
    state.verify()
    os.replace(draft, path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Make a renaming last; not every system lets folders be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def drafts(folder: Path) -> tuple[Path, ...]:
    """The drafts that stand in a folder, of any file and run."""
    return tuple(folder.glob(f".*{SUFFIX}"))


def sweep(found: Iterable[Path], name: str) -> None:
    """Remove those drafts of a file that were left by runs that are over."""
    for stray in found:
        owner, _, pid = stray.stem.rpartition(".")[0].rpartition(".")
        if owner == f".{name}" and pid.isdigit() and not _runs(int(pid)):
            with contextlib.suppress(OSError):
                stray.unlink()


def _runs(pid: int) -> bool:
    """Whether a process runs; where it cannot be asked without harm, it is taken to run."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
