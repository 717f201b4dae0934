"""Draws what commands print on a terminal as SVGs, for the README: ``python bench/picture.py [FOLDER]``."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
WIDTH = 96
PADDING = 12
PICTURES = {
    "diff.svg": "check --diff examples/marv-broken.jsonl",
    "check.svg": "check examples/marv-broken.jsonl --format text --select FT0,FT1,FT2,FT7 --show 1",
}
"""A command a picture; options from ``--format`` on are left out of what is shown as typed."""
FRAME = """<svg viewBox="0 0 {terminal_width} {terminal_height}" xmlns="http://www.w3.org/2000/svg" xml:space="preserve">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
<rect width="100%" height="100%" rx="10" fill="#1b1d23"/>
<g transform="translate(12, 12)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def main(folder: Path) -> None:
    for name, command in PICTURES.items():
        (folder / name).write_text(draw(command.split()), "utf-8")


def draw(arguments: list[str]) -> str:
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "PYTHONPATH": str(ROOT)}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "ftlint", *arguments]
    shown = on_terminal(command, environment)
    typed = " ".join(arguments).partition(" --format")[0]
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True, color_system="truecolor")
        console.print(Text.from_ansi(f"$ ftlint {typed}\n{shown}"))
        drawn = console.export_svg(code_format=FRAME, unique_id="ftlint")
    return re.sub(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', _padded, drawn, count=1)


def on_terminal(command: list[str], environment: dict[str, str]) -> str:
    """What a command prints where a person reads it."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, cwd=ROOT, env=environment):
        os.close(theirs)
        printed = b""
        with contextlib.suppress(OSError):  # how Linux tells that the other end is closed
            while block := os.read(ours, 1 << 16):
                printed += block
    os.close(ours)
    return printed.decode().replace("\r\n", "\n")


def _padded(box: re.Match[str]) -> str:
    return f'viewBox="0 0 {float(box[1]) + 2 * PADDING} {float(box[2]) + 2 * PADDING}"'


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "examples")
