"""Whether the named target trains on such data at all: its methods, and images."""

from __future__ import annotations

from collections.abc import Iterator

from ftlint.checks.base import DatasetCheck, Tally, kind
from ftlint.checks.content import images
from ftlint.checks.data import METHODS, Census, Key
from ftlint.model import Finding, Location, Scalar, Shape
from ftlint.record import Record
from ftlint.targets import Target

CALLED = {**METHODS, "completion": "supervised (prompt/completion)"}
"""The method that trains on records of each shape, as the targets' data files call it."""


def takes(target: Target, shape: Shape) -> bool:
    """Whether a model trains on a shape of record; True where its methods are not known."""
    known = target.named and target.known and target.methods
    return not known or any(method in (CALLED[shape], f"{CALLED[shape]} (experimental access)") for method in known)


class FitCheck(DatasetCheck):
    """A check of records against what the named target trains on."""

    target: Target

    def start(self) -> Tally:
        return Census(self.key, self.place, self.find)

    def key(self, record: Record) -> Key | None:
        """What the target does not train on, if the record holds it."""
        raise TypeError(f"{type(self).__name__} must give a key")

    def place(self, record: Record) -> Location:
        """Where the record holds it."""
        return record.at

    def find(self, census: Census) -> Iterator[Finding]:
        model, methods = self.target.name, ", ".join(self.target.methods)
        for key, at in census.places.items():
            what, _ = key
            values: dict[str, Scalar] = {
                "what": what,
                "records": census.counts[key],
                "model": model,
                "methods": methods,
            }
            yield Finding(at, f"{what}:{model}", values)


@kind
class UnsupportedMethod(FitCheck):
    """Records of a shape that the named model is not trained on."""

    kind = "unsupported-method"

    def key(self, record: Record) -> Key | None:
        return None if takes(self.target, record.shape) else (record.shape, "")


@kind
class UnsupportedImage(FitCheck):
    """Images for a model that is not trained on images."""

    kind = "unsupported-image"

    def key(self, record: Record) -> Key | None:
        target = self.target
        if not target.named or not target.known or target.vision or b"image_url" not in record.line.data:
            return None
        return ("image", "") if any(images(record)) else None

    def place(self, record: Record) -> Location:
        return next(images(record))
