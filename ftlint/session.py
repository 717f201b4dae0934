"""One run of a check: settings and rules are settled, files looked at, shards scanned, findings put into words."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ftlint.baseline import Baseline
from ftlint.baseline import load as load_baseline
from ftlint.checks.base import Check, FindingTally, Tally
from ftlint.config import Config
from ftlint.diagnostics import Diagnostics
from ftlint.engine import Key, Map, Plan
from ftlint.errors import ConfigError
from ftlint.model import Finding, Location, Source
from ftlint.pages import Catalogue, Rule, build
from ftlint.plugins import rules
from ftlint.report import Report
from ftlint.settings import Settings, target_of
from ftlint.sources.globs import Patterns
from ftlint.sources.jsonl import is_authored
from ftlint.sources.lookalikes import lookalikes
from ftlint.sources.opening import STREAM_END, is_url
from ftlint.sources.opening import size as size_of
from ftlint.sources.sniff import look
from ftlint.stale import is_whole
from ftlint.timing import PREPARING, TIMINGS, WORDS, Stopwatch, Timings
from ftlint.totals import Totals, TotalsTally, summarize, token_limit
from ftlint.triage import choose, entry, options, suppressions
from ftlint.work import Progress, Work

TOTALS = "counting totals"
LOG = "reads as a log or trace; name it under datasets to have it checked"


class Options(Struct, frozen=True):
    """What a caller may decide over the configuration; None and empty leave the decision to it.

    Attributes:
        target: ``provider/model``, a model, or an ``ft:`` model.
        epochs: a number, or ``auto``.
        usd: the budget for training in US dollars.
        select, ignore: rules by name, code or prefix.
        today: the day from which models' dates are judged.
        stdin_filename: the name under which standard input is shown.
        totals: whether tokens and the cost are summed up; if not, only what a rule has to know is counted.
        timings: whether the report tells where time went.
        baseline: the file of accepted findings; None for the configuration's, "" for none.
    """

    target: str | None = None
    epochs: int | str | None = None
    usd: Decimal | None = None
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    today: date | None = None
    stdin_filename: str = "<stdin>"
    totals: bool = True
    timings: bool = False
    baseline: str | os.PathLike[str] | None = None


def token_option(catalogue: Catalogue, config: Config) -> int | str:
    """The tokens that an example may have, as the page of the rule or the configuration says it.

    Raises:
        ConfigError: it is neither a number nor ``model``.
    """
    rule = catalogue["over-token-limit"]
    limit: int | str = {**rule.options, **options(catalogue, config).get(rule.name, {})}["limit"]
    if limit != "model" and not (type(limit) is int and limit > 0):
        words = f'the limit of {rule.name} is a number of tokens from 1, or "model"'
        raise config.error(words, *entry(rule, config), "limit")
    return limit


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
    target = target_of(config, given.target)
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
        budgets=config.budgets,
        budget_places={
            name: _place(config, "--budget", None, "datasets", name, "budget") for name in config.budgets if name
        },
        apart=frozenset(config.datasets),
    )


def _place(config: Config, option: str, given: object, *route: str) -> Location:
    """Where the user named something: an option of the command line, or a value of the configuration."""
    if given is not None or config.path is None:
        return Location.of_file(option)
    line, column = config.position(*route)
    return Location.of_file(os.path.relpath(config.path).replace(os.sep, "/"), line, column)


class Session:
    """One run: the rules that were chosen, their checks, and what the first look at each file told.

    ``baseline`` is the configuration's, or the caller's where findings are to be accepted.
    """

    def __init__(
        self,
        config: Config,
        given: Options,
        sources: Sequence[Source],
        baseline: Baseline | None = None,
        watch: Stopwatch | None = None,
    ) -> None:
        self.config, self.watch = config, watch or Stopwatch()
        self.baseline = baseline or load_baseline(config, given.baseline)
        self.sources = [as_built(source, config) for source in sources]
        self.catalogue = rules(config)
        self.rules = choose(self.catalogue, config, given.select, given.ignore)
        self.suppressions = suppressions(self.catalogue, config)
        wanted = options(self.catalogue, config)
        settings = settings_of(config, given, token_option(self.catalogue, config), sources)
        self.size, self.settings = settings.size, settings if given.totals else replace(settings, size=0)
        self.checks = {name: self._build(rule, wanted.get(name, {})) for name, rule in self.rules.items()}
        self.others: dict[str, Check] = {
            TOTALS: Totals(
                settings.target, settings.max_tokens, settings.cut_at, settings.size, given.totals, settings.apart
            )
        }
        if given.timings:
            self.others[TIMINGS] = Timings()
        self.unchecked: list[tuple[str, str]] = []
        self.skipped: list[tuple[str, str]] = []

    def _build(self, rule: Rule, wanted: Mapping[str, object]) -> Check:
        try:
            check = build(rule, wanted, self.settings)
            if wanted:
                check.verify()
        except ConfigError as error:
            at = entry(rule, self.config)
            raise self.config.error(str(error), *at, *error.route, key=True) if at and wanted else error from None
        return check

    def run(
        self, map_: Map, shard_bytes: int, progress: Progress | None = None, cache_dir: Path | None = None
    ) -> Report:
        """Check all files; what is wrong with a file as a whole is told without reading its lines."""
        early: dict[Key, Tally] = {}
        readable = [source for source in self.sources if self._first_look(source, early)]
        self.watch.lap(PREPARING)
        kept = None if TIMINGS in self.others else cache_dir
        work = Work(map_=map_, shard_bytes=shard_bytes, progress=progress, cache=kept)
        tallies = work.run(Plan({**self.others, **self.checks}), readable)
        self.complete = len(readable) + sum(reason == LOG for _, reason in self.skipped) == len(self.sources)
        others = {name: tallies.pop((name, ""), check.start()) for name, check in self.others.items()}
        for (name, path), tally in early.items():
            tallies.setdefault((name, path), FindingTally()).merge(tally)
        return self._report(tallies, others)

    def _first_look(self, source: Source, early: dict[Key, Tally]) -> bool:
        """Whether the lines of a file are worth reading; what is wrong with the file as a whole goes to ``early``."""
        try:
            seen = look(source)
        except OSError as error:
            self.unchecked.append((source.path, unreadable(source, error)))
            return False
        if seen.unchecked:
            self.unchecked.append((source.path, seen.unchecked))
        if seen.log and source.dataset not in self.config.datasets:
            self.skipped.append((source.path, LOG))
            return False
        if seen.fault is None:
            return True
        if seen.fault.rule in self.rules:
            tally = early.setdefault((seen.fault.rule, source.path), FindingTally())
            tally.add((seen.fault.finding,))
        elif seen.fault.rule != "empty-file" and not seen.unchecked:
            self.skipped.append((source.path, f"its lines were not read: see {seen.fault.rule}, which does not run"))
        return False

    @cached_property
    def is_whole(self) -> bool:
        """Whether all that the configuration speaks of was read, so that what silences nothing is stale."""
        return self.complete and is_whole(self.config, self.sources)

    def _lookalikes(self) -> Iterator[Finding]:
        root = os.path.realpath(self.config.root)
        include, exclude = (
            Patterns(tuple(lines), root, braces=True) for lines in (self.config.include, self.config.exclude)
        )
        return lookalikes(self.sources, include, exclude)

    def _report(self, tallies: Mapping[Key, Tally], others: Mapping[str, Tally]) -> Report:
        self.watch.restart()
        diagnostics = Diagnostics(
            self.sources, self.rules, self.catalogue, self.config, self.suppressions, self.baseline
        )
        found = [(self.rules[name], tally.found()) for (name, _), tally in tallies.items()]
        diagnostics.places.gather(found)
        for rule, each in found:
            diagnostics.add(rule, each)
        if "ignored-lookalike" in self.rules:
            diagnostics.add_all(self.rules["ignored-lookalike"], self._lookalikes())
        diagnostics.silence_paths()
        diagnostics.silence_comments()
        diagnostics.silence_accepted(lambda: self.is_whole)
        listed = diagnostics.sorted()
        totals, timings = others[TOTALS], others.get(TIMINGS)
        assert isinstance(totals, TotalsTally)
        self.watch.lap(WORDS)
        return Report(
            diagnostics=listed,
            totals={key: total for key, total in diagnostics.totals.items() if total},
            severities={name: rule.severity for name, rule in self.rules.items()},
            summary=summarize(totals, self.settings, len(self.sources)),
            suppressed=diagnostics.suppressed,
            accepted=self.baseline.taken if self.baseline else 0,
            unchecked=tuple(self.unchecked),
            skipped=tuple(self.skipped),
            timings=self.watch.spent + timings.spent if isinstance(timings, Stopwatch) else {},
        )


def as_built(source: Source, config: Config) -> Source:
    """A source as the configuration builds from it, or has built it: with its shares of splits, or its split."""
    build = config.builds.get(source.dataset)
    if build and is_authored(source.path):
        return replace(source, root=str(config.root), shares=tuple(build.shares.items()))
    for name, other in config.builds.items():
        for split, output in other.outputs.items():
            if os.path.realpath(config.root / output) == os.path.realpath(source.file):
                return replace(source, dataset=f"{name} (built)", split=split)
    return replace(source, root=str(config.root))


def unreadable(source: Source, error: OSError) -> str:
    """Why a file could not be read, in words."""
    if error.errno == errno.ENOENT and os.path.islink(source.file):
        return f"it links to {os.readlink(source.file)}, which does not exist"
    return f"it could not be read: {error.strerror}"


def _size(sources: Iterable[Source]) -> int:
    """The bytes of all files, as far as no server need be asked: what is behind a URL counts as large."""
    return sum(STREAM_END if is_url(source.file) else size_of(source.file) for source in sources)
