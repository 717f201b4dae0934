"""The folder of a cache: sealed entries by key, written whole, bounded in size, safe to delete at any time."""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from pathlib import Path

from xxhash import xxh3_128_digest

NAME = ".ftlint_cache"
LIMIT = 256 << 20
"""Bytes of entries that are kept; those used longest ago go first."""
LARGEST = 64 << 20
"""Bytes of the largest entry that is read."""
STALE = 3600
"""Seconds after which a file that was never finished is swept away."""

TAG_FILE, SUFFIX, UNFINISHED = "CACHEDIR.TAG", ".entry", ".unfinished"
TAG = b"""Signature: 8a477f597d28d172789f06886806bc55
# This folder is a cache of ftlint. It can be deleted at any time: "ftlint clean" does.
# What this file is for: https://bford.info/cachedir/
"""
MAGIC = b"ftlint cache 1\n"


class Store:
    """Entries in a folder that ftlint made; made when there is something to keep.

    Reading and writing never fail: what cannot be read is not there, and after a failed write nothing more is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.usable = is_cache(folder)
        self.writable = self.usable or _is_free(folder)
        self._written = False

    def _file(self, key: str) -> str:
        return os.path.join(self.folder, key + SUFFIX)

    def has(self, key: str) -> bool:
        """Whether there is an entry, sound or not."""
        return self.usable and os.path.exists(self._file(key))

    def load(self, key: str) -> bytes | None:
        """What was saved under a key; None if nothing was, or if it is not whole."""
        if not self.usable:
            return None
        try:
            handle = os.open(self._file(key), os.O_RDONLY | _NO_LINKS | getattr(os, "O_BINARY", 0))
            with open(handle, "rb") as file:
                size = os.fstat(handle).st_size
                if not stat.S_ISREG(os.fstat(handle).st_mode) or size > LARGEST:
                    return None
                data = file.read(size)
        except OSError:
            return None
        payload = data[_HEAD:]
        if data[:_HEAD] != _seal(key, payload):
            return None
        with suppress(OSError):
            os.utime(self._file(key))
        return payload

    def save(self, key: str, payload: bytes) -> None:
        """Keep something under a key, if the folder takes it."""
        if not self.writable or len(payload) + _HEAD > LARGEST:
            return
        try:
            if not self.usable:
                self._make()
            _replace(self._file(key), _seal(key, payload) + payload)
            self._written = True
        except OSError:
            self.writable = False

    def _make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        _replace(os.path.join(self.folder, ".gitignore"), b"# made by ftlint\n*\n")
        _replace(os.path.join(self.folder, TAG_FILE), TAG)
        self.usable = True

    def trim(self) -> None:
        """After something was written, delete what is over the limit."""
        if not self._written:
            return
        with suppress(OSError):
            entries = [(entry.stat(follow_symlinks=False), entry.path) for entry in _entries(self.folder)]
            total = sum(seen.st_size for seen, _ in entries)
            for seen, path in sorted(entries, key=lambda entry: entry[0].st_mtime_ns):
                unfinished = path.endswith(UNFINISHED) and seen.st_mtime < time.time() - STALE
                if total > LIMIT or unfinished:
                    os.unlink(path)
                    total -= seen.st_size


def is_cache(folder: Path) -> bool:
    """Whether a folder carries the tag of ftlint's caches."""
    try:
        return not (folder / TAG_FILE).is_symlink() and (folder / TAG_FILE).read_bytes() == TAG
    except OSError:
        return False


def clean(folder: Path) -> int | None:
    """Delete a cache and all its entries, and nothing else; gives their bytes, or None if the folder is no cache.

    Raises:
        OSError: something cannot be deleted.
    """
    if not is_cache(folder):
        return None
    freed = 0
    for entry in _entries(folder):
        with suppress(FileNotFoundError):  # another process tidies up too
            size = entry.stat(follow_symlinks=False).st_size
            os.unlink(entry.path)
            freed += size
    for name in (".gitignore", TAG_FILE):
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):  # somebody put a file of theirs there
        folder.rmdir()
    return freed


_HEAD = len(MAGIC) + 16
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def _seal(key: str, payload: bytes) -> bytes:
    return MAGIC + xxh3_128_digest(key.encode() + payload)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return [entry for entry in found if entry.name.endswith((SUFFIX, UNFINISHED))]


def _is_free(folder: Path) -> bool:
    """Whether a cache can be made of a folder: it does not exist, or nothing is in it but what a making began with."""
    try:
        return all(name.startswith(".gitignore") for name in os.listdir(folder))
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _replace(file: str, data: bytes) -> None:
    """Write a file at once; two processes that do so do not meet."""
    part = f"{file}.{os.urandom(8).hex()}{UNFINISHED}"
    try:
        with open(part, "xb") as stream:
            stream.write(data)
        os.replace(part, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(part)
        raise
