"""Suppression comments of authored YAML: ``# ftlint: ignore[repeated-role] the user really writes twice``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from msgspec import Struct

from ftlint.lazy import lazy_pattern
from ftlint.model import Diagnostic, Finding, Location
from ftlint.pages import Rule

_comment = lazy_pattern(r"#\s*ftlint:\s*(?:ignore\[([^\]]*)\])?[ \t]*(.*)")


class Comment(Struct, frozen=True):
    """A comment that silences rules in the lines ``[first, last]``: what it stands beside, or above.

    That is the key or example of its line with everything indented below it, and a key's list that is not indented.
    """

    path: str
    line: int
    column: int
    rules: tuple[str, ...]
    reason: str
    first: int
    last: int

    def covers(self, item: Diagnostic) -> bool:
        """Whether a diagnostic is silenced; without a reason none is."""
        named = item.name in self.rules or item.code in self.rules
        inside = item.position.path == self.path and self.first <= item.position.line <= self.last
        return bool(self.reason) and named and inside

    def finding(self) -> Finding:
        """What the rules about comments report."""
        start = self.column - 1
        at = Location(self.path, self.line, part="line", span=(start, start + len("# ftlint: ignore")))
        return Finding(
            at, f"{self.rules}:{self.reason}", {"what": "this comment", "rules": ", ".join(self.rules) or "nothing"}
        )


def comments(path: str, lines: list[str]) -> Iterator[Comment]:
    """The suppression comments of a file, given its physical lines."""
    marked = [(index, match) for index, text in enumerate(lines) if (match := _comment.search(text))]
    texts = _texts(lines) if marked else []
    for index, match in marked:
        text = lines[index]
        if any(start <= (index, match.start()) < stop for start, stop in texts):
            continue
        target = index
        if not text[: match.start()].strip():
            target = next((later for later in range(index + 1, len(lines)) if _says(lines[later])), index)
        rules = tuple(word.strip() for word in (match[1] or "").split(",") if word.strip())
        last = block_end(lines, target)
        yield Comment(path, index + 1, match.start() + 1, rules, match[2].strip(), target + 1, last + 1)


def _texts(lines: list[str]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The spans of quoted and block scalars, as (line, column) from 0, in which a # is text; as far as YAML parses."""
    spans = []
    for token in _scalars(lines):
        if token.style:
            block = token.style in "|>"
            start = (token.start_mark.line + 1, 0) if block else (token.start_mark.line, token.start_mark.column)
            spans.append((start, (token.end_mark.line, token.end_mark.column)))
    return spans


def _scalars(lines: list[str]) -> Iterator[Any]:
    """The scalars of a text, as far as YAML parses."""
    import yaml

    from ftlint.authoring.compose import tokens

    with suppress(yaml.YAMLError, ValueError):
        yield from (token for token in tokens("\n".join(lines)) if isinstance(token, yaml.ScalarToken))


def statement(lines: list[str], line: int) -> int:
    """The line, from 1, above which a comment can stand that is about a line: where a text of several lines starts."""
    for token in _scalars(lines):
        first: int = token.start_mark.line + 1
        last = token.end_mark.line + (token.end_mark.column > 0)
        if first < line <= last:
            return first
    return line


def block_end(lines: list[str], start: int) -> int:
    """The last line of what starts on a line: lines indented deeper belong to it, and to a key its list."""
    least = indent(lines[start]) + 1
    end = start
    for index in range(start + 1, len(lines)):
        if lines[index].strip():
            beside = _is_item(lines[index]) and not _is_item(lines[start])
            if indent(lines[index]) + beside < least:
                break
            end = index
    return end


def _says(text: str) -> bool:
    """Whether a line is neither blank nor a comment."""
    return bool(text.strip()) and not text.lstrip().startswith("#")


def _is_item(text: str) -> bool:
    return text.split(maxsplit=1)[:1] == ["-"]


def indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def apply(
    found: Iterable[Diagnostic], silencers: list[Comment], blocking: frozenset[str]
) -> tuple[list[Diagnostic], list[Diagnostic], list[Comment]]:
    """What stays, what is silenced, and the comments that silenced nothing; ``blocking`` rules are never silenced."""
    kept: list[Diagnostic] = []
    silenced: list[Diagnostic] = []
    used: set[Comment] = set()
    for item in found:
        hits = [comment for comment in silencers if item.name not in blocking and comment.covers(item)]
        used.update(hits)
        (silenced if hits else kept).append(item)
    return kept, silenced, [comment for comment in silencers if comment not in used]


def faults(
    silencers: list[Comment], unused: list[Comment], rules: Mapping[str, Rule], catalogue: Mapping[str, Rule]
) -> Iterator[tuple[Rule, Finding]]:
    """Findings about the comments themselves: one without a reason, one that silences nothing that was checked.

    A comment about a rule that did not run may have its use in another run; one about no rule at all has none.
    """
    for comment in silencers:
        if not comment.reason and (rule := rules.get("unreasoned-suppression")):
            yield rule, comment.finding()
    idle = _words(catalogue) - _words(rules)
    for comment in unused:
        if comment.reason and not idle & {*comment.rules} and (rule := rules.get("unused-suppression")):
            yield rule, comment.finding()


def _words(rules: Mapping[str, Rule]) -> set[str]:
    return {*rules, *(rule.code for rule in rules.values())}
