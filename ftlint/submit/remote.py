"""What the service holds, as it tells it: files, uploads, jobs, events, checkpoints. Unknown keys are left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Generic, TypeVar

from msgspec import Meta, Struct, field

T = TypeVar("T")

Id = Annotated[str, Meta(min_length=1)]
ENDED = ("succeeded", "failed", "cancelled", "canceled")


class RemoteFile(Struct, frozen=True):
    """A file; ``status`` is ``processed`` once it can be trained on."""

    id: Id
    filename: str = ""
    bytes: int | None = 0
    status: str | None = ""
    purpose: str = ""
    status_details: str | None = None


class Upload(Struct, frozen=True):
    """A file that comes in parts, until ``expires_at``, in seconds of the epoch."""

    id: Id
    status: str = "pending"
    expires_at: int | None = None
    file: RemoteFile | None = None


class Part(Struct, frozen=True):
    """A part of an upload."""

    id: Id


class JobError(Struct, frozen=True):
    """Why a job failed."""

    code: str | None = None
    message: str | None = None
    param: str | None = None


class Job(Struct, frozen=True):
    """A training job; times in seconds of the epoch."""

    id: Id
    status: str
    model: str = ""
    training_file: str = ""
    validation_file: str | None = None
    fine_tuned_model: str | None = None
    trained_tokens: int | None = None
    created_at: int = 0
    finished_at: int | None = None
    estimated_finish: int | None = None
    error: JobError | None = None
    metadata: Mapping[str, str] | None = None
    seed: int | None = None
    hyperparameters: Mapping[str, Any] | None = None

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    @property
    def fault(self) -> str:
        """The service's words for why it failed, or nothing."""
        if self.error is None:
            return ""
        return " ".join(filter(None, (self.error.code and f"{self.error.code}:", self.error.message)))


class Event(Struct, frozen=True):
    """Something that a job told; ``data`` holds ``step``, ``total_steps`` and ``train_loss`` of a step."""

    id: Id
    message: str = ""
    created_at: int = 0
    level: str = "info"
    data: Any = None

    def number(self, key: str) -> float | None:
        """A number of the data."""
        value = self.data.get(key) if isinstance(self.data, dict) else None
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


class Checkpoint(Struct, frozen=True):
    """A model as it was after a step."""

    id: Id
    fine_tuned_model_checkpoint: str = ""
    step_number: int = 0
    metrics: Mapping[str, float | None] = {}


class Model(Struct, frozen=True):
    """A model that the key may use."""

    id: Id
    shutdown_date: str | None = None


class Page(Struct, Generic[T], frozen=True):
    """Some items of a list; ``has_more`` is not told by every server."""

    data: list[T] = field(default_factory=list)
    has_more: bool | None = None
