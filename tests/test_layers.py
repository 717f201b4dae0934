"""The house's order: who may import whom, how large a file and a function may be, and what a quick start leaves out."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ftlint.resources import PACKAGE

TESTS = Path(__file__).parent
LAYERS = (
    "lazy",
    "errors resources files identity frontmatter suggest ci",
    "model",
    "record",
    "batch",
    "jsonfaults locate plain gate schemas yamltree report",
    "targets shape config",
    "authoring tokens cost",
    "sources",
    "convert",
    "counting settings starter",
    "checks",
    "pages timing",
    "engine totals plugins",
    "fixes",
    "words triage baseline executors cache",
    "suppress stale work",
    "diagnostics",
    "session",
    "repair estimate",
    "stats",
    "build_errors watched",
    "api",
    "explain accept ignore",
    "submit",
    "testing",
    "render",
    "cli",
    "__main__ ftlint",
)
"""From the bottom to the top: a module imports from lower layers, and within its own package."""

RANKS = {name: rank for rank, names in enumerate(LAYERS) for name in names.split()}
FORBIDDEN = (
    ("checks", {"engine", "api", "cli", "render", "triage", "pages"}),
    ("render", {"checks", "engine", "api", "cli"}),
    ("cli", {"engine", "checks", "shape", "sources"}),
)
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
MAX_LINES, MAX_FUNCTION = 300, 40


def unit(path: Path) -> str:
    """The module or subpackage directly below ``ftlint`` that a file belongs to."""
    first = path.relative_to(PACKAGE).parts[0]
    return "ftlint" if first == "__init__.py" else first.removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, those inside functions included; names from ``ftlint`` itself as modules."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "ftlint":
            yield from (f"ftlint.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute here"
            yield node.module or ""


def units(path: Path) -> set[str]:
    """The other modules and subpackages of ftlint that a file imports."""
    names = {name.split(".")[1] for name in imports(path) if name.startswith("ftlint.")}
    return {name for name in names if name in RANKS or not name.startswith("_")} - {unit(path)}


def named(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_imports_point_downwards(path: Path) -> None:
    upwards = {name for name in units(path) if RANKS[name] >= RANKS[unit(path)]}
    assert not upwards


def test_contributors_are_told_where_everything_is() -> None:
    rooms = (TESTS.parent / "CONTRIBUTING.md").read_text("utf-8").partition("## A rule is a page")[0]
    assert not [name for name in RANKS if not re.search(rf"[`/]{name}(\.py|/)`", rooms) and name != "ftlint"]


@pytest.mark.parametrize(("name", "others"), FORBIDDEN, ids=lambda value: value if isinstance(value, str) else "")
def test_neighbours_do_not_know_each_other(name: str, others: set[str]) -> None:
    found = {named(path): units(path) & others for path in MODULES if unit(path) == name}
    assert not {path: names for path, names in found.items() if names}


@pytest.mark.parametrize(("package", "rooms"), [("openai", {"submit"}), ("click", {"cli", "render"}), ("rich", set())])
def test_a_package_stays_in_its_rooms(package: str, rooms: set[str]) -> None:
    users = {unit(path) for path in MODULES if any(name.split(".")[0] == package for name in imports(path))}
    assert users <= rooms


@pytest.mark.parametrize("path", [*MODULES, *sorted(TESTS.glob("*.py"))], ids=lambda path: path.name)
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= MAX_LINES
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    assert not {node.name for node in functions if (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION}


@pytest.mark.parametrize("path", [*MODULES, *sorted(TESTS.glob("*.py"))], ids=lambda path: path.name)
def test_a_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_nouns_are_replaced_as_structs(path: Path) -> None:
    assert not re.search(r"from dataclasses import .*\breplace\b", path.read_text("utf-8")), "see msgspec.structs"


HEAVY = (
    "jsonschema",
    "ruamel",
    "rich",
    "openai",
    "tiktoken",
    "referencing",
    "requests",
    "hypothesis",
    "multiprocessing",
)
CHECK = """
import sys
from ftlint.cli import cli
try:
    cli(["check", sys.argv[1]], prog_name="ftlint")
except SystemExit as done:
    code = done.code
loaded = {name.split(".")[0] for name in sys.modules}
print(code, *sorted(loaded & set(sys.argv[2:])))
"""


def test_a_check_of_a_sound_small_file_imports_nothing_heavy(tmp_path: Path) -> None:
    row = '{{"messages": [{{"role": "user", "content": "{}?"}}, {{"role": "assistant", "content": "Far."}}]}}\n'
    (tmp_path / "train.jsonl").write_text("".join(row.format(f"Is town {n} far") for n in range(12)))
    command = [sys.executable, "-c", CHECK, "train.jsonl", *HEAVY]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0"


def test_the_version_is_told_without_imports() -> None:
    probe = "import sys; sys.argv = ['', '--version']; from ftlint.__main__ import main; main(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"click", "msgspec", "ftlint.api", "yaml"}
