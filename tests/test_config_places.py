"""Whatever is wrong with ``ftlint.yaml`` is told with its file, line and column, by the command that meets it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from running import ftlint

from ftlint.errors import ConfigError
from ftlint.plugins import pages_of

GOOD = '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]}\n'
PLACES = [
    ("target: opnai/gpt-4o", '1:9: no provider is named "opnai"; did you mean "openai/gpt-4o"?'),
    ("epochs: 3\ntarget: 'ft:'", "2:9: the target 'ft:' names no model"),
    (
        "target: foo\nmodels:\n  foo:\n    tokenizer: no.json",
        "4:16: models: foo: tokenizer: ",
    ),
    ("models: {foo: {price: {train: 1, as_of: 2025-13-01}}}", '1:41: "2025-13-01" will not do: The date of the prices'),
    (
        "rules:\n  over-token-limit:\n    severity: note\n    limit: -4",
        "4:12: the limit of over-token-limit is a number",
    ),
    ("rules: {FT301: {limit: [1]}}", "1:24: the limit of over-token-limit is a number of tokens from 1, or"),
    ("rules: {chat-template-text: {severity: note, pattern: '['}}", "1:46: the pattern '[' is no regular expression"),
    ("rules:\n  unknown-role:\n    severity: note\n    alias: 1", '4:5: the rule unknown-role has no option "alias"'),
    ("rules: {too-few-examples: {severity: note, min: few}}", '1:44: too-few-examples: min is "few"; give a whole'),
    ("rules:\n  repeated-role: off\n  ft102: note", "3:3: ft102 is the rule repeated-role, which is set here too"),
    ("rules-from: [pages, lint]", "1:21: there is no file or folder lint to take rules from"),
    ("plugins:\n- json\n- nosuch", "3:3: the plugin nosuch cannot be imported: ModuleNotFoundError"),
    ("baseline: a.jsonl", "1:11: "),
    ("baseline: pages", "1:11: "),
    ("datasets: {a: {train: [a.jsonl, b.jsonl]}}", "1:33: datasets.a.train[1]: no such file or folder: 'b.jsonl'"),
    ("datasets:\n  a: x*.jsonl", "2:6: datasets.a: nothing matches 'x*.jsonl'"),
    ('datasets: {a: "a\\0b"}', "1:15: datasets.a: cannot read 'a\\x00b' (its name holds a NUL character)"),
    ("datasets: {a: 'a{1..5000}'}", "1:15: datasets.a: cannot use the pattern 'a{1..5000}'"),
    ("epochs: 1\ndatasets:\n  a: []", "3:3: there is nothing to check: the datasets name no file"),
]
OUTPUTS = [
    ("{train: o.jsonl, test: o.jsonl}", "1:67: o.jsonl is the output of two splits or datasets"),
    ("y.ft.yaml", "1:44: y.ft.yaml is a source"),
    ("{validation: pages}", "1:57: pages is a folder"),
]


@pytest.fixture(autouse=True)
def here(here: Path) -> Path:
    (here / "a.jsonl").write_text(GOOD)
    (here / "y.ft.yaml").write_text("examples: [{user: Hi, assistant: Hello}]\n")
    (here / "pages").mkdir()
    return here


@pytest.mark.parametrize(("text", "told"), PLACES)
def test_what_a_check_finds_wrong_with_the_configuration_has_a_place(here: Path, text: str, told: str) -> None:
    (here / "ftlint.yaml").write_text(text)
    done = ftlint("check")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"ftlint: ftlint.yaml:{told}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("output", "told"), OUTPUTS)
def test_an_output_that_cannot_be_has_the_place_where_it_is_named(here: Path, output: str, told: str) -> None:
    (here / "ftlint.yaml").write_text(f"datasets: {{a: {{sources: y.ft.yaml, output: {output}}}}}")
    (here / "other").mkdir()
    done = ftlint("convert")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"ftlint: ftlint.yaml:{told}")
    assert ftlint("convert", "-o", "other").stderr.startswith("ftlint: other is a folder")


@pytest.mark.parametrize("command", ["cost", "stats"])
def test_what_is_counted_needs_files_and_a_target_too(here: Path, command: str) -> None:
    (here / "ftlint.yaml").write_text("datasets: {a: pages}")
    assert "ftlint.yaml:1:11: there is nothing to count: the datasets name no file" in ftlint(command).stderr
    (here / "ftlint.yaml").write_text("target: opnai/gpt-4o")
    assert 'ftlint.yaml:1:9: no provider is named "opnai"' in ftlint(command, "a.jsonl").stderr


def test_what_the_command_line_names_has_no_place_in_the_configuration(here: Path) -> None:
    (here / "ftlint.yaml").write_text("baseline: a.jsonl")
    assert ftlint("check", "--no-baseline", "--target", "opnai/x").stderr.startswith("ftlint: no provider is named")
    assert ftlint("check", "--baseline", "a.jsonl").stderr.startswith("ftlint: a.jsonl: this is no baseline")


@pytest.mark.parametrize("each", ["", ", tokens_per_example: 500"])
def test_a_budget_stands_where_it_is_given(here: Path, each: str) -> None:
    (here / "ftlint.yaml").write_text(f"epochs: 1\nbudget: {{usd: 0.00001{each}}}")
    assert "ftlint.yaml:2:9: error[over-budget]" in ftlint("check", "a.jsonl").stdout
    over = ftlint("check", "a.jsonl", "--budget", "0.000001").stdout
    assert "\n--budget: error[over-budget]" in f"\n{over}"


def test_what_is_found_in_an_option_is_in_no_file() -> None:
    done = ftlint("check", "a.jsonl", "--target", "together/any", "--select", "unknown-price")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "1 note")


def test_an_error_keeps_its_route_when_it_is_told_again() -> None:
    error = ConfigError("what", "models", "foo")
    assert (str(error), error.route) == ("what", ("models", "foo"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("raise SystemExit(0)", "SystemExit: 0\n"),
        ("import nosuch", "ModuleNotFoundError: No module named 'nosuch'\n"),
        ("", "No module named 'own.checks'; 'own' is not a package; install the package that holds it, or name"),
        (None, "No module named 'own'; install the package that holds it, or name its folder in PYTHONPATH\n"),
    ],
)
def test_a_plugin_that_cannot_be_imported_never_passes(
    here: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, told: str
) -> None:
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    monkeypatch.syspath_prepend(str(here / "site"))
    if text is not None:
        (here / "site").mkdir()
        (here / "site" / "own.py").write_text(text)
    (here / "ftlint.yaml").write_text(f"plugins: [{'own' if text else 'own.checks'}]")
    done = ftlint("check")
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr


def test_an_installed_plugin_that_is_broken_has_no_place(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "site" / "broken.dist-info").mkdir(parents=True)
    (here / "site" / "broken.dist-info" / "METADATA").write_text("Name: broken\nVersion: 1\n")
    (here / "site" / "broken.dist-info" / "entry_points.txt").write_text("[ftlint]\nbroken = nosuch_plugin\n")
    (here / "ftlint.yaml").write_text("plugins: [json]\n")
    monkeypatch.syspath_prepend(str(here / "site"))
    pages_of.cache_clear()
    assert ftlint("check").stderr.startswith("ftlint: the plugin nosuch_plugin cannot be imported: ModuleNotFoundError")
