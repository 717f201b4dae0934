"""A state as JSON, so that a later one can be held against it: numbers and digests, no text of the dataset."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from ftlint.errors import FtlintError
from ftlint.estimate.contents import Contents, Example
from ftlint.estimate.measure import State
from ftlint.estimate.parts import Lengths, Part, Place
from ftlint.estimate.terms import Terms

VERSION = 1


SavedExample = tuple[str, int, int, int, str, str, str, int, int]


class SavedPart(Struct):
    """A part; each example is (digest, copies, total, billed, body, asked, prompt, prompt tokens, line)."""

    dataset: str
    split: str
    path: str
    estimated: int
    shapes: dict[str, int]
    images: int
    unsized: int
    examples: list[SavedExample]


class Snapshot(Struct):
    """What ``ftlint cost --format json`` says of the state under ``state``."""

    terms: Terms
    parts: list[SavedPart]
    missing: list[tuple[str, str]] = []


def saved(state: State) -> Snapshot:
    """The snapshot of a state whose contents were kept."""
    terms = state.terms[0]
    parts = []
    for place, part in state.parts.items():
        rows = part.contents.examples.items() if part.contents else ()
        examples = [
            (_hex(key), one.copies, one.total, one.billed, _hex(one.body), _hex(one.asked), _hex(one.prompt), *one[6:])
            for key, one in rows
        ]
        estimated = part.lengths[terms.meter].estimated
        parts.append(SavedPart(*place, estimated, dict(part.shapes), part.images, part.unsized, examples))
    return Snapshot(terms, parts, list(state.missing))


def load(path: Path) -> State:
    """The state that a file tells of.

    Raises:
        FtlintError: it cannot be read, or is not what ``ftlint cost --format json`` writes.
    """
    try:
        data: Any = msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise FtlintError(f"{path} could not be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        data = None
    if not isinstance(data, dict) or data.get("version") != VERSION or "state" not in data:
        raise FtlintError(f"{path} is not what `ftlint cost --format json` of this version writes: write it again")
    try:
        return _state(msgspec.convert(data["state"], Snapshot))
    except (msgspec.ValidationError, ValueError) as error:
        raise FtlintError(f"{path} is damaged ({error}): write it again with `ftlint cost --format json`") from None


def _state(snapshot: Snapshot) -> State:
    parts = {}
    for part in snapshot.parts:
        rows = [(int(row[0], 16), _example(row)) for row in part.examples]
        billed: Counter[int] = Counter()
        for _, example in rows:
            billed[example.billed] += example.copies
        lengths = Lengths(sum(one.total * one.copies for _, one in rows), billed, estimated=part.estimated)
        parts[Place(part.dataset, part.split, part.path)] = Part(
            examples=billed.total(),
            shapes=Counter(part.shapes),
            images=part.images,
            unsized=part.unsized,
            lengths={snapshot.terms.meter: lengths},
            contents=Contents(dict(rows)),
        )
    return State(parts, (snapshot.terms,), missing=tuple(snapshot.missing))


def _example(row: SavedExample) -> Example:
    _, copies, total, billed, body, asked, prompt, prompt_tokens, line = row
    return Example(copies, total, billed, int(body, 16), int(asked, 16), int(prompt, 16), prompt_tokens, line)


def _hex(number: int) -> str:
    return f"{number:016x}"
