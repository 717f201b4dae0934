"""How long examples are: checks against the token limit, and text that spells a special token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter

from ftlint.batch import Batch
from ftlint.checks.base import DatasetCheck, Found, Tally, kind
from ftlint.checks.sieve import SievedCheck
from ftlint.counting import counts
from ftlint.model import Finding, Location
from ftlint.record import Record
from ftlint.targets import Target
from ftlint.tokens import bound, count_tokens
from ftlint.tokens.count import FEWEST_BYTES

PORTABLE_LIMIT = 4096
ONCE = 3
"""Tokens that a conversation counts once, however many messages it has."""


class LengthCheck(SievedCheck):
    """A check that compares an example's tokens with a limit; most lines are too short to need a count."""

    target: Target
    max_tokens: int | None
    size: int

    def sieve(self, batch: Batch) -> list[Record]:
        """A plain chat without images or tools has no more tokens than its line has bytes, and a few."""
        if self.max_tokens is None:
            return []
        enough = self.least(self.max_tokens) - FEWEST_BYTES
        if batch.longest <= enough:
            return batch.special
        return [record for record in batch if record.turns is None or len(record.line.data) > enough]

    def least(self, limit: int) -> int:
        """How many tokens at least are nothing to tell."""
        return limit

    def tokens(self, record: Record, more_than: int) -> int:
        """The tokens of a record, or 0 where its bytes alone prove that they are not more.

        A preference record is trained on as two examples; what counts is the longer one.
        """
        if bound(record.line.data, self.target) <= more_than:
            return 0
        total = counts([record], self.target, self.size)[0].total
        outputs = [count_tokens({"messages": [message]}, self.target).total for _, message in record.answers()]
        return total - (min(outputs) - ONCE) if outputs else total

    def end(self, record: Record) -> tuple[Location, int]:
        """What is cut first: the place and tokens of the last message or the completion."""
        if record.shape == "completion":
            end = {"prompt": "", "completion": record.data["completion"]}
            return record.at / "completion", count_tokens(end, self.target).total
        ends = record.answers() or record.messages()[-1:]
        said = [count_tokens({"messages": [message]}, self.target).by_role for _, message in ends]
        return max(((at, sum(count.values())) for (at, _), count in zip(ends, said, strict=True)), key=itemgetter(1))


@kind
class OverTokenLimit(LengthCheck):
    """An example that is cut from its end when it is trained on."""

    limit: int | str = PORTABLE_LIMIT
    kind = "over-token-limit"

    def examine(self, record: Record) -> Iterator[Finding]:
        limit = self.max_tokens
        if limit is None or (tokens := self.tokens(record, limit)) <= limit:
            return
        at, whole = self.end(record)
        lost = (
            _loss(tokens - limit, whole, "message" if record.shape == "reinforcement" else "answer") + " would be cut"
        )
        if self.target.named and tokens <= (self.target.max_tokens or 0):
            lost += f" where that limit holds ({self.target.model} itself takes {self.target.max_tokens:,})"
        yield record.finding(at, tokens=tokens, limit=limit, over=tokens - limit, lost=lost)


def _loss(over: int, whole: int, what: str) -> str:
    return f"all of the {what}" if over >= whole else f"the last {over:,} of the {whole:,} tokens of the {what}"


@kind
class NearTokenLimit(LengthCheck):
    """An example just under the limit; ``near`` is said of a limit of 4,096, and scales with another."""

    near: int = 4000
    kind = "near-token-limit"

    def least(self, limit: int) -> int:
        return limit * self.near // PORTABLE_LIMIT

    def examine(self, record: Record) -> Iterator[Finding]:
        if self.max_tokens is None:
            return
        near = self.least(self.max_tokens)
        if near < (tokens := self.tokens(record, near)) <= self.max_tokens:
            at, _ = self.end(record)
            yield record.finding(at, tokens=tokens, near=near, limit=self.max_tokens)


class SumTally:
    """The tokens of a file, and the least digest of its records, which stands for it whatever their order."""

    def __init__(self, check: OverFileTokens) -> None:
        self.check, self.tokens, self.path, self.least = check, 0, "", ""

    def add(self, batch: Sequence[Record]) -> None:
        if not self.check.limit:
            return
        for record, count in zip(batch, counts(batch, self.check.target, self.check.size), strict=True):
            self.tokens += count.total
            self.path = self.path or record.at.path
            self.least = min(self.least or record.digest, record.digest)

    def merge(self, later: SumTally) -> None:
        self.tokens += later.tokens
        self.path = self.path or later.path
        self.least = min(filter(None, (self.least, later.least)), default="")

    def found(self) -> Found:
        found = Found()
        if self.tokens > self.check.limit > 0:
            at = Location.of_file(self.path)
            found.extend([Finding(at, self.least, {"tokens": self.tokens, "limit": self.check.limit})])
        return found


@kind
class OverFileTokens(DatasetCheck):
    """A file with more tokens than a service takes; 0 is no limit."""

    target: Target
    size: int
    limit: int = 0
    kind = "over-file-tokens"
    scope = "file"

    def start(self) -> Tally:
        return SumTally(self)
