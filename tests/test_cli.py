"""``ftlint`` end to end: options, exit codes, formats, and what the other commands print."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click import Option
from click.testing import Result
from jsonschema import Draft202012Validator
from running import ftlint

from ftlint.cli.check import command
from ftlint.pages import catalogue
from ftlint.resources import schema_names, schema_text

ASKED = '{{"messages": [{{"role": "user", "content": "How far is {}?"}}, {{"role": "assistant", "content": "{}."}}]}}\n'
GOOD = "".join(ASKED.format(f"town {n}", f"{n} miles") for n in range(10))
ERROR = '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistnat", "content": "Hello."}]}\n'
WARNING = ASKED.format("home", "Not far").replace("Not far.", "Not far. ")
ENVIRONMENT = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}


@pytest.fixture(autouse=True)
def here(here: Path) -> Path:
    """A folder of its own as the current one, with a clean and a faulty file."""
    (here / "good.jsonl").write_text(GOOD)
    (here / "bad.jsonl").write_text(GOOD + ERROR)
    (here / "edgy.jsonl").write_text(GOOD + WARNING)
    return here


def check(*words: str, stdin: str | bytes | None = None) -> Result:
    return ftlint("check", *words, stdin=stdin)


def found(*words: str) -> list[str]:
    """The names of the rules that report something."""
    done = check(*words, "--format", "json")
    assert done.exit_code in (0, 1), done.output
    return [item["name"] for item in json.loads(done.stdout)["diagnostics"]]


def run(*words: str, **how: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "ftlint", *words]
    env = {**ENVIRONMENT, **dict(how.pop("env", {}))}  # type: ignore[call-overload]
    return subprocess.run(line, capture_output=True, text=True, check=False, env=env, **how)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["good.jsonl"], 0),
        (["bad.jsonl"], 1),
        (["edgy.jsonl"], 0),
        (["edgy.jsonl", "--strict"], 1),
        (["bad.jsonl", "--exit-zero"], 0),
        (["none.jsonl"], 2),
        (["none.jsonl", "--exit-zero"], 2),
        (["--target", "opnai/gpt-4o", "good.jsonl"], 2),
        (["--epochs", "0", "good.jsonl"], 2),
        (["--budget", "much", "good.jsonl"], 2),
        (["--format", "xml", "good.jsonl"], 2),
    ],
)
def test_exit_codes(words: list[str], code: int) -> None:
    assert check(*words).exit_code == code


def test_a_finding_stands_at_its_place() -> None:
    assert check("bad.jsonl", "--quiet").stdout.startswith("bad.jsonl:11:59: error[unknown-role] ")


@pytest.mark.parametrize("word", ["unknown-role", "FT1", "roles", "ALL", "edge-whitespace,unknown-role"])
def test_select_takes_names_prefixes_and_families(word: str) -> None:
    assert "unknown-role" in found("--select", word, "bad.jsonl")


def test_select_and_ignore_take_codes() -> None:
    code = catalogue()["unknown-role"].code
    assert found("--select", code, "bad.jsonl") == ["unknown-role"]
    assert "unknown-role" not in found("--ignore", code, "bad.jsonl")
    assert found("--select", "edge-whitespace", "bad.jsonl") == []


def test_an_unknown_rule_is_met_with_the_nearest() -> None:
    done = check("--select", "unknwon-role", "bad.jsonl")
    assert done.exit_code == 2
    assert 'did you mean "unknown-role"?' in done.stderr


def test_json_is_as_the_schema_says() -> None:
    done = check("bad.jsonl", "edgy.jsonl", "--format", "json")
    data = json.loads(done.stdout)
    Draft202012Validator(json.loads(schema_text("report"))).validate(data)
    assert data["counts"]["error"] == 1
    assert data["counts"]["warning"] == 1


def test_output_goes_to_a_file_or_leaves_the_old_one(here: Path) -> None:
    assert check("bad.jsonl", "--format", "json", "--output", "report.json").stdout == ""
    assert json.loads((here / "report.json").read_text())["version"] == 1
    done = check("bad.jsonl", "--output", "no/where/report.txt")
    assert done.exit_code in (1, 2)
    assert "report.txt" in done.stderr
    assert sorted(path.name for path in here.iterdir()) == ["bad.jsonl", "edgy.jsonl", "good.jsonl", "report.json"]


def test_quiet_says_nothing_of_clean_files() -> None:
    assert check("good.jsonl", "--quiet").output == ""


def test_statistics_count_every_rule() -> None:
    done = check("bad.jsonl", "edgy.jsonl", "--statistics")
    assert "unknown-role" in done.stdout
    assert "bad.jsonl:11" not in done.stdout
    assert done.exit_code == 1


def test_standard_input_has_a_name() -> None:
    assert check("-", stdin=GOOD).exit_code == 0
    assert check("-", stdin=GOOD + ERROR).stdout.startswith("<stdin>:11:59: ")
    assert check("-", "--stdin-filename", "data/t.jsonl", stdin=GOOD + ERROR).stdout.startswith("data/t.jsonl:11:59: ")


@pytest.mark.parametrize("command", ["check", "cost", "stats"])
@pytest.mark.parametrize("paths", [[], ["good.jsonl"]])
def test_a_name_for_standard_input_that_is_not_read_is_an_error(command: str, paths: list[str]) -> None:
    done = ftlint(command, "--stdin-filename", "data/t.jsonl", *paths, stdin=GOOD)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--stdin-filename names standard input, which is not read: add - to the paths." in done.stderr


def test_a_folder_is_searched_as_git_and_exclude_allow(here: Path) -> None:
    for name in ("kept", "ignored", "excluded"):
        (here / "data" / name).mkdir(parents=True)
        (here / "data" / name / "t.jsonl").write_text(GOOD + ERROR)
    (here / ".git").mkdir()
    (here / ".gitignore").write_text("ignored/\n")
    (here / "ftlint.yaml").write_text("exclude: [data/excluded]\n")
    rows = check("data", "--select", "unknown-role", "--quiet").stdout.splitlines()
    assert [row.split(":")[0] for row in rows] == ["data/kept/t.jsonl"]


def test_without_paths_the_configured_datasets_are_checked(here: Path) -> None:
    (here / "ftlint.yaml").write_text("datasets: {mine: {train: good.jsonl}}\n")
    assert check().exit_code == 0
    (here / "ftlint.yaml").write_text("datasets: {mine: {train: bad.jsonl}}\n")
    assert check().exit_code == 1


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("targt: gpt-4o\n", "ftlint.yaml:1:1"),
        ("a: [\n", "ftlint.yaml:2"),
        ("rules:\n  unknwon-role: off\n", "ftlint.yaml:2:3"),
        ("select:\n  - FT1\n  - FU2\n", "ftlint.yaml:3:5"),
        ("ignore: [{rules: FU2, paths: a, reason: b}]\n", "ftlint.yaml:1:18"),
    ],
)
def test_a_wrong_configuration_is_told_with_its_place(here: Path, text: str, place: str) -> None:
    (here / "ftlint.yaml").write_text(text)
    done = check("good.jsonl")
    assert done.exit_code == 2
    assert place in done.stderr
    assert check("--no-config", "good.jsonl").exit_code == 0


def test_a_configuration_can_be_named(here: Path) -> None:
    (here / "own.yaml").write_text("rules: {unknown-role: off}\n")
    assert check("bad.jsonl", "--config", "own.yaml").exit_code == 0
    assert check("bad.jsonl", "--config", "none.yaml").exit_code == 2


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("gpt-4o", "openai/gpt-4o"),
        ("together/some/model", "together/some/model"),
        ("ft:gpt-4.1-mini-2025-04-14:org::id", "openai/gpt-4.1-mini"),
    ],
)
def test_a_target_is_a_model_with_or_without_its_provider(target: str, name: str) -> None:
    done = check("good.jsonl", "--target", target, "--format", "json", "--exit-zero")
    assert json.loads(done.stdout)["summary"]["target"].startswith(name)


def test_an_unknown_provider_is_met_with_the_nearest() -> None:
    done = check("good.jsonl", "--target", "opnai/gpt-4o")
    assert done.exit_code == 2
    assert "openai" in done.stderr


def test_epochs_multiply_and_the_budget_is_exact() -> None:
    def summary(*words: str) -> dict[str, dict[str, float]]:
        done = check("good.jsonl", "--format", "json", *words)
        data: dict[str, dict[str, float]] = json.loads(done.stdout)["summary"]
        return data

    once, thrice = summary("--epochs", "1"), summary("--epochs", "3")
    assert summary("--epochs", "auto")["epochs"] == {"value": 10, "auto": True}
    assert thrice["epochs"] == {"value": 3, "auto": False}
    assert thrice["cost"]["usd"] == pytest.approx(3 * once["cost"]["usd"])
    price = once["tokens"]["billed"] * 5
    assert "over-budget" not in found("good.jsonl", "--epochs", "1", "--budget", f"{price / 10**6:.6f}")
    assert "over-budget" in found("good.jsonl", "--epochs", "1", "--budget", f"{(price - 1) / 10**6:.6f}")


def test_colour_obeys_the_environment() -> None:
    assert "\x1b[" not in run("check", "bad.jsonl").stdout
    assert "\x1b[" in run("check", "bad.jsonl", env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b[" not in run("check", "bad.jsonl", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout


def test_a_closed_pipe_is_no_error(here: Path) -> None:
    (here / "many.jsonl").write_text((GOOD + ERROR) * 900)
    line = f"{sys.executable} -m ftlint check many.jsonl --show 0 --format text | head -1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr


SLEEPY = """
import os, signal, sys
from ftlint import api
api.check = lambda *_, **__: os.kill(os.getpid(), signal.SIGINT)
from ftlint.cli import cli
from ftlint.cli.check import command
cli(["check", "good.jsonl"], prog_name="ftlint")
"""


def test_an_interrupt_exits_with_130() -> None:
    done = subprocess.run([sys.executable, "-c", SLEEPY], capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert done.returncode == 128 + signal.SIGINT
    assert "Traceback" not in done.stderr


def test_a_missing_file_is_met_with_the_nearest() -> None:
    done = check("god.jsonl")
    assert done.exit_code == 2
    assert "good.jsonl" in done.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser reads everything")
def test_an_unreadable_file_is_told_of(here: Path) -> None:
    (here / "bad.jsonl").chmod(0)
    done = check("bad.jsonl", "edgy.jsonl", "--strict")
    (here / "bad.jsonl").chmod(stat.S_IRUSR)
    assert done.exit_code == 2
    assert "edge-whitespace" in done.stdout


def test_a_pointer_cannot_be_checked_but_other_files_are(here: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    (here / "lfs.jsonl").write_text(pointer)
    done = check("lfs.jsonl", "bad.jsonl")
    assert done.exit_code == 2
    assert "git lfs pull" in done.output
    assert "bad.jsonl:11:59" in done.stdout
    assert check("lfs.jsonl", "--exit-zero").exit_code == 2


def test_shell_completion_is_clicks_own() -> None:
    code = "from ftlint.cli import cli; cli(prog_name='ftlint')"
    env = {**ENVIRONMENT, "_FTLINT_COMPLETE": "bash_source"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert "_FTLINT_COMPLETE=bash_complete" in done.stdout


def test_schemas_are_printed() -> None:
    assert ftlint("schema").stdout.split() == schema_names()
    assert json.loads(ftlint("schema", "chat").stdout)["$id"]
    done = ftlint("schema", "chta")
    assert done.exit_code == 2
    assert 'did you mean "chat"?' in done.stderr


def test_commands_and_options_are_explained() -> None:
    help_text = ftlint("-h").stdout
    assert all(name in help_text for name in ("check", "rule", "schema"))
    options = [option for option in command.params if isinstance(option, Option)]
    assert not [option.name for option in options if not option.help]
    assert {"target", "epochs", "budget", "select", "ignore", "config_path"} <= {option.name for option in options}
    assert 'did you mean "check"?' in ftlint("chekc").stderr
