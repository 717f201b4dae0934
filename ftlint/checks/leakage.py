"""Rules about what a dataset says twice: whole examples, prompts with other answers, prompts in both splits."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from msgspec import Struct

from ftlint.batch import Batch
from ftlint.checks.base import DatasetCheck, Found, Tally, kind
from ftlint.checks.data import answer
from ftlint.identity import canonical, number
from ftlint.model import Finding, Location, Related, Source, Split
from ftlint.record import INSTRUCTIONS, Line, Message, Record, in_turn, said

Row = tuple[int, ...]
"""A record's line, its offset, and the digests that a rule keeps of it."""

PLAIN = answer({"role": "assistant"})
"""An answer that is nothing but its content."""


class DigestTable:
    """A tally of one row of integers a record, in flat arrays, a run of rows a shard: 16 bytes and 8 a digest.

    Lines and offsets are told from the first record of their run, so that a run can be moved (``ftlint/cache``).
    ``keys`` gives a record's ``width`` digests, or nothing to leave it out; ``find`` reads the whole table.
    """

    def __init__(
        self, width: int, keys: Callable[[Record], Row], find: Callable[[DigestTable], Iterator[Finding]]
    ) -> None:
        self.width, self.keys, self.find = width, keys, find
        self.runs: list[tuple[Source, Location, array[int]]] = []

    def add(self, batch: Sequence[Record]) -> None:
        for source, records in Batch.of(batch).runs:
            keyed = [(record.line, keys) for record in records if (keys := self.keys(record))]
            if keyed:
                at, rows = self._run(source, keyed[0][0])
                flat = [(line.number - at.line, line.offset - at.offset, *keys) for line, keys in keyed]
                rows.extend(chain.from_iterable(flat))

    def _run(self, source: Source, line: Line) -> tuple[Location, array[int]]:
        """The run that goes on with a line, or a new one: a run's lines come in order."""
        if not self.runs or self.runs[-1][0] is not source or line.number < self.runs[-1][1].line:
            self.runs.append((source, Location(source.path, line.number, line.offset), array("Q")))
        _, at, rows = self.runs[-1]
        return at, rows

    def merge(self, later: DigestTable) -> None:
        self.runs += later.runs

    def found(self) -> Found:
        result = Found()
        result.extend(self.find(self))
        return result

    def rows(self, wanted: Callable[[Split], set[int]]) -> Iterator[tuple[Source, Row]]:
        """Every row whose first digest is wanted of its split, with its file, in the order of the dataset."""
        step = self.width + 2
        for source, at, rows in self.runs:
            keys = wanted(source.split)
            for row in [row for row, key in enumerate(rows[2::step]) if key in keys] if keys else ():
                line, offset, *digests = rows[row * step : (row + 1) * step]
                yield source, (at.line + line, at.offset + offset, *digests)

    def columns(self) -> Iterator[tuple[Source, array[int]]]:
        """The first digests of every run of rows, with its file."""
        return ((source, rows[2 :: self.width + 2]) for source, _, rows in self.runs)

    def repeats(self) -> Iterator[tuple[Source, Row]]:
        """The rows whose first digest stands more than once in their split."""
        once: defaultdict[Split, set[int]] = defaultdict(set)
        twice: defaultdict[Split, set[int]] = defaultdict(set)
        for source, column in self.columns():
            seen, mine = once[source.split], set(column)
            twice[source.split] |= seen & mine
            if len(mine) < len(column):
                twice[source.split].update(key for key, count in Counter(column).items() if count > 1)
            seen |= mine
        return self.rows(twice.__getitem__)


@kind
class DuplicateExample(DatasetCheck):
    """A record that its split holds already, whatever the order of keys and the white space."""

    kind = "duplicate-example"

    def start(self) -> Tally:
        return DigestTable(1, self.keys, self.find)

    def keys(self, record: Record) -> Row:
        return (int(record.digest, 16) if record.turns is None else record.numbers[0],)

    def find(self, table: DigestTable) -> Iterator[Finding]:
        firsts: dict[tuple[Split, int], Location] = {}
        for source, (line, offset, key) in table.repeats():
            at = Location(source.path, line, offset)
            first = firsts.setdefault((source.split, key), at)
            if first is not at:
                yield Finding(at, f"{key:016x}", {"first": str(first)}, (Related(first, "the same example"),))


class Answers(Struct):
    """The answers to one prompt: where the first stands, where another one does, and the digests of all."""

    first: Location
    other: Location | None = None
    digests: set[int] = set()


