"""An estimate: the parts of a state charged on a target's terms, by file, split and dataset, in exact dollars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from ftlint.cost import MILLION, auto_epochs, dollars, run_of
from ftlint.estimate.parts import Lengths, Part, Place
from ftlint.estimate.terms import Terms
from ftlint.suggest import did_you_mean
from ftlint.targets import Target, similar

TRAINED = "train"


class Row(Struct, frozen=True):
    """What some examples come to.

    Attributes:
        dataset, split, path: what the row is about; empty where it is a sum over several.
        tokens: of one pass over all of them; ``billed``: of those that are trained on, cut at the limit.
        estimated: examples whose tokens are an estimate.
        epochs: the fewest and the most; None where nothing is trained on.
        trained: billed tokens of all epochs.
        usd: exact; None where there is no price.
    """

    dataset: str
    split: str
    path: str
    examples: int
    tokens: int
    billed: int
    estimated: int
    epochs: tuple[int, int] | None
    trained: int
    usd: Decimal | None


class Estimate(Struct, frozen=True):
    """What training on a state costs with one target.

    Attributes:
        files: a row for each file and split; ``splits`` and ``datasets``: their sums; ``total``: the sum of all.
        notes: what the sum leaves out, and what is uncertain about it.
        closed: why the target takes no jobs now, and what to use; ``closing``: that it soon will not.
        closes: the day from which it takes none.
    """

    terms: Terms
    files: tuple[Row, ...]
    splits: tuple[Row, ...]
    datasets: tuple[Row, ...]
    total: Row
    notes: tuple[str, ...] = ()
    closed: str = ""
    closing: str = ""
    closes: date | None = None


def estimate(
    parts: Mapping[Place, Part], terms: Terms, target: Target | None = None, today: date | None = None
) -> Estimate:
    """Charge for what was counted; auto epochs follow from the examples of a training run."""
    trained: Counter[str] = Counter()
    for place, part in parts.items():
        trained[run_of(place.dataset, terms.apart)] += part.examples * (place.split == TRAINED)
    files = [
        _row(place, part, terms, trained[run_of(place.dataset, terms.apart)])
        for place, part in parts.items()
        if part.examples
    ]
    splits = _grouped(files, lambda row: (row.dataset, row.split, ""))
    closed, closing, closes = dates(target, today) if target and target.named and today else ("", "", None)
    return Estimate(
        terms=terms,
        files=tuple(files),
        splits=tuple(splits),
        datasets=tuple(_grouped(files, lambda row: (row.dataset, "", ""))),
        total=total(("", "", ""), files, Decimal(0) if terms.train is not None else None),
        notes=tuple(_notes(parts, terms, target, files)),
        closed=closed,
        closing=closing,
        closes=closes,
    )


def charge(trained: int, terms: Terms) -> Decimal | None:
    """Dollars, unrounded, for trained tokens."""
    return None if terms.train is None else trained * terms.train / MILLION


def _row(place: Place, part: Part, terms: Terms, trained: int) -> Row:
    lengths = part.lengths.get(terms.meter, Lengths())
    billed = lengths.charged(terms.cut_at) if place.split == TRAINED else 0
    epochs = terms.epochs or auto_epochs(trained)
    return Row(
        *place,
        examples=part.examples,
        tokens=lengths.total,
        billed=billed,
        estimated=lengths.estimated,
        epochs=(epochs, epochs) if place.split == TRAINED else None,
        trained=billed * epochs,
        usd=charge(billed * epochs, terms),
    )


def total(key: tuple[str, str, str], rows: Iterable[Row], nothing: Decimal | None) -> Row:
    """The sum of rows under another name."""
    rows = list(rows)
    spans = [row.epochs for row in rows if row.epochs]
    prices = [row.usd for row in rows if row.usd is not None]
    return Row(
        *key,
        examples=sum(row.examples for row in rows),
        tokens=sum(row.tokens for row in rows),
        billed=sum(row.billed for row in rows),
        estimated=sum(row.estimated for row in rows),
        epochs=(min(low for low, _ in spans), max(high for _, high in spans)) if spans else None,
        trained=sum(row.trained for row in rows),
        usd=sum(prices, Decimal(0)) if nothing is not None else None,
    )


def _grouped(rows: list[Row], key_of: Callable[[Row], tuple[str, str, str]]) -> Iterator[Row]:
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault(key_of(row), []).append(row)
    for key, group in groups.items():
        yield total(key, group, group[0].usd)


def dates(target: Target, today: date) -> tuple[str, str, date | None]:
    """Why a target is closed, or when it will be; and the day."""
    instead = f"; use {target.replacement}" if target.replacement else ""
    if target.shutdown and target.shutdown <= today:
        return f"was shut down on {target.shutdown}{instead}", "", target.jobs_close or target.shutdown
    if target.jobs_close and target.jobs_close <= today:
        return f"closed to new jobs on {target.jobs_close}{instead}", "", target.jobs_close
    if target.jobs_close:
        stops = f", and tuned models stop on {target.shutdown}" if target.shutdown else ""
        return "", f"closes to new jobs on {target.jobs_close}{stops}{instead}", target.jobs_close
    return "", "", None


def _notes(parts: Mapping[Place, Part], terms: Terms, target: Target | None, rows: list[Row]) -> Iterator[str]:
    """What is left out or uncertain, in words."""
    if terms.per_hour is not None:
        yield f"training is charged by the hour ({dollars(terms.per_hour)}), which is left out, as is grading"
    elif terms.train is None:
        meant = did_you_mean(similar(target) if target and not target.known else "")
        yield (
            f"no training price is known for {terms.target}: tokens only"
            f"{meant or ' (set one under `models:` in ftlint.yaml)'}"
        )
    elif any(part.shapes["reinforcement"] for part in parts.values()):
        yield "reinforcement is charged by the hour and for grading, which is left out"
    if any(row.split != TRAINED for row in rows) and terms.train is not None:
        yield "validation and test files are not charged"
    unsized = sum(part.unsized for part in parts.values())
    if unsized:
        yield f"{unsized:,} image{'s' * (unsized != 1)} of unknown size counted as 1024 × 1024"
    images = sum(part.images for part in parts.values())
    if images and (target is None or target.images is None):
        yield f"{images:,} image{'s' * (images != 1)} left out: how {terms.target} counts images is not known"
    estimated = sum(row.estimated for row in rows)
    if estimated:
        yield f"the tokens of {estimated:,} example{'s' * (estimated != 1)} are an estimate"
    if terms.target.startswith("azure/"):
        yield "hosting of the tuned model, charged by the hour, is left out"
