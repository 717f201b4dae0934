"""A job on its way: looked at until it ends, each event once, and what its losses say."""

from __future__ import annotations

import math
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import takewhile

import msgspec
from msgspec import Struct

from ftlint.cost import MILLION
from ftlint.errors import FtlintError
from ftlint.submit.remote import Checkpoint, Event, Job
from ftlint.submit.service import Service
from ftlint.submit.submission import find_job
from ftlint.targets import Target

BARS = "▁▂▃▄▅▆▇█"
NOTIFIED = 60.0
"""Seconds that whoever is notified may take."""


class Look(Struct, frozen=True):
    """A job as it is now, with the events that are new, oldest first."""

    job: Job
    events: tuple[Event, ...]


def follow(service: Service, name: str) -> Iterator[Look]:
    """Look at a job until it has ended.

    Raises:
        ServiceError: the service cannot be asked any more; the job goes on all the same.
    """
    seen: set[str] = set()
    while True:
        job = find_job(service, name)
        new = tuple(takewhile(lambda event: event.id not in seen, events(service, name)))[::-1]
        seen.update(event.id for event in new)
        yield Look(job, new)
        if job.has_ended:
            return
        time.sleep(service.pace.poll)


def events(service: Service, name: str) -> Iterator[Event]:
    """The events of a job, newest first."""
    return service.pages(
        lambda client, after: client.fine_tuning.jobs.with_raw_response.list_events(name, limit=100, **after), Event
    )


def checkpoints(service: Service, name: str) -> list[Checkpoint]:
    """The checkpoints of a job, oldest first."""
    found = service.pages(
        lambda client, after: client.fine_tuning.jobs.checkpoints.with_raw_response.list(name, limit=50, **after),
        Checkpoint,
    )
    return sorted(found, key=lambda point: point.step_number)


def sparkline(values: Sequence[float], width: int = 40) -> str:
    """Values as bars, the lowest the smallest; of more than ``width`` the means of neighbours."""
    if not values:
        return ""
    count = min(width, len(values))
    groups = [values[len(values) * at // count : len(values) * (at + 1) // count] for at in range(count)]
    means = [sum(group) / len(group) for group in groups]
    low, span = min(means), max(means) - min(means)
    known = 0 < span < math.inf
    return "".join(BARS[int((mean - low) / span * (len(BARS) - 1)) if known else 0] for mean in means)


def cost(job: Job, target: Target) -> Decimal | None:
    """Dollars for the tokens that a job has trained on; None where the price or the tokens are not known."""
    train = target.price.train if target.price else None
    return None if train is None or job.trained_tokens is None else job.trained_tokens * train / MILLION


def notify(where: str, job: Job, key_env: str) -> None:
    """Tell a command (the job in its environment, the key not) or a webhook's URL (a POST of JSON) how a job ended.

    Raises:
        FtlintError: they could not be told.
    """
    told = {"job": job.id, "status": job.status, "model": job.fine_tuned_model or "", "error": job.fault}
    if where.startswith(("http://", "https://")):
        _post(where, msgspec.json.encode(told))
        return
    environment = {name: value for name, value in os.environ.items() if name != key_env}
    environment |= {f"FTLINT_{name.upper()}": value for name, value in told.items()}
    try:
        done = subprocess.run(where, shell=True, env=environment, timeout=NOTIFIED, check=False)  # noqa: S602 - it is the user's own command line
    except subprocess.TimeoutExpired:
        raise FtlintError(f"--notify: the command was not done in {NOTIFIED:g} s") from None
    if done.returncode:
        raise FtlintError(f"--notify: the command ended with {done.returncode}")


def _post(url: str, body: bytes) -> None:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - http(s) only
    try:
        urllib.request.urlopen(request, timeout=NOTIFIED).close()  # noqa: S310
    except (OSError, urllib.error.URLError) as error:
        raise FtlintError(f"--notify: the webhook did not take the message: {type(error).__name__}") from None
