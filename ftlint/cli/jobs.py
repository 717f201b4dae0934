"""``ftlint jobs``: what became of what was submitted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ftlint.cli._options import config_option
from ftlint.cli._remote import (
    clock,
    endpoint_of,
    open_service,
    row,
    service_options,
    show_end,
    show_event,
    show_failure,
    target_of,
    watch,
)

if TYPE_CHECKING:
    from ftlint.config import Config
    from ftlint.submit.ledger import Ledger
    from ftlint.submit.remote import Job
    from ftlint.submit.service import Service

DONE = {"cancel": ("cancelled",), "pause": ("paused",), "resume": ("running", "queued", "validating_files")}


class Workspace:
    """One call of a command: the configuration, its ledger, and the service."""

    def __init__(self, config: Config, ledger: Ledger, service: Service) -> None:
        self.config, self.ledger, self.service = config, ledger, service

    def job(self, name: str) -> Job:
        from ftlint.submit.register import find
        from ftlint.submit.submission import find_job

        return find_job(self.service, find(name, self.ledger))


@contextmanager
def open_workspace(config_path: Path | None, given: dict[str, Any]) -> Iterator[Workspace]:
    """Open everything that a command needs."""
    from ftlint import api
    from ftlint.submit.ledger import Ledger

    config = api.load_config(config_path)
    with open_service(given, endpoint_of(given, target_of(None, config))) as service:
        yield Workspace(config, Ledger(config.root), service)


@click.group("jobs", short_help="List, follow, cancel, pause and resume training jobs.", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """List, follow, cancel, pause and resume training jobs.

    NAME is a dataset's name in the ledger (its latest job), the start of a submission's digest, or a job's id. Without
    a command, jobs are listed.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_jobs)


def named(function: Callable[..., None]) -> click.Command:
    """A command about one job."""
    name = function.__name__.removesuffix("_job")
    return command.command(name)(click.argument("name")(service_options(config_option(function))))


@command.command("list")
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, help="Show so many, newest first.")
@service_options
@config_option
def list_jobs(most: int, config_path: Path | None, **given: Any) -> None:
    """List jobs, newest first. All that the key shows are listed, those of the ledger with their names."""
    from ftlint.submit.redaction import plain
    from ftlint.submit.register import listed, submissions

    with open_workspace(config_path, given) as workspace:
        names = {entry["job"]: entry["name"] for entry in submissions(workspace.ledger)}
        empty = True
        for job in listed(workspace.service, most):
            empty = False
            made = clock(job.created_at, "%Y-%m-%d %H:%M")
            model = job.fine_tuned_model or job.model
            click.echo(plain(f"{job.id}  {made}  {job.status:<16}  {model}  {names.get(job.id, '')}".rstrip()))
    if empty:
        click.echo("there are no jobs", err=True)


@named
def show_job(name: str, config_path: Path | None, **given: Any) -> None:
    """Show one job: its state, and what came of it."""
    with open_workspace(config_path, given) as workspace:
        sys.exit(_show(workspace, workspace.job(name)))


@named
def follow_job(name: str, config_path: Path | None, **given: Any) -> None:
    """Stay until a job has ended. Exits with 1 where it did not succeed."""
    from ftlint.submit.follow import cost
    from ftlint.submit.register import entry_of, price_target
    from ftlint.submit.submission import write_end

    with open_workspace(config_path, given) as workspace:
        job = watch(workspace.service, workspace.job(name).id)
        if entry := entry_of(job.id, workspace.ledger):
            target = price_target(job)
            usd = cost(job, target) if target else None
            write_end(workspace.ledger, (entry["digest"], entry["run"]), job, None if usd is None else str(usd))
        sys.exit(_show(workspace, job))


def _show(workspace: Workspace, job: Job) -> int:
    from ftlint.submit.register import price_target

    row("job", f"{job.id} {job.status}")
    row("trains", job.model)
    if job.status == "succeeded":
        show_end(workspace.service, job, price_target(job))
    elif job.has_ended:
        show_failure(workspace.service, job, workspace.ledger, workspace.config)
    return int(job.has_ended and job.status != "succeeded")


@named
def events_job(name: str, config_path: Path | None, **given: Any) -> None:
    """Show what a job has told, oldest first."""
    from ftlint.submit.follow import events

    with open_workspace(config_path, given) as workspace:
        for event in reversed(list(events(workspace.service, workspace.job(name).id))):
            show_event(event, workspace.service)


@named
def checkpoints_job(name: str, config_path: Path | None, **given: Any) -> None:
    """Show the models that a job kept on its way."""
    from ftlint.submit.follow import checkpoints
    from ftlint.submit.redaction import plain

    with open_workspace(config_path, given) as workspace:
        for point in checkpoints(workspace.service, workspace.job(name).id):
            numbers = ", ".join(f"{key} {value:g}" for key, value in sorted(point.metrics.items()) if value is not None)
            click.echo(plain(f"{point.fine_tuned_model_checkpoint}  step {point.step_number}  {numbers}"))


def _turning(verb: str, what: str) -> None:
    def turn_job(name: str, config_path: Path | None, **given: Any) -> None:
        from ftlint.submit.register import turn

        with open_workspace(config_path, given) as workspace:
            job = workspace.job(name)
            if job.status not in DONE[verb]:
                job = turn(workspace.service, job.id, verb)
            row("job", f"{job.id} {job.status}")

    turn_job.__name__, turn_job.__doc__ = f"{verb}_job", what
    named(turn_job)


_turning("cancel", "End a job; what it has trained so far is lost.")
_turning("pause", "Stop a job for a while.")
_turning("resume", "Let a job that was paused go on.")
