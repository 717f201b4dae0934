"""What the OpenAI server of the tests holds: files, uploads, jobs that go on with each look at them, and models.

Every object is held to the type of the openai package when it is given out (``told``).
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from openai import BaseModel
from openai.types import FileObject, Model, Upload
from openai.types.fine_tuning import FineTuningJob, FineTuningJobEvent
from openai.types.fine_tuning.jobs import FineTuningJobCheckpoint
from openai.types.uploads import UploadPart

MODELS = ("gpt-4.1-2025-04-14", "gpt-4.1-mini-2025-04-14", "gpt-4o-mini-2024-07-18", "omni-moderation-latest")
STAGES = ("validating_files", "queued", "running", "running", "succeeded")
CREATED = 1_795_000_000
Data = dict[str, Any]


class RefusalError(Exception):
    """The server says no: a status, a code, a message and the parameter that is meant."""

    def __init__(self, status: int, code: str | None, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}


def told(kind: type[BaseModel], data: Data) -> Data:
    """The data, once the package's own type has accepted it; ``paused`` is a status that the type lacks."""
    kind.model_validate({**data, "status": "running"} if data.get("status") == "paused" else data)
    return data


@dataclass
class State:
    """All that the server holds, newest last, and how it behaves.

    Attributes:
        looks_to_process: how many looks at a file until it is processed.
        stages: the statuses of a job, one a look at it; the last one stays.
        failure: the (code, message) that the next job fails validation with.
        job_metadata: whether jobs keep their metadata.
    """

    files: dict[str, Data] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, Data] = field(default_factory=dict)
    parts: dict[str, bytes] = field(default_factory=dict)
    jobs: dict[str, Data] = field(default_factory=dict)
    events: dict[str, list[Data]] = field(default_factory=dict)
    checkpoints: dict[str, list[Data]] = field(default_factory=dict)
    models: dict[str, Data] = field(default_factory=dict)
    looks_to_process: int = 1
    stages: Sequence[str] = STAGES
    steps: int = 6
    failure: tuple[str, str] | None = None
    job_metadata: bool = True
    tokens: Callable[[bytes], int] = lambda content: len(content) // 4
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _looks: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in MODELS:
            self.add_model(name)

    def add_model(self, name: str, **more: Any) -> None:
        """A model that can be asked and tuned; ``shutdown_date`` may be given."""
        self.models[name] = {"id": name, "created": CREATED, "object": "model", "owned_by": "system", **more}

    def number(self, head: str) -> str:
        return f"{head}{next(self._numbers):06d}"

    def look(self, name: str) -> int:
        """Counts the looks at an object: 1 for the first."""
        self._looks[name] = self._looks.get(name, 0) + 1
        return self._looks[name]

    # files and uploads

    def add_file(self, filename: str, content: bytes, purpose: str) -> Data:
        name = self.number("file-")
        head = {"id": name, "object": "file", "bytes": len(content), "created_at": CREATED + len(self.files)}
        self.files[name] = {**head, "filename": filename, "purpose": purpose, "status": "uploaded"}
        self.contents[name] = content
        return self.files[name]

    def file(self, name: str) -> Data:
        """A file, as it is after one more look."""
        if name not in self.files:
            raise RefusalError(404, None, f"No such File object: {name}", "id")
        if self.look(name) >= self.looks_to_process:
            self.files[name]["status"] = "processed"
        return told(FileObject, self.files[name])

    def add_upload(self, given: Data) -> Data:
        name = self.number("upload_")
        times = {"created_at": CREATED, "expires_at": int(time.time()) + 3600}
        known = {key: given[key] for key in ("bytes", "filename", "purpose")}
        self.uploads[name] = {"id": name, "object": "upload", "status": "pending", **known, **times}
        return told(Upload, self.uploads[name])

    def pending(self, name: str) -> Data:
        upload = self.uploads.get(name)
        if upload is None:
            raise RefusalError(404, None, f"No such Upload object: {name}", "upload_id")
        if upload["status"] != "pending":
            raise RefusalError(400, "upload_not_pending", f"Upload {name} has status {upload['status']}.")
        return upload

    def add_part(self, upload: str, data: bytes) -> Data:
        self.pending(upload)
        name = self.number("part_")
        self.parts[name] = data
        return told(UploadPart, {"id": name, "object": "upload.part", "created_at": CREATED, "upload_id": upload})

    def complete(self, name: str, parts: list[str]) -> Data:
        upload = self.pending(name)
        if missing := [part for part in parts if part not in self.parts]:
            raise RefusalError(404, None, f"No such Part object: {missing[0]}")
        content = b"".join(self.parts[part] for part in parts)
        if len(content) != upload["bytes"]:
            raise RefusalError(400, None, f"Upload has {len(content)} bytes, expected {upload['bytes']}.")
        file = self.add_file(upload["filename"], content, upload["purpose"])
        upload |= {"status": "completed", "file": file}
        return told(Upload, upload)

    # jobs

    def add_job(self, given: Data) -> Data:
        for key in ("training_file", "validation_file"):
            if given.get(key) and given[key] not in self.files:
                raise RefusalError(400, "invalid_file", f"invalid {key}: {given[key]}", key)
        if given["model"] not in self.models:
            raise RefusalError(404, "model_not_found", f"The model `{given['model']}` does not exist", "model")
        name = self.number("ftjob-")
        method = given.get("method") or {"type": "supervised", "supervised": {}}
        numbers = {"n_epochs": "auto", "batch_size": "auto", "learning_rate_multiplier": "auto"}
        asked = method.get(method["type"], {}).get("hyperparameters", {})
        self.jobs[name] = {
            "id": name,
            "object": "fine_tuning.job",
            "created_at": CREATED + len(self.jobs),
            "model": given["model"],
            "organization_id": "org-acme",
            "result_files": [],
            "seed": given.get("seed") or 42,
            "status": self.stages[0],
            "training_file": given["training_file"],
            "validation_file": given.get("validation_file"),
            "hyperparameters": {**numbers, **{key: value for key, value in asked.items() if key in numbers}},
            "method": method,
            "metadata": given.get("metadata") if self.job_metadata else None,
            "error": None,
            "fine_tuned_model": None,
            "finished_at": None,
            "trained_tokens": None,
            "_suffix": given.get("suffix") or "",
            "_failure": self._failure(given["training_file"]),
        }
        self.events[name], self.checkpoints[name] = [], []
        self.tell(name, f"Created fine-tuning job: {name}")
        self.tell(name, f"Validating training file: {given['training_file']}")
        return self.shown(name)

    def _failure(self, file: str) -> tuple[str, str] | None:
        failure, self.failure = self.failure, None
        lines = self.contents[file].count(b"\n")
        words = f"Training file has {lines} example(s), but must have at least 10 examples"
        return failure or (("invalid_n_examples", words) if lines < 10 else None)

    def tell(self, job: str, message: str, data: Data | None = None, level: str = "info") -> None:
        head = {"id": self.number("ftevent-"), "object": "fine_tuning.job.event", "created_at": CREATED}
        event = {**head, "level": level, "message": message, "data": data or {}}
        self.events[job].append(
            told(FineTuningJobEvent, {**event, "type": "metrics" if data and "step" in data else "message"})
        )

    def shown(self, name: str) -> Data:
        if name not in self.jobs:
            raise RefusalError(404, "fine_tune_not_found", f"Could not find fine tune: {name}", "fine_tune_id")
        data = {key: value for key, value in self.jobs[name].items() if not key.startswith("_")}
        return told(FineTuningJob, data)

    def job(self, name: str) -> Data:
        """A job, one stage further than at the last look."""
        before = self.shown(name)["status"]
        if before not in ("succeeded", "failed", "cancelled", "paused"):
            self._advance(name, self.stages[min(self.look(name), len(self.stages) - 1)])
        return self.shown(name)

    def _advance(self, name: str, status: str) -> None:
        job = self.jobs[name]
        if job["_failure"]:
            code, message = job["_failure"]
            job |= {"status": "failed", "error": {"code": code, "message": message, "param": "training_file"}}
            self.tell(name, message, level="error")
            return
        if status == "running":
            running = sum(event["type"] == "metrics" for event in self.events[name])
            for step in range(running + 1, min(running + self.steps // 2, self.steps) + 1):
                self._step(name, step)
        elif status != job["status"]:
            self.tell(name, f"Fine-tuning job {status}")
        job["status"] = status
        if status == "succeeded":
            self._finish(name)

    def _step(self, name: str, step: int) -> None:
        loss = round(2.5 / step, 3)
        numbers = {"step": step, "total_steps": self.steps, "train_loss": loss}
        self.tell(name, f"Step {step}/{self.steps}: training loss={loss}", numbers)
        self.jobs[name]["estimated_finish"] = CREATED + 60 * self.steps

    def _finish(self, name: str) -> None:
        job = self.jobs[name]
        base = job["model"].removeprefix("ft:").partition(":")[0]
        tuned = f"ft:{base}:acme:{job['_suffix']}:{name[-6:]}"
        epochs = job["hyperparameters"]["n_epochs"]
        tokens = self.tokens(self.contents[job["training_file"]]) * (3 if epochs == "auto" else epochs)
        job |= {"fine_tuned_model": tuned, "trained_tokens": tokens, "finished_at": CREATED + 600}
        for step in (self.steps // 2, self.steps):
            self._checkpoint(name, tuned if step == self.steps else f"{tuned}:ckpt-step-{step}", step)
        self.tell(name, f"New fine-tuned model created: {tuned}")
        self.tell(name, "The job has successfully completed")

    def _checkpoint(self, job: str, model: str, step: int) -> None:
        self.add_model(model)
        head = {"id": self.number("ftckpt_"), "object": "fine_tuning.job.checkpoint", "created_at": CREATED}
        known = {"fine_tuned_model_checkpoint": model, "fine_tuning_job_id": job, "step_number": step}
        metrics = {"step": step, "train_loss": round(2.5 / step, 3), "full_valid_loss": 0.5}
        self.checkpoints[job].append(told(FineTuningJobCheckpoint, {**head, **known, "metrics": metrics}))

    def turn(self, name: str, status: str, allowed: Sequence[str]) -> Data:
        """Cancel, pause or resume a job."""
        if self.shown(name)["status"] not in allowed:
            raise RefusalError(400, "invalid_job_status", f"Job {name} has status {self.jobs[name]['status']}.")
        self.jobs[name]["status"] = status
        self.tell(name, f"Fine-tuning job {status}")
        return self.shown(name)

    def model(self, name: str) -> Data:
        if name not in self.models:
            raise RefusalError(404, "model_not_found", f"The model '{name}' does not exist", "model")
        return told(Model, self.models[name])
