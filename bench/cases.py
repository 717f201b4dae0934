"""The commands that are measured, and the ratios between them that are to be reached."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import peers
from files import BENCH, TEXTS, Sizes
from measure import Command

MODELS = {"cl100k": "gpt-3.5-turbo", "o200k": "gpt-4o"}
STEM = [*("-c", "from ftlint.__main__ import main; main()")]
"""What the installed command runs; ``-m ftlint`` would load ``runpy`` besides."""
OFTEN, SELDOM = 5, 2
EDITS = ("changed", "inserted", "removed")
BYTES = "import sys; open(sys.argv[1], 'rb').read()"
COMPOSE = "import gc, sys, yaml; gc.disable(); yaml.compose(open(sys.argv[1]), Loader=yaml.CSafeLoader)"
LOAD = "from rs_bpe.bpe import openai; openai.{}_base()"
WAYS = "YAML: "
"""How the names of the ways of ``yaml_ways.py`` begin, which that script measures itself."""

Operand = str | tuple[str, str]
"""A command, or what one costs more than another."""


@dataclass(frozen=True)
class Row:
    """A row of a table: the figures of one command divided by those of another, or as they are.

    Attributes:
        by: the figure that the goal is about, a name of ``measure.Usage``.
        scale: what the ratio is multiplied with, as where sizes differ.
    """

    case: str
    above: Operand
    below: Operand | None = None
    goal: str = ""
    by: str = "wall"
    scale: float = 1.0

    @property
    def commands(self) -> set[str]:
        """The names of the commands that it needs."""
        operands = (self.above, self.below or ())
        return {name for operand in operands for name in ([operand] if isinstance(operand, str) else operand)}


def check(file: Path, encoding: str = "cl100k", *options: str) -> Command:
    """``ftlint check`` of one file, all default rules, nothing remembered, and the full report."""
    cache = () if "--cache-dir" in options else ("--no-cache",)
    how = ("--no-config", "--format", "text", "--target", MODELS[encoding])
    return Command([*STEM, "check", *how, *cache, *options, str(file)])


def cached(data: Path, file: str, kept: str) -> Command:
    """A check of a file as it stands at one place, with a copy of the cache that another run left."""
    suffix = file.partition(".")[2]
    command = check(data / f"current.{suffix}", "o200k", "--cache-dir", str(data / "cache"))
    return replace(command, state=(data / file, data / kept))


def warming(data: Path) -> list[Command]:
    """The runs that leave the caches."""
    files = {"kept-main": "main.jsonl", "kept-yaml": "authored.ft.yaml"}
    return [
        replace(
            check(data / f"current.{file.partition('.')[2]}", "o200k", "--cache-dir", str(data / kept)),
            state=(data / file, data / kept),
        )
        for kept, file in files.items()
    ]


def commands(data: Path) -> dict[str, Command]:
    """What is run, by name, on the files that ``files.make`` writes into ``data``."""
    return {**_floors(data), **_cold(data), **_warm(data), **_start(data), **_texts(data), **peers.commands(data)}


def _floors(data: Path) -> dict[str, Command]:
    main, result = str(data / "main.jsonl"), {}
    baseline, floors = str(BENCH / "baseline.py"), str(BENCH / "floors.py")
    for name in MODELS:
        result[f"notebook, {name}"] = Command([baseline, "notebook", f"{name}_base", main], most=SELDOM)
        result[f"counting floor, {name}"] = Command([floors, "count", f"{name}_base", main])
    result["json.loads"] = Command([baseline, "parse", main])
    result["typed decode"] = Command([floors, "decode", main])
    return result


def _cold(data: Path) -> dict[str, Command]:
    result = {}
    for name in MODELS:
        for mode, options in (("check", ()), ("no totals", ("--no-totals",))):
            both = check(data / "main.jsonl", name, *options)
            result[f"{mode}, {name}"] = replace(both, several=True)
            result[f"{mode}, {name}, one process"] = check(data / "main.jsonl", name, *options, "--jobs", "1")
    result |= {
        "check, large": replace(check(data / "large.jsonl"), several=True, most=SELDOM),
        "check, a tenth": check(data / "tenth.jsonl"),
        "check, a hundredth": check(data / "hundredth.jsonl"),
        "no totals, a tenth": check(data / "tenth.jsonl", "cl100k", "--no-totals"),
        "check, a tenth, 1 % faults": check(data / "faulty.jsonl"),
        "check, a tenth, 50 % faults": check(data / "damaged.jsonl"),
        "check, short lines": check(data / "short.jsonl"),
        "check, short lines, each wrong": replace(check(data / "wrong.jsonl"), most=SELDOM),
    }
    return result


def _warm(data: Path) -> dict[str, Command]:
    result = {"unchanged": replace(cached(data, "main.jsonl", "kept-main"), each=OFTEN)}
    for edit in EDITS:
        result[f"one line {edit}"] = replace(cached(data, f"{edit}.jsonl", "kept-main"), each=2)
    authored = str(data / "authored.ft.yaml")
    result |= {
        "check YAML, unchanged": replace(cached(data, "authored.ft.yaml", "kept-yaml"), each=OFTEN),
        "check YAML, cold": check(Path(authored), "o200k"),
        "compose YAML": Command(["-c", COMPOSE, authored]),
        "read the bytes of YAML": Command(["-c", BYTES, authored], each=OFTEN),
    }
    return result


def _start(data: Path) -> dict[str, Command]:
    ten = data / "ten.jsonl"
    result = {
        "--version": Command([*STEM, "--version"]),
        "bare Python": Command(["-c", "pass"]),
        "import click": Command(["-c", "import click"]),
        "10 lines, findings only": Command([*STEM, "check", "--no-config", "--no-cache", "--no-totals", str(ten)]),
    }
    for name in MODELS:
        result[f"10 lines, {name}"] = check(ten, name)
        result[f"10 lines, {name}, no totals"] = check(ten, name, "--no-totals")
        result[f"load rs-bpe, {name}"] = Command(["-c", LOAD.format(name)])
    return {name: replace(command, each=OFTEN) for name, command in result.items()}


def _texts(data: Path) -> dict[str, Command]:
    result = {text: check(data / f"{text}.jsonl") for text in ("ordinary text", *TEXTS)}
    return {**result, "one line": replace(check(data / "line.jsonl"), most=SELDOM)}


def rows(sizes: Sizes) -> list[Row]:
    """The ratios, in the order of the table."""
    return [*_speed(), *_growth(sizes), *_small(), *_yaml(), *_shapes(), *_peers()]


def _speed() -> list[Row]:
    result = []
    for name, least in (("cl100k", 10), ("o200k", 8)):
        script, floor = f"notebook, {name}", f"counting floor, {name}"
        result += [
            Row(f"{name}: notebook-like script ÷ check", script, f"check, {name}", f"≥ {least}"),
            Row(f"{name}: notebook-like script ÷ check `--jobs 1`", script, f"check, {name}, one process"),
            Row(f"{name}: check ÷ counting floor", f"check, {name}", floor, "≤ 1.6"),
            Row(f"{name}: check `--jobs 1` ÷ counting floor", f"check, {name}, one process", floor, by="cpu"),
            Row(f"{name}: notebook-like script ÷ check `--no-totals`", script, f"no totals, {name}", "≥ 25"),
            Row(f"{name}: the same with `--jobs 1`", script, f"no totals, {name}, one process"),
        ]
    unchanged = Row("unchanged, cache warm: notebook-like script ÷ check", "notebook, o200k", "unchanged", "≥ 100")
    edits = [Row(f"one line {edit} ÷ unchanged, cache warm", f"one line {edit}", "unchanged", "≤ 3") for edit in EDITS]
    return [*result, unchanged, *edits]


def _growth(sizes: Sizes) -> list[Row]:
    large, main = sizes.large, sizes.main
    tenth = Row("time a MB, a tenth ÷ a hundredth", "check, a tenth", "check, a hundredth", "≤ 1.1", "cpu", 1 / 10)
    one = "check, cl100k, one process"
    return [
        tenth,
        Row("time a MB, the whole `--jobs 1` ÷ a tenth", one, "check, a tenth", "≤ 1.1", "cpu", 1 / 10),
        Row(f"time a MB, {large:g} MB ÷ {main:g} MB", "check, large", "check, cl100k", "≤ 1.1", scale=main / large),
    ]


def _small() -> list[Row]:
    plain, bare = "10 lines, findings only", "bare Python"
    return [
        Row("10-line file, `--no-totals` ÷ `import click`", plain, "import click", "≤ 2", "cpu"),
        Row("`--version` ÷ bare Python", "--version", bare, "≤ 1.3", "cpu"),
        *(
            Row(
                f"{name}: 10-line file, what totals add ÷ loading rs-bpe",
                (f"10 lines, {name}", f"10 lines, {name}, no totals"),
                (f"load rs-bpe, {name}", bare),
                "≤ 1.2",
                "cpu",
            )
            for name in MODELS
        ),
    ]


def _yaml() -> list[Row]:
    compose = f"{WAYS}PyYAML, C composer"
    read = f"{WAYS}ftlint: read and build, places on demand"
    return [
        Row("authored YAML, cold: reading ÷ bare C composer", read, compose, "≤ 1.5", "cpu"),
        Row("authored YAML, cold: whole check ÷ whole process of the C composer", "check YAML, cold", "compose YAML"),
        Row(
            "authored YAML, unchanged: whole check ÷ reading its bytes",
            "check YAML, unchanged",
            "read the bytes of YAML",
            "≤ 3",
        ),
    ]


def _shapes() -> list[Row]:
    tenth, wrong = "check, a tenth", "check, short lines, each wrong"
    return [
        Row("1 % faults ÷ none", f"{tenth}, 1 % faults", tenth, "≤ 1.2", "cpu"),
        Row("50 % faults ÷ none", f"{tenth}, 50 % faults", tenth, "≤ 1.2", "cpu"),
        Row("a wrong role in each of many short lines ÷ none", wrong, "check, short lines", "≤ 1.2", "cpu"),
        *(Row(f"worst case, {text} ÷ ordinary text", text, "ordinary text", "≤ 3", "cpu") for text in TEXTS),
        Row("check ÷ `json.loads` of every line", "check, cl100k", "json.loads"),
        Row("check ÷ typed decode of every line", "check, cl100k", "typed decode"),
    ]


def _peers() -> list[Row]:
    return [Row(f"{name} ÷ check{mode}", name, against) for name, (against, mode) in peers.AGAINST.items()]


def memory(sizes: Sizes) -> list[Row]:
    """The rows that are about millions of bytes."""
    most = "≤ 300"
    return [
        Row(f"memory: check, {sizes.main:g} MB, one process", "check, cl100k, one process", None, most, "peak"),
        Row(f"memory: check, {sizes.main:g} MB", "check, cl100k", None, most, "total"),
        Row(f"memory: check, {sizes.large:g} MB", "check, large", None, most, "total"),
        Row(f"memory: check of one line of {sizes.line:g} MB", "one line", None, most, "peak"),
        Row("memory: the notebook-like script", "notebook, cl100k", by="peak"),
    ]


def profiled(data: Path) -> Command:
    """The run that tells where time goes."""
    return check(data / "main.jsonl", "cl100k", "--jobs", "1", "--timings")
