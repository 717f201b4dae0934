"""The command ``ftlint``, also as ``python -m ftlint``."""

from __future__ import annotations

import io
import os
import sys


def main() -> None:
    """Run the command line; the version is told before anything is imported."""
    _open_closed()
    if isinstance(sys.stdout, io.TextIOWrapper):  # reports say that they are UTF-8; a terminal knows best what it is
        sys.stdout.reconfigure(encoding=None if sys.stdout.isatty() else "utf-8", errors="backslashreplace")
    if sys.argv[1:] in (["--version"], ["-V"]) and _version_told():
        return
    import gc

    gc.set_threshold(100_000, 50, 1000)  # cycles are rare, and looking for them takes a fifth of the time
    try:
        from ftlint.cli import cli

        cli(prog_name="ftlint")
    except KeyboardInterrupt:  # while modules are imported; the command line sees to those that come later
        sys.exit(130)
    finally:
        gc.freeze()  # nor is there anything to look for at the end, where it takes a sixth of a small file's check


def _version_told() -> bool:
    """Print the version; False where standard output does not take it: the command line knows what to say of that."""
    from ftlint import __version__

    try:
        print(f"ftlint {__version__}", flush=True)
    except OSError:
        return False
    return True


def _open_closed() -> None:
    """Give standard streams that were closed at the start one each: writing goes nowhere, reading is an ``OSError``."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nothing = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, open(nothing, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 (to the end)


if __name__ == "__main__":
    main()
