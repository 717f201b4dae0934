"""What statistics are made of, as a tally: Counters, and no text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import field

from ftlint.batch import Batch
from ftlint.checks.base import Tally
from ftlint.checks.sums import Sums, SumsCheck
from ftlint.counting import counts, repeated
from ftlint.identity import canonical, number
from ftlint.record import INSTRUCTIONS, Message, Record
from ftlint.stats.scripts import main_script
from ftlint.targets import Target
from ftlint.tokens import TokenCount, counter_of


class StatsTally(Sums):
    """Counts, exact and mergeable.

    Attributes:
        splits, tokens: examples, and their tokens, by (dataset, split).
        lengths, turns: how many examples there are of each number of tokens, and of messages.
        roles: the same of each role's tokens in an example; ``answers``: of the tokens of one answer.
        prompts: examples by the digest of their system prompt (``digest_of``).
        declared, called: tools by name: the examples that declare them, and calls.
        copies: examples by digest.
        weights: answers by weight (``"0"``, ``"1"``, ``"none"``).
    """

    check: StatsCheck
    splits: Counter[tuple[str, str]] = field(default_factory=Counter)
    tokens: Counter[tuple[str, str]] = field(default_factory=Counter)
    shapes: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    turns: Counter[int] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    roles: dict[str, Counter[int]] = field(default_factory=dict)
    prompts: Counter[int] = field(default_factory=Counter)
    declared: Counter[str] = field(default_factory=Counter)
    called: Counter[str] = field(default_factory=Counter)
    scripts: Counter[str] = field(default_factory=Counter)
    copies: Counter[int] = field(default_factory=Counter)
    weights: Counter[str] = field(default_factory=Counter)
    estimated: int = 0

    def add(self, batch: Sequence[Record]) -> None:
        for source, run in repeated(Batch.of(batch)).runs:
            key = source.dataset, source.split
            counted = counts(run, self.check.target, self.check.size)
            self.splits[key] += len(run)
            self.tokens[key] += sum([count.total for count in counted])
            self.lengths.update([count.total for count in counted])
            self.estimated += sum([not count.exact for count in counted])
            self._look(run, counted)
            answers = [text for record in run for text in _answers(record)]
            by = counter_of(self.check.target, self.check.size)
            self.answers.update(by.count_all(answers) if answers else ())

    def _look(self, run: Batch, counted: Sequence[TokenCount]) -> None:
        self.shapes.update([record.shape for record in run])
        self.copies.update([int(record.digest, 16) for record in run])
        self.scripts.update([main_script(record.plain) for record in run])
        roles: dict[str, list[int]] = {}
        for count in counted:
            for role, tokens in count.by_role.items():
                roles.setdefault(role, []).append(tokens)
        for role, found in roles.items():
            self.roles.setdefault(role, Counter()).update(found)
        talks = [record for record in run if record.turns is not None or record.shape != "completion"]
        self.turns.update([len(record.turns or record.conversation) for record in talks])
        for text, examples in Counter(map(system_prompt, talks)).items():
            self.prompts[digest_of(text)] += examples
        if answers := sum([len(record.turns) // 2 for record in run if record.turns is not None]):
            self.weights["none"] += answers
        for record in run:
            if record.turns is None:
                self._tools(record)

    def _tools(self, record: Record) -> None:
        functions = [tool.get("function", {}) for tool in record.tools()] + (record.home.get("functions") or [])
        self.declared.update(list(dict.fromkeys(str(function.get("name")) for function in functions)))
        for message in record.spoken:
            calls = [call.get("function", {}) for call in message.get("tool_calls") or ()]
            calls += [message["function_call"]] if message.get("function_call") else []
            self.called.update(str(call.get("name")) for call in calls)
            if message["role"] == "assistant":
                weight = message.get("weight")
                self.weights["none" if weight is None else str(weight)] += 1

    def merge(self, later: StatsTally) -> None:
        for name in COUNTERS:
            getattr(self, name).update(getattr(later, name))
        for role, tokens in later.roles.items():
            self.roles.setdefault(role, Counter()).update(tokens)
        self.estimated += later.estimated


COUNTERS = ("splits tokens shapes lengths turns answers prompts declared called scripts copies weights").split()


class StatsCheck(SumsCheck):
    """Not a rule: what statistics are made of."""

    target: Target
    size: int = 0
    kind = "stats"

    def start(self) -> Tally:
        return StatsTally(self)


def digest_of(prompt: str) -> int:
    """What stands for a system prompt; 0 for none."""
    return number(canonical(prompt)) if prompt else 0


def system_prompt(record: Record) -> str:
    """The system prompt of a conversation, or nothing."""
    if record.turns is not None:
        return record.turns[0] if len(record.turns) % 2 else ""
    return "\n\n".join(_text(message) for message in record.conversation if message["role"] in INSTRUCTIONS)


def _answers(record: Record) -> list[str]:
    """The texts of the assistant, one an answer."""
    if record.turns is not None:
        return record.turns[len(record.turns) % 2 :][1::2]
    if record.shape == "completion":
        return [text for text in (record.data["completion"],) if isinstance(text, str)]
    return [_text(message) for message in record.spoken if message["role"] == "assistant" and message.get("content")]


def _text(message: Message) -> str:
    content = message.get("content")
    if isinstance(content, str):
        return content
    return "".join(part.get("text") or part.get("refusal") or "" for part in content or ())
