"""The commands that are measured, and the ratios between them that are to be reached."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

BENCH = Path(__file__).parent
MODELS = {"cl100k": "gpt-3.5-turbo", "o200k": "gpt-4o-mini"}
COMMAND = ["-c", "from ftlint.__main__ import main; main()"]
"""What the installed command runs; ``-m ftlint`` would load ``runpy`` besides."""
TEXTS = {"spaces": " ", "one letter": "a", "digits": "7"}


@dataclass(frozen=True)
class Ratio:
    """A row of the table: the figures of one command divided by those of another."""

    case: str
    above: str
    below: str
    goal: str = ""


def commands(data: Path) -> dict[str, list[str]]:
    """What is run, by name: arguments of Python, on the files that ``run.py`` makes in ``data``."""
    main, tenth = str(data / "main.jsonl"), str(data / "tenth.jsonl")
    baseline, floors = str(BENCH / "baseline.py"), str(BENCH / "floors.py")
    result = {"json.loads": [baseline, "parse", main], "typed decode": [floors, "decode", main]}
    for name in MODELS:
        result[f"notebook, {name}"] = [baseline, "notebook", f"{name}_base", main]
        result[f"counting floor, {name}"] = [floors, "count", f"{name}_base", main]
        result[f"check, {name}"] = check(main, name)
        result[f"10 lines, {name}"] = check(str(data / "ten.jsonl"), name)
    result |= {
        "a tenth": check(tenth),
        "a tenth, 1 % faults": check(str(data / "faulty.jsonl")),
        "a tenth, 50 % faults": check(str(data / "damaged.jsonl")),
        "one line": check(str(data / "line.jsonl")),
        "10 lines, no totals": check(str(data / "ten.jsonl"), "o200k", "--no-totals"),
        "no totals": check(main, "o200k", "--no-totals"),
        "--version": [*COMMAND, "--version"],
        "bare Python": ["-c", "pass"],
        "import click": ["-c", "import click"],
    }
    return result | {text: check(str(data / f"{text}.jsonl")) for text in ("ordinary text", *TEXTS)}


def check(file: str, encoding: str = "cl100k", *options: str) -> list[str]:
    """``ftlint check`` of one file, all default rules."""
    return [*COMMAND, "check", "--no-config", "--target", MODELS[encoding], *options, file]


RATIOS = (
    *(
        Ratio(f"{name}: notebook-like script ÷ check", f"notebook, {name}", f"check, {name}", goal)
        for name, goal in (("cl100k", "≥ 10"), ("o200k", "≥ 8"))
    ),
    *(
        Ratio(f"{name}: check ÷ counting floor", f"check, {name}", f"counting floor, {name}", "≤ 1.6")
        for name in MODELS
    ),
    Ratio("check ÷ `json.loads` of every line", "check, cl100k", "json.loads"),
    Ratio("check ÷ typed decode of every line", "check, cl100k", "typed decode"),
    Ratio("growth: check ÷ check of a tenth", "check, cl100k", "a tenth", "≤ 10; memory ≤ 1.1"),
    Ratio("1 % faults ÷ none", "a tenth, 1 % faults", "a tenth", "≤ 1.2"),
    Ratio("50 % faults ÷ none", "a tenth, 50 % faults", "a tenth"),
    *(
        Ratio(f"{name}: 10-line file, whole process ÷ `import click`", f"10 lines, {name}", "import click")
        for name in MODELS
    ),
    Ratio("10-line file, `--no-totals` ÷ `import click`", "10 lines, no totals", "import click", "≤ 2"),
    Ratio("notebook-like script ÷ check `--no-totals`", "notebook, o200k", "no totals", "≥ 25"),
    Ratio("`--version` ÷ bare Python", "--version", "bare Python", "≤ 1.3"),
    Ratio("one huge line ÷ 10-line file", "one line", "10 lines, cl100k", "memory of the line ≤ 300 MB"),
    *(Ratio(f"worst case, {text} ÷ ordinary text", text, "ordinary text", "≤ 3") for text in TEXTS),
)
