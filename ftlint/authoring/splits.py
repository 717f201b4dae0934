"""Which split an example belongs to: as its author says, else as the hash of its group, id or content falls."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from ftlint.authoring.example import Example
from ftlint.authoring.model import AuthoringFault
from ftlint.identity import canonical
from ftlint.model import Split

SPAN = 1 << 64


def assign(
    examples: Sequence[tuple[Example, Split]], shares: Mapping[Split, Decimal]
) -> tuple[list[Split], list[AuthoringFault]]:
    """The split of each example of a dataset, and a fault for each that tears its group apart.

    What an author says holds for the whole group; of two different words the first holds. Examples without a word fall
    by hash, so those that are added or removed move no other.

    Args:
        examples: each with the split of its file; a file of another split than ``train`` speaks for its examples.
        shares: split → share of the examples without a word, from 0 to 0.5 each; the rest trains.
    """
    said = [example.split or (home if home != "train" else None) for example, home in examples]
    firsts, faults = _groups((example, word) for (example, _), word in zip(examples, said, strict=True))
    splits = [
        firsts.get(example.group) or word or by_hash(example, shares)
        for (example, _), word in zip(examples, said, strict=True)
    ]
    return splits, faults


def by_hash(example: Example, shares: Mapping[Split, Decimal]) -> Split:
    """The split that an example's group, id or content falls into.

    Validation takes the lowest hashes and test the highest: where a share grows, only training examples move.
    """
    point = _point(example) if shares else SPAN >> 1
    if point < int(shares.get("validation", 0) * SPAN):
        return "validation"
    return "test" if point >= SPAN - int(shares.get("test", 0) * SPAN) else "train"


def _point(example: Example) -> int:
    """A number below ``SPAN`` that stands for the group, else the id, else the content, and for nothing else."""
    named = f"group\0{example.group}" if example.group else f"id\0{example.id}" if example.id else ""
    content = named.encode() if named else b"content\0" + canonical(example.record)
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big")


def _groups(said: Iterable[tuple[Example, Split | None]]) -> tuple[dict[str, Split], list[AuthoringFault]]:
    """The first word on each group, and the faults of examples that say another."""
    firsts: dict[str, Split] = {}
    faults = []
    for example, word in said:
        if word and example.group and firsts.setdefault(example.group, word) != word:
            values = {"group": example.group, "split": word, "other": firsts[example.group]}
            faults.append(AuthoringFault("straddling-group", example.place, values))
    return firsts, faults
