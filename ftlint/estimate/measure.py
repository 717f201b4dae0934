"""From paths to a state: the datasets that they name, counted in one scan for all targets that were asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from msgspec import Struct, field

from ftlint.checks.base import Check, Tally
from ftlint.checks.sums import Sums, SumsCheck
from ftlint.config import Config
from ftlint.engine import Key, Plan
from ftlint.estimate.parts import Part, PartsCheck, PartsTally, Place
from ftlint.estimate.terms import Terms, terms
from ftlint.model import Source
from ftlint.plugins import rules
from ftlint.record import Line
from ftlint.session import LOG, Options, as_built, settings_of, token_option, unreadable
from ftlint.settings import Settings
from ftlint.sources.paths import discover, nothing
from ftlint.sources.sniff import look
from ftlint.targets import Target
from ftlint.work import Work

PARTS, LINES = "counting parts", "counting lines"


class State(Struct):
    """The datasets as they are at one time, counted.

    Attributes:
        parts: what was counted, by place, in the order of the datasets.
        terms: on what terms they are charged, one for each target that was asked for.
        targets: those targets, as far as the state is of here and now.
        missing: files that could not be read, or were not, each with the reason.
        unread: whether one of them ought to have been read (exit code 2).
        unsound: lines that are no sound records, by file.
    """

    parts: dict[Place, Part]
    terms: tuple[Terms, ...]
    targets: tuple[Target, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    unread: bool = False
    unsound: tuple[tuple[str, int], ...] = ()


class LinesTally(Sums):
    """How many lines with something on them there are of each file."""

    lines: dict[str, int] = field(default_factory=dict)

    def add(self, batch: Sequence[Line]) -> None:
        for line in batch:
            self.lines[line.source.path] = self.lines.get(line.source.path, 0) + bool(line.data.strip())

    def merge(self, later: LinesTally) -> None:
        for path, number in later.lines.items():
            self.lines[path] = self.lines.get(path, 0) + number


class LinesCheck(SumsCheck):
    """Not a rule: what tells how many lines are no sound records."""

    kind = "lines"
    reads = "lines"

    def start(self) -> Tally:
        return LinesTally()


class Asked(Struct, frozen=True):
    """What is to be counted, and how.

    Attributes:
        paths: as ``check`` takes them; none for what the configuration names.
        targets: names; none for the configuration's, or the default.
        contents: whether each example is kept by its digest.
        work: how it is done.
    """

    paths: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    epochs: int | str | None = None
    contents: bool = False
    stdin_filename: str = "<stdin>"
    work: Work = Work()


def measure(config: Config, asked: Asked) -> State:
    """Count what the paths name.

    Raises:
        FtlintError: there is nothing to count, or something that is named cannot be.
    """
    with found(config, asked) as sources:
        return count(sources, config, asked)


@contextmanager
def found(config: Config, asked: Asked) -> Iterator[list[Source]]:
    """The files of the datasets that the paths name.

    Raises:
        FtlintError: there is nothing to count, or something that is named cannot be.
    """
    with discover(asked.paths, config, stdin_filename=asked.stdin_filename) as discovery:
        if not discovery.datasets and not discovery.excluded:
            raise nothing("count", asked.paths, config)
        yield [as_built(source, config) for dataset in discovery.datasets for source in dataset.sources]


def settings_for(config: Config, asked: Asked, sources: Iterable[Source] = ()) -> list[Settings]:
    """The settings for each target that was asked for."""
    limit, sources = token_option(rules(config), config), list(sources)
    given = [Options(target=name, epochs=asked.epochs) for name in asked.targets or (None,)]
    return [settings_of(config, each, limit, sources) for each in given]


def count(sources: Sequence[Source], config: Config, asked: Asked) -> State:
    """Count sources that were found already."""
    settings = settings_for(config, asked, sources)
    targets = tuple(each.target for each in settings)
    check = PartsCheck(targets, settings[0].size, asked.contents)
    tallies, missing = scanned(sources, config, asked, {LINES: LinesCheck(), PARTS: check}, check.size)
    parts, lines = tallies.get((PARTS, ""), check.start()), tallies.get((LINES, ""), LinesTally())
    assert isinstance(parts, PartsTally)
    assert isinstance(lines, LinesTally)
    return State(
        parts=parts.parts,
        terms=tuple(map(terms, settings)),
        targets=targets,
        missing=tuple((path, reason) for path, reason, _ in missing),
        unread=any(unread for *_, unread in missing),
        unsound=tuple(_unsound(parts.parts, lines.lines)),
    )


def scanned(
    sources: Sequence[Source], config: Config, asked: Asked, checks: Mapping[str, Check], size: int
) -> tuple[dict[Key, Tally], list[tuple[str, str, bool]]]:
    """The tallies of checks over all files that can be read; the others, each with the reason, and if it is a failure.

    Raises:
        UnreadableFile: a file that could be read no longer can.
    """
    missing: list[tuple[str, str, bool]] = []
    readable = [source for source in sources if _is_readable(source, config, missing)]
    return asked.work.run(Plan(checks), readable, size), missing


def _is_readable(source: Source, config: Config, missing: list[tuple[str, str, bool]]) -> bool:
    """Whether the lines of a file are worth reading; else why not is noted, and whether that is a failure."""
    try:
        seen = look(source)
    except OSError as error:
        missing.append((source.path, unreadable(source, error), True))
        return False
    if seen.unchecked:
        missing.append((source.path, seen.unchecked, True))
    elif seen.log and source.dataset not in config.datasets:
        missing.append((source.path, LOG, False))
        return False
    elif seen.fault is not None and seen.fault.rule != "empty-file":
        missing.append((source.path, f"its lines were not read ({seen.fault.rule}): see `ftlint check`", True))
    return seen.fault is None


def _unsound(parts: dict[Place, Part], lines: dict[str, int]) -> Iterator[tuple[str, int]]:
    sound: dict[str, int] = {}
    for place, part in parts.items():
        sound[place.path] = sound.get(place.path, 0) + part.examples
    for path, number in lines.items():
        if number > sound.get(path, 0) and not path.endswith((".yaml", ".yml")):
            yield path, number - sound.get(path, 0)


def names(paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> tuple[str, ...]:
    """One path or several, as texts."""
    return tuple(os.fspath(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths))
