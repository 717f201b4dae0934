"""The shipped examples: the sound one is clean; in its broken twin every planted fault is found, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import ftlint
from ftlint.config import default

EXAMPLES = Path(__file__).parent.parent / "examples"
PLANTED = [
    (2, '"asistant"', "error", "unknown-role"),
    (3, '"content": "Who wrote', "error", "invalid-json"),
    (4, '"one of those"', "error", "invalid-json"),
    (8, "{", "warning", "duplicate-example"),
    (9, '"Marv is a factual chatbot that is also Sarcastic"', "warning", "near-variant-system-prompt"),
    (10, "\\frac", "warning", "eaten-escape"),
    (11, ' "}]}', "warning", "edge-whitespace"),
    (12, "0.5", "error", "bad-weight"),
    (13, '"id"', "error", "extra-key"),
    (15, '"user", "content": "Thanks!"', "error", "ends-without-assistant"),
    (16, "<|endoftext|>", "warning", "special-token-text"),
    (17, '{"topic"', "error", "object-arguments"),
    (18, "'messages'", "error", "invalid-json"),
    (24, '""', "warning", "empty-content"),
    (25, '"content": "Vivaldi', "error", "duplicate-key"),
]
"""Line, text at the place, severity and rule of every planted fault."""


def report(name: str) -> ftlint.Report:
    return ftlint.check([EXAMPLES / name], config=default(EXAMPLES))


def test_the_sound_example_is_clean() -> None:
    found = report("marv.jsonl")
    assert found.diagnostics == ()
    assert (found.summary.examples, found.summary.tokens.exact) == (12, True)


def test_every_planted_fault_is_found_where_it_is_and_nothing_else() -> None:
    lines = (EXAMPLES / "marv-broken.jsonl").read_text("utf-8").split("\n")
    wanted = [(line, lines[line - 1].index(text) + 1, severity, rule) for line, text, severity, rule in PLANTED]
    found = [
        (item.position.line, item.position.column, str(item.severity), item.name)
        for item in report("marv-broken.jsonl").diagnostics
    ]
    assert found == wanted


def peak(path: Path) -> int:
    """Megabytes that a check of a file takes at most, the interpreter and the vocabulary included.

    ``ru_maxrss`` would begin with the size of the process that started it; the kernel's high-water mark does not.
    """
    code = "import sys; from ftlint.__main__ import main\ntry: main()\nexcept SystemExit: pass\n"
    code += "print(open('/proc/self/status').read().partition('VmHWM:')[2].split()[0], file=sys.stderr)"
    command = [sys.executable, "-c", code, "check", "--no-config", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stderr.split()[-1]) >> 10


def test_memory_does_not_grow_with_the_file_or_the_line(tmp_path: Path) -> None:
    many, one = tmp_path / "many.jsonl", tmp_path / "one.jsonl"
    with many.open("w", encoding="utf-8") as file:
        for number in range(24_000):
            question = {"role": "user", "content": f"What is {number}? " + "Tell me more. " * 50}
            file.write(json.dumps({"messages": [question, {"role": "assistant", "content": f"{number}."}]}) + "\n")
    with one.open("w", encoding="utf-8") as file:
        file.write('{"messages": [{"role": "user", "content": "')
        for _ in range(100):
            file.write("a word " * 150_000)
        file.write('"}]}\n')
    assert one.stat().st_size > 100_000_000
    assert peak(many) < 200
    assert peak(one) < 200
