"""The ledger of what was submitted: one JSON object a line, only ever appended to, on disk before the next step."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ftlint.errors import FtlintError

FOLDER = ".ftlint"
NAME = "submissions.jsonl"
NEEDED = {
    "started": ("name", "model", "files"),
    "part": ("upload", "part"),
    "uploaded": ("file",),
    "completing": ("upload",),
    "creating": ("files",),
    "created": ("job", "name"),
    "ended": ("job",),
}
"""What the entries of a step are of no use without."""
Entry = dict[str, Any]


class Ledger:
    """The entries of one project, oldest first.

    Each has ``at``, ``step``, ``digest`` (of bytes and parameters) and ``run``; then what the step gives:
    ``started`` (name, files, model), ``uploading`` and ``part`` (of an upload in parts), ``uploaded`` (file),
    ``creating`` (files), then ``unanswered`` or ``refused`` (surely nothing was done), ``created`` (job), ``ended``
    (status, model, trained_tokens, usd).
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER
        self.path = self.folder / NAME

    def entries(self) -> list[Entry]:
        """All entries; a last line that a crash cut off was never written."""
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise FtlintError(f"{self.path}: the ledger could not be read: {error.strerror}") from None
        return [entry for line in lines if (entry := _entry(line)) is not None]

    def of(self, digest: str, run: int | None = None) -> list[Entry]:
        """The entries of one submission."""
        found = (entry for entry in self.entries() if entry["digest"] == digest)
        return [entry for entry in found if run in (None, entry["run"])]

    def append(self, step: str, digest: str, run: int, **more: Any) -> None:
        """Write an entry and wait until it is on the disk.

        Raises:
            FtlintError: it cannot be written; nothing that follows may be done.
        """
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "step": step, "digest": digest, "run": run, **more})  # names may be no UTF-8
        try:
            self.prepare()
            append_lines(self.path, line.encode() + b"\n")
        except OSError as error:
            raise FtlintError(
                f"{self.path}: the ledger could not be written: {error.strerror}; nothing more was sent"
            ) from None

    def prepare(self) -> None:
        """Make the folder, which git ignores.

        Raises:
            OSError: it cannot be made.
        """
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
        ignore = self.folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among all processes.

        Raises:
            FtlintError: another process submits from this project.
        """
        from filelock import FileLock, Timeout

        try:
            self.prepare()
            lock = FileLock(self.folder / "submissions.lock", timeout=0)
            lock.acquire()
        except Timeout:
            raise FtlintError(
                f"another `ftlint submit` is at work in {self.folder}; when it is done, the same command finds its job"
            ) from None
        except OSError as error:
            raise FtlintError(f"{self.folder}: the ledger could not be locked: {error.strerror}") from None
        try:
            yield
        finally:
            lock.release()


def _entry(line: bytes) -> Entry | None:
    """What a line holds; nothing where a crash cut it off, or somebody edited it away."""
    try:
        entry = json.loads(line)
        datetime.fromisoformat(entry["at"])
        needed = {"digest", "run", *NEEDED.get(entry["step"], ())}
    except (ValueError, TypeError, KeyError):
        return None
    return entry if needed <= entry.keys() else None


def append_lines(path: Path, lines: bytes) -> None:
    """Add whole lines to a file, and wait until they are on the disk.

    Raises:
        OSError: they cannot be written.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        is_new = not os.fstat(handle).st_size
        os.write(handle, _gap(handle) + lines)
        os.fsync(handle)
    finally:
        os.close(handle)
    if is_new:
        _sync(path.parent)


def _sync(folder: Path) -> None:
    """Put the names of a folder's files on the disk too, where the system has a way to."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _gap(handle: int) -> bytes:
    """A line end, where a crash left the last line without one."""
    if not os.fstat(handle).st_size:
        return b""
    os.lseek(handle, -1, os.SEEK_END)
    return b"" if os.read(handle, 1) == b"\n" else b"\n"
