"""What the commands that talk to a service have in common: its address, its key's name, patience, and a job as text."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from ftlint.cli._options import F, Number, together
from ftlint.errors import FtlintError

if TYPE_CHECKING:
    from ftlint.config import Config
    from ftlint.submit.connection import Endpoint
    from ftlint.submit.ledger import Ledger
    from ftlint.submit.remote import Event, Job
    from ftlint.submit.service import Service
    from ftlint.targets import Target

CELLS = 24

TEN_DAYS = 864_000
"""In seconds: longer than anything may take."""


def seconds_option(name: str, least: float, default: float, words: str) -> Callable[[F], F]:
    """An option that takes a number of seconds."""
    kind = Number(least, TEN_DAYS)
    return click.option(name, type=kind, default=default, show_default=True, metavar="SECONDS", help=words)


service_options = together(
    click.option("--base-url", default="", metavar="URL", help="A server that speaks OpenAI's API (OPENAI_BASE_URL)."),
    click.option("--azure", default="", metavar="URL", help="Endpoint of Azure OpenAI (AZURE_OPENAI_ENDPOINT)."),
    click.option(
        "--api-version",
        default="",
        metavar="VERSION",
        help="Of Azure's API (OPENAI_API_VERSION); an endpoint that ends in /openai/v1 needs none.",
    ),
    click.option(
        "--key-env",
        default="",
        metavar="NAME",
        help="Variable that holds the key (default: OPENAI_API_KEY, at Azure AZURE_OPENAI_API_KEY).",
    ),
    seconds_option("--timeout", 0.05, 120, "How long the service may be silent."),
    seconds_option("--patience", 0, 600, "How long to wait for a service that is busy or fails."),
    seconds_option("--poll", 0.001, 5, "Between two looks at a file or job."),
)
"""The options that say who is asked, and how patiently."""

answer_options = together(
    click.option("--temperature", type=Number(0, 2), help="How much answers vary."),
    click.option("--max-tokens", type=click.IntRange(1), help="Longest answer."),
)
"""The options that say how a model answers."""

NAMES = ("base_url", "azure", "api_version", "key_env", "timeout", "patience", "poll")


def endpoint_of(given: dict[str, Any], target: Target | None) -> Endpoint:
    """Where the options lead."""
    from ftlint.submit.connection import Connection, settle_endpoint

    asked = {name: given[name] for name in ("base_url", "azure", "api_version", "key_env", "timeout")}
    return settle_endpoint(Connection(**asked), target)


def open_service(given: dict[str, Any], endpoint: Endpoint) -> Service:
    """The service at an endpoint; what takes a while is told on standard error."""
    from ftlint.submit.service import Pace, Service

    quick = min(1.0, given["poll"])
    patience = given["patience"]
    sure = {"sure": given["sure_after"]} if "sure_after" in given else {}
    pace = Pace(
        poll=given["poll"], backoff=quick, patience=patience, settle=15 * quick, processing=3 * patience, **sure
    )
    return Service(endpoint, pace, lambda words: click.echo(words, err=True))


def target_of(name: str | None, config: Config) -> Target | None:
    """The target that is named, or the configuration's."""
    from ftlint import settings

    return settings.target_of(config, name) if name or config.target else None


def row(head: str, text: str, *, err: bool = False) -> None:
    """One fact, under its name."""
    from ftlint.submit.redaction import plain

    click.echo(f"{click.style(f'{head:<12}', bold=True)}{plain(text)}", err=err)


def agreed(question: str) -> bool:
    """Whether the user says yes; whoever leaves instead does not."""
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        click.echo(err=True)
        return False


def clock(at: float, form: str = "%H:%M:%S") -> str:
    """A time that a service told, in seconds of the epoch, as it is here; question marks where it is none."""
    try:
        return time.strftime(form, time.localtime(at))
    except (OverflowError, ValueError, OSError):
        return re.sub("%.", "??", form)


def show_event(event: Event, service: Service) -> None:
    """One event as a line."""
    at = clock(event.created_at)
    click.echo(f"{click.style(at, dim=True)}  {service.redact(event.message)}", err=True)


def watch(service: Service, name: str) -> Job:
    """Follow a job until it ends; on a terminal with a bar and the course of the loss."""
    from ftlint.submit.follow import follow

    losses: list[float] = []
    with _bar() as draw:
        for look in follow(service, name):
            for event in look.events:
                losses += filter(None, [event.number("train_loss")])
                if event.number("step") is None or draw is None:
                    click.echo("\r\x1b[2K" if draw else "", nl=False, err=True)
                    show_event(event, service)
            if draw is not None:
                draw(look.job, next((e for e in reversed(look.events) if e.number("step")), None), losses)
    if look.job.status == "succeeded" and losses:
        from ftlint.submit.follow import sparkline

        row("loss", f"{sparkline(losses)}  {losses[0]:.3f} → {losses[-1]:.3f}")
    return look.job


@contextmanager
def _bar() -> Iterator[Callable[[Job, Event | None, list[float]], None] | None]:
    """What draws a line with bar, loss and the estimate of the end; None where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    reached = [0.0, 1.0]

    def draw(job: Job, step: Event | None, losses: list[float]) -> None:
        from ftlint.submit.follow import sparkline
        from ftlint.submit.redaction import plain

        if step is not None:
            reached[:] = [step.number("step") or 0, step.number("total_steps") or reached[1]]
        cells = max(0, min(CELLS, int(CELLS * reached[0] / max(reached[1], 1))))
        bar = "━" * cells + click.style("━" * (CELLS - cells), dim=True)
        end = job.estimated_finish and clock(job.estimated_finish, " until about %H:%M")
        click.echo(f"\r\x1b[2K{plain(job.status)} {bar} {sparkline(losses, 30)}{end or ''}", nl=False, err=True)

    try:
        yield draw
    finally:
        click.echo("\r\x1b[2K", nl=False, err=True)


def show_end(service: Service, job: Job, target: Target | None, estimate: str = "") -> None:
    """What came of a job that succeeded: the model, how to call it, what it cost, and its checkpoints."""
    from ftlint.cost import dollars
    from ftlint.submit.follow import checkpoints, cost

    row("model", str(job.fine_tuned_model))
    row("use", f'client.chat.completions.create(model="{job.fine_tuned_model}", messages=[…])')
    usd = cost(job, target) if target else None
    if job.trained_tokens is not None:
        paid = f"{dollars(usd)} for " if usd is not None else ""
        row(
            "cost",
            f"{paid}{job.trained_tokens:,} trained tokens{f' (the estimate was {estimate})' if estimate else ''}",
        )
    for point in checkpoints(service, job.id):
        loss = point.metrics.get("full_valid_loss") or point.metrics.get("train_loss")
        told = f"step {point.step_number}{f', loss {loss:.3f}' if loss is not None else ''}"
        row("checkpoint", f"{point.fine_tuned_model_checkpoint}  ({told})")


def show_failure(service: Service, job: Job, ledger: Ledger, config: Config) -> None:
    """Why a job did not succeed, and where in the data that is."""
    from ftlint.cli.explain import tell
    from ftlint.submit.redaction import plain
    from ftlint.submit.register import sent

    said = service.redact(job.fault)
    click.echo(plain(f"the job {job.id} {job.status}{f': {said}' if said else ''}"), err=True)
    if not said:
        return
    given = sent(job.id, ledger)
    try:
        tell(said, given.file, config, sources=given.sources)
    except FtlintError as error:
        click.echo(f"note: {error}", err=True)
