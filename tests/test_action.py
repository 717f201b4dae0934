"""``action.yml``: its steps run in bash as GitHub runs them, with the environment that it sets and nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from formats_back import READERS, commands

ROOT = Path(__file__).parent.parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
NOWHERE = {"install": "false"}
GOOD = '{{"messages": [{{"role": "user", "content": "Is {} far?"}}, {{"role": "assistant", "content": "Yes."}}]}}\n'
BAD = '{"messages": [{"role": "user", "content": "Why?"}, {"role": "asistant", "content": "So."}]}\n'
TWICE = GOOD.format("0")


class Job:
    """A job in a folder, with tools that write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.outputs = folder, folder / "outputs"
        self.tools = folder / "tools"
        self.set: dict[str, str] = {}
        self.tools.mkdir()
        self.tool("ftlint", f'exec "{sys.executable}" -m ftlint "$@"')
        self.tool("python", f'printf "%s\\n" "$@" > "{folder}/python-was-called-with"')
        self.data("".join(map(GOOD.format, range(12))))

    def tool(self, name: str, script: str) -> None:
        (self.tools / name).write_text(f"#!/bin/bash\n{script}\n")
        (self.tools / name).chmod(0o755)

    def data(self, text: str, name: str = "train.jsonl") -> None:
        (self.folder / name).write_text(text)

    def run(self, **inputs: str) -> tuple[int, str]:
        """All steps in order, until one fails; the last exit code, and what was printed."""
        known = {name: str(each["default"]) for name, each in ACTION["inputs"].items()}
        values = known | {name.replace("_", "-"): value for name, value in inputs.items()}
        assert values.keys() == known.keys()
        code, printed = 0, ""
        for step in STEPS:
            if "run" in step and (condition := self.fill(step.get("if", "true"), values)) != "false":
                assert condition == "true"
                code, text = self._step(step, values)
                printed += text
                if code:
                    break
        return code, printed

    def _step(self, step: dict[str, Any], values: dict[str, str]) -> tuple[int, str]:
        script = self.folder / "step.sh"
        script.write_text(step["run"])
        environment = {
            "PATH": f"{self.tools}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "GITHUB_OUTPUT": str(self.outputs),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            **self.set,
            **{name: self.fill(text, values) for name, text in step.get("env", {}).items()},
        }
        assert step["shell"] == "bash"
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def fill(self, text: str, values: dict[str, str]) -> str:
        """The few expressions that the action uses."""

        def value(match: re.Match[str]) -> str:
            if equal := re.fullmatch(r"inputs\.([\w-]+) == '(\w+)'", match[1]):
                return str(values[equal[1]] == equal[2]).lower()
            return str(ROOT) if match[1] == "github.action_path" else values[match[1].removeprefix("inputs.")]

        return re.sub(r"\$\{\{ (.*?) \}\}", value, text)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def test_every_action_is_pinned_and_no_script_holds_an_expression() -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    for step in STEPS:
        assert ("uses" in step) != ("run" in step)
        assert "${{" not in step.get("run", "")
        if uses := step.get("uses"):
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", uses)
            assert re.search(rf"{uses} # v\d+\.\d+\.\d+\n", text)
    used = set(re.findall(r"inputs\.([\w-]+)", text))
    assert used == ACTION["inputs"].keys()
    assert all(each["description"] and "default" in each for each in ACTION["inputs"].values())


def test_a_clean_dataset_passes(job: Job) -> None:
    code, printed = job.run(**NOWHERE)
    assert (code, commands(printed)) == (0, []), printed
    assert job.outputs.read_text() == "exit-code=0\n"
    assert "**No findings in 12 examples.**" in (job.folder / "summary.md").read_text()
    assert not (job.folder / "python-was-called-with").exists()


