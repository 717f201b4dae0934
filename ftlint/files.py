"""Files: how users see their paths, and writing so that none is ever lost or half-written."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def shown(path: Path) -> str:
    """A path as users know it: from the current folder where it is below it, with forward slashes."""
    try:
        near = os.path.relpath(path)
    except (ValueError, OSError):  # on another drive, or the current folder is gone
        near = os.pardir
    is_outside = near.split(os.sep, 1)[0] == os.pardir
    return (str(path) if is_outside else near).replace(os.sep, "/")


def write_atomically(path: Path, data: bytes) -> None:
    """Write to a temporary file in the same folder, sync it, and put it in the place of ``path``; keeps its mode.

    A device or a pipe is written to, never replaced.

    Raises:
        OSError: the file is write-protected, the folder is missing or not writable, the disk is full; the old file is
            then untouched.
    """
    import tempfile

    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    if path.exists() and not path.stat().st_mode & 0o222:  # its folder would let it be replaced
        raise PermissionError(errno.EACCES, "it is write-protected")
    mode = path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
