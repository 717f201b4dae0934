"""The outcome of ``ftlint cost``: estimates, the difference from another state, what use costs, and thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from msgspec import Struct

from ftlint.checks.fit import takes
from ftlint.config import Config
from ftlint.cost import dollars
from ftlint.errors import FtlintError
from ftlint.estimate import history, snapshot
from ftlint.estimate.charge import TRAINED, Estimate, estimate
from ftlint.estimate.difference import Delta, difference
from ftlint.estimate.measure import Asked, State, measure
from ftlint.estimate.usage import Traffic, Usage, usage
from ftlint.settings import target_of
from ftlint.targets import Target, all_targets
from ftlint.work import Work


class CostOptions(Struct, frozen=True):
    """What a caller may ask of costs.

    Attributes:
        targets: names; none for the configuration's target. ``compare_models``: every model that takes the data.
        epochs: a number, or ``auto``; None for the configuration's.
        base: a git commit, ``compare`` a file of ``--format json``, with which the state is compared.
        contents: whether examples are kept by digest, as a snapshot needs.
        requests: a month, for what use costs; ``saved``: tokens of the prompt that the tuned model need not be sent,
            None for the system prompt; ``prompt``, ``answer``: tokens of a request and its answer, None for those of
            the average example; ``base_model``: what is used otherwise, None for the same model untuned.
        fail_above, warn_above: limits of what the change costs more (or, compared with nothing, of the cost).
        today: the day from which models' dates are judged.
    """

    targets: tuple[str, ...] = ()
    compare_models: bool = False
    epochs: int | str | None = None
    base: str | None = None
    compare: Path | None = None
    contents: bool = False
    requests: int | None = None
    saved: int | None = None
    prompt: int | None = None
    answer: int | None = None
    base_model: str | None = None
    fail_above: Limit | None = None
    warn_above: Limit | None = None
    today: date | None = None
    stdin_filename: str = "<stdin>"

    @property
    def day(self) -> date:
        return self.today or datetime.now().astimezone().date()


class Limit(Struct, frozen=True):
    """A sum in dollars, or with ``percent`` a share of what the base costs."""

    amount: Decimal
    percent: bool = False

    def __str__(self) -> str:
        return f"{self.amount.normalize():f} %" if self.percent else dollars(self.amount)


class Verdict(Struct, frozen=True):
    """A limit that is exceeded: ``fails`` makes the exit code 1."""

    fails: bool
    words: str


class CostReport(Struct, frozen=True):
    """The outcome.

    Attributes:
        estimates: one a target, in the order that was asked for; the cheapest first where models are compared.
        compared: whether they are all models that take the data.
        delta: against what the state was to be compared with.
        verdicts: the limits that are exceeded.
    """

    state: State
    estimates: tuple[Estimate, ...]
    compared: bool = False
    delta: Delta | None = None
    usage: Usage | None = None
    verdicts: tuple[Verdict, ...] = ()

    @property
    def exit_code(self) -> int:
        """0; 1: over a limit; 2: something could not be counted."""
        if self.state.unread:
            return 2
        return int(any(verdict.fails for verdict in self.verdicts))


def cost(
    paths: tuple[str, ...],
    config: Config,
    options: CostOptions,
    work: Work,
) -> CostReport:
    """Count, charge and compare.

    Raises:
        FtlintError: there is nothing to count, or nothing to compare with; the text says what to do.
    """
    comparing = options.base is not None or options.compare is not None
    if comparing and len(options.targets) > 1:
        raise FtlintError("two states are compared for one target: name one --target")
    asked = Asked(
        paths=paths,
        targets=_catalogue(config) if options.compare_models else options.targets,
        epochs=options.epochs,
        contents=comparing or options.contents,
        stdin_filename=options.stdin_filename,
        work=work,
    )
    state = measure(config, asked)
    estimates = _estimates(state, options)
    delta = _delta(state, config, asked, options) if comparing else None
    return CostReport(
        state=state,
        estimates=tuple(estimates),
        compared=options.compare_models,
        delta=delta,
        usage=_usage(state, estimates, config, options) if options.requests else None,
        verdicts=tuple(_verdicts(estimates, delta, options)),
    )


def _catalogue(config: Config) -> tuple[str, ...]:
    """The names of all models: those of the data files, and those that the configuration alone knows."""
    own = (target_of(config, name) for name in config.models)
    return tuple(dict.fromkeys(target.name for target in (*all_targets(), *own)))


def _estimates(state: State, options: CostOptions) -> list[Estimate]:
    pairs = list(zip(state.terms, state.targets, strict=True))
    if options.compare_models:
        pairs = [pair for pair in pairs if takes_all(pair[1], state)]
    made = [estimate(state.parts, terms, target, options.day) for terms, target in pairs]
    if options.compare_models:
        made.sort(key=lambda one: (one.total.usd is None, one.total.usd or 0, bool(one.closed)))
    return made


def takes_all(target: Target, state: State) -> bool:
    """Whether a model trains on all that is to be trained on: every shape of record, and images."""
    trained = [part for place, part in state.parts.items() if place.split == TRAINED]
    shapes = {shape for part in trained for shape in part.shapes}
    fits = all(takes(target, shape) for shape in shapes)  # type: ignore[arg-type]
    return fits and (target.vision or not any(part.images for part in trained))


def _delta(state: State, config: Config, asked: Asked, options: CostOptions) -> Delta:
    if options.base is not None:
        base, notes = history.past(options.base, config, asked)
        return difference(base, state, options.base, notes)
    assert options.compare is not None
    base = snapshot.load(options.compare)
    if base.terms[0].meter != state.terms[0].meter:
        names = f"{base.terms[0].target}, which counts tokens otherwise than {state.terms[0].target}"
        raise FtlintError(f"{options.compare} was written for {names}: write it again, or name the same --target")
    return difference(base, state, str(options.compare))


def _usage(state: State, estimates: list[Estimate], config: Config, options: CostOptions) -> Usage | None:
    if not estimates or not options.requests:
        return None
    open_ = (one for one in estimates if not one.closed and one.total.usd is not None)
    chosen = next(open_, estimates[0]) if options.compare_models else estimates[0]
    target = next(one for one in state.targets if one.name == chosen.terms.target)
    base = target_of(config, options.base_model) if options.base_model else target
    traffic = Traffic(options.requests, options.prompt, options.answer, options.saved)
    return usage(chosen, state.parts, target, base, traffic, options.day)


def _verdicts(estimates: list[Estimate], delta: Delta | None, options: CostOptions) -> Iterator[Verdict]:
    """The limits that are exceeded; one that cannot be held is an error."""
    for limit, fails in ((options.fail_above, True), (options.warn_above, False)):
        if limit is None:
            continue
        option = "--fail-above" if fails else "--warn-above"
        if limit.percent and delta is None:
            raise FtlintError(f"{option} {limit} is a share of what was: give --base or --compare too")
        priced = [one.total.usd for one in estimates if one.total.usd is not None]
        usd = delta.usd if delta else max(priced, default=None)
        if fails and (usd is None or (len(priced) < len(estimates) and not options.compare_models)):
            unpriced = [one.terms.target for one in estimates if one.total.usd is None]
            whose = "any model" if options.compare_models else ", ".join(unpriced) or "the base"
            raise FtlintError(f"{option} {limit} cannot be held: no training price is known for {whose}")
        if usd is not None and _exceeds(usd, limit, delta):
            what = "more than before" if delta else "in all"
            yield Verdict(fails, f"{dollars(usd)} {what} is over the limit of {limit} ({option})")


def _exceeds(usd: Decimal, limit: Limit, delta: Delta | None) -> bool:
    if not limit.percent:
        return usd > limit.amount
    before = delta.base.total.usd if delta else None
    return before is not None and Fraction(usd) * 100 > Fraction(limit.amount) * Fraction(before)
