"""Fixes in authored YAML: edits of a record become edits of the characters that spell it; comments stay."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ftlint.authoring.example import Example
from ftlint.authoring.places import find_value
from ftlint.authoring.read import Authored
from ftlint.authoring.spelling import locate, pieces
from ftlint.fixes import Seen
from ftlint.fixes.cuts import pair_cut
from ftlint.fixes.draft import Draft, blocks
from ftlint.fixes.edit import patched
from ftlint.fixes.mend import Mender
from ftlint.model import GONE, Edit, Shard, Source
from ftlint.shape import BOM
from ftlint.sources.authored import load, outcomes

ALONE = 50
"""Fixes that are tried one by one at most, where all of them together say something else than was meant."""

Splice = tuple[int, int, str]
"""Characters ``[start, stop)`` of the file, and what stands in their place."""


@dataclass(frozen=True)
class Job:
    """One fix of one example: its rule, its edits, and the characters of the file that they are."""

    rule: str
    index: int
    edits: tuple[Edit, ...]
    splices: tuple[Splice, ...]


def mend_authored(
    source: Source, mender: Mender, draft: Draft, leave: Callable[[str], object] = str
) -> Mapping[str, int]:
    """Mend what the examples of a file say; how many findings by rule.

    A fix is kept only if the file, read again, gives exactly the records that were meant, and no other fault. Files
    that are included, in which something has a fix, are told to ``leave``.
    """
    authored = load(source)
    raw = b"".join(blocks(source.file))
    bom = BOM if raw.startswith(BOM) else b""
    text = authored.files.sources[authored.file].text if authored.file in authored.files.sources else ""
    if raw != bom + text.encode("utf-8", "surrogatepass"):
        return {}
    jobs = list(_jobs(source, authored, mender, leave))
    kept = jobs if _holds(source, authored, text, jobs) else []
    for some in _together(jobs)[:ALONE] if not kept else ():
        if _holds(source, authored, text, [*kept, *some]):
            kept += some
    if kept:
        draft.change(len(raw), [bom + _spliced(text, kept).encode()])
    return Counter(some[0].rule for some in _together(kept))


def _jobs(source: Source, authored: Authored, mender: Mender, leave: Callable[[str], object]) -> Iterator[Job]:
    examples = {example.index: example for example in authored.examples}
    for line, outcome in outcomes(Shard(source, 0, 0, 1)):
        if outcome.record is None:
            continue
        seen = Seen(line, outcome)
        for name, findings in mender.found(seen).items():
            told = [finding for finding in findings if not mender.silent(mender.rules[name], finding)]
            for fix in (fix for finding in told for fix in mender.fixes(name, seen, [finding])):
                splices = [splice(authored, examples[line.offset], edit) for edit in fix.edits]
                found = tuple(splice for splice in splices if splice is not None)
                for place in (authored.find(line.offset, edit.route)[0] for edit in fix.edits):
                    if place.file != authored.file:
                        leave(place.path)
                if found and len(found) == len(splices):
                    yield Job(name, line.offset, fix.edits, found)


def _together(jobs: list[Job]) -> list[list[Job]]:
    """The fixes by what they change: those of one text that several examples share are one."""
    groups: dict[tuple[Splice, ...], list[Job]] = {}
    for job in jobs:
        groups.setdefault(job.splices, []).append(job)
    return list(groups.values())


def splice(authored: Authored, example: Example, edit: Edit) -> Splice | None:
    """The characters of the file that an edit changes; None for what stands elsewhere, or is more than some text."""
    if edit.value is GONE:
        return _without(authored, example, edit)
    place, exact = authored.find(example.index, edit.route)
    said = find_value(example.record, edit.route)
    if edit.span is None or not exact or not isinstance(said, str):
        return None
    if place.file != authored.file or place.style == "file":
        return None
    source = authored.files.sources[place.file]
    start, stop = source.offset(place.line, place.column), source.offset(place.end_line, place.end_column)
    if place.style == "node":
        return _inside(source.text[:stop], start, said, edit)
    stop = source.blank_end(stop) if place.style in ("|", ">") else stop
    found = locate(pieces(source.text, start, stop, place.style, said), *edit.span)
    return (*found, _spelled(edit.value, place.style)) if found else None


def _without(authored: Authored, example: Example, edit: Edit) -> Splice | None:
    """The characters of a key with its value."""
    place, exact = authored.key(example.index, edit.route)
    source = authored.files.sources[authored.file]
    if not exact or place.file != authored.file:
        return None
    pair = authored.pairs.get(source.offset(place.line, place.column))
    cut = pair_cut(source, *pair, gone=()) if pair else None
    return (*cut, "") if cut else None


def _inside(text: str, start: int, said: str, edit: Edit) -> Splice | None:
    """The characters of a mapping or list, written as JSON in the record, that alone spell what an edit changes."""
    first, last = edit.span or (0, 0)
    word = said[first:last]
    try:
        json.loads(said[:first] + edit.value + said[last:])
    except ValueError:
        return None
    at = text.find(word, start)
    alone = word.strip() and at >= 0 and text.find(word, at + 1) < 0
    return (at, at + len(word), edit.value) if alone else None


def _spelled(text: str, style: str) -> str:
    """A text as it stands inside a scalar of a style."""
    if style == '"':
        return json.dumps(text, ensure_ascii=False)[1:-1]
    return text.replace("'", "''") if style == "'" else text


def _spliced(text: str, jobs: Iterable[Job]) -> str:
    """The file with the splices of some fixes, each once, although many examples may share it."""
    at, parts = 0, []
    for start, stop, new in sorted({splice for job in jobs for splice in job.splices}):
        parts += [text[at : max(at, start)], new]
        at = max(at, stop)
    return "".join([*parts, text[at:]])


def _holds(source: Source, authored: Authored, text: str, jobs: list[Job]) -> bool:
    """Whether the file with some fixes says exactly what they mean."""
    from ftlint.authoring.read import read

    splices = sorted({splice for job in jobs for splice in job.splices})
    if not jobs or any(stop > start and (one or other) for (_, stop, one), (start, _, other) in pairwise(splices)):
        return False
    again = read(authored.files.path, authored.file, source.root, given=_spliced(text, jobs))
    edits: dict[int, list[Edit]] = {}
    for job in jobs:
        edits.setdefault(job.index, []).extend(job.edits)
    meant = [_meant(example, edits.get(example.index, [])) for example in authored.examples]
    before, after = (Counter(fault.rule for fault in one.faults) for one in (authored, again))
    return meant == [example.record for example in again.examples] and not after - before


def _meant(example: Example, edits: list[Edit]) -> Any:
    distinct = {(edit.route, edit.span): edit for edit in edits}.values()
    return patched(example.record, sorted(distinct, key=lambda edit: edit.span or (0, 0), reverse=True))
