"""Whether the named target trains on such data at all: its methods, and images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ftlint.checks.base import DatasetCheck, Found, Tally, kind
from ftlint.model import Finding, Location, Scalar, Shape
from ftlint.record import Record
from ftlint.targets import Target

METHODS: dict[Shape, str] = {
    "chat": "supervised",
    "preference": "dpo",
    "reinforcement": "reinforcement",
    "completion": "supervised (prompt/completion)",
}
"""The method that trains on records of each shape, as the targets' data files call it."""


def takes(target: Target, shape: Shape) -> bool:
    """Whether a model trains on a shape of record; True where its methods are not known."""
    known = target.named and target.known and target.methods
    return not known or any(method in (METHODS[shape], f"{METHODS[shape]} (experimental access)") for method in known)


class FirstTally:
    """Per key, the place of the first record and how many there are."""

    def __init__(self, check: UnsupportedMethod | UnsupportedImage) -> None:
        self.check = check
        self.first: dict[str, Location] = {}
        self.counts: dict[str, int] = {}

    def add(self, batch: Sequence[Record]) -> None:
        for record in batch:
            for key, at in self.check.keys(record):
                self.first.setdefault(key, at)
                self.counts[key] = self.counts.get(key, 0) + 1

    def merge(self, later: FirstTally) -> None:
        for key, at in later.first.items():
            self.first.setdefault(key, at)
            self.counts[key] = self.counts.get(key, 0) + later.counts[key]

    def found(self) -> Found:
        found = Found()
        for key, at in self.first.items():
            model, methods = self.check.target.name, self.check.methods()
            values: dict[str, Scalar] = {"what": key, "records": self.counts[key], "model": model, "methods": methods}
            found.extend([Finding(at, f"{key}:{model}", values)])
        return found


@dataclass(frozen=True)
class FitCheck(DatasetCheck):
    """A check of records against what the named target trains on."""

    target: Target

    def methods(self) -> str:
        """The target's methods, in words."""
        return ", ".join(self.target.methods)


@kind
@dataclass(frozen=True)
class UnsupportedMethod(FitCheck):
    """Records of a shape that the named model is not trained on."""

    kind = "unsupported-method"

    def start(self) -> Tally:
        return FirstTally(self)

    def keys(self, record: Record) -> Iterator[tuple[str, Location]]:
        if not takes(self.target, record.shape):
            yield record.shape, record.at


@kind
@dataclass(frozen=True)
class UnsupportedImage(FitCheck):
    """Images for a model that is not trained on images."""

    kind = "unsupported-image"

    def start(self) -> Tally:
        return FirstTally(self)

    def keys(self, record: Record) -> Iterator[tuple[str, Location]]:
        target = self.target
        if not target.named or not target.known or target.vision or b"image_url" not in record.line.data:
            return
        for at, message in record.all_messages():
            for index, part in enumerate(message["content"] if isinstance(message.get("content"), list) else ()):
                if part["type"] == "image_url":
                    yield "image", at / "content" / index
                    return
