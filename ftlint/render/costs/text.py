"""Costs for people at a terminal: the table by dataset, split and file, models side by side, or what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ftlint.estimate.charge import Estimate, Row
from ftlint.estimate.difference import Delta
from ftlint.estimate.report import CostReport
from ftlint.estimate.usage import Usage
from ftlint.render import Options
from ftlint.render.costs import words
from ftlint.render.parts.table import Cell, Given, table
from ftlint.render.parts.visible import Paint, painter, visible, wrap
from ftlint.render.parts.words import plural

HEADS = ("", "examples", "tokens", "billed", "epochs", "cost")


def render(report: CostReport, options: Options) -> Iterator[str]:
    """Blocks with a blank line between them; nothing at all where two states are the same."""
    paint, width = painter(options.color), options.width
    if report.delta:
        if not report.delta.is_empty or report.verdicts:
            yield from _delta(report.delta, width, paint)
    elif report.compared or len(report.estimates) > words.SIDE_BY_SIDE:
        yield from _models(report, width, paint)
    elif report.estimates:
        yield from _estimates(report.estimates, width, paint)
    if report.usage:
        yield from _usage(report.usage, width, paint)
    for verdict in report.verdicts:
        yield paint(verdict.words, fg="red" if verdict.fails else "yellow", bold=True) + "\n"
    left_out = words.left_out(report)
    if left_out and not report.delta and not any(each.notes for each in report.estimates):
        yield "\n"
    yield from _notes(left_out, width, paint)


def _notes(notes: Sequence[str], width: int, paint: Paint) -> Iterator[str]:
    for note in dict.fromkeys(notes):
        for line in wrap(note, width, "    ", "  · "):
            yield paint(line, dim=True) + "\n"


def _estimates(estimates: Sequence[Estimate], width: int, paint: Paint) -> Iterator[str]:
    """A tree of datasets; of several targets the costs stand beside one another."""
    for each in estimates:
        yield from _target(each, width, paint)
    yield "\n"
    first = estimates[0]
    heads = list(HEADS)
    if len(estimates) > 1:
        short = [each.terms.target.split("/")[-1] for each in estimates]
        unlike = len(set(short)) == len(short)
        heads = ["", "examples", "epochs", *(short if unlike else [each.terms.target for each in estimates])]
    rows: list[list[Given]] = []
    for label, style, found in _tree(estimates):
        rows.append([Cell(label, style), *_numbers(found, style)])
    if len(first.datasets) > 1:
        totals = [each.total for each in estimates]
        rows += [[], [Cell("total", {"bold": True}), *_numbers(totals, {"bold": True})]]
    yield from table(rows, "<" + ">" * (len(heads) - 1), paint, heads, width)
    notes = [note for each in estimates for note in each.notes]
    yield from ["\n"] if notes else []
    yield from _notes(notes, width, paint)


def _target(each: Estimate, width: int, paint: Paint) -> Iterator[str]:
    name, price = visible(each.terms.target), words.rate(each.terms)
    first, *rest = wrap(f"{name} · {price}" if price else name, width, "  ", "")
    yield paint(name, bold=True) + first.removeprefix(name) + "\n"
    yield from (f"{line}\n" for line in rest)
    for words_, color in ((each.closed, "red"), (each.closing, "yellow")):
        for line in wrap(words_, width, "  ") if words_ else ():
            yield paint(line, fg=color) + "\n"


def _tree(estimates: Sequence[Estimate]) -> Iterator[tuple[str, dict[str, object], list[Row]]]:
    """Lines of the tree: datasets, their splits, their files; what has one only is one line."""
    columns = [[getattr(each, name) for each in estimates] for name in ("datasets", "splits", "files")]
    datasets, splits, files = (list(zip(*rows, strict=True)) for rows in columns)
    for dataset in datasets:
        name = dataset[0].dataset
        mine = [split for split in splits if split[0].dataset == name]
        if len(mine) > 1:
            yield name, {"bold": True}, list(dataset)
        for split in mine:
            here = [file for file in files if file[0].dataset == name and file[0].split == split[0].split]
            label = f"  {split[0].split}" if len(mine) > 1 else words.split_name(name, split[0].split)
            yield label, {} if len(mine) > 1 else {"bold": True}, list(split)
            if len(here) > 1:
                for file in here:
                    yield f"    {file[0].path}", {"dim": True}, list(file)


def _numbers(rows: Sequence[Row], style: dict[str, object]) -> list[Given]:
    row = rows[0]
    if len(rows) > 1:
        found = [f"{row.examples:,}", words.epochs(row), *map(_paid, rows)]
    else:
        found = [f"{row.examples:,}", words.tokens(row), words.billed(row), words.epochs(row), words.paid(row)]
    return [Cell(text, style) for text in found]


def _paid(row: Row) -> str:
    """What a row costs, or the tokens that no price is known for."""
    return f"{row.trained:,} tokens" if row.usd is None and row.epochs else words.paid(row)


def _models(report: CostReport, width: int, paint: Paint) -> Iterator[str]:
    """All models, the cheapest first."""
    rows: list[list[Given]] = []
    for each in report.estimates:
        *cells, open_ = words.model(each)
        style: dict[str, object] = {"dim": True} if each.closed else {}
        mark = Cell(open_, {"fg": "red" if each.closed else "yellow"})
        rows.append([*(Cell(cell, style) for cell in cells), mark])
    if rows:
        yield from table(rows, "<>>>><", paint, ("model", "billed", "a million", "price of", "cost", ""), width)
        yield "\n"
    yield from _notes(list(words.models(report)), width, paint)


def _delta(delta: Delta, width: int, paint: Paint) -> Iterator[str]:
    more = delta.usd if delta.usd is not None else delta.head.total.trained - delta.base.total.trained
    for line in wrap(words.headline(delta), width):
        yield paint(line, bold=True, fg="yellow" if more > 0 else "green") + "\n"
    for line in wrap(f"{delta.head.terms.target}, compared with {delta.label}", width):
        yield paint(line, dim=True) + "\n"
    yield "\n"
    rows: list[list[Given]] = []
    for change in delta.changes:
        usd = words.usd_change(change)
        color = {"fg": "yellow"} if usd and usd > 0 else {"fg": "green"} if usd else {}
        name = words.split_name(change.dataset, change.split)
        trained = words.signed(words.trained_change(change)) or words.NONE
        cells = (words.examples(change), trained, words.epoch_change(change))
        rows.append([Cell(name, {"bold": True}), *cells, Cell(words.signed_money(usd), color)])
    if rows:
        yield from table(rows, "<>>>>", paint, ("", "examples", "trained tokens", "epochs", "cost"), width)
        yield "\n"
    yield from _notes(words.remarks(delta), width, paint)


def _usage(found: Usage, width: int, paint: Paint) -> Iterator[str]:
    head = f"{plural(found.requests, 'request')} a month"
    first, *rest = wrap(f"{head}, {words.request(found)}", width)
    yield "\n" + paint(head, bold=True) + first.removeprefix(head) + "\n"
    yield from (f"{line}\n" for line in rest)
    rows: list[list[Given]] = [list(row) for row in words.use(found)]
    yield from table(rows, "<>>>>", paint, ("", "in", "out", "a request", "a month"), width)
    for line in wrap(words.break_even(found), width):
        yield paint(line, fg="green" if found.pays else "yellow") + "\n"
