"""What the tests of executors share: a dataset of several shards, and a plugin whose check does what a text says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ftlint.engine import Tallies
from ftlint.model import Shard

ROOT = Path(__file__).parent.parent
ROW = '{{"messages": [{{"role": "user", "content": "{}"}}, {{"role": "assistant", "content": "Far."}}]}}\n'
PAGE = """---
code: OWN001
name: obeyed-order
summary: A text that is an order.
severity: warning
status: stable
since: "1"
check: obeyed-order
message: 'it was obeyed'
---
# obeyed-order
"""
KIND = """
import os
import signal
import time
from collections.abc import Iterator

from ftlint.checks.base import RecordCheck, kind


@kind
class ObeyedOrder(RecordCheck):
    kind = "obeyed-order"

    def examine(self, record) -> Iterator[object]:
        order = record.data["messages"][0]["content"]
        if order == "DIE":
            os.kill(os.getpid(), signal.SIGKILL)
        if order == "RAISE":
            raise ValueError("raised on purpose")
        if order == "SLEEP":
            open(f"asleep-{os.getpid()}", "w").close()
            time.sleep(100)
        yield from ()
"""


def dataset(folder: Path) -> list[Path]:
    """Files of many kinds of lines, authored ones among them."""
    row = ROW.format("How far is {}?")
    (folder / "train.jsonl").write_text(
        "".join(row.replace("{}", f"town {n % 40}") + '{"messages": []}\n' * (n % 7 == 0) for n in range(60))
        + '{"messages": [{"role": "user", "content": "one\n'
        + "\n"
        + row.replace("Far.", "Far. ")
    )
    (folder / "valid.jsonl").write_text(row.replace("{}", "town 3") + "[1]\n")
    (folder / "more.ft.yaml").write_text("examples:\n  - user: How far is town 4?\n    assistant: 'Near. '\n")
    return [folder / name for name in ("train.jsonl", "valid.jsonl", "more.ft.yaml")]


def project(folder: Path, *orders: str) -> None:
    """A dataset of two files in a folder, the second with orders, and the plugin that obeys them."""
    (folder / "rules").mkdir()
    (folder / "rules" / "obeyed-order.md").write_text(PAGE)
    (folder / "obedience.py").write_text(KIND)
    (folder / "ftlint.yaml").write_text("plugins: [obedience]\n")
    (folder / "a.jsonl").write_text("".join(ROW.format(f"How far is town {n}?") for n in range(10)))
    (folder / "b.jsonl").write_text("".join(map(ROW.format, orders)))


def start(folder: Path, *arguments: str, threaded: bool = False) -> subprocess.Popen[str]:
    """``ftlint check`` in a process group of its own; perhaps beside a thread, which forbids it to fork."""
    beside = "import threading, time; threading.Thread(target=time.sleep, args=(200,), daemon=True).start(); "
    code = f"{beside if threaded else ''}from ftlint.cli import cli; cli(prog_name='ftlint')"
    return subprocess.Popen(
        [sys.executable, "-c", code, "check", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def until(done: Callable[[], object]) -> None:
    """Wait until something holds, for a minute at most."""
    for _ in range(1200):
        if done():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to pass")


def group_is_gone(group: int) -> bool:
    """Whether no process of a group lives."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def die(shard: Shard) -> Tallies:
    """Work that kills its worker."""
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def die_once(marker: str, scan: Callable[[Shard], Tallies], shard: Shard) -> Tallies:
    """Work whose first worker is killed."""
    if shard.first_line > 1 and not os.path.exists(marker):
        Path(marker).touch()
        die(shard)
    return scan(shard)


def process_id(_: Shard) -> int:
    return os.getpid()
