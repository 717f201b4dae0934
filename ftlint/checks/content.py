"""The checks of what answers hold (placeholders, refusals) and of images; and a quick look at all texts of a record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from ftlint.batch import Batch
from ftlint.checks.base import DatasetCheck, Found, kind
from ftlint.checks.sieve import SievedCheck, WordCheck
from ftlint.lazy import lazy_pattern
from ftlint.model import Finding, Location, Route, Scalar
from ftlint.record import Record

if TYPE_CHECKING:
    from ftlint.targets import Target


class Hit(NamedTuple):
    """Something wrong in a text: characters ``[start, stop)``, and what was meant there, if that can be said."""

    start: int
    stop: int
    meant: str = ""


SHORT = 24
"""Characters of a text that a message shows."""

NEAR = 100
"""Characters on either side of a placeholder that tell whether it stands in code."""


def short(text: str) -> str:
    """At most ``SHORT`` characters of a text."""
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


_MARKS = (
    *("TODO", "FIXME", "orem ipsum ", "orem Ipsum ", "LOREM IPSUM ", "{{", "xxx", "XXXX", "[YOUR "),
    *(f"X{between}XX" for between in "-/ "),
    *(bracket + word for bracket in "<[" for word in ("insert ", "Insert ", "INSERT ")),
)
"""One of these is in every placeholder."""
_PLACEHOLDER = lazy_pattern(
    r"""
    (?:(?<![^\n.!?:(\[<>*-])|(?<=[\n.!?:(\[<>*-][ ]))(?:TODO|FIXME)(?=[:\])>]|[ \t]*(?:\n|\Z))
    | (?:[Ll]orem[ ][Ii]psum|LOREM[ ]IPSUM)[ ](?i:dolor)
    | [<\[](?:[Ii]nsert|INSERT)[ ][^<>\[\]=\n]{1,60}[>\]](?!\()
    | \[YOUR[ ][A-Z][A-Z '_-]{1,40}\](?!\()
    | (?<![\w{}\\^$"'=])\{\{[ ]?[A-Za-z][\w -]{0,40}\}\}(?!\})
    | \Ax{3,}\Z | (?<![\w./-])(?:x{3,}(?:[-/]x{2,})+|X{2,}(?:[-/ ]X{2,})+|X{4,}(?!-))(?!\w|\.\w)
    """,
    re.VERBOSE,
)
_CODE = lazy_pattern(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`", re.DOTALL)
_CODE_LINE = lazy_pattern(r"#|//|/\*|<!--|^(?: {4}|\t)|^\s+\*|[=;{]\s*$|\w\(|\b[fr]?[\"'].*\{\{|\w = ")
_TEMPLATING = lazy_pattern(
    r"jinja|handlebars|mustache|liquid|\bvue|angular|helm|ansible|templat|f-string|\{%", re.IGNORECASE
)


@kind
class PlaceholderText(WordCheck):
    """A text that was never filled in: ``TODO:``, ``[YOUR NAME]``, ``{{placeholder}}``; code is left alone."""

    kind = "placeholder-text"
    roles: tuple[str, ...] = ("assistant",)
    also: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        return (*_MARKS, *filter(None, self.also))

    def examine(self, record: Record) -> Iterator[Finding]:
        whole = record.plain
        texts = list(record.texts())
        prompt = "\0".join(text for _, role, text in texts if role not in self.roles).lower()
        for at, role, text in texts:
            hits = [hit for hit in self._hits(text) if not _spoken_of(text[hit.start : hit.stop], prompt, whole)]
            if hits and role in self.roles:
                start, stop, _ = hits[0]
                yield record.finding(at.chars(start, stop), found=short(text[start:stop]), n=len(hits))

    def _hits(self, text: str) -> list[Hit]:
        prose = _CODE.sub(lambda code: " " * len(code[0]), text)
        hits = [Hit(*match.span()) for match in _PLACEHOLDER.finditer(prose) if not _in_code(prose, match.start())]
        for word in filter(None, self.also):
            hits += [Hit(*match.span()) for match in re.finditer(re.escape(word), prose)]
        return sorted(hits)


def _in_code(text: str, start: int) -> bool:
    """Whether the line around ``start``, as far as ``NEAR`` characters away, looks like code or a comment in code."""
    before = text[max(0, start - NEAR) : start].rpartition("\n")[2]
    return bool(_CODE_LINE.search(before + text[start : start + NEAR].partition("\n")[0]))


def _spoken_of(found: str, prompt: str, whole: str) -> bool:
    """Whether a placeholder is the subject of the conversation: the prompt has it too, or is about templates."""
    words = re.match(r"\W*\w*", found.lower())
    return bool(words and words[0] in prompt) or (found.startswith("{{") and bool(_TEMPLATING.search(whole)))


_REFUSAL = lazy_pattern(
    r"""\W{0,4}
    (?:(?:(?:I['’]m|I[ ]am)[ ](?:\w+[ ])?sorry|sorry|I[ ]apologi[sz]e|my[ ]apologies|unfortunately)\W+(?:but\W+)?)?
    (?: (?:as|I['’]m|I[ ]am)[ ]an?[ ](?:AI(?:,|[ ](?:language|model|assistant|system))|(?:large[ ])?language[ ]model)
      | I[ ]?(?:can['’]t|cannot|can[ ]not|won['’]t|will[ ]not|(?:am|['’]m)[ ](?:unable|not[ ]able)[ ]to)[ ](?:\w+ly[ ])?
        (?:help|assist|comply|fulfill?|engage|generate|do[ ]that|answer[ ]that|continue[ ]with
          |(?:provide|give|offer|share|discuss|create|write)[ ](?:you[ ]with[ ])?
           (?:that|this|such|any|information|instructions|advice|assistance|content|explicit))
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)


_NO_REFUSAL = frozenset("bcdefghjklnopqrtvwxyzBCDEFGHJKLNOPQRTVWXYZ0123456789_")
"""Characters with which no refusal begins: the quickest test there is."""


@kind
class AssistantRefusal(DatasetCheck):
    """A training split in which more than ``percent`` of the answers, and at least ``least``, are refusals."""

    kind = "assistant-refusal"
    percent: int = 5
    least: int = 3

    def start(self) -> Refusals:
        return Refusals(self.percent, self.least)


class Refusals(Struct):
    """Trained answers, those among them that refuse, and where the first of these stands."""

    percent: int
    least: int
    answers: int = 0
    refusals: int = 0
    first: Location | None = None

    def add(self, batch: Sequence[Record]) -> None:
        for source, records in Batch.of(batch).runs:
            if source.split == "train":
                self._count_all(records)

    def _count_all(self, records: Batch) -> None:
        suspects = [text for text in records.answers if text[0] not in _NO_REFUSAL]
        if any(map(_REFUSAL.match, suspects)):
            for record in records:
                self._count(record)
            return
        self.answers += len(records.answers)
        for record in records.special:
            self._count(record)

    def _count(self, record: Record) -> None:
        for route, content in _answers(record):
            self.answers += 1
            if place := _refusing(content):
                self.refusals += 1
                self.first = self.first or replace(record.at, route=route + place[0], span=(0, place[1]))

    def merge(self, later: Refusals) -> None:
        self.answers += later.answers
        self.refusals += later.refusals
        self.first = self.first or later.first

    def found(self) -> Found:
        if self.first is None or self.refusals < self.least or self.refusals * 100 <= self.percent * self.answers:
            return Found()
        share = str(self.refusals * 100 // self.answers)
        found = Found()
        values: dict[str, Scalar] = {"refusals": self.refusals, "answers": self.answers, "share": share}
        found.extend([Finding(self.first, "refusals", values)])
        return found


def _answers(record: Record) -> list[tuple[Route, Any]]:
    """Routes and contents of the answers that are trained on, and preferred."""
    if record.shape == "completion":
        return [(("completion",), record.data["completion"])]
    key = "preferred_output" if record.shape == "preference" else "messages"
    return [
        ((key, index, "content"), message["content"])
        for index, message in enumerate(record.data[key])
        if message["role"] == "assistant" and message.get("content") and message.get("weight") != 0
    ]


def _refusing(content: Any) -> tuple[Route, int] | None:
    """Where in a content a refusal stands, and how many characters its telling words are."""
    if isinstance(content, str):
        match = _REFUSAL.match(content)
        return ((), match.end()) if match else None
    for index, part in enumerate(content):
        if refusal := part.get("refusal"):
            return (index, "refusal"), len(refusal)
        if match := _REFUSAL.match(part.get("text") or ""):
            return (index, "text"), match.end()
    return None


@kind
class TooManyImages(SievedCheck):
    """More images in an example than the target accepts; ``limit``, unless 0, stands for the target's figure."""

    kind = "too-many-images"
    target: Target | None = None
    limit: int = 0

    def examine(self, record: Record) -> Iterator[Finding]:
        limit = self.limit or (self.target and self.target.max_images)
        if not limit or sum(isinstance(message.get("content"), list) for message in record.spoken) == 0:
            return
        places = list(images(record))
        if len(places) > limit:
            yield record.finding(places[limit], images=len(places), limit=limit)


def images(record: Record) -> Iterator[Location]:
    """The places of all images of a record."""
    for at, message in record.all_messages():
        content = message.get("content")
        for index, part in enumerate(content if isinstance(content, list) else ()):
            if part.get("type") == "image_url":
                yield at / "content" / index
