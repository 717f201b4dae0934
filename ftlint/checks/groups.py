"""Groups of authored examples that must not straddle splits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ftlint.checks.base import DatasetCheck, Found, Tally, kind
from ftlint.identity import digest
from ftlint.model import Finding, Location, Related, Split
from ftlint.record import Record


class GroupTally:
    """Of each group, the first example of each split that an author names, in the order of the dataset."""

    def __init__(self) -> None:
        self.first: dict[str, dict[Split, Location]] = {}

    def add(self, batch: Sequence[Record]) -> None:
        for record in batch:
            if record.line.group and record.line.said_split:
                self.first.setdefault(record.line.group, {}).setdefault(record.line.said_split, record.at)

    def merge(self, later: GroupTally) -> None:
        for group, splits in later.first.items():
            known = self.first.setdefault(group, {})
            for split, at in splits.items():
                known.setdefault(split, at)

    def found(self) -> Found:
        found = Found()
        found.extend(finding for group, splits in self.first.items() for finding in _findings(group, splits))
        return found


def _findings(group: str, splits: dict[Split, Location]) -> Iterator[Finding]:
    (other, first), *rest = splits.items()
    for split, at in rest:
        related = (Related(first, f"the group is in {other} here"),)
        values = {"group": group, "split": split, "other": other}
        yield Finding(at, digest(f"{group}\0{split}\0{other}".encode()), values, related)


@kind
class StraddlingGroup(DatasetCheck):
    """A group whose examples are said to be in two splits."""

    kind = "straddling-group"

    def start(self) -> Tally:
        return GroupTally()
