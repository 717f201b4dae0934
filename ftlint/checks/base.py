"""The bases of all kinds of check, and the tally: what a check keeps of the lines that it was shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Any, ClassVar, Literal, Protocol, TypeVar, dataclass_transform

from msgspec import NODEFAULT, Struct, field

from ftlint.checks.packed import Packed
from ftlint.model import Finding
from ftlint.record import Line, Record

KEEP = 1000
"""How many findings of one rule in one file are kept at hand, and told; the rest are packed, and counted."""

Item = TypeVar("Item", Line, Record)


class Tally(Protocol):
    """What a check has seen so far: grows by batches, merges with the tally of *later* lines, is read for findings.

    ``merge`` is associative and keeps order, so any cut of a dataset into shards gives the same findings.
    Tallies pickle, and are small.
    """

    def add(self, batch: Sequence[Any], /) -> None: ...

    def merge(self, later: Any, /) -> None: ...

    def found(self) -> Found: ...


class Found(Struct):
    """Findings in the order of the dataset: the first ``KEEP`` of each path, the rest packed, and exact totals by path.

    ``once`` holds the subjects of findings about text that many examples share: each is one finding.
    """

    kept: list[Finding] = []
    totals: Counter[str] = field(default_factory=Counter)
    once: dict[str, str] = {}
    rest: Packed = field(default_factory=Packed)

    @property
    def total(self) -> int:
        """How many there are in all, those not kept included."""
        return self.totals.total()

    def __iter__(self) -> Iterator[Finding]:
        """All findings, in order as far as those of one path go."""
        return chain(self.kept, self.rest)

    def extend(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            if finding.once and finding.subject in self.once:
                continue
            if finding.once:
                self.once[finding.subject] = finding.at.path
            self._keep(finding, self.totals)

    def merge(self, later: Found) -> None:
        if not later.totals:
            return
        again = self.once.keys() & later.once.keys()
        seen = self.totals.copy()
        for finding in later.kept:
            if not (finding.once and finding.subject in again):
                self._keep(finding, seen)
        self._merge_rest(later.rest, again)
        self.totals += later.totals
        self.totals -= Counter(later.once[subject] for subject in again)
        self.once = {**later.once, **self.once}

    def _keep(self, finding: Finding, seen: Counter[str]) -> None:
        """Count a finding among those seen in its file, and keep it if it is one of the first."""
        seen[finding.at.path] += 1
        if seen[finding.at.path] <= KEEP:
            self.kept.append(finding)
        else:
            self.rest.append(finding)

    def _merge_rest(self, rest: Packed, again: AbstractSet[str]) -> None:
        if not again:
            self.rest.merge(rest)
            return
        for finding in rest:
            if not (finding.once and finding.subject in again):
                self.rest.append(finding)


@dataclass_transform(frozen_default=True)
class Check(Struct, frozen=True):
    """A kind of check; its fields are its options.

    A field named as one of ``Settings`` is filled with that setting (``target``, ``epochs``, ``usd``, ``tokens``,
    ``method``, ``today``); any other can be set by the rule's page and by ``ftlint.yaml``.

    Attributes:
        kind: the name by which a page asks for it.
        reads: what its tally is shown: raw ``lines``, sound ``records``, or nothing (``shape``: found while reading).
        scope: what one tally is about: a ``file``, a ``dataset`` (all splits), or the whole ``run``.
    """

    kind: ClassVar[str]
    reads: ClassVar[Literal["lines", "records", "shape"]] = "records"
    scope: ClassVar[Literal["file", "dataset", "run"]] = "file"

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """The fields with their defaults; ``NODEFAULT`` where a setting is asked for."""
        names, given = cls.__struct_fields__, cls.__struct_defaults__
        return dict(zip(names, (NODEFAULT,) * (len(names) - len(given)) + given, strict=True))

    def verify(self) -> None:
        """Raise ``ConfigError``, with the option's name as its route, for an option that only its type lets pass."""

    def start(self) -> Tally:
        """An empty tally."""
        raise TypeError(f"{type(self).__name__} must give a tally")

    def words(self) -> Collection[str]:
        """Words that it will look for in a batch (``Batch.holding``): those of all checks are looked for at once."""
        return ()


class FindingTally:
    """The tally of a rule whose findings are made elsewhere: a bounded list of them."""

    def __init__(self) -> None:
        self.result = Found()

    def add(self, batch: Sequence[Any]) -> None:
        self.result.extend(batch)

    def merge(self, later: FindingTally) -> None:
        self.result.merge(later.result)

    def found(self) -> Found:
        return self.result


class ExamineTally(FindingTally):
    """The tally of a check that looks at one line or record at a time."""

    def __init__(self, check: LineCheck | RecordCheck) -> None:
        super().__init__()
        self.check = check

    def add(self, batch: Sequence[Any]) -> None:
        self.result.extend(self.check.examine_many(batch))


class LineCheck(Check):
    """A check of raw lines, sound or not: their ends, their bytes."""

    reads = "lines"

    def start(self) -> Tally:
        return ExamineTally(self)

    def examine_many(self, batch: Sequence[Line]) -> Iterable[Finding]:
        """The findings of some lines, in order: those of ``examine``, found in any quicker way."""
        return chain.from_iterable(map(self.examine, batch))

    def examine(self, line: Line, /) -> Iterator[Finding]:
        """The findings of one line."""
        raise TypeError(f"{type(self).__name__} must examine")


class RecordCheck(Check):
    """A check of one sound record at a time."""

    def start(self) -> Tally:
        return ExamineTally(self)

    def examine_many(self, batch: Sequence[Record]) -> Iterable[Finding]:
        """The findings of some records, in order: those of ``examine``, found in any quicker way."""
        return chain.from_iterable(map(self.examine, batch))

    def examine(self, record: Record, /) -> Iterator[Finding]:
        """The findings of one record."""
        raise TypeError(f"{type(self).__name__} must examine")


class DatasetCheck(Check):
    """A check of a whole dataset: ``start`` gives a tally of its own (a Counter, a sum, compact digests)."""

    scope: ClassVar[Literal["file", "dataset", "run"]] = "dataset"


class Shape(Check):
    """A fault that is found while a file is read into records; the schema or the reader names the rule."""

    kind = "shape"
    reads = "shape"

    def start(self) -> Tally:
        return FindingTally()


KINDS: dict[str, type[Check]] = {"shape": Shape}
"""The kinds of check that are loaded, by name."""

CheckType = TypeVar("CheckType", bound=type[Check])


def kind(check: CheckType) -> CheckType:
    """Make a kind of check known to rule pages."""
    KINDS[check.kind] = check
    return check
