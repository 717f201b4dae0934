"""The table of targets, and all that is known of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from ftlint.cost import dollars
from ftlint.render.parts.table import Cell, Given, table
from ftlint.render.parts.visible import Paint, wrap
from ftlint.render.parts.words import plural
from ftlint.suggest import did_you_mean
from ftlint.targets import Target, similar
from ftlint.targets.target import Price

HEADS = ("target", "tokens", "encoding", "train", "in", "out", "price of", "")
NONE = "–"


def catalogue(targets: Sequence[Target], today: date, width: int, paint: Paint) -> Iterator[str]:
    """A row for each model; dollars for 1,000,000 tokens."""
    rows: list[list[Given]] = []
    for target in targets:
        style: dict[str, object] = {"dim": True} if _is_closed(target, today) else {}
        price = target.price or Price(None, None, None, "", "")
        train = f"{dollars(price.train_per_hour)}/h" if price.train_per_hour else _usd(price.train)
        cells = (
            target.name,
            f"{target.max_tokens:,}" if target.max_tokens else NONE,
            ("" if target.encoding_exact else "~") + target.encoding.removesuffix("_base"),
            train,
            _usd(price.input),
            _usd(price.output),
            price.as_of,
        )
        when = Cell(_when(target, today).partition(",")[0], {"fg": "red" if _is_closed(target, today) else "yellow"})
        rows.append([*(Cell(cell, style) for cell in cells), when])
    yield from table(rows, "<><>>><<", paint, HEADS, width)


def details(target: Target, today: date, width: int, paint: Paint) -> Iterator[str]:
    """All that is known of one target, with its sources."""
    yield paint(target.name, bold=True) + "\n"
    for label, text in _facts(target, today):
        head = paint(f"  {label:14}", dim=True)
        for line in wrap(text, width, " " * 16):
            yield f"{head}{line[16:]}\n"
            head = " " * 16
    for source in dict.fromkeys([*([target.price.source] if target.price else []), *target.sources]):
        yield from (paint(line, dim=True) + "\n" for line in wrap(source, width, "    ", "  · "))


def _facts(target: Target, today: date) -> Iterator[tuple[str, str]]:
    price = target.price
    if not target.known and (near := similar(target)):
        yield "unknown", f"no data file knows this model{did_you_mean(near)}"
    yield (
        "encoding",
        (target.tokenizer or target.encoding)
        + ("" if target.encoding_exact else " (an estimate: the model has its own)"),
    )
    yield "an example", f"{target.max_tokens:,} tokens at most" if target.max_tokens else "no limit is known"
    sizes = f"{target.max_file_bytes >> 20:,} MiB at most" if target.max_file_bytes else "no limit is known"
    most = f", {target.max_examples:,} at most" if target.max_examples else ""
    least = f"; {plural(target.min_examples, 'example')} at least" if target.min_examples > 1 else ""
    yield "a file", f"{sizes}{least}{most}"
    yield "images", f"{target.max_images} an example at most" if target.vision else "not trained on"
    yield "roles", ", ".join(sorted(target.roles))
    if target.methods:
        yield "methods", ", ".join(target.methods)
    if price:
        hourly = f"{dollars(price.train_per_hour)} an hour of training, " if price.train_per_hour else ""
        trained = f"{_usd(price.train)} training, " if price.train is not None else ""
        sums = f"{hourly}{trained}{_usd(price.input)} in, {_usd(price.output)} out"
        yield "price", f"{sums} (a million tokens, as of {price.as_of or 'ftlint.yaml'})"
    if target.base_price:
        yield "untuned", f"{_usd(target.base_price.input)} in, {_usd(target.base_price.output)} out"
    if when := _when(target, today):
        yield "dates", when + (f"; use {target.replacement}" if target.replacement else "")
    yield "read", target.as_of


def _usd(amount: Decimal | None) -> str:
    return NONE if amount is None else dollars(amount)


def _is_closed(target: Target, today: date) -> bool:
    return any(day is not None and day <= today for day in (target.jobs_close, target.shutdown))


def _when(target: Target, today: date) -> str:
    """What happened to the target, or will."""
    if target.shutdown and target.shutdown <= today:
        return f"shut down on {target.shutdown}"
    closes = (
        f"{'closed' if _is_closed(target, today) else 'closes'} on {target.jobs_close}" if target.jobs_close else ""
    )
    stops = f"stops on {target.shutdown}" if target.shutdown else ""
    return ", ".join(filter(None, (closes, stops)))
