"""What a training run costs: epochs, tokens and price to exact dollars."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from ftlint.targets.target import Price

TARGET_EPOCHS, MIN_EPOCHS, MAX_EPOCHS = 3, 1, 25
MIN_EXAMPLES, MAX_EXAMPLES = 100, 25_000
MILLION = Decimal(1_000_000)


def auto_epochs(n: int) -> int:
    """The epochs that ``n_epochs: auto`` gives ``n`` examples; 1 for none.

    Three, but more where that shows fewer than 100 examples in all, and fewer where it shows more than 25,000.
    Source: OpenAI's data-preparation notebook; 7 for 13 examples was also seen in a real job.
    """
    if n * TARGET_EPOCHS < MIN_EXAMPLES:
        return min(MAX_EPOCHS, MIN_EXAMPLES // n) if n > 0 else MIN_EPOCHS
    if n * TARGET_EPOCHS > MAX_EXAMPLES:
        return max(MIN_EPOCHS, MAX_EXAMPLES // n)
    return TARGET_EPOCHS


def run_of(dataset: str, apart: Collection[str]) -> str:
    """The training run that a dataset is of: a configured one is its own, all other files are one run together."""
    return dataset if dataset in apart else ""


def dollars(usd: Decimal) -> str:
    """Whole cents, and what is left of a cent exactly, so that a sum over the budget also looks so."""
    cents = f"{usd:,.2f}"
    return f"${cents}" if Decimal(cents.replace(",", "")) == usd else f"${usd.normalize():,f}"


def training_cost(billed_tokens: int, epochs: int, price: Price) -> Decimal | None:
    """Dollars, unrounded, for training on ``billed_tokens`` an epoch; None where training has no price by the token."""
    return None if price.train is None else billed_tokens * epochs * price.train / MILLION


def use_cost(input_tokens: int, output_tokens: int, price: Price | None) -> Decimal | None:
    """Dollars, unrounded, for asking a model; None where its price is not known."""
    if price is None or price.input is None or price.output is None:
        return None
    return (input_tokens * price.input + output_tokens * price.output) / MILLION
