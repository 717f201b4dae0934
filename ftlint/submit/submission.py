"""One submission, step by step, each written down before and after: files, then the job, each of them once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from ftlint.model import Split
from ftlint.submit.creation import Creation
from ftlint.submit.failure import ServiceError
from ftlint.submit.files import Progress, Sizes, Uploader
from ftlint.submit.ledger import Ledger
from ftlint.submit.parameters import OWN_KEY
from ftlint.submit.plan import Plan, mark
from ftlint.submit.remote import Job, Model
from ftlint.submit.service import Service

PAGE = 100
"""Jobs that are listed at once."""


class Submission:
    """A plan on its way through a service.

    Attributes:
        run: 1, or more where the user asked for the same job again.
        seen: whether the service has shown a job, whatever it was about.
    """

    def __init__(self, plan: Plan, service: Service, ledger: Ledger, *, again: bool = False) -> None:
        self.plan, self.service, self.ledger = plan, service, ledger
        self.seen = False
        self.run = self._run(again)

    def _run(self, again: bool) -> int:
        """The last run, or with ``again`` the one after it; a run that was begun and has no job yet is gone on with."""
        entries = self.ledger.of(self.plan.digest)
        with_job = {entry["run"] for entry in entries if entry["step"] == "created"}
        if again or not entries:
            with_job |= set(self._runs())
        last = max({entry["run"] for entry in entries} | with_job, default=1)
        return last + 1 if again and last in with_job else last

    def _runs(self) -> Iterator[int]:
        """The runs of which the service has a job."""
        for job in self._jobs():
            digest, _, run = (job.metadata or {}).get(OWN_KEY, "").partition(":")
            if digest == self.plan.digest and run.isdecimal():
                yield int(run)

    @property
    def key(self) -> tuple[str, int]:
        return self.plan.digest, self.run

    def preflight(self) -> Model | None:
        """Ask for the model: proves key and address, and gives its last day; None where the server has no models.

        Raises:
            ServiceError: the key is refused, the model is not there, or nobody answers.
        """
        try:
            return self.service.ask(lambda client: client.models.with_raw_response.retrieve(self.plan.model), Model)
        except ServiceError as error:
            if error.status != 404:
                raise
            if error.code == "model_not_found" or self.service.endpoint.is_openai:
                raise ServiceError(
                    f"{self.plan.model} is no model that this key may use: {error}", 404, error.code
                ) from None
            return None

    @property
    def is_newcomer(self) -> bool:
        """Whether OpenAI, asked for all jobs, has shown none: an organisation that never trained may not begin to.

        It lists jobs to those as well whom it refuses new ones, so more than a hint cannot be had before the upload.
        """
        return self.service.endpoint.is_openai and not self.seen

    def existing(self) -> Job | None:
        """The job of these bytes and parameters, if it is there: by the ledger, else among the service's jobs.

        Raises:
            ServiceError: the service cannot be asked.
        """
        for entry in self.ledger.of(*self.key):
            if entry["step"] == "created" and (job := self._known(entry["job"])):
                return job
        job = next((job for job in self._jobs() if (job.metadata or {}).get(OWN_KEY) == mark(*self.key)), None)
        if job is not None:
            self._created(job)
        return job

    def _known(self, name: str) -> Job | None:
        try:
            return find_job(self.service, name)
        except ServiceError as error:
            if error.status != 404:
                raise
            return None

    def _jobs(self) -> Iterator[Job]:
        found = self.service.pages(
            lambda client, after: client.fine_tuning.jobs.with_raw_response.list(limit=PAGE, **after), Job
        )
        for job in found:
            self.seen = True
            yield job

    def start(self, sizes: Sizes | None = None, progress: Progress | None = None) -> Job:
        """Upload the files, wait for them, create the job; what an earlier run has done is not done again.

        Raises:
            FtlintError: it cannot be done; the same command goes on from there.
        """
        plan = self.plan
        if not self.ledger.of(*self.key):
            root = self.ledger.folder.parent
            about = {
                split: {
                    "name": os.path.relpath(file.shown, root),
                    "sha256": file.sha256,
                    "sources": [os.path.relpath(source, root) for source in file.sources],
                }
                for split, file in plan.files.items()
            }
            self.ledger.append("started", *self.key, name=plan.name, model=plan.model, files=about)
        uploader = Uploader(self.service, self.ledger, self.key, sizes)
        ids: dict[Split, str] = {}
        for split, payload in plan.files.items():
            self.service.tell(f"{payload.shown}: {payload.size:,} bytes as {payload.filename}")
            file = uploader.upload(payload, progress)
            uploader.wait(file, payload)
            ids[split] = file.id
        return self._create(ids)

    def _create(self, files: dict[Split, str]) -> Job:
        asked: dict[str, Any] = self.plan.job(files, self.run)
        job = Creation(self.service, self.ledger, self.key).job(
            lambda: self.existing() or self._unmarked(files),
            lambda client: client.fine_tuning.jobs.with_raw_response.create(**asked),
            files,
        )
        self._created(job)
        return job

    def _unmarked(self, files: dict[Split, str]) -> Job | None:
        """A job of these files, or of those that one was asked for, at a server that keeps no metadata.

        What the ledger knows is another's.
        """
        known = {entry["job"] for entry in self.ledger.entries() if entry["step"] == "created"}
        asked = [entry["files"] for entry in self.ledger.of(*self.key) if entry["step"] == "creating"]
        wanted = {(given["train"], given.get("validation")) for given in (files, *asked)}
        for job in self._jobs():
            is_bare = not job.metadata and job.id not in known
            if is_bare and (job.training_file, job.validation_file or None) in wanted and job.model == self.plan.model:
                return job
        return None

    def _created(self, job: Job) -> None:
        known = [entry["job"] for entry in self.ledger.of(*self.key) if entry["step"] == "created"]
        if job.id not in known:
            self.ledger.append("created", *self.key, job=job.id, model=self.plan.model, name=self.plan.name)

    def ended(self, job: Job, usd: str | None) -> None:
        """Write down how a job ended."""
        write_end(self.ledger, self.key, job, usd)


def find_job(service: Service, name: str) -> Job:
    """A job by its id.

    Raises:
        ServiceError: there is none, or the service cannot be asked.
    """
    return service.ask(lambda client: client.fine_tuning.jobs.with_raw_response.retrieve(name), Job)


def write_end(ledger: Ledger, key: tuple[str, int], job: Job, usd: str | None) -> None:
    """Write down how a job ended, once."""
    if not any(entry["step"] == "ended" and entry["job"] == job.id for entry in ledger.of(*key)):
        more: dict[str, Any] = {"model": job.fine_tuned_model, "trained_tokens": job.trained_tokens, "usd": usd}
        ledger.append("ended", *key, job=job.id, status=job.status, **more)


def requests(plan: Plan, sizes: Sizes | None = None, run: int = 1) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every request of a submission that finds nothing there: ``METHOD /path``, and what is sent."""
    whole, part = (sizes or Sizes()).settled()
    yield f"GET /models/{plan.model}", {}
    yield "GET /fine_tuning/jobs", {"limit": PAGE}
    files: dict[Split, str] = {}
    for split, payload in plan.files.items():
        files[split] = f"<id of {payload.filename}>"
        about = {"filename": payload.filename, "bytes": payload.size, "purpose": "fine-tune"}
        yield "GET /files", {"purpose": "fine-tune"}
        if payload.size > whole:
            yield "POST /uploads", {**about, "mime_type": "application/jsonl"}
            for start in range(0, payload.size, part):
                yield "POST /uploads/<upload>/parts", {"bytes": min(part, payload.size - start)}
            yield "POST /uploads/<upload>/complete", {"part_ids": ["…"], "md5": payload.md5}
        else:
            yield "POST /files", {**about, "sha256": payload.sha256}
        yield f"GET /files/{files[split]}", {}
    yield "POST /fine_tuning/jobs", plan.job(files, run)
