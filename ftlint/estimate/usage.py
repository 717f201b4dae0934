"""Whether tuning pays: what requests cost with the base model and with the tuned one, and from which number on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct

from ftlint.cost import MILLION
from ftlint.errors import FtlintError
from ftlint.estimate.charge import TRAINED, Estimate, dates
from ftlint.estimate.parts import Lengths, Part, Place
from ftlint.targets import Target
from ftlint.targets.target import Price

A_SYSTEM_MESSAGE = 4
"""Tokens that a system message takes beside its text: 3 a message, and its role."""

DAYS_A_MONTH = Fraction(146_097, 4_800)
"""On average: 400 years of the calendar have 146,097 days."""


class Traffic(Struct, frozen=True):
    """What is asked of a model in use; None where the examples tell, by their average.

    Attributes:
        requests: a month.
        prompt, answer: tokens of a request, as it is sent untuned, and of its answer.
        saved: tokens of the prompt that the tuned model need not be sent, None for those of the system prompt.
    """

    requests: int
    prompt: int | None = None
    answer: int | None = None
    saved: int | None = None


class Usage(Struct, frozen=True):
    """A month's requests with the base model and with the tuned one.

    Attributes:
        requests: a month.
        input, output, saved: tokens of a request and its answer, and what the tuned model need not be sent.
        given: which of ``input`` and ``output`` the user named; the others are those of the average training example.
        base, tuned: dollars for one request; None where a price is not known.
        break_even: requests at which training is paid for; None: never, and ``why``.
        stops: the day on which tuned models stop, and ``months_left`` until then; None where no day is known.
    """

    requests: int
    base_model: str
    tuned_model: str
    input: Fraction
    output: Fraction
    saved: Fraction
    given: tuple[str, ...]
    base: Fraction | None
    tuned: Fraction | None
    training: Decimal | None
    break_even: int | None
    why: str
    stops: date | None = None
    months_left: Fraction | None = None

    @property
    def months(self) -> Fraction | None:
        """The months until training is paid for."""
        return None if self.break_even is None else Fraction(self.break_even, self.requests)

    @property
    def requests_left(self) -> int | None:
        """The whole requests that can be made until tuned models stop."""
        return None if self.months_left is None else floor(self.months_left * self.requests)

    @property
    def pays(self) -> bool:
        """Whether training is paid for before tuned models stop."""
        return self.months is not None and (self.months_left is None or self.months <= self.months_left)

    def month(self, a_request: Fraction | None) -> Decimal | None:
        """What the requests of a month cost, to a hundredth of a cent."""
        return None if a_request is None else rounded(a_request * self.requests)


def usage(
    estimate: Estimate,
    parts: Mapping[Place, Part],
    target: Target,
    base: Target,
    traffic: Traffic,
    today: date | None = None,
) -> Usage:
    """The costs of use, of a model that is tuned ``today``; without a day nobody asks when it stops.

    Raises:
        FtlintError: a request has not as many tokens as are to be saved.
    """
    asked, answered, spared = _request_of(traffic, *_average(estimate, parts))
    before, after = _request(base.base_price, asked, answered), _request(target.price, asked - spared, answered)
    training = estimate.total.usd
    needed, why = _break_even(before, after, training)
    if before is None:
        why = f"no price is known for using {base.name} untuned"
    elif after is None:
        why = f"no price is known for using a tuned {target.name}"
    elif training is None:
        why = "the price of training is not known"
    elif closed := today and dates(target, today)[0]:
        needed, why = None, f"{target.name} {closed}"
    given = tuple(name for name, one in (("input", traffic.prompt), ("output", traffic.answer)) if one is not None)
    models = base.name, target.name
    stops = target.shutdown if today else None
    left = max(Fraction(0), (stops - today).days / DAYS_A_MONTH) if stops and today else None
    request = asked, answered, spared
    return Usage(traffic.requests, *models, *request, given, before, after, training, needed, why, stops, left)


def _average(estimate: Estimate, parts: Mapping[Place, Part]) -> tuple[Fraction, Fraction, Fraction]:
    """Tokens that the average training example asks with, answers with, and has in its system prompt."""
    lengths, examples = Lengths(), 0
    for place, part in parts.items():
        if place.split == TRAINED:
            examples += part.examples
            lengths.merge(part.lengths.get(estimate.terms.meter, Lengths()))
    system = lengths.system + A_SYSTEM_MESSAGE * examples if lengths.system else 0
    count = max(examples, 1)
    return (
        Fraction(lengths.prompt, count),
        Fraction(lengths.answer, count),
        min(Fraction(system, count), Fraction(lengths.prompt, count)),
    )


def _request_of(
    traffic: Traffic, prompt: Fraction, answer: Fraction, system: Fraction
) -> tuple[Fraction, Fraction, Fraction]:
    """Tokens of a request, its answer, and what is saved of it: what the user named, or else the average example."""
    asked = prompt if traffic.prompt is None else Fraction(traffic.prompt)
    answered = answer if traffic.answer is None else Fraction(traffic.answer)
    saved = system if traffic.saved is None else Fraction(traffic.saved)
    if saved > asked:
        whose = "the average example asks with" if traffic.prompt is None else "a request has"
        raise FtlintError(
            f"{whose} {float(asked):,.0f} tokens, of which {float(saved):,.0f} cannot be saved: "
            "say with --prompt-tokens how long a request is as it is sent untuned, the saved tokens included"
        )
    return asked, answered, saved


def _request(price: Price | None, asked: Fraction, answered: Fraction) -> Fraction | None:
    if price is None or price.input is None or price.output is None:
        return None
    return (asked * Fraction(price.input) + answered * Fraction(price.output)) / Fraction(MILLION)


def _break_even(before: Fraction | None, after: Fraction | None, training: Decimal | None) -> tuple[int | None, str]:
    if before is None or after is None or training is None:
        return None, ""
    if after >= before:
        than = f"{small(after)} rather than {small(before)}"
        return None, f"a request to the tuned model costs no less ({than}): it must spare more of the prompt"
    return ceil(Fraction(training) / (before - after)), ""


def rounded(amount: Fraction, places: int = 4) -> Decimal:
    """A fraction of dollars as a decimal number."""
    return Decimal(round(amount * 10**places)).scaleb(-places)


def small(amount: Fraction) -> str:
    """Dollars for one request, to a millionth."""
    return f"${rounded(amount, 6):,f}"
