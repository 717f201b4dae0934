"""The check of texts that a moderation model flagged; without its verdicts it finds nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from ftlint.checks.base import RecordCheck, kind
from ftlint.errors import ConfigError
from ftlint.identity import digest
from ftlint.model import Finding
from ftlint.record import Record


def text_digest(text: str) -> str:
    """What stands for a text in a verdict."""
    return digest(text.encode("utf-8", "surrogatepass"))


@kind
class FlaggedText(RecordCheck):
    """A text of a category that the service's moderation flags.

    ``flagged`` holds verdicts, ``DIGEST CATEGORY SCORE``; ``ftlint moderate`` asks for them and fills them in.
    """

    kind = "flagged-text"
    flagged: tuple[str, ...] = ()

    def examine_many(self, batch: Sequence[Record]) -> Iterable[Finding]:
        return super().examine_many(batch) if self.flagged else ()

    def examine(self, record: Record) -> Iterator[Finding]:
        verdicts = _verdicts(self.flagged)
        for at, role, text in record.texts():
            for category, score in verdicts.get(text_digest(text), ()):
                subject = f"{text_digest(text)}:{category}"
                yield record.finding(at, subject=subject, category=category, score=score, role=role)


@lru_cache(maxsize=1)
def _verdicts(flagged: tuple[str, ...]) -> Mapping[str, list[tuple[str, str]]]:
    """The categories and scores of each text, by its digest."""
    found: dict[str, list[tuple[str, str]]] = {}
    for verdict in flagged:
        try:
            name, category, score = verdict.split()
        except ValueError:
            raise ConfigError(f"flagged-text: flagged holds verdicts, DIGEST CATEGORY SCORE, not {verdict!r}") from None
        found.setdefault(name, []).append((category, score))
    return found
