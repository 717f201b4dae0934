"""``ftlint submit``: from a clean dataset to a tuned model."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ftlint.cli._options import Auto, config_option
from ftlint.cli._remote import (
    agreed,
    endpoint_of,
    open_service,
    row,
    seconds_option,
    service_options,
    show_end,
    show_failure,
    watch,
)
from ftlint.cli._screen import progress, wants_color, width
from ftlint.errors import FtlintError

if TYPE_CHECKING:
    from ftlint.config import Config
    from ftlint.report import Report
    from ftlint.submit.connection import Endpoint
    from ftlint.submit.parameters import Parameters
    from ftlint.submit.plan import Plan
    from ftlint.submit.remote import Job
    from ftlint.submit.service import Service
    from ftlint.submit.submission import Submission

SHOWN = 3


@click.command("submit", short_help="Upload a dataset and train a model on it, once.")
@click.argument("dataset", nargs=-1)
@click.option("--validation", metavar="FILE", help="Examples to validate with.")
@click.option("--target", metavar="PROVIDER/MODEL", help="Model that is to be tuned; a tuned one (ft:…) may be again.")
@click.option("--method", type=click.Choice(["supervised", "dpo", "reinforcement"]), help="Default: from the data.")
@click.option("--epochs", "n_epochs", type=Auto(int), metavar="N|auto", help="Passes over the data.")
@click.option("--batch-size", type=Auto(int), metavar="N|auto", help="Examples a step.")
@click.option(
    "--learning-rate",
    "learning_rate_multiplier",
    type=Auto(float),
    metavar="X|auto",
    help="Multiplier of the learning rate.",
)
@click.option("--beta", type=Auto(float), metavar="X|auto", help="Of preference data: how near to stay to the model.")
@click.option("--suffix", metavar="TEXT", help="Part of the tuned model's name, up to 64 characters.")
@click.option("--seed", type=int, metavar="N", help="For results that can be repeated.")
@click.option("--metadata", multiple=True, metavar="KEY=VALUE", help="Kept with the job; as often as wanted.")
@click.option("--wandb", metavar="PROJECT", help="Report to a project of Weights & Biases.")
@click.option(
    "--grader", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Its JSON, for reinforcement."
)
@click.option(
    "--allow-warnings/--strict", default=True, help="Whether warnings of the check may stand (default), or stop it."
)
@click.option("--moderate", is_flag=True, help="First have the texts screened by the service's moderation.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before uploading and training.")
@click.option("--dry-run", is_flag=True, help="Show every request and send none.")
@click.option("--follow/--no-wait", default=True, help="Stay until the job has ended (default), or leave it alone.")
@click.option("--again", is_flag=True, help="Train once more what has been trained already.")
@click.option("--notify", metavar="COMMAND|URL", help="Run a command, or POST to a webhook, when the job has ended.")
@seconds_option(
    "--sure-after",
    0,
    900,
    "How long a request for a job that had no answer may still start one; till then no other is made.",
)
@service_options
@config_option
def command(dataset: tuple[str, ...], validation: str | None, config_path: Path | None, **given: Any) -> None:
    """Check DATASET (a name in ftlint.yaml, or files), upload it and train a model on it.

    What was uploaded or started before is found and gone on with: the same command after a crash, a timeout or a day
    neither uploads nor pays twice.

    Tokens, cost and dates are shown before anything is uploaded. Whether an organisation may still train at OpenAI is
    told by the request for the job only, after the upload; a key that shows no job so far is warned before.

    Exits with 0 once the model is there (with --no-wait, the job), 1 where the check or the job failed, and 2 where it
    could not go on.
    """
    from ftlint import api
    from ftlint.submit import dataset as data
    from ftlint.submit.connection import key
    from ftlint.submit.plan import plan, settle_target

    if given["notify"] and not given["follow"]:
        raise click.UsageError("--notify tells how a job ended, and --no-wait does not stay so long.")
    config = api.load_config(config_path)
    parameters = _parameters(given)
    if not (given["yes"] or given["dry_run"] or sys.stdin.isatty()):
        raise FtlintError("nobody can be asked here, as standard input is no terminal; --yes submits without asking")
    _, target = settle_target(given["target"], config)
    endpoint = endpoint_of(given, target)
    if not given["dry_run"]:
        key(endpoint)
    today = datetime.now().astimezone().date()
    try:
        settled = plan(data.choose(dataset, validation, config), config, parameters, given["target"], endpoint, today)
        try:
            _carry_out(settled, config, given, endpoint)
        finally:
            data.discard(settled.files.values())
    except data.BuildError as error:
        click.echo(f"{error}\nnothing was sent: the sources have errors", err=True)
        sys.exit(1)
    finally:
        if given["dry_run"]:
            data.tidy(config.root)


def _carry_out(plan: Plan, config: Config, given: dict[str, Any], endpoint: Endpoint) -> None:
    """Show the requests, or send them; ends the program unless all that was asked for is to see them."""
    from ftlint.submit.dataset import discard

    _stop_at_findings(plan.report, strict=not given["allow_warnings"])
    if given["dry_run"]:
        _show_plan(plan, endpoint)
        _show_requests(plan)
        discard(plan.files.values(), builds=True)
        return
    with open_service(given, endpoint) as service:
        sys.exit(_submit(plan, service, config, given))


def _parameters(given: dict[str, Any]) -> Parameters:
    from ftlint.submit.parameters import HYPERPARAMETERS, Parameters

    pairs = dict[str, str]()
    for text in given["metadata"]:
        key, sign, value = text.partition("=")
        if not sign:
            raise FtlintError(f'--metadata takes KEY=VALUE, not "{text[:40]}"')
        pairs[key] = value
    more = {name: given[name] for name in (*HYPERPARAMETERS, "method", "suffix", "seed")}
    wandb = {"project": given["wandb"]} if given["wandb"] is not None else None
    return Parameters(metadata=pairs, wandb=wandb, grader=_grader(given["grader"]), **more)


def _grader(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        grader = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise FtlintError(f"{path}: the grader is no JSON: {error}") from None
    if not isinstance(grader, dict):
        raise FtlintError(f"{path}: the grader is to be a JSON object")
    return grader


def _stop_at_findings(report: Report, *, strict: bool) -> None:
    """Show what the check found, and stop at errors."""
    from ftlint.render import Options, render

    code = report.exit_code(strict=strict)
    if report.diagnostics or code:
        how = Options(color=wants_color(sys.stderr), width=width(), shown=SHOWN, quiet=True)
        for chunk in render(report, "text", how):
            click.echo(chunk, nl=False, err=True, color=how.color)
    if code:
        click.echo("nothing was sent", err=True)
        sys.exit(code)


def _show_plan(plan: Plan, endpoint: Endpoint) -> None:
    """What will be sent and where, what it costs, and until when it is any use."""
    from ftlint.cost import dollars
    from ftlint.files import shown

    for split, payload in plan.files.items():
        names = ", ".join(map(shown, map(Path, payload.sources))) or payload.shown
        row(split, f"{names}: {payload.lines:,} examples, {payload.size:,} bytes, sha256 {payload.sha256[:16]}")
    summary, target = plan.report.summary, plan.target
    row("service", f"{endpoint.shown}, with the key in {endpoint.key_env}")
    row("model", f"{plan.model} ({target.provider}), {plan.method}")
    tokens = summary.tokens.billed if summary.tokens else 0
    about = "" if summary.tokens and summary.tokens.exact else ", an estimate"
    epochs = f"{summary.epochs} epoch{'s' * (summary.epochs != 1)}{' (auto)' if summary.epochs_auto else ''}"
    row("training", f"{tokens:,} tokens{about} × {epochs}")
    if summary.cost:
        row(
            "cost",
            f"{dollars(summary.cost.usd)} at {dollars(summary.cost.usd_per_million)} a million tokens, as of "
            f"{summary.cost.as_of}",
        )
    else:
        row("cost", f"not known: {summary.cost_note}")
    if target.jobs_close:
        end = f"; tuned models stop on {target.shutdown}" if target.shutdown else ""
        row("dates", f"no new jobs from {target.jobs_close} on{end}")


def _show_requests(plan: Plan) -> None:
    from ftlint.submit.submission import requests

    click.echo()
    for line, data in requests(plan):
        click.echo(f"{line}{'  ' if data else ''}{json.dumps(data, ensure_ascii=False) if data else ''}")
    click.echo("nothing was sent")


def _submit(plan: Plan, service: Service, config: Config, given: dict[str, Any]) -> int:
    """Look for the job, else ask and start it; then follow it. Gives the exit code."""
    from ftlint.submit.dataset import discard
    from ftlint.submit.ledger import Ledger
    from ftlint.submit.redaction import plain
    from ftlint.submit.screening import screen_plan
    from ftlint.submit.submission import Submission

    if given["moderate"]:
        _stop_at_findings(screen_plan(plan, config, service), strict=not given["allow_warnings"])
    ledger = Ledger(config.root)
    with ledger.locked():
        submission = Submission(plan, service, ledger, again=given["again"])
        job = submission.existing()
        if job is not None:
            click.echo(plain(f"this was submitted before: {job.id} ({job.status})"), err=True)
        else:
            job = _start(submission, given)
        discard(plan.files.values())
    if not given["follow"]:
        row("job", f"{job.id} ({job.status}); `ftlint jobs follow {job.id}` goes on")
        return 0
    return _follow(submission, job, config, given["notify"])


def _start(submission: Submission, given: dict[str, Any]) -> Job:
    from ftlint.explain import explain
    from ftlint.submit.openai_errors import NOT_AVAILABLE

    found = submission.preflight()
    _show_plan(submission.plan, submission.service.endpoint)
    if found and found.shutdown_date:
        row("shutdown", f"the service shuts {found.id} down on {found.shutdown_date}")
    if submission.is_newcomer and (meaning := explain(NOT_AVAILABLE).meaning):
        row("access", f"this key shows no job so far, so this one may be refused after the upload. {meaning.cause}")
    if not given["yes"] and not agreed("Upload and train?"):
        raise FtlintError("nothing was sent")
    try:
        with progress("uploading", enabled=True) as update:
            job = submission.start(progress=update)
    except KeyboardInterrupt:
        click.echo("\nthe same command finds what was sent, and goes on from there", err=True)
        raise
    if given["follow"]:
        row("job", job.id)
    return job


def _follow(submission: Submission, job: Job, config: Config, notified: str | None) -> int:
    from ftlint.cost import dollars
    from ftlint.submit.follow import cost, notify

    plan, service = submission.plan, submission.service
    try:
        job = job if job.has_ended else watch(service, job.id)
    except KeyboardInterrupt:
        click.echo(
            f"\nthe job goes on; `ftlint jobs follow {job.id}` shows it, `ftlint jobs cancel {job.id}` ends it",
            err=True,
        )
        raise
    usd = cost(job, plan.target)
    submission.ended(job, None if usd is None else str(usd))
    if job.status == "succeeded":
        estimate = dollars(plan.report.summary.cost.usd) if plan.report.summary.cost else ""
        show_end(service, job, plan.target, estimate)
    else:
        show_failure(service, job, submission.ledger, config)
        click.echo("the same data and parameters are trained again with --again", err=True)
    if notified:
        notify(notified, job, service.endpoint.key_env)
    return int(job.status != "succeeded")
