"""The wheel holds all that ftlint is, and works where there is nothing else."""

from __future__ import annotations

import email
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from ftlint import __version__
from ftlint.pages import catalogue
from ftlint.resources import schema_names, schema_text

ROOT = Path(__file__).parents[1]
GOOD = {"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Good morning"}]}
CLEAN_ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "FORCE_COLOR", "FTLINT_TRACEBACK")
}


def python(*args: str | Path) -> None:
    done = subprocess.run([sys.executable, *args], capture_output=True, text=True, check=False, env=CLEAN_ENVIRONMENT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    python("-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that holds the wheel and what it depends on."""
    environment = tmp_path_factory.mktemp("environment")
    python("-m", "virtualenv", "--quiet", "--no-download", environment)
    folder = environment / ("Scripts" if os.name == "nt" else "bin")
    quick = ("--quiet", "--disable-pip-version-check", "--no-compile")
    command = [folder / "python", "-m", "pip", "install", *quick, wheel]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=CLEAN_ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def run(scripts: Path, tmp_path: Path):
    def run(program: str, *args: str) -> subprocess.CompletedProcess[str]:
        found = shutil.which(program, path=scripts)
        assert found
        return subprocess.run(
            [found, *args],
            cwd=tmp_path,
            env=CLEAN_ENVIRONMENT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    return run


def test_the_wheel_holds_the_package_the_rules_and_the_schemas_and_nothing_else(wheel: Path) -> None:
    files = [*(ROOT / "ftlint").rglob("*"), *(ROOT / "rules").rglob("*"), *(ROOT / "schemas").rglob("*")]
    names = [path.relative_to(ROOT).as_posix() for path in files if path.is_file() and "__pycache__" not in path.parts]
    expected = {f"ftlint/{name.removeprefix('ftlint/')}" for name in names}
    with ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert held == expected
        assert {"ftlint/py.typed", "ftlint/targets/openai.json", "ftlint/tokens/data/o200k_base.ranks"} <= held
        assert {"ftlint/rules/tokens/over-token-limit.md", "ftlint/schemas/chat.schema.json"} <= held
        prefix = f"ftlint-{__version__}.dist-info"
        assert archive.read(f"{prefix}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
        metadata = email.message_from_bytes(archive.read(f"{prefix}/METADATA"))
    assert (metadata["Version"], metadata["License-Expression"]) == (__version__, "MIT")
    assert metadata["Requires-Python"] == ">=3.11"


def test_it_runs_from_its_own_folder(run, scripts: Path) -> None:
    assert run("ftlint", "--version").stdout == f"ftlint {__version__}\n"
    where = run("python", "-c", "import ftlint; print(ftlint.__file__)").stdout.strip()
    assert Path(where).is_relative_to(scripts.parent)
    assert run("python", "-m", "pip", "check").returncode == 0


def test_every_rule_page_is_shown(run) -> None:
    table = json.loads(run("ftlint", "rule", "--format", "json").stdout)
    assert {rule["name"] for rule in table} == set(catalogue())
    page = run("ftlint", "rule", "over-token-limit")
    assert (page.returncode, page.stdout.split()[:2]) == (0, ["FT301", "over-token-limit"])


@pytest.mark.parametrize("name", schema_names())
def test_every_schema_is_printed(run, name: str) -> None:
    assert run("ftlint", "schema", name).stdout == schema_text(name)


def test_every_public_name_is_there(run) -> None:
    done = run("python", "-W", "error", "-c", "import ftlint; [getattr(ftlint, name) for name in ftlint.__all__]")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_start_is_clean(run) -> None:
    assert run("ftlint", "init").stdout.startswith("wrote ftlint.yaml\n")
    checked = run("ftlint", "check", "--strict")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "No findings in 22 examples.\n", "")


@pytest.mark.parametrize("target", ["gpt-4o", "gpt-3.5-turbo"])
def test_tokens_are_counted_with_both_vocabularies_and_no_network(run, tmp_path: Path, target: str) -> None:
    (tmp_path / "train.jsonl").write_text(f"{json.dumps(GOOD)}\n" * 2, "utf-8")
    done = run("ftlint", "check", "--no-config", "--target", target, "--format", "json", "train.jsonl")
    tokens = json.loads(done.stdout)["summary"]["tokens"]
    # 3 a message and 3 once; "user", "Hello", "assistant", "Good", " morning" are a token each.
    assert (tokens["total"], tokens["exact"]) == (2 * 14, True)
    assert done.returncode == 1
    assert "too-few-examples" in done.stdout
