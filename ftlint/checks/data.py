"""Rules about a dataset as a body of examples: how many there are, of which shape, and what surrounds their answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ftlint.batch import Batch
from ftlint.checks.base import DatasetCheck, Found, Tally, kind
from ftlint.checks.sieve import SievedCheck
from ftlint.errors import ConfigError
from ftlint.model import Finding, Location, Related, Source, Split
from ftlint.record import Message, Record, content_texts

if TYPE_CHECKING:
    from ftlint.targets import Target

METHODS = {
    "chat": "supervised",
    "preference": "dpo",
    "reinforcement": "reinforcement",
    "completion": "supervised",
}
"""The training method that takes records of each shape; of shapes that are equally common the first is the norm."""

TAUGHT = {"chat": "messages", "preference": "preferred_output", "completion": "completion"}
"""Where the answers stand that a record of each shape teaches word for word."""

SPACE = " \n\r\t\u00a0\u2002\u2003\u2009\u200a\u202f\u3000"
"""What counts as white space at an edge; other control characters are eaten escapes."""
EDGES = frozenset(SPACE)

Key = tuple[str, str]


class Census:
    """A tally of how often each key was seen and where first, in the order of the first sightings.

    ``key`` names what a record is counted as, or is None to leave it out: plain chats of one file and one system prompt
    are counted alike (``Batch.alike``). ``place`` is asked for a key's first record.
    """

    def __init__(
        self,
        key: Callable[[Record], Key | None],
        place: Callable[[Record], Location],
        find: Callable[[Census], Iterator[Finding]],
    ) -> None:
        self.key, self.place, self.find = key, place, find
        self.counts: dict[Key, int] = {}
        self.places: dict[Key, Location] = {}

    def add(self, batch: Sequence[Record]) -> None:
        for record, count in Batch.of(batch).alike:
            key = self.key(record)
            if key is not None:
                if key not in self.places:
                    self.places[key] = self.place(record)
                self.counts[key] = self.counts.get(key, 0) + count

    def merge(self, later: Census) -> None:
        for key, count in later.counts.items():
            self.places.setdefault(key, later.places[key])
            self.counts[key] = self.counts.get(key, 0) + count

    def found(self) -> Found:
        result = Found()
        result.extend(self.find(self))
        return result


class Roll:
    """A tally of the distinct examples of each split, counted only as far as ``least``."""

    def __init__(self, least: int) -> None:
        self.least = least
        self.sources: dict[Split, Source] = {}
        self.records: Counter[Split] = Counter()
        self.digests: defaultdict[Split, set[str]] = defaultdict(set)

    def add(self, batch: Sequence[Record]) -> None:
        for source, records in Batch.of(batch).runs:
            split, digests = source.split, self.digests[source.split]
            self._place(split, source)
            self.records[split] += len(records)
            for record in records:
                if len(digests) >= self.least:
                    break
                digests.add(record.digest)

    def merge(self, later: Roll) -> None:
        for split, source in later.sources.items():
            self._place(split, source)
            if len(self.digests[split]) < self.least:
                self.digests[split] |= later.digests[split]
        self.records.update(later.records)

    def _place(self, split: Split, source: Source) -> None:
        """Keep the first file, the first that is asked for if any is: elsewhere a finding would not be reported."""
        held = self.sources.setdefault(split, source)
        if source.asked and not held.asked:
            self.sources[split] = source

    def found(self) -> Found:
        result = Found()
        result.extend(self._findings())
        return result

    def _findings(self) -> Iterator[Finding]:
        for split, source in self.sources.items():
            distinct = len(self.digests[split])
            if split != "test" and distinct < self.least:
                values = {"distinct": distinct, "least": self.least, "duplicates": self.records[split] - distinct}
                yield Finding(Location.of_file(source.path), split, {"split": split, **values})


@kind
class TooFewExamples(DatasetCheck):
    """A training or validation split with fewer distinct examples than the target (or ``min``) asks for."""

    kind = "too-few-examples"
    target: Target | None = None
    min: int | str = "target"

    def verify(self) -> None:
        _ = self.least

    def start(self) -> Tally:
        return Roll(self.least)

    @property
    def least(self) -> int:
        """How many distinct examples a split needs; 0 where the target's minimum is not known."""
        if isinstance(self.min, int):
            return self.min
        if self.min != "target":
            raise ConfigError(f'too-few-examples: min is "{self.min}"; give a whole number, or "target"', "min")
        return (self.target.min_examples if self.target else None) or 0


