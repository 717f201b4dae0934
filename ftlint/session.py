"""One run of a check: settings and rules are settled, files looked at, shards scanned, findings put into words."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

from ftlint import cache
from ftlint.checks.base import Check, FindingTally, Found, Tally
from ftlint.config import Config
from ftlint.engine import Key, Map, Plan, run
from ftlint.errors import ConfigError, UnreadableFile
from ftlint.model import Location, Shard, Source
from ftlint.pages import Rule, build
from ftlint.plugins import rules
from ftlint.report import Report
from ftlint.settings import Settings
from ftlint.sources.globs import Rules as PathRules
from ftlint.sources.jsonl import cut, is_authored
from ftlint.sources.lookalikes import lookalikes
from ftlint.sources.sniff import look
from ftlint.targets import resolve
from ftlint.told import Told
from ftlint.totals import Totals, TotalsTally, summarize, token_limit
from ftlint.triage import choose, options, suppressions

TOTALS = "(totals)"

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Options:
    """What a caller may decide over the configuration; None and empty leave the decision to it.

    Attributes:
        target: ``provider/model``, a model, or an ``ft:`` model.
        epochs: a number, or ``auto``.
        usd: the budget for training in US dollars.
        select, ignore: rules by name, code or prefix.
        today: the day from which models' dates are judged.
        stdin_filename: the name under which standard input is shown.
    """

    target: str | None = None
    epochs: int | str | None = None
    usd: Decimal | None = None
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    today: date | None = None
    stdin_filename: str = "<stdin>"


def settings_of(config: Config, given: Options, limit: int | str, sources: Iterable[Source] = ()) -> Settings:
    """The settings of a run: the configuration, overridden by the caller.

    Args:
        config, given: what the user wrote, the latter overriding.
        limit: tokens an example, or ``model``.
        sources: what will be read.

    Raises:
        UnknownName: the target's provider does not exist.
    """
    epochs = config.epochs if given.epochs is None else None if given.epochs == "auto" else int(given.epochs)
    target = resolve(given.target or config.target, config.models)
    return Settings(
        target=target,
        today=given.today or datetime.now().astimezone().date(),
        epochs=epochs,
        usd=config.budget_usd if given.usd is None else given.usd,
        tokens=config.budget_tokens,
        method=config.method,
        max_tokens=token_limit(target, limit),
        cut_at=target.max_tokens if target.named and target.max_tokens else token_limit(target, limit),
        size=_size(sources),
        target_at=_place(config, "--target", given.target, "target"),
        budget_at=_place(config, "--budget", given.usd, "budget"),
    )


def _place(config: Config, option: str, given: object, key: str) -> Location:
    """Where the user named something: an option of the command line, or a key of the configuration."""
    if given is not None or config.path is None:
        return Location(option, part="line", span=(0, 0))
    line, column = config.position(key)
    return Location(os.path.relpath(config.path).replace(os.sep, "/"), line, part="line", span=(column - 1, column - 1))


class Session:
    """One run: the rules that were chosen, their checks, and what the first look at each file told."""

    def __init__(self, config: Config, given: Options, sources: Sequence[Source]) -> None:
        self.config = config
        self.sources = [_as_built(source, config) for source in sources]
        self.catalogue = rules(config)
        self.rules = choose(self.catalogue, config, given.select, given.ignore)
        self.suppressions = suppressions(self.catalogue, config)
        wanted = options(self.catalogue, config)
        limit = {**self.catalogue["over-token-limit"].options, **wanted.get("over-token-limit", {})}["limit"]
        self.settings = settings_of(config, given, limit, sources)
        self.checks = {name: self._build(rule, wanted.get(name, {})) for name, rule in self.rules.items()}
        settings = self.settings
        self.totals = Totals(settings.target, settings.max_tokens, settings.cut_at, settings.size)
        self.unchecked: list[tuple[str, str]] = []
        self.skipped: list[tuple[str, str]] = []

    def _build(self, rule: Rule, wanted: Mapping[str, object]) -> Check:
        try:
            return build(rule, wanted, self.settings)
        except ConfigError as error:
            word = next((word for word in (rule.name, rule.code) if word in self.config.rules), None)
            raise self.config.error(str(error), "rules", word) if word and wanted else error from None

    def run(
        self, map_: Map, shard_bytes: int, progress: Progress | None = None, cache_dir: Path | None = None
    ) -> Report:
        """Check all files; what is wrong with a file as a whole is told without reading its lines."""
        early: dict[Key, Tally] = {}
        readable = [source for source in self.sources if self._first_look(source, early)]
        try:
            plan, shards = Plan({TOTALS: self.totals, **self.checks}), _shards(readable, shard_bytes)
            follow = partial(_follow, total=_size(readable), progress=progress)
            if cache_dir is None:
                tallies = run(plan, follow(shards), map_)
            else:
                tallies = cache.run(plan, readable, shards, map_, folder=cache_dir, follow=follow)
        except OSError as error:
            shown = {source.file: source.path for source in self.sources}.get(error.filename, error.filename)
            raise UnreadableFile(f"{shown}: it could not be read: {error.strerror}") from error
        totals = tallies.pop((TOTALS, ""), None) or self.totals.start()
        for (name, path), tally in early.items():
            tallies.setdefault((name, path), FindingTally()).merge(tally)
        return self._report(tallies, totals)

    def _first_look(self, source: Source, early: dict[Key, Tally]) -> bool:
        """Whether the lines of a file are worth reading; what is wrong with the file as a whole goes to ``early``."""
        try:
            seen = look(source)
        except OSError as error:
            self.unchecked.append((source.path, _unreadable(source, error)))
            return False
        if seen.unchecked:
            self.unchecked.append((source.path, seen.unchecked))
        if seen.log and source.dataset not in self.config.datasets:
            self.skipped.append((source.path, "reads as a log or trace; name it under datasets to have it checked"))
            return False
        if seen.fault is None:
            return True
        if seen.fault.rule in self.rules:
            tally = early.setdefault((seen.fault.rule, source.path), FindingTally())
            tally.add((seen.fault.finding,))
        elif seen.fault.rule != "empty-file" and not seen.unchecked:
            self.skipped.append((source.path, f"its lines were not read: see {seen.fault.rule}, which does not run"))
        return False

    def _lookalikes(self) -> Found:
        root = os.path.realpath(self.config.root)
        include, exclude = (
            PathRules(tuple(lines), root, braces=True) for lines in (self.config.include, self.config.exclude)
        )
        found = Found()
        found.extend(lookalikes(self.sources, include, exclude))
        return found

    def _report(self, tallies: Mapping[Key, Tally], totals: Tally) -> Report:
        told = Told(self.sources, self.rules, self.catalogue, self.config)
        for (name, _), tally in tallies.items():
            told.tell(self.rules[name], tally.found())
        if rule := self.rules.get("ignored-lookalike"):
            told.tell(rule, self._lookalikes())
        told.silence_paths(self.suppressions)
        told.silence_comments()
        assert isinstance(totals, TotalsTally)
        return Report(
            diagnostics=told.sorted(),
            totals={key: total for key, total in told.totals.items() if total},
            severities={name: rule.severity for name, rule in self.rules.items()},
            summary=summarize(totals, self.settings, len(self.sources)),
            suppressed=told.suppressed,
            unchecked=tuple(self.unchecked),
            skipped=tuple(self.skipped),
        )


def _as_built(source: Source, config: Config) -> Source:
    """A source as the configuration builds from it, or has built it: with its shares of splits, or its split."""
    build = config.builds.get(source.dataset)
    if build and is_authored(source.path):
        return replace(source, root=str(config.root), shares=tuple(build.shares.items()))
    for name, other in config.builds.items():
        for split, output in other.outputs.items():
            if os.path.realpath(config.root / output) == os.path.realpath(source.file):
                return replace(source, dataset=f"{name} (built)", split=split)
    return replace(source, root=str(config.root))


def _unreadable(source: Source, error: OSError) -> str:
    if os.path.islink(source.file) and not os.path.exists(source.file):
        return f"it links to {os.readlink(source.file)}, which does not exist"
    return f"it could not be read: {error.strerror}"


def _shards(sources: Iterable[Source], size: int) -> Iterator[Shard]:
    return (shard for source in sources for shard in cut(source, size))


def _follow(shards: Iterable[Shard], total: int, progress: Progress | None) -> Iterator[Shard]:
    done = 0
    for shard in shards:
        yield shard
        done += shard.stop - shard.start
        if progress:
            progress(done, total)


def _size(sources: Iterable[Source]) -> int:
    """The bytes of all files; those that cannot be read are told of later."""
    return sum(os.path.getsize(source.file) for source in sources if os.path.isfile(source.file))
