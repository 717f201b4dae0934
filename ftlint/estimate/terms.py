"""The terms on which a target charges for training: price, epochs, and where an example is cut."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from ftlint.estimate.parts import meter
from ftlint.settings import Settings


class Terms(Struct, frozen=True):
    """All that is needed to charge for counted tokens.

    Attributes:
        target: its name, and ``meter``, what is the same for all targets that count alike.
        train: dollars for 1,000,000 trained tokens, None if there is no such price; ``as_of``: its date.
        per_hour: dollars for an hour, where training is charged so.
        epochs: None for auto.
        apart: the datasets that are trained on by themselves; all other files are one training run.
        cut_at: tokens at which the bill for an example ends, None if nowhere.
    """

    target: str
    meter: str
    train: Decimal | None = None
    as_of: str = ""
    per_hour: Decimal | None = None
    epochs: int | None = None
    cut_at: int | None = None
    apart: tuple[str, ...] = ()

    @property
    def said(self) -> Terms:
        """The terms without what follows from the names of datasets."""
        return replace(self, apart=())


def terms(settings: Settings) -> Terms:
    """The terms of a run's target."""
    target, price = settings.target, settings.target.price
    return Terms(
        target=target.name,
        meter=meter(target),
        train=price.train if price else None,
        as_of=price.as_of if price else "",
        per_hour=price.train_per_hour if price else None,
        epochs=settings.epochs,
        cut_at=settings.cut_at,
        apart=tuple(settings.apart),
    )
