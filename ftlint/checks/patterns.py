"""Text that holds what a page's pattern describes: the kind for rules that are data alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from ftlint.batch import Batch
from ftlint.checks.base import kind
from ftlint.checks.sieve import WordCheck
from ftlint.errors import ConfigError
from ftlint.model import Finding
from ftlint.record import Record


@kind
class TextPattern(WordCheck, dict=True):
    """The first match of a regular expression in each text.

    Attributes:
        pattern: the expression, in Python's syntax.
        hints: if any are given, only records that hold one of them are searched, which is much faster.
        roles: whose texts are searched.
        ignore_case: whether case does not matter.
    """

    pattern: str = ""
    hints: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("system", "developer", "user", "assistant", "tool", "function")
    ignore_case: bool = False
    kind = "text-pattern"

    def verify(self) -> None:
        _ = self.compiled

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, compiled.

        Raises:
            ConfigError: it is no regular expression.
        """
        try:
            return re.compile(self.pattern, re.IGNORECASE if self.ignore_case else 0)
        except re.error as error:
            raise ConfigError(f"the pattern {self.pattern!r} is no regular expression: {error}", "pattern") from None

    def words(self) -> tuple[str, ...]:
        return self.hints

    def sieve(self, batch: Batch) -> Iterable[Record]:
        return super().sieve(batch) if self.hints else batch

    def examine(self, record: Record) -> Iterator[Finding]:
        if self.hints and not any(hint in record.plain for hint in self.hints):
            return
        for at, role, text in record.texts():
            if role in self.roles and (match := self.compiled.search(text)):
                yield record.finding(at.chars(*match.span()), text=match.group()[:40], role=role)
