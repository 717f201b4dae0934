"""The nouns of a target: a provider and model that data is meant for, its limits, prices and dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct


class Price(Struct, frozen=True):
    """US dollars for 1,000,000 tokens; None where it is not known or not charged.

    Attributes:
        train, input, output: for training, and for using the tuned model.
        as_of: when the price was read, as the data file says it.
        source: where it was read.
        train_per_hour: dollars for an hour of training, where training is not charged by tokens.
    """

    train: Decimal | None
    input: Decimal | None
    output: Decimal | None
    as_of: str
    source: str
    train_per_hour: Decimal | None = None


class ImageRule(Struct, frozen=True):
    """How a model counts an image: by ``tiles`` of 512 pixels, or by ``patches`` of 32 (``ftlint.tokens.images``).

    Attributes:
        base, tile: tokens of an image and of each of its tiles.
        multiplier, budget: tokens a patch, and the most patches an image has.
    """

    base: int = 0
    tile: int = 0
    multiplier: Decimal = Decimal(0)
    budget: int = 0


class Target(Struct, frozen=True):
    """What the data is meant for; every value comes from ``ftlint/targets/*.json`` or from the user's overrides.

    Attributes:
        provider: ``openai``, ``azure``, ``together``, ``fireworks``, ``mistral``; ``generic`` for open-weight trainers.
        model: its canonical name, or as it was given; empty if only the provider is named.
        known: whether the data files hold the model; if not there is no price.
        named: whether the user named a target at all.
        encoding: ``cl100k_base``, ``o200k_base``, or what stands for the ``tokenizer``; with ``encoding_exact`` false
            it only serves for estimates.
        max_tokens: tokens an example; what is longer is cut from its end.
        min_examples, max_examples, max_file_bytes: of one training file.
        max_images: images an example.
        roles: who may speak in a supervised line.
        extra_keys: whether unknown top-level keys are accepted.
        bom: a byte order mark is ``refused``, ``wanted`` or ``allowed``.
        alternation: whether user and assistant must take turns.
        jobs_close: the day from which there are no new jobs; ``shutdown``: the day on which tuned models stop.
        replacement: what to use then, in words.
        price_history: earlier prices, oldest first.
        base_price: of using the model untuned.
        tokenizer: the path of the user's ``tokenizer.json``; what it counts is exact, but for the chat template.
    """

    provider: str
    model: str
    known: bool
    named: bool
    encoding: str
    encoding_exact: bool
    max_tokens: int | None
    price: Price | None
    methods: tuple[str, ...]
    min_examples: int
    max_examples: int | None
    max_file_bytes: int | None
    max_images: int | None
    roles: frozenset[str]
    extra_keys: bool
    bom: str
    alternation: bool
    refused_schema_keywords: tuple[str, ...]
    vision: bool
    images: ImageRule | None
    jobs_close: date | None
    shutdown: date | None
    replacement: str
    as_of: str
    sources: tuple[str, ...]
    price_history: tuple[Price, ...] = ()
    base_price: Price | None = None
    tokenizer: str = ""

    @property
    def name(self) -> str:
        """``provider/model``, as it can be given to ``resolve`` again."""
        return f"{self.provider}/{self.model}" if self.model else self.provider
