"""The hook, as pre-commit runs it: from a clone of this repository, on repositories with data."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from ftlint.starter import DATASET, HOOKS, start

ROOT = Path(__file__).parents[1]
MOST = 2**17
"""How many bytes of arguments pre-commit gives to one call at most (``pre_commit/xargs.py``)."""


@dataclass(frozen=True)
class Setting:
    """What the runs share: where the hook comes from, and an environment that knows no other git or pre-commit."""

    hooks: Path
    rev: str
    environment: dict[str, str]

    def run(self, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )

    def git(self, folder: Path, *args: str) -> str:
        done = self.run(folder, "git", *args)
        assert done.returncode == 0, done.stdout
        return done.stdout.strip()

    def commit(self, folder: Path) -> None:
        if not (folder / ".git").exists():
            self.git(folder, "init", "--quiet")
        self.git(folder, "add", "--all", "--force")
        self.git(folder, "commit", "--quiet", "--message", "data")


@dataclass(frozen=True)
class Repository:
    """A repository with data and the hook."""

    setting: Setting
    folder: Path

    def hook(self, **settings: object) -> None:
        hook = {"id": "ftlint", **settings}
        entry = {"repo": str(self.setting.hooks), "rev": self.setting.rev, "hooks": [hook]}
        (self.folder / HOOKS).write_text(yaml.safe_dump({"repos": [entry]}), "utf-8")

    def write(self, name: str, *records: Any) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")

    def lines(self, name: str) -> list[Any]:
        return [json.loads(line) for line in (self.folder / name).read_text("utf-8").splitlines()]

    def run(self, *args: str) -> tuple[int, list[str]]:
        """What pre-commit exits with and prints for the files that are staged (or ``--all-files``)."""
        done = self.setting.run(self.folder, sys.executable, "-m", "pre_commit", "run", "--color=never", *args)
        return done.returncode, done.stdout.splitlines()

    def run_all(self) -> tuple[int, list[str]]:
        self.setting.commit(self.folder)
        return self.run("--all-files")


@pytest.fixture(scope="session")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    if not (ROOT / ".git").exists():
        pytest.skip("pre-commit takes hooks from a git repository, and this is none")
    home = tmp_path_factory.mktemp("pre-commit")
    foreign = ("GIT_", "PRE_COMMIT", "SKIP", "PYTHONPATH", "FORCE_COLOR", "FTLINT_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_NAME": "Fern", f"GIT_{role}_EMAIL": "fern@example.com"}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PRE_COMMIT_HOME": str(home / "cache")}
    hooks = home / "ftlint"
    made = Setting(hooks, "", environment)
    for name in made.git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        if name and (ROOT / name).is_file():
            (hooks / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, hooks / name)
    made.commit(hooks)
    return Setting(hooks, made.git(hooks, "rev-parse", "HEAD"), environment)


@pytest.fixture
def repository(setting: Setting, tmp_path: Path) -> Repository:
    """A repository right after ``ftlint init``, its hook taken from the clone."""
    start(tmp_path)
    made = Repository(setting, tmp_path)
    made.hook()
    return made


def findings(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("data/")]


def with_broken_call(record: Any) -> Any:
    call = {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": "{plant: fern}"}}
    tool = {"type": "function", "function": {"name": "look_up"}}
    system, user, assistant = record["messages"]
    answer = {"role": "tool", "tool_call_id": "call_1", "content": "A fern."}
    return {"messages": [system, user, {"role": "assistant", "tool_calls": [call]}, answer, assistant], "tools": [tool]}


def test_a_good_dataset_passes(repository: Repository) -> None:
    code, lines = repository.run_all()
    assert code == 0, lines
    assert lines[-1].startswith("ftlint...")
    assert lines[-1].endswith("Passed")


def test_a_bad_dataset_fails_at_its_places(repository: Repository) -> None:
    records = repository.lines(DATASET[0])
    records[2] = with_broken_call(records[2])
    repository.write(DATASET[0], *records)
    code, lines = repository.run_all()
    assert code == 1
    assert "- exit code: 1" in lines
    text = (repository.folder / DATASET[0]).read_text("utf-8").splitlines()[2]
    column = text.index("plant: fern") + 1
    [finding] = findings(lines)
    assert finding.startswith(f"data/train.jsonl:3:{column}: error[unparseable-arguments] ")


def test_warnings_fail_where_the_user_is_strict(repository: Repository) -> None:
    records = repository.lines(DATASET[0])
    repository.write(DATASET[0], *records, records[0])
    assert repository.run_all()[0] == 0
    repository.hook(args=["--strict"])
    code, lines = repository.run_all()
    assert code == 1
    assert findings(lines) == [
        "data/train.jsonl:13:1: warning[duplicate-example] the same example as data/train.jsonl:1"
    ]


def test_a_changed_file_is_held_against_the_rest_of_its_dataset(repository: Repository) -> None:
    assert repository.run_all()[0] == 0
    repository.hook(args=["--strict"])
    [leaked, *_], kept = repository.lines(DATASET[0]), repository.lines(DATASET[1])
    repository.write(DATASET[1], *kept, leaked)
    repository.setting.git(repository.folder, "add", DATASET[1], HOOKS)
    code, lines = repository.run()
    assert code == 1
    [finding] = findings(lines)
    assert finding.startswith("data/validation.jsonl:11:")
    assert "warning[split-leakage]" in finding
    assert "data/train.jsonl:1" in finding


def test_what_the_configuration_excludes_is_not_checked(repository: Repository) -> None:
    repository.write("data/raw/notes.jsonl", with_broken_call(repository.lines(DATASET[0])[0]))
    assert repository.run_all()[0] == 1
    with (repository.folder / "ftlint.yaml").open("a", encoding="utf-8") as file:
        file.write("exclude: [data/raw/]\n")
    code, lines = repository.run_all()
    assert code == 0, lines


@pytest.mark.parametrize("name", ["data/pointer.jsonl", "data/deep/er.ndjson.gz"])
def test_a_pointer_to_data_elsewhere_could_not_be_checked(repository: Repository, name: str) -> None:
    path = repository.folder / name
    path.parent.mkdir(exist_ok=True)
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n"
    path.write_text(pointer, "utf-8", newline="\n")
    code, lines = repository.run_all()
    assert code == 1
    assert "- exit code: 2" in lines
    assert any(line.startswith(name) for line in lines)


def test_a_file_that_is_no_text_is_looked_at_too(repository: Repository) -> None:
    path = repository.folder / DATASET[0]
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))
    code, lines = repository.run_all()
    assert code == 1
    assert any(line.startswith("data/train.jsonl") for line in lines)


def test_other_files_start_nothing(repository: Repository) -> None:
    shutil.rmtree(repository.folder / "data")
    (repository.folder / "train.json").write_text("[", "utf-8")
    code, lines = repository.run_all()
    assert code == 0
    assert lines[-1].endswith("(no files to check)Skipped")


def reports(lines: list[str]) -> Iterator[Any]:
    text, decoder = "\n".join(lines), json.JSONDecoder()
    at = text.find('{"version"')
    while at >= 0:
        report, end = decoder.raw_decode(text, at)
        yield report
        at = text.find('{"version"', end)


def test_more_files_than_fit_one_call_are_one_dataset(repository: Repository) -> None:
    names = [f"data/part-{number:04}-{'x' * 150}.jsonl" for number in range(900)]
    assert sum(len(name) for name in names) > MOST
    for number, name in enumerate(names):
        messages = [{"role": "user", "content": f"{number}?"}, {"role": "assistant", "content": f"{number}."}]
        repository.write(name, {"messages": messages})
    for name in (names[450], names[899]):
        shutil.copy(repository.folder / names[0], repository.folder / name)
    (repository.folder / "ftlint.yaml").write_text("datasets: {parts: data/part-*.jsonl}\n", "utf-8")
    for name in DATASET:
        (repository.folder / name).unlink()
    repository.hook(args=["--strict", "--format=json"])
    code, lines = repository.run_all()
    assert code == 1
    calls = list(reports(lines))
    assert len(calls) >= 2
    found = {(item["path"], item["name"], item["related"][0]["path"]) for call in calls for item in call["diagnostics"]}
    assert found == {(name, "duplicate-example", names[0]) for name in (names[450], names[899])}
    assert {call["summary"]["examples"] for call in calls} == {900}
    assert len({json.dumps(call["summary"]) for call in calls}) == 1


SUMS = "examples:\n" + "".join(f"  - user: What is {n} and {n}?\n    assistant: It is {2 * n}.\n" for n in range(1, 13))


def test_authored_yaml_is_linted_at_its_place(repository: Repository) -> None:
    (repository.folder / "data" / "sums.ft.yaml").write_text(SUMS.replace("assistant: It is 4.", "asistant: It is 4."))
    code, lines = repository.run_all()
    assert code == 1
    [finding] = findings(lines)
    assert finding.startswith("data/sums.ft.yaml:5:5: error[unknown-key] ")


def test_built_files_must_be_up_to_date(repository: Repository) -> None:
    repository.hook(id="ftlint-convert")
    config = repository.folder / "ftlint.yaml"
    config.write_text("datasets: {sums: {sources: data/sums.ft.yaml, output: {train: data/sums.jsonl}}}\n")
    authored = repository.folder / "data" / "sums.ft.yaml"
    authored.write_text(SUMS)
    assert repository.run_all()[0] == 1
    done = repository.setting.run(repository.folder, sys.executable, "-m", "ftlint", "convert")
    assert done.stdout == "wrote data/sums.jsonl: 12 examples\n"
    assert repository.run_all()[0] == 0
    authored.write_text(SUMS.replace("It is 4.", "It is four."))
    code, lines = repository.run_all()
    assert code == 1
    assert any(line.startswith("+") and "It is four." in line for line in lines)


def test_the_fixing_hook_fixes_and_then_passes(repository: Repository) -> None:
    repository.hook(id="ftlint-fix")
    data = repository.folder / DATASET[0]
    sound = data.read_bytes()
    data.write_bytes(b"\n" + sound.replace(b"\n", b"\r\n"))
    code, lines = repository.run_all()
    assert code == 1
    assert "- files were modified by this hook" in lines
    assert data.read_bytes() == sound
    assert repository.run_all()[0] == 0