@kind
class ConflictingAnswers(DatasetCheck):
    """One conversation, images and tools included, that a split answers in different ways; one finding a prompt.

    Only of shapes that teach an answer as such: pairs, graded prompts and labelled completions have many by nature.
    """

    kind = "conflicting-answers"

    def start(self) -> Tally:
        return DigestTable(2, self.keys, self.find)

    def keys(self, record: Record) -> Row:
        if record.turns is not None:
            return record.numbers[1:]
        if record.shape not in ("chat", "completion") or "label" in record.data:
            return ()
        asked, reply = exchange(record)
        if not asks(asked) or (record.shape == "chat" and reply[0].get("weight") == 0):
            return ()
        tools = [record.data.get("tools"), record.data.get("functions")]
        return (number(canonical([asked, *tools])) if any(tools) else prompt_number(asked)), reply_number(reply)

    def find(self, table: DigestTable) -> Iterator[Finding]:
        prompts: dict[tuple[Split, int], Answers] = {}
        conflicts: list[tuple[int, Location, Answers]] = []
        for source, (line, offset, prompt, reply) in table.repeats():
            at = Location(source.path, line, offset)
            answers = prompts.setdefault((source.split, prompt), Answers(at))
            answers.digests.add(reply)
            if answers.other is None and len(answers.digests) > 1:
                answers.other = at
                conflicts.append((prompt, at, answers))
        for prompt, at, answers in conflicts:
            related = Related(answers.first, "the same prompt, answered otherwise")
            yield Finding(at, f"{prompt:016x}", {"answers": len(answers.digests)}, (related,))


@kind
class SplitLeakage(DatasetCheck):
    """A held-out record whose whole prompt, image addresses included, is trained on too."""

    kind = "split-leakage"

    def start(self) -> Tally:
        return DigestTable(1, self.keys, self.find)

    def keys(self, record: Record) -> Row:
        if record.turns is not None:
            return (record.numbers[1],)
        asked, _ = exchange(record)
        return (prompt_number(asked),) if asks(asked) else ()

    def find(self, table: DigestTable) -> Iterator[Finding]:
        if len({source.split == "train" for source, _, _ in table.runs}) < 2:
            return
        digests: defaultdict[bool, set[int]] = defaultdict(set)
        for source, column in table.columns():
            digests[source.split == "train"].update(column)
        shared = digests[True] & digests[False]
        firsts: dict[int, Location] = {}
        held: list[tuple[Source, Location, int]] = []
        for source, (line, offset, prompt) in table.rows(lambda _: shared):
            at = Location(source.path, line, offset)
            if source.split == "train":
                firsts.setdefault(prompt, at)
            else:
                held.append((source, at, prompt))
        for source, at, prompt in held:
            first = firsts[prompt]
            values = {"split": source.split, "first": str(first)}
            yield Finding(at, f"{prompt:016x}", values, (Related(first, "the same prompt in the training split"),))


def exchange(record: Record) -> tuple[list[Message] | str, Any]:
    """What is asked, and what is answered: messages, or a completion's text; nothing is asked before no answer.

    In a chat the answer is its last assistant message, and all before it is the prompt.
    """
    data = record.data
    if record.shape == "preference":
        return data["input"]["messages"], data["preferred_output"]
    if record.shape == "completion":
        return data["prompt"], data["completion"]
    messages: list[Message] = data["messages"]
    if record.shape == "reinforcement":
        return messages, []
    last = max((index for index, message in enumerate(messages) if message["role"] == "assistant"), default=0)
    return messages[:last], messages[last : last + 1]


def asks(asked: list[Message] | str) -> bool:
    """Whether a prompt says anything of its own: an empty one, or a bare system prompt, is shared on purpose."""
    if isinstance(asked, str):
        return bool(asked.strip())
    return any(message["role"] not in INSTRUCTIONS for message in asked)


def prompt_number(asked: list[Message] | str) -> int:
    """What stands for a prompt: in plain chats and in others the same (``Record.numbers``)."""
    if isinstance(asked, str) or any(message.keys() != {"role", "content"} for message in asked):
        return number(canonical(asked))
    texts, roles = ([message[key] for message in asked] for key in ("content", "role"))
    is_plain = in_turn((*roles, "assistant")) and all(isinstance(text, str) for text in texts)
    return number(said(texts) if is_plain else canonical(asked))


def reply_number(reply: list[Message] | str) -> int:
    """What stands for an answer: in plain chats and in others the same (``Record.numbers``)."""
    if isinstance(reply, str):
        return number(canonical(reply))
    answers = [answer(message) for message in reply]
    content = answers[0]["content"] if len(answers) == 1 else None
    is_plain = isinstance(content, str) and answers == [{**PLAIN, "content": content}]
    return number(said([str(content)]) if is_plain else canonical(answers))
