"""Jobs by the names that users know: of the ledger, of a dataset, or the service's own."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from ftlint.errors import UnknownName
from ftlint.files import shown
from ftlint.submit.ledger import Entry, Ledger
from ftlint.submit.remote import Job
from ftlint.submit.service import Service
from ftlint.suggest import did_you_mean, nearest
from ftlint.targets import Target, resolve


def submissions(ledger: Ledger) -> list[Entry]:
    """The entries of jobs that were created, oldest first, each job once."""
    return list({entry["job"]: entry for entry in ledger.entries() if entry["step"] == "created"}.values())


def find(name: str, ledger: Ledger) -> str:
    """The id of a job: that of the latest submission of a dataset, or by the start of its digest, or the id itself.

    Raises:
        UnknownName: the name is no id, and the ledger does not know it; the nearest is suggested.
    """
    known = submissions(ledger)
    for entry in reversed(known):
        if name in (entry["name"], entry["job"]) or (len(name) >= 6 and entry["digest"].startswith(name)):
            return str(entry["job"])
    if "-" in name:
        return name
    near = nearest(name, [entry["name"] for entry in known])
    more = did_you_mean(near) or f": {ledger.path} has no submission of that name"
    raise UnknownName(f'there is no job "{name}"{more}')


def entry_of(job: str, ledger: Ledger) -> Entry | None:
    """The entry of a job in the ledger."""
    return next((entry for entry in submissions(ledger) if entry["job"] == job), None)


class Sent(Struct, frozen=True):
    """The training file that a job was given, and the YAML that it was built from."""

    file: str | None = None
    sources: tuple[str, ...] = ()


def sent(job: str, ledger: Ledger) -> Sent:
    """What a job was given; nothing where the ledger does not know it."""
    entry, root = entry_of(job, ledger), ledger.folder.parent
    started = ledger.of(entry["digest"], entry["run"]) if entry else []
    for one in started:
        if one["step"] == "started":
            train = one["files"]["train"]
            return Sent(shown(root / train["name"]), tuple(shown(root / source) for source in train["sources"]))
    return Sent()


def listed(service: Service, most: int) -> Iterator[Job]:
    """The jobs of the service, newest first, at most so many."""
    found = service.pages(
        lambda client, after: client.fine_tuning.jobs.with_raw_response.list(limit=min(most, 100), **after), Job
    )
    for job, _ in zip(found, range(most), strict=False):
        yield job


def turn(service: Service, job: str, verb: str) -> Job:
    """``cancel``, ``pause`` or ``resume`` a job; one that is as it is to be already is left alone.

    Raises:
        ServiceError: the service does not do it.
    """
    return service.ask(lambda client: getattr(client.fine_tuning.jobs.with_raw_response, verb)(job), Job)


def price_target(job: Job) -> Target | None:
    """The target whose price a job is charged by; None where its model is none that ftlint knows."""
    try:
        return resolve(job.model)
    except UnknownName:
        return None