@kind
class WrongMethod(DatasetCheck):
    """Records of another shape than the dataset's commonest, or than the one that ``method`` asks for."""

    kind = "wrong-method"
    method: str | None = None

    def start(self) -> Tally:
        return Census(self.key, _start, self.find)

    def key(self, record: Record) -> Key:
        return record.line.source.path, record.shape

    def find(self, census: Census) -> Iterator[Finding]:
        files: Counter[str] = Counter()
        shapes: Counter[str] = Counter()
        for (path, shape), count in census.counts.items():
            files[path] += count
            shapes[shape] += count
        usual = max(METHODS, key=lambda shape: shapes[shape])
        norm = self.method or usual
        for (path, shape), at in census.places.items():
            if shape != norm:
                count = census.counts[path, shape]
                words = {"shape": shape, "norm": norm, "method": METHODS[norm]}
                yield Finding(at, f"{shape}:{norm}", {"count": count, "records": files[path], **words})


@kind
class EdgeWhitespace(SievedCheck):
    """A trained answer that begins or ends with white space; of a completion only the end is looked at."""

    kind = "edge-whitespace"

    def sieve(self, batch: Batch) -> list[Record]:
        if EDGES.isdisjoint({text[0] for text in batch.answers} | {text[-1] for text in batch.answers}):
            return batch.special
        return [record for record in batch if record.turns is None or any(map(_edged, record.turns))]

    def examine(self, record: Record) -> Iterator[Finding]:
        key = TAUGHT.get(record.shape, "")
        taught = record.data.get(key)
        if isinstance(taught, str):
            if taught[-1:] in EDGES - {"\n"} and taught.strip():
                yield record.finding(_tail(record.at / key, taught))
            return
        for index, message in enumerate(taught or ()):
            if message["role"] == "assistant" and message.get("weight") != 0 and _edged(message.get("content")):
                texts = list(content_texts(record.at / key / index, message))
                if any(text.strip() for _, text in texts):
                    yield from map(record.finding, _edges(texts))


@kind
class IdenticalPreferencePair(SievedCheck):
    """A preference record whose preferred and non-preferred outputs are the same."""

    kind = "identical-preference-pair"

    def examine(self, record: Record) -> Iterator[Finding]:
        if record.shape == "preference":
            good, bad = (record.data[key] for key in ("preferred_output", "non_preferred_output"))
            if list(map(answer, good)) == list(map(answer, bad)):
                label = Related(record.at / "preferred_output", "the preferred output")
                yield record.finding(record.at / "non_preferred_output", related=(label,))


def answer(message: Message) -> dict[str, Any]:
    """What an assistant message says and calls, without its name, its weight and the ids of its calls."""
    calls = [call.get("function") for call in message.get("tool_calls") or ()]
    said = {key: message.get(key) for key in ("content", "refusal", "function_call")}
    return {**said, "calls": calls}


def _edged(content: object) -> bool:
    """Whether content may begin or end with white space; parts are not looked into."""
    return not isinstance(content, str) or content[:1] in EDGES or content[-1:] in EDGES


def _edges(texts: list[tuple[Location, str]]) -> Iterator[Location]:
    """The white space before the first text of an answer or else behind the last."""
    (first, opening), (last, closing) = texts[0], texts[-1]
    if opening[:1] in EDGES:
        yield first.chars(0, len(opening) - len(opening.lstrip(SPACE)))
    elif closing[-1:] in EDGES:
        yield _tail(last, closing)


def _tail(at: Location, text: str) -> Location:
    return at.chars(len(text.rstrip(SPACE)), len(text))


def _start(record: Record) -> Location:
    return record.at
