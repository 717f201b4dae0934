"""The parts of a dataset as a tally: what a file holds of a split, counted for many targets in one scan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from ftlint.batch import Batch
from ftlint.checks.base import Tally
from ftlint.checks.sums import Sums, SumsCheck
from ftlint.counting import counts, repeated
from ftlint.estimate.contents import Contents
from ftlint.record import Record
from ftlint.targets import Target
from ftlint.tokens import TokenCount
from ftlint.tokens.images import image_size


class Place(NamedTuple):
    """Where examples are counted: a file, as a split of a dataset."""

    dataset: str
    split: str
    path: str


class Lengths(Struct):
    """The tokens of some examples for all targets that count alike.

    Attributes:
        total: tokens of all examples.
        billed: how many examples there are of each number of billed tokens, before a model's limit cuts any.
        prompt, answer, system: tokens that are asked with, that the assistant says, and of system prompts.
        estimated: examples whose count no published rule confirms.
    """

    total: int = 0
    billed: Counter[int] = field(default_factory=Counter)
    prompt: int = 0
    answer: int = 0
    system: int = 0
    estimated: int = 0

    def add(self, counted: Sequence[TokenCount]) -> None:
        self.total += sum([count.total for count in counted])
        self.billed.update([count.billed for count in counted])
        self.estimated += sum([not count.exact for count in counted])
        answer = sum([count.by_role.get("assistant", 0) for count in counted])
        self.system += sum([count.by_role.get("system", 0) + count.by_role.get("developer", 0) for count in counted])
        self.answer += answer
        self.prompt = self.total - self.answer

    def merge(self, later: Lengths) -> None:
        for name in ("total", "billed", "prompt", "answer", "system", "estimated"):
            setattr(self, name, getattr(self, name) + getattr(later, name))

    def charged(self, cut_at: int | None) -> int:
        """Billed tokens, each example cut at a limit."""
        return sum(min(billed, cut_at or billed) * examples for billed, examples in self.billed.items())


class Part(Struct):
    """What was counted at one place.

    Attributes:
        shapes: examples by their shape.
        images, unsized: images, and those among them whose size cannot be read.
        lengths: by ``meter``.
    """

    examples: int = 0
    shapes: Counter[str] = field(default_factory=Counter)
    images: int = 0
    unsized: int = 0
    lengths: dict[str, Lengths] = {}
    contents: Contents | None = None

    def merge(self, later: Part) -> None:
        self.examples += later.examples
        self.shapes += later.shapes
        self.images += later.images
        self.unsized += later.unsized
        for name, lengths in later.lengths.items():
            self.lengths.setdefault(name, Lengths()).merge(lengths)
        if self.contents is not None and later.contents is not None:
            self.contents.merge(later.contents)


def meter(target: Target) -> str:
    """What is the same for all targets that count the same tokens."""
    rule = target.images
    images = f"{rule.base}+{rule.tile},{rule.multiplier}×{rule.budget}" if rule else "none"
    return f"{target.encoding}:{'exact' if target.encoding_exact else 'estimate'}:{images}"


class PartsTally(Sums):
    """The parts, in the order of the dataset."""

    check: PartsCheck
    parts: dict[Place, Part] = field(default_factory=dict)

    def add(self, batch: Sequence[Record]) -> None:
        for source, run in repeated(Batch.of(batch)).runs:
            place = Place(source.dataset, source.split, source.path)
            if place not in self.parts:
                self.parts[place] = Part(contents=Contents() if self.check.contents else None)
            self._count(self.parts[place], run)

    def _count(self, part: Part, run: Sequence[Record]) -> None:
        part.examples += len(run)
        part.shapes.update([record.shape for record in run])
        pictured = [url for record in run if record.turns is None for url in image_urls(record)]
        part.images += len(pictured)
        part.unsized += sum(image_size(url) is None for url in pictured)
        known: dict[str, list[TokenCount]] = {}
        for name, target in self.check.meters().items():
            counted = known.get(target.encoding) if not pictured else None
            if counted is None:
                counted = known[target.encoding] = counts(run, replace(target, encoding_exact=True), self.check.size)
            if not target.encoding_exact:
                counted = [replace(count, exact=False) for count in counted]
            part.lengths.setdefault(name, Lengths()).add(counted)
            if part.contents is not None:
                part.contents.add(run, counted)

    def merge(self, later: PartsTally) -> None:
        for place, part in later.parts.items():
            if place in self.parts:
                self.parts[place].merge(part)
            else:
                self.parts[place] = part


class PartsCheck(SumsCheck):
    """Not a rule: what estimates are made of. With ``contents`` each example is kept by a digest, for one target."""

    targets: tuple[Target, ...]
    size: int = 0
    contents: bool = False
    kind = "parts"

    def start(self) -> Tally:
        return PartsTally(self)

    @property
    def is_placed(self) -> bool:
        return self.contents

    def meters(self) -> dict[str, Target]:
        """One target for each way to count."""
        return {meter(target): target for target in reversed(self.targets)}


def image_urls(record: Record) -> list[str]:
    """The addresses of a record's images."""
    contents = [message.get("content") for message in record.spoken]
    parts = [part for content in contents if isinstance(content, list) for part in content]
    return [part["image_url"]["url"] for part in parts if part.get("type") == "image_url"]
