"""What is known of the screen: colour, width, and a progress bar for work that takes a while."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

import click

DELAY = 1.0


def wants_color(stream: IO[str]) -> bool:
    """Whether colours are written: ``NO_COLOR`` and ``FORCE_COLOR`` decide, then whether it is a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """The terminal's width in cells, or what ``COLUMNS`` says, or 100: as ``shutil`` has it, which is slow to load."""
    told = os.environ.get("COLUMNS", "")
    return max(40, min(int(told) if told.isdecimal() and int(told) else _terminal_width() or 100, 200))


def _terminal_width() -> int:
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else 0
    except (ValueError, OSError):
        return 0


@contextmanager
def progress(label: str, enabled: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on standard error, shown only on a terminal and only after a second."""
    if not (enabled and sys.stderr.isatty()):
        yield None
        return
    started, shown = time.monotonic(), False

    def update(done: int, total: int) -> None:
        nonlocal shown
        if not total or time.monotonic() - started < DELAY:
            return
        shown = True
        cells = 24 * done // total
        bar = "━" * cells + click.style("━" * (24 - cells), dim=True)
        click.echo(f"\r{label} {bar} {100 * done // total:3d} %", nl=False, err=True)

    try:
        yield update
    finally:
        if shown:
            click.echo("\r\x1b[2K", nl=False, err=True)