def test_findings_fail_it_with_annotations_sarif_and_a_comment(job: Job) -> None:
    job.data("".join(map(GOOD.format, range(12))) + BAD)
    code, printed = job.run(**NOWHERE, paths="train.jsonl", sarif_file="my out.sarif", comment_file="comment.md")
    ((level, place, _),) = commands(printed)
    assert (code, level, place["file"], place["line"]) == (1, "error", "train.jsonl", "13")
    assert job.outputs.read_text() == "exit-code=1\nsarif=true\n"
    assert list(READERS["sarif"]((job.folder / "my out.sarif").read_text())) == [("train.jsonl", 13, "unknown-role")]
    assert "unknown-role" in (job.folder / "comment.md").read_text()
    upload = STEPS[-1]
    assert upload["with"]["sarif_file"] == "${{ inputs.sarif-file }}"
    assert upload["if"].startswith("${{ always() && ")


def test_what_fails_the_job_is_a_choice(job: Job) -> None:
    job.data("".join(map(GOOD.format, range(12))) + TWICE)
    assert [job.run(**NOWHERE, fail_on=word)[0] for word in ("error", "warning", "never")] == [0, 1, 0]
    code, printed = job.run(**NOWHERE, fail_on="errors")
    assert (code, commands(printed)[0][2]) == (2, "fail-on takes error, warning or never")
    assert job.run(**NOWHERE, fail_on="never", paths="gone.jsonl")[0] == 2


def test_paths_options_and_configuration_are_lists_of_lines(job: Job) -> None:
    job.data(BAD, "a b.jsonl")
    job.data("rules: {unknown-role: off, too-few-examples: off}\n", "my lint.yaml")
    assert job.run(**NOWHERE, paths="a b.jsonl\n\n", config="my lint.yaml")[0] == 0
    assert job.run(**NOWHERE, paths="a b.jsonl\ntrain.jsonl", args="--ignore=FT5\n--select\nFT1\n")[0] == 1
    assert job.run(**NOWHERE, paths="a b.jsonl\n", args="--select=FT5\n--ignore=FT501")[0] == 0


@pytest.mark.parametrize("name", [name for name in ACTION["inputs"] if name not in ("install", "upload-sarif")])
def test_no_input_is_run(job: Job, name: str) -> None:
    for text in ('"; touch pwned; "', "$(touch pwned)", "`touch pwned`", "'; touch pwned #", "--\n; touch pwned"):
        for install in ("true", "false"):
            job.run(**{"install": install, name.replace("-", "_"): text})
    assert not (job.folder / "pwned").exists()
    for line in job.outputs.read_text().splitlines() if job.outputs.exists() else ():
        assert re.fullmatch(r"exit-code=[012]|sarif=true", line)


@pytest.mark.parametrize(("version", "wanted"), [("", str(ROOT)), ("0.1.0", "ftlint==0.1.0")])
def test_it_installs_its_own_version_or_the_one_that_is_named(job: Job, version: str, wanted: str) -> None:
    assert job.run(version=version)[0] == 0
    called = (job.folder / "python-was-called-with").read_text().splitlines()
    assert called[:3] == ["-m", "pip", "install"]
    assert called[-1] == wanted


def test_the_gitlab_job_of_the_readme_makes_reports_that_gitlab_reads(job: Job) -> None:
    page = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"```yaml\n# \.gitlab-ci\.yml\n(.*?)```", page, re.DOTALL)
    assert block
    (one,) = yaml.safe_load(block[1]).values()
    job.data(BAD)
    job.tool("pip", "true")
    code, _ = job._step({"shell": "bash", "run": "\n".join(one["script"])}, {})
    assert code == 1
    reports = one["artifacts"]["reports"]
    entries = list(READERS["gitlab"]((job.folder / reports["codequality"]).read_text()))
    assert ("train.jsonl", 1, "unknown-role") in entries
    assert sorted(READERS["junit"]((job.folder / reports["junit"]).read_text())) == sorted(entries)
    assert json.loads((job.folder / reports["codequality"]).read_text())
