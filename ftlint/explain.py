"""What a training service means when it refuses a file or a job: its words, explained (``servers.json``)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ftlint.config import Config
from ftlint.convert import origin
from ftlint.errors import FtlintError
from ftlint.locate import locate
from ftlint.model import Route, show_route
from ftlint.resources import PACKAGE

UNKNOWN = (
    "Run `ftlint check` on the file that was sent: most of what servers refuse it finds, with line and column. "
    "If it finds nothing, the fault may be the server's: look at the job's events, and ask the service."
)
"""What to do about words that are not known."""
MOST = 10
"""Lines that are looked up."""

_QUOTES = str.maketrans("‘’“”", "''\"\"")
_FLAGGED = re.compile(r"flagged lines: *((?:\d+(?:, *)?)+)", re.IGNORECASE)
_NUMBERED = (
    re.compile(r"\bexample #?(\d+)", re.IGNORECASE),
    re.compile(r"\(line (\d+)\)", re.IGNORECASE),
    re.compile(r"\bline #?(\d+)(?! column)", re.IGNORECASE),
)
_MESSAGE = re.compile(r"\bmessage #?(\d+)", re.IGNORECASE)
_KEY = re.compile(r"(?:discriminator|missing key|extra) ['\"](\w+)['\"]", re.IGNORECASE)


@dataclass(frozen=True)
class Meaning:
    """One kind of refusal, as ``servers.json`` gives it.

    Attributes:
        stage: when the service says it.
        rules: the names of the rules that find it before the service does.
        source: where the words were read.
    """

    id: str
    provider: str
    stage: str
    cause: str
    fix: str
    rules: tuple[str, ...]
    source: str
    patterns: tuple[str, ...]
    counts_from: int = 1

    def fits(self, text: str) -> bool:
        """Whether a text says this."""
        return any(re.search(pattern, text, re.IGNORECASE) for pattern in self.patterns)


@dataclass(frozen=True)
class Explanation:
    """What was understood of a server's words.

    Attributes:
        meaning: None if the words are not known.
        lines: the lines of the file that are spoken of, from 1.
        message: the number of the message that is spoken of, as the server says it.
        key: the key that is spoken of, or nothing.
    """

    meaning: Meaning | None
    lines: tuple[int, ...] = ()
    message: int | None = None
    key: str = ""

    def route(self, record: Mapping[str, Any]) -> Route:
        """The message of a record that is meant; servers count from 0 or 1, so what lacks the key is preferred.

        Nothing where no message is spoken of, or it cannot be told which one is meant.
        """
        messages = record.get("messages")
        if self.message is None or not isinstance(messages, list):
            return ()
        near = [index for index in (self.message, self.message - 1) if 0 <= index < len(messages)]
        lacking = [index for index in near if isinstance(messages[index], dict) and self.key not in messages[index]]
        chosen = lacking if self.key and lacking else near
        return ("messages", chosen[0]) if len(chosen) == 1 else ()


def explain(words: str) -> Explanation:
    """What a server's words mean; numbers, file names and quoted keys in them may be any."""
    text = " ".join(words.replace('\\"', '"').translate(_QUOTES).split())
    meaning = next((meaning for meaning in meanings() if meaning.fits(text)), None)
    shift = 1 - meaning.counts_from if meaning else 0
    message, key = _MESSAGE.search(text), _KEY.search(text)
    return Explanation(
        meaning,
        tuple(line + shift for line in _lines(text) if line + shift > 0),
        int(message[1]) if message else None,
        key[1] if key else "",
    )


def _lines(text: str) -> list[int]:
    if flagged := _FLAGGED.search(text):
        return [int(number) for number in re.findall(r"\d+", flagged[1])]
    found = (match for pattern in _NUMBERED if (match := pattern.search(text)))
    return [int(match[1]) for match in found][:1]


@cache
def meanings() -> tuple[Meaning, ...]:
    """All that is known; of several that fit, the first counts."""
    return tuple(
        Meaning(
            **{key: entry[key] for key in ("id", "provider", "stage", "cause", "fix", "source")},
            rules=tuple(entry["rules"]),
            patterns=tuple(entry["patterns"]),
            counts_from=entry.get("counts_from", 1),
        )
        for entry in collection()["errors"]
    )


@cache
def collection() -> dict[str, Any]:
    """``servers.json`` as it stands: ``as_of``, ``note``, ``errors``."""
    data: dict[str, Any] = json.loads((PACKAGE / "servers.json").read_text("utf-8"))
    return data


@dataclass(frozen=True)
class Spot:
    """Where a line that a server speaks of stands: in the YAML that it was built from, else in the file itself."""

    line: int
    path: str
    at: tuple[int, int]
    words: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.at[0]}:{self.at[1]}" + (f"  ({self.words})" if self.words else "")


def spots(found: Explanation, file: str, config: Config, sources: Sequence[str] = ()) -> Iterator[Spot]:
    """The places of the lines that are spoken of, the first ``MOST`` of them.

    Args:
        found: what was understood.
        file: the file that was sent.
        config: names what built files are built from.
        sources: what it was built from, where the configuration does not say.

    Raises:
        UnknownName: the file is neither there nor an output of the configuration.
        FtlintError: the sources cannot be read.
    """
    built = origin.built(file, config, sources) if sources or origin.is_output(file, config) else None
    for number in found.lines[:MOST]:
        if built is not None:
            try:
                yield _in_yaml(found, built, number)
                continue
            except FtlintError as error:
                note = str(error)
        else:
            note = ""
        yield _in_file(found, file, number, note)


def _in_yaml(found: Explanation, built: origin.BuiltFile, number: int) -> Spot:
    row, _ = built.row(number)
    place = built.find(number, found.route(row.example.record))
    at = place.position
    return Spot(number, at.path, (at.line, at.column), place.words(), place.note)


def _in_file(found: Explanation, file: str, number: int, note: str) -> Spot:
    """A line of a file that was not built, or of which no source gives the line any more."""
    text = origin.line_of(file, number)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return Spot(number, file, (number, 1), "", note)
    route = found.route(record) if isinstance(record, dict) else ()
    start, _ = locate(text, route)
    return Spot(number, file, (number, start + 1), show_route(route), note)
