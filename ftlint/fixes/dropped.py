"""What goes from authored YAML as a whole: examples that repeat others, and keys that the format does not have."""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ftlint.authoring.model import AuthoringFault
from ftlint.authoring.read import Authored, read
from ftlint.authoring.splits import assign
from ftlint.fixes.cuts import Span, item_cut, pair_cut
from ftlint.fixes.draft import Draft, blocks
from ftlint.model import Finding, Source, Split
from ftlint.shape import BOM
from ftlint.sources.authored import load, outcomes_of

READS = 50
"""How often a file is read to find out which unknown keys can go, where not all can."""


def example_cut(authored: Authored, index: int) -> Span | None:
    """The characters of a sound example; None where it cannot go, or its author says how often it is written."""
    at = bisect_left(authored.examples, index, key=lambda example: example.index)
    if authored.examples[at].repeat > 1:
        return None
    return item_cut(authored.files.sources[authored.file], authored.nodes, index)


def drop_repeats(
    source: Source, seen: Callable[[Split], set[str]], draft: Draft, spared: Callable[[Finding], bool]
) -> int:
    """Leave out the examples whose content was seen before and is not spared, unless none would be left; how many."""
    authored = load(source)
    gone: dict[int, Span] = {}
    for line, outcome in outcomes_of(authored, source):
        if outcome.record is None:
            continue
        digest, known = outcome.record.digest, seen(line.source.split)
        found = digest in known and source.asked and not spared(Finding(outcome.record.at, digest))
        if found and (cut := example_cut(authored, line.offset)):
            gone[line.offset] = cut
        known.add(digest)
    text = text_of(source, authored)
    if not gone or text is None or len(gone) == len(authored.examples):
        return 0
    new = without(text, [*gone.values()])
    again = read(authored.files.path, authored.file, authored.files.root, given=new)
    left = [one for one in authored.examples if one.index not in gone]
    if [one.record for one in left] != [one.record for one in again.examples] or hard(again) - hard(authored):
        return 0
    if _splits(source, authored, set(gone)) != _splits(source, again, set()):
        return 0
    write(draft, new)
    return len(gone)


@dataclass(frozen=True)
class Strays:
    """The unknown keys of one example, or of what examples share: all go, or none does."""

    faults: tuple[AuthoringFault, ...]
    spans: tuple[Span, ...]


def strays(authored: Authored) -> Iterator[Strays]:
    """The unknown keys that can go: what they stood in is then sound, and all else says what it said."""
    faults: dict[int, list[AuthoringFault]] = {}
    for fault in authored.faults:
        if fault.rule == "unknown-key" and fault.place.file == authored.file:
            faults.setdefault(_index(authored, fault), []).append(fault)
    nodes = sorted((node.start_mark.index, node.end_mark.index) for node in (authored.nodes if faults else ()))
    groups: dict[int, dict[int, list[AuthoringFault]]] = {}
    for start, each in faults.items():
        home = bisect_right(nodes, (start, sys.maxsize)) - 1
        inside = home >= 0 and start < nodes[home][1]
        groups.setdefault(home if inside else -1, {})[start] = each
    some = (_together(authored, group) for group in groups.values())
    yield from _good(authored, [one for one in some if one is not None], iter(range(READS)))


def _together(authored: Authored, faults: dict[int, list[AuthoringFault]]) -> Strays | None:
    """The unknown keys at some characters; None where one is a misspelt one, or cannot go, or leaves nothing."""
    pairs = [authored.pairs[start] for start in faults if start in authored.pairs]
    found = [fault for each in faults.values() for fault in each]
    if len(pairs) < len(faults) or any(fault.values["suggestion"] for fault in found):
        return None
    gone: dict[int, set[int]] = {}
    for mapping, at in pairs:
        gone.setdefault(id(mapping), set()).add(at)
    spans = [pair_cut(authored.files.sources[authored.file], *pair, gone[id(pair[0])]) for pair in pairs]
    empty = any(len(gone[id(mapping)]) == len(mapping.value) for mapping, _ in pairs)
    return None if empty or None in spans else Strays(tuple(found), tuple(filter(None, spans)))


def _good(authored: Authored, some: list[Strays], reads: Iterator[int]) -> list[Strays]:
    """Those without which the file is better: all, or those of each half, while it may be read."""
    if not some or next(reads, None) is None:
        return []
    if _better(authored, some):
        return some
    half = len(some) // 2
    return [one for part in (some[:half], some[half:]) for one in _good(authored, part, reads)] if half else []


def drop_strays(source: Source, draft: Draft, silent: Callable[[AuthoringFault], bool]) -> int:
    """Leave out the unknown keys of which none is silent; how many."""
    authored = load(source)
    text = text_of(source, authored)
    chosen = [one for one in strays(authored) if not any(map(silent, one.faults))]
    if not chosen or text is None:
        return 0
    if not _better(authored, chosen):
        return 0
    write(draft, without(text, [span for one in chosen for span in one.spans]))
    return sum(len(one.faults) for one in chosen)


def without(text: str, spans: list[Span]) -> str:
    """A text without some of its characters."""
    at, parts = 0, []
    for start, stop in sorted(spans):
        parts.append(text[at : max(at, start)])
        at = max(at, stop)
    return "".join([*parts, text[at:]])


def text_of(source: Source, authored: Authored) -> str | None:
    """The text of an authored file, its byte order mark aside; None where it was not read as it stands."""
    text = authored.files.sources[authored.file].text
    raw = b"".join(blocks(source.file)).removeprefix(BOM)
    return text if raw == text.encode("utf-8", "surrogatepass") else None


def write(draft: Draft, new: str) -> None:
    """Put a text in the place of what a draft is of, behind its byte order mark."""
    raw = b"".join(blocks(draft.original))
    draft.change(len(raw), [raw[: len(BOM)] if raw.startswith(BOM) else b"", new.encode()])


def _index(authored: Authored, fault: AuthoringFault) -> int:
    return authored.files.sources[authored.file].offset(fault.place.line, fault.place.column)


def _better(authored: Authored, some: list[Strays]) -> bool:
    """Whether a file without some keys says what it said, lacks their faults, and has no other that was hidden."""
    text = authored.files.sources[authored.file].text
    new = without(text, [span for one in some for span in one.spans])
    again = read(authored.files.path, authored.file, authored.files.root, given=new)
    records = {one.index: one.record for one in again.examples}
    if hard(again) != hard(authored) - Counter(fault.rule for one in some for fault in one.faults):
        return False
    return all(records.get(one.index) == one.record for one in authored.examples)


def hard(authored: Authored) -> Counter[str]:
    """How many mistakes of each kind keep examples from being built."""
    return Counter(fault.rule for fault in authored.faults if not fault.soft)


def _splits(source: Source, authored: Authored, gone: set[int]) -> list[Split]:
    splits, _ = assign([(one, source.split) for one in authored.examples], dict(source.shares))
    return [split for one, split in zip(authored.examples, splits, strict=True) if one.index not in gone]
