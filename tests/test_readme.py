"""What README and CONTRIBUTING show is what the program does; ``pytest tests/test_readme.py --update`` rewrites it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from released import released

from ftlint import check
from ftlint.config import load

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"


def ftlint(*arguments: str) -> str:
    command = [sys.executable, "-m", "ftlint", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env={"COLUMNS": "100", "PATH": ""})
    assert not done.stderr
    return done.stdout


def rule_table() -> str:
    rows = ["| code | rule | severity | what it finds |", "|---|---|---|---|"]
    for rule in released():
        severity = str(rule.severity) if rule.enabled else f"{rule.severity}, off"
        page = rule.page.relative_to(ROOT).as_posix()
        rows.append(f"| {rule.code} | [{rule.name}]({page}) | {severity} | {rule.summary} |")
    return "\n".join(rows)


def test_the_rule_table_is_that_of_the_pages(request: pytest.FixtureRequest) -> None:
    text = README.read_text("utf-8")
    wanted = re.sub(
        r"(<!-- rules -->\n).*?(<!-- /rules -->)", lambda m: f"{m[1]}{rule_table()}\n{m[2]}", text, flags=re.DOTALL
    )
    if request.config.getoption("--update"):
        README.write_text(wanted, "utf-8")
    assert README.read_text("utf-8") == wanted


def test_every_console_block_shows_what_the_command_prints(request: pytest.FixtureRequest) -> None:
    text = README.read_text("utf-8")
    blocks = list(re.finditer(r"```console\n\$ ftlint ([^\n]*)\n(.*?)```", text, re.DOTALL))
    assert blocks
    wanted = text
    for block in blocks:
        wanted = wanted.replace(block[0], f"```console\n$ ftlint {block[1]}\n{ftlint(*block[1].split())}```")
    if request.config.getoption("--update"):
        README.write_text(wanted, "utf-8")
    assert README.read_text("utf-8") == wanted


def test_the_commands_and_options_that_are_named_exist() -> None:
    text = README.read_text("utf-8")
    commands = re.findall(r"(?m)^  ([a-z]+)  ", ftlint("-h"))
    shown = "".join([ftlint("-h"), *(ftlint(command, "-h") for command in commands)])
    for option in set(re.findall(r"(?<![-\w])--[a-z][a-z-]+", text)) - {"--update"}:
        assert option in shown, option
    for command in set(re.findall(r"(?m)^ftlint ([a-z]+)", text)):
        assert f"  {command}" in shown, command


def block(name: str) -> str:
    """The block of the README that begins with a comment of that name."""
    found = re.search(rf"```\w+\n(# {re.escape(name)}\n.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_the_files_that_are_shown_are_right(tmp_path: Path) -> None:
    (tmp_path / "ftlint.yaml").write_text(block("ftlint.yaml"), "utf-8")
    (tmp_path / "marv.ft.yaml").write_text(block("marv.ft.yaml"), "utf-8")
    assert set(load(tmp_path / "ftlint.yaml").datasets) == {"support", "marv"}
    report = check(tmp_path / "marv.ft.yaml", config=load(tmp_path / "ftlint.yaml"))
    assert {item.name for item in report.diagnostics} <= {"too-few-examples", "closed-target"}


def test_the_library_is_used_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.jsonl").write_bytes((ROOT / "examples" / "marv.jsonl").read_bytes())
    code = re.search(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert code
    exec(code[1], {})
    assert "568 Cost(" in capsys.readouterr().out


def test_links_lead_to_files() -> None:
    for page in (README, ROOT / "CONTRIBUTING.md", ROOT / "rules" / "README.md"):
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            assert "://" in link or (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_pictures_are_what_the_commands_show(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(ROOT / "bench" / "picture.py"), str(tmp_path)], check=True, cwd=ROOT)
    assert list(tmp_path.iterdir())
    for made in tmp_path.iterdir():
        assert made.read_text("utf-8") == (ROOT / "examples" / made.name).read_text("utf-8")
