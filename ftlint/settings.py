"""The settings of a run that checks may ask for by naming a field after them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from ftlint.config import Budget, Config
from ftlint.errors import ConfigError, UnknownName
from ftlint.model import Location
from ftlint.targets import Target, resolve

TARGET, BUDGET = Location("--target"), Location("--budget")


class Settings(Struct, frozen=True):
    """What the command line and ``ftlint.yaml`` decide for a run.

    Attributes:
        target: the provider and model that the data is for.
        today: the day from which dates such as a model's shutdown are judged.
        epochs: passes over the training data; None: worked out from their number.
        usd, tokens: the budget for training, each None if there is none.
        method: the shape that the data should have, None if any.
        max_tokens: the tokens that an example may have, None if any number.
        cut_at: where an example is really cut, and its bill ends: at the named model's own limit; else ``max_tokens``.
        size: about how many bytes will be read, which decides what counts tokens quickest.
        target_at, budget_at: where the user named them.
        budgets, budget_places: by dataset ("": an example of any), and where they stand.
        apart: the datasets that are trained on by themselves; all others are one training run.
    """

    target: Target
    today: date
    epochs: int | None = None
    usd: Decimal | None = None
    tokens: int | None = None
    method: str | None = None
    max_tokens: int | None = None
    cut_at: int | None = None
    size: int = 0
    target_at: Location = TARGET
    budget_at: Location = BUDGET
    budgets: Mapping[str, Budget] = {}
    budget_places: Mapping[str, Location] = {}
    apart: Collection[str] = frozenset()


def target_of(config: Config, named: str | None = None) -> Target:
    """The target of a run: as ``named``, else the configuration's, else the default.

    Raises:
        UnknownName: the provider or model that is named looks misspelt.
        ConfigError: that of the configuration does, or what it says of the model is wrong; the text says where.
    """
    try:
        return resolve(named or config.target, config.models)
    except UnknownName as error:
        raise error if named else config.error(str(error), "target") from None
    except ConfigError as error:
        raise config.error(str(error), *error.route) from None
