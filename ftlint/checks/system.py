"""Rules about the system prompt, which a whole dataset should share: records without one, strays, and misspellings."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from ftlint.checks.base import DatasetCheck, Tally, kind
from ftlint.checks.data import Census, Key
from ftlint.identity import digest
from ftlint.lazy import lazy_pattern
from ftlint.model import Finding, Location, Related
from ftlint.record import INSTRUCTIONS, Record

NONE: Key = ("", "")
"""The key of a record without a system prompt."""

SLIGHT = lazy_pattern(
    r"[\s\u00ad\u200b-\u200d\u2060\ufeff!\"&'()*/;?@\[\\\]^_`{|}~¡¿«»·\u2010-\u2027\u3001-\u3011]+|[.,:-](?!\d)"
)
"""White space, invisible characters, and punctuation that carries no meaning (so neither ``C++`` nor ``1.5``)."""


@kind
class MissingSystemPrompt(DatasetCheck):
    """Records without a system prompt where at least ``share`` of the dataset's conversations have one."""

    kind = "missing-system-prompt"
    share: float = 0.5

    def start(self) -> Tally:
        return Census(self.key, _place, self.find)

    def key(self, record: Record) -> Key | None:
        prompt = prompt_of(record)
        return prompt and ((prompt[0], "") if prompt != NONE else ("", record.line.source.path))

    def find(self, census: Census) -> Iterator[Finding]:
        prompts = {key: count for key, count in census.counts.items() if key[0]}
        present, records = sum(prompts.values()), sum(census.counts.values())
        if not present or present < self.share * records:
            return
        for (essence, path), at in census.places.items():
            if path:
                values = {"missing": census.counts[essence, path], "present": present, "records": records}
                yield Finding(at, _commonest(prompts)[0], values)


@kind
class MixedSystemPrompts(DatasetCheck):
    """System prompts other than the commonest, if that one has at least ``share`` of all: else variety is meant.

    Prompts of one essence are one prompt here: their spelling is the business of ``near-variant-system-prompt``.
    """

    kind = "mixed-system-prompts"
    share: float = 0.5

    def start(self) -> Tally:
        return Census(self.key, _place, self.find)

    def key(self, record: Record) -> Key | None:
        prompt = prompt_of(record)
        return (prompt[0], "") if prompt and prompt != NONE else None

    def find(self, census: Census) -> Iterator[Finding]:
        if len(census.counts) < 2:
            return
        norm = _commonest(census.counts)
        most = census.counts[norm]
        if most < 2 or most < self.share * sum(census.counts.values()):
            return
        related = (Related(census.places[norm], "the commonest system prompt"),)
        for key, at in census.places.items():
            if key != norm:
                yield Finding(at, key[0], {"count": census.counts[key], "norm": most}, related)


@kind
class NearVariantSystemPrompt(DatasetCheck):
    """A system prompt that differs from a commoner one only in case, white space or punctuation."""

    kind = "near-variant-system-prompt"

    def start(self) -> Tally:
        return Census(self.key, _place, self.find)

    def key(self, record: Record) -> Key | None:
        prompt = prompt_of(record)
        return prompt if prompt != NONE else None

    def find(self, census: Census) -> Iterator[Finding]:
        spellings = Counter(essence for essence, _ in census.counts)
        norms: dict[str, Key] = {}
        for key in census.counts:
            if spellings[key[0]] > 1:
                rival = norms.get(key[0], key)
                norms[key[0]] = max(key, rival, key=lambda spelling: (census.counts[spelling], spelling))
        for key, at in census.places.items():
            norm = norms.get(key[0], key)
            if key != norm:
                values = {"count": census.counts[key], "norm": census.counts[norm]}
                yield Finding(at, key[1], values, (Related(census.places[norm], "the commoner spelling"),))


def prompt_of(record: Record) -> Key | None:
    """The digests of a record's first system or developer message; None where it has no say: a completion, a blank."""
    if record.turns is not None:
        return digests(record.turns[0]) if len(record.turns) % 2 else NONE
    if record.shape == "completion":
        return None
    for message in record.conversation:
        if message["role"] in INSTRUCTIONS:
            content = message["content"]
            text = content if isinstance(content, str) else "".join(part["text"] for part in content)
            return digests(text) if text.strip() else None
    return NONE


@lru_cache(maxsize=1024)
def digests(text: str) -> Key:
    """The digests of a prompt's essence (case folded, NFKC, without white space and most punctuation) and its text."""
    essence = SLIGHT.sub("", unicodedata.normalize("NFKC", text).casefold())
    return digest(essence.encode("utf-8", "surrogatepass")), digest(text.encode("utf-8", "surrogatepass"))


def _place(record: Record) -> Location:
    """Where the system prompt stands, or the message that it should stand before."""
    prompts = (at / "content" for at, message in record.messages() if message["role"] in INSTRUCTIONS)
    return next(prompts, None) or record.messages()[0][0]


def _commonest(counts: dict[Key, int]) -> Key:
    """The key seen most; of equals the greatest, so that order does not matter."""
    return max(counts, key=lambda key: (counts[key], key))
