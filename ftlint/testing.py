"""For authors of rules everywhere: a rule page's examples are its tests, and the engine's laws hold for them."""

from __future__ import annotations

import ast
import os
import pickle
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from ftlint import api
from ftlint import config as configuration
from ftlint.config import Config
from ftlint.errors import FtlintError
from ftlint.model import Shard
from ftlint.pages import Rule, read_pages
from ftlint.report import Report
from ftlint.resources import folder

TODAY = date(2026, 11, 23)
"""The day on which examples are checked: that of the shipped prices and dates."""

DEFAULT_NAMES = {"jsonl": "train.jsonl", "bytes": "train.jsonl", "yaml": "train.ft.yaml"}
"""What a block without a name is called, by its language; a block of any language with a name writes that file."""

DATASETS = (".jsonl", ".ft.yaml")
"""The files of an example that are checked; others are there to be included."""

_fence = re.compile(r"^```(\w+)(?: +(\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_section = re.compile(r"^## (Bad|Good)\n(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)


@dataclass
class Example:
    """An example of a page: files, the configuration that it needs, and the report that it must give.

    ``report`` spans the expected text in the page (for updates); None in a Good example, which must give nothing.
    ``fixed`` spans what the file must become when it is fixed, if the page shows it; ``unsafe``: by unsafe fixes too.
    """

    line: int
    config: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    expected: str = ""
    report: tuple[int, int] | None = None
    mended: str = ""
    fixed: tuple[int, int] | None = None
    unsafe: bool = False
    good: bool = False


def examples(page: str) -> list[Example]:
    """The examples of a page's ``## Bad`` and ``## Good`` sections.

    Raises:
        FtlintError: a Bad example has no ``report`` block.
    """
    found: list[Example] = []
    for section in _section.finditer(page):
        start, good = section.start(2), section[1] == "Good"
        found += _of_section(page, _fence.finditer(page, start, section.end(2)), good)
    return found


def _of_section(page: str, blocks: Iterable[re.Match[str]], good: bool) -> Iterator[Example]:
    example: Example | None = None
    for block in blocks:
        language, name, text = block[1], block[2] or DEFAULT_NAMES.get(block[1], ""), block[3]
        if language == "fixed" and example:
            example.mended, example.fixed, example.unsafe = text, block.span(3), name == "unsafe"
            continue
        new = example is None or example.report or name in example.files
        if new or (language == "config" and example and example.files):
            if example:
                yield _complete(example, good)
            example = Example(page.count("\n", 0, block.start()) + 1, good=good)
        assert example is not None
        if language == "config":
            example.config = text
        elif language == "report":
            example.expected, example.report = text, block.span(3)
        elif name:
            example.files[name] = _literals(text) if language == "bytes" else text.encode()
    if example and example.files:
        yield _complete(example, good)


def _literals(text: str) -> bytes:
    return b"".join(ast.literal_eval(row) for row in text.splitlines() if row.strip())


def _complete(example: Example, good: bool) -> Example:
    if not good and example.report is None:
        raise FtlintError(f"line {example.line}: a Bad example needs a report block after it")
    return example


@contextmanager
def placed(rule: Rule, example: Example) -> Iterator[partial[Report]]:
    """The example's files in a folder of their own, and what checks them, with only its rule and the reader's.

    That is ``api.check`` but for its paths, configuration and options: it takes ``map_`` and ``shard_bytes``.
    """
    with tempfile.TemporaryDirectory() as name:
        place = Path(os.path.realpath(name))
        for file, data in example.files.items():
            (place / file).parent.mkdir(parents=True, exist_ok=True)
            (place / file).write_bytes(data)
        (place / "ftlint.yaml").write_text(example.config, "utf-8")
        config = _with_page(configuration.load(place / "ftlint.yaml"), rule)
        shapes = [name for name, other in api.rules(config).items() if other.check == "shape"]
        options = api.Options(select=[rule.name, *shapes], today=TODAY)
        paths = [place / file for file in example.files if file.endswith(DATASETS)]
        yield partial(api.check, paths, config=config, options=options)


def run(rule: Rule, example: Example) -> Report:
    """The report of an example."""
    with placed(rule, example) as check:
        return check()


def mend(rule: Rule, example: Example) -> str:
    """What the example's first file becomes when the findings of the rule alone are fixed."""
    with placed(rule, example) as check:
        (paths,), how = check.args, check.keywords
        options = replace(how["options"], select=[rule.name])
        api.fix(paths, config=how["config"], options=options, unsafe=example.unsafe or rule.fix == "unsafe")
        return Path(paths[0]).read_text("utf-8", "replace")


def _with_page(config: Config, rule: Rule) -> Config:
    """The configuration, with the page made known unless ftlint ships it."""
    own = rule.page.resolve().is_relative_to(folder("rules").resolve())
    return config if own else replace(config, rules_from=(*config.rules_from, str(rule.page.resolve())))


def lines(report: Report, example: Example) -> str:
    """The report as a page writes it: ``line:column: severity[name] message``, with the file if there are several."""
    rows = []
    for item in report.diagnostics:
        name = os.path.basename(item.position.path)
        where = f"{name}:" if len(example.files) > 1 or name not in example.files else ""
        message = item.message.replace(os.path.dirname(item.position.path) + "/", "")
        rows.append(f"{where}{item.position.line}:{item.position.column}: {item.severity}[{item.name}] {message}\n")
    return "".join(rows)


def check_page(path: Path, *, update: bool = False) -> list[str]:
    """What is wrong with a page: each example that does not give its report, in words; nothing if all is well.

    Args:
        path: the page.
        update: rewrite the page's ``report`` blocks with what its examples give.
    """
    rule = next(iter(read_pages([path]).values()))
    text = path.read_text("utf-8")
    problems: list[str] = []
    edits: list[tuple[int, int, str]] = []
    try:
        found = examples(text)
    except FtlintError as error:
        return [f"{path}: {error}"]
    problems += _promise(rule, found)
    kinds = {"Good" if example.good else "Bad" for example in found}
    problems += [f"{path}: it has no {section} example" for section in ("Bad", "Good") if section not in kinds]
    for example in found:
        where = f"{path}:{example.line}"
        given = lines(run(rule, example), example)
        if not example.good and f"[{rule.name}]" not in given:
            problems.append(f"{where}: the Bad example does not show {rule.name}")
        if given != example.expected and example.report and update:
            edits.append((*example.report, given))
        elif given != example.expected:
            problems.append(_differs(where, "gives", given, example.expected))
        mended = mend(rule, example) if example.fixed else ""
        if mended != example.mended and example.fixed and update:
            edits.append((*example.fixed, mended))
        elif mended != example.mended:
            problems.append(_differs(where, "is fixed to", mended, example.mended))
    for start, stop, given in reversed(edits):
        text = text[:start] + given + text[stop:]
    if edits:
        path.write_text(text, "utf-8")
    return problems


def _promise(rule: Rule, found: Iterable[Example]) -> list[str]:
    """Whether a page promises a fix exactly if it shows one."""
    shown = any(example.fixed for example in found)
    if shown == bool(rule.fix):
        return []
    words = "promises a fix and shows none" if rule.fix else "shows a fix and promises none"
    return [f"{rule.page}: it {words}"]


def _differs(where: str, verb: str, given: str, wanted: str) -> str:
    return f"{where}: the example {verb}\n{given or '(nothing)'}\nand not\n{wanted or '(nothing)'}"


def check_laws(path: Path) -> list[str]:
    """Which laws a page's rule breaks on its own examples: cuts into shards change nothing, what moves pickles."""

    def pickling(function: object, shards: Iterable[Shard]) -> Iterator[object]:
        for shard in shards:
            job = pickle.loads(pickle.dumps((function, shard)))  # noqa: S301 - our own bytes
            yield pickle.loads(pickle.dumps(job[0](job[1])))  # noqa: S301

    rule = next(iter(read_pages([path]).values()))
    problems = []
    for example in examples(path.read_text("utf-8")):
        with placed(rule, example) as check:
            whole = check()
            if check(shard_bytes=1) != whole:
                problems.append(f"{path}:{example.line}: cut into single records, the example gives another report")
            if check(map_=pickling) != whole:
                problems.append(f"{path}:{example.line}: pickled on its way, the example gives another report")
    return problems
