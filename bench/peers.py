"""Other linters of fine-tuning data, installed by name into an environment of their own, and how each is called.

    python bench/peers.py

What does not install is listed with the reason. ``run.py`` measures those that are there.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import venv
from pathlib import Path

from measure import Command

BENCH = Path(__file__).parent
NAMES = ("parallelogram", "dropoutt", "finelint")
FOLDER, MISSING, VOCABULARY = "peers", "missing.json", "vocabulary"
CODES = (0, 1, 2)
AGAINST = {
    "parallelogram, exact counts": ("check, o200k", ""),
    "parallelogram, approximate counts": ("no totals, o200k", " `--no-totals`"),
    "dropoutt, its quickest checks": ("no totals, o200k", " `--no-totals`"),
    "finelint, a tenth of the file": ("no totals, a tenth", " `--no-totals`"),
}
"""What each is compared with, and how that is called in a table."""


def commands(data: Path) -> dict[str, Command]:
    """How the peers that are there are called."""
    home = data / FOLDER
    out, main = home / "out", str(data / "main.jsonl")
    reports = ("--report", str(out / "report.json"), "--affected-records", str(out / "records.json"))
    quickly = ("--tier", "0", "--offline", "--no-html", "--no-open", "--quiet", "--out", str(out / "dropoutt"))
    calls = {
        "parallelogram, exact counts": ("parallelogram", "check", main, "--tokenizer", "gpt-4o", "--json"),
        "parallelogram, approximate counts": ("parallelogram", "check", main, "--json"),
        "dropoutt, its quickest checks": ("dropoutt", "scan", main, *quickly),
        "finelint, a tenth of the file": ("finelint", "inspect", str(data / "tenth.jsonl"), *reports),
    }
    environment = {"TIKTOKEN_CACHE_DIR": str(home / VOCABULARY)}
    return {
        title: Command(arguments, str(program), most=1, environment=environment, codes=CODES)
        for title, (name, *arguments) in calls.items()
        if (program := _binaries(home) / name).exists()
    }


def missing(data: Path) -> dict[str, str]:
    """The peers that are not there, and why."""
    home = data / FOLDER
    absent = [name for name in NAMES if not (_binaries(home) / name).exists()]
    told = json.loads((home / MISSING).read_text("utf-8")) if (home / MISSING).is_file() else {}
    return {name: told.get(name, "not installed: python bench/peers.py") for name in absent}


def _binaries(home: Path) -> Path:
    return home / ("Scripts" if sys.platform == "win32" else "bin")


def install(data: Path) -> dict[str, str]:
    """Make the environment; the peers that did not install, with the last words of pip."""
    home = data / FOLDER
    venv.create(home, with_pip=True, clear=True)
    (home / "out").mkdir()
    told = {}
    for name in NAMES:
        command = [str(_binaries(home) / "python"), "-m", "pip", "install", "--quiet", name]
        besides = ["tiktoken"] if name == "parallelogram" else []
        done = subprocess.run([*command, *besides], stderr=subprocess.PIPE, check=False)
        if done.returncode:
            told[name] = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    (home / MISSING).write_text(json.dumps(told), "utf-8")
    _write_vocabulary(home / VOCABULARY)
    return told


def _write_vocabulary(folder: Path) -> None:
    """The files that tiktoken would download, where it looks for them first."""
    sys.path.insert(0, str(BENCH.parent))
    from ftlint.tokens.ranks import ranks, specification

    folder.mkdir()
    for name in ("cl100k_base", "o200k_base"):
        urls: list[str] = []
        specification(name, lambda url, urls=urls, **_: urls.append(url) or {})
        rows = (base64.b64encode(token) + b" %d\n" % rank for token, rank in ranks(name).items())
        (folder / hashlib.sha1(urls[0].encode()).hexdigest()).write_bytes(b"".join(rows))


if __name__ == "__main__":
    for name, reason in install(Path(sys.argv[1]) if sys.argv[1:] else BENCH / "data").items():
        sys.stderr.write(f"{name} did not install: {reason}\n")
