"""The files that are measured: made once, kept until what makes them changes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

BENCH = Path(__file__).parent
MAKERS = ("generate.py", "words.py", "files.py", "yaml_ways.py")
WORST_BYTES, BLOCK = 1_000_000, 1_000_000
SHORT_LINES = 200
"""Short lines for each million bytes of the main file."""
TEXTS = {"spaces": " ", "one letter": "a", "digits": "7"}
ANSWER = b'"content": "'


@dataclass(frozen=True)
class Sizes:
    """In millions of bytes: the main file, the larger one, the single huge line."""

    main: float
    large: float
    line: float

    @property
    def yaml(self) -> float:
        return min(10.0, self.main / 10)


def make(data: Path, sizes: Sizes) -> None:
    """Write the files that ``cases.commands`` names, unless they are there."""
    stamp = data / "made.txt"
    made = f"{sizes} {hashlib.sha256(b''.join((BENCH / name).read_bytes() for name in MAKERS)).hexdigest()}"
    if stamp.is_file() and stamp.read_text() == made:
        return
    data.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    _datasets(data, sizes)
    _edited(data)
    _texts(data, sizes)
    stamp.write_text(made)


def _datasets(data: Path, sizes: Sizes) -> None:
    for name, megabytes in (("main", sizes.main), ("large", sizes.large), ("hundredth", sizes.main / 100)):
        _write(data / f"{name}.jsonl", "generate.py", "--megabytes", str(megabytes))
    for name, share in (("tenth", 0), ("faulty", 0.01), ("damaged", 0.5)):
        size = ("--megabytes", str(sizes.main / 10))
        _write(data / f"{name}.jsonl", "generate.py", *size, "--faults", str(share))
    _write(data / "ten.jsonl", "generate.py", "--examples", "10")
    _write(data / "other.jsonl", "generate.py", "--examples", "1", "--seed", "1")
    _write(data / "authored.ft.yaml", "yaml_ways.py", "--megabytes", str(sizes.yaml), "--text")
    for name, role in (("short", "assistant"), ("wrong", "bot")):
        _short(data / f"{name}.jsonl", role, max(20, round(sizes.main * SHORT_LINES)))


def _write(file: Path, script: str, *arguments: str) -> None:
    with file.open("wb") as out:
        subprocess.run([sys.executable, str(BENCH / script), *arguments], stdout=out, check=True)


def _short(file: Path, role: str, count: int) -> None:
    """A file of short lines, the answer of each by ``role``."""
    with file.open("w", encoding="utf-8", newline="\n") as out:
        for number in range(count):
            ask = {"role": "user", "content": f"What is {number} and one?"}
            out.write(json.dumps({"messages": [ask, {"role": role, "content": f"It is {number + 1}."}]}) + "\n")


def _edited(data: Path) -> None:
    """The main file with one line in the middle changed, inserted or removed."""
    other = (data / "other.jsonl").read_bytes()
    changes: dict[str, Callable[[bytes], bytes]] = {
        "changed": lambda line: (ANSWER + b"Well: ").join(line.rsplit(ANSWER, 1)),
        "inserted": lambda line: other + line,
        "removed": lambda _: b"",
    }
    main = data / "main.jsonl"
    for name, change in changes.items():
        with main.open("rb") as file, (data / f"{name}.jsonl").open("wb") as out:
            left = main.stat().st_size // 2
            while left > 0:
                out.write(line := file.readline())
                left -= len(line)
            out.write(change(file.readline()))
            shutil.copyfileobj(file, out)


def _texts(data: Path, sizes: Sizes) -> None:
    worst = min(WORST_BYTES, int(sizes.main * 1e6))
    with (data / "main.jsonl").open(encoding="utf-8") as file:
        _one_answer(data / "ordinary text.jsonl", file.read(worst), 1)
    for name, text in TEXTS.items():
        _one_answer(data / f"{name}.jsonl", text * worst, 1)
    _one_answer(data / "line.jsonl", "some words " * (BLOCK // 11), max(1, round(sizes.line * 1e6 / BLOCK)))


def _one_answer(file: Path, text: str, times: int) -> None:
    """A file of one line, whose answer is ``text`` so many times."""
    line = json.dumps({"messages": [{"role": "user", "content": "Go."}, {"role": "assistant", "content": "\0"}]})
    head, tail = line.split("\\u0000")
    inner = json.dumps(text, ensure_ascii=False)[1:-1]
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.write(head)
        for _ in range(times):
            out.write(inner)
        out.write(tail + "\n")


def put(file: Path, place: Path) -> None:
    """Have a file stand at another place, too."""
    place.unlink(missing_ok=True)
    try:
        os.link(file, place)
    except OSError:
        shutil.copyfile(file, place)
