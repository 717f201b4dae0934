"""The command ``ftlint``, also as ``python -m ftlint``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; the version is told before anything is imported."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from ftlint import __version__

        print(f"ftlint {__version__}")
        return
    import gc

    gc.set_threshold(100_000, 50, 1000)  # cycles are rare, and looking for them takes a fifth of the time
    from ftlint.cli import cli

    try:
        cli(prog_name="ftlint")
    finally:
        gc.freeze()  # nor is there anything to look for at the end, where it takes a sixth of a small file's check


if __name__ == "__main__":
    main()
