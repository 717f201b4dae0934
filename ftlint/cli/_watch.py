"""Doing something again whenever a file changes, until Ctrl-C; watchfiles tells, or else the clock."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from typing import NoReturn

from ftlint.cli import complain
from ftlint.errors import FtlintError

POLL = 0.5
"""Seconds between two looks at the files that are watched."""
LONGEST = 2_000
"""Milliseconds after which files are looked at though nothing was told: it may have happened between two watches."""
SETTLED = 2_000_000_000
"""Nanoseconds after which a file's time of change is believed: file systems keep it coarsely."""

Stamps = dict[str, tuple[int, int] | None]


def forever(run: Callable[[], object], files: Callable[[], Iterable[str]]) -> NoReturn:
    """Call ``run``, and again whenever one of ``files()`` has changed, come or gone.

    Some files may be known only after they were read; one that may have changed since then is read once more.
    """
    seen: Stamps | None = None
    while True:
        now, before = _stamps(files), time.time_ns() - SETTLED
        if now != seen:
            try:
                run()
            except FtlintError as error:
                complain(str(error))
            settled = {file: stamp for file, stamp in _stamps(files).items() if stamp and stamp[0] < before}
            seen = {**settled, **now}
        _wait(now)


def _stamps(files: Callable[[], Iterable[str]]) -> Stamps:
    return {file: _stamp(file) for file in files()}


def _stamp(file: str) -> tuple[int, int] | None:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _wait(files: Iterable[str]) -> None:
    """Until something happens in the current folder or those of the files, or for a while."""
    folders = {".", *(folder for file in files if os.path.isdir(folder := os.path.dirname(file)))}
    try:
        from watchfiles import watch

        changes = watch(*folders, watch_filter=None, rust_timeout=LONGEST, yield_on_timeout=True, recursive=False)
        next(changes, None)
    except (ImportError, OSError, RuntimeError):
        time.sleep(POLL)
