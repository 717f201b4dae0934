"""Tests of the action's word on costs: a job summary, one comment that is kept up to date, and a limit."""

from __future__ import annotations

from pathlib import Path

import pytest
from costing import commit
from test_action import GOOD, NOWHERE, Job

OURS = {"cost_base": "HEAD", "cost_token": "t"}


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A pull request in a repository; ``gh`` writes down how it was called, and knows the comments of ``old``."""
    made = Job(tmp_path)
    made.set = {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_REPOSITORY": "acme/data", "HOME": str(tmp_path)}
    made.tool("gh", f'case "$*" in *--paginate*) cat "{tmp_path}/old" ;; *) echo "$*" >> "{tmp_path}/gh" ;; esac')
    (tmp_path / "old").write_text("")
    commit(tmp_path)
    return made


def called(job: Job) -> str:
    return (job.folder / "gh").read_text() if (job.folder / "gh").exists() else ""


def test_a_change_is_told_in_the_summary_and_in_a_comment(job: Job) -> None:
    job.data("".join(map(GOOD.format, range(14))))
    code, printed = job.run(**NOWHERE, **OURS)
    assert code == 0, printed
    assert "**Training costs " in (job.folder / "summary.md").read_text()
    assert called(job).startswith("api --silent --method POST repos/acme/data/issues/7/comments --raw-field body=<!--")
    (job.folder / "old").write_text("41\n42\n")
    job.run(**NOWHERE, **OURS)
    assert "--method PATCH repos/acme/data/issues/comments/41 " in called(job)


def test_no_change_is_no_comment_but_ends_an_old_one(job: Job) -> None:
    assert job.run(**NOWHERE, **OURS)[0] == 0
    assert called(job) == ""
    (job.folder / "old").write_text("41\n")
    assert job.run(**NOWHERE, **OURS)[0] == 0
    assert called(job).endswith("body=<!-- ftlint cost -->\nTraining costs as much as before.\n")


def test_a_limit_fails_the_job(job: Job) -> None:
    job.data("".join(map(GOOD.format, range(60))))
    assert job.run(**NOWHERE, **OURS, cost_limit="0%")[0] == 1
    assert "[!CAUTION]" in called(job)
    assert job.run(**NOWHERE, **OURS, cost_limit="5")[0] == 0


def test_without_a_pull_request_or_a_commit(job: Job) -> None:
    job.data("".join(map(GOOD.format, range(14))))
    job.set["GITHUB_REF"] = "refs/heads/main"
    assert job.run(**NOWHERE, **OURS)[0] == 0
    assert called(job) == ""
    code, printed = job.run(**NOWHERE, cost_base="nowhere")
    assert code == 2
    assert 'git knows no commit "nowhere"' in printed
