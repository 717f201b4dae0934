"""The statistics of a dataset for people at a terminal: a section each, with histograms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ftlint.render import Options
from ftlint.render.parts.summary import bar
from ftlint.render.parts.table import Cell, Given, table
from ftlint.render.parts.visible import Paint, clip, painter, visible, wrap
from ftlint.render.parts.words import plural
from ftlint.stats.report import PERCENTS, Distribution, Statistics

MOST = 8
"""Rows of a section; the rest is counted."""
BAR = 32


def text(statistics: Statistics, options: Options) -> Iterator[str]:
    """Sections with a blank line between them."""
    paint, width = painter(options.color), options.width
    yield from _splits(statistics, width, paint)
    yield from _distributions(statistics, width, paint)
    for title, found in (("tokens an example", statistics.lengths), ("tokens an answer", statistics.answers)):
        yield from _histogram(title, found, width, paint)
    yield from _prompts(statistics, width, paint)
    yield from _shares("script of most letters", statistics.scripts, width, paint)
    if statistics.declared or statistics.called:
        yield from _tools(statistics, paint)
    weighted = {f"weight {weight}": number for weight, number in statistics.weights.items() if weight != "none"}
    if weighted:
        yield from _shares(
            "answers by weight", {**weighted, "no weight": statistics.weights.get("none", 0)}, width, paint
        )
    yield from _notes(statistics, width)


def _title(words: str, paint: Paint) -> str:
    return "\n" + paint(words, bold=True) + "\n"


def _splits(statistics: Statistics, width: int, paint: Paint) -> Iterator[str]:
    examples, tokens = sum(s.examples for s in statistics.splits), sum(s.tokens for s in statistics.splits)
    shapes = ", ".join(f"{number:,} {shape}" for shape, number in statistics.shapes.items())
    yield paint(plural(examples, "example"), bold=True) + f" ({shapes or 'none'}), counted for {statistics.target}\n\n"
    rows: list[list[Given]] = []
    for split in statistics.splits:
        share = f"{split.examples / examples:.1%}" if examples else ""
        rows.append([f"{split.dataset} · {split.split}", f"{split.examples:,}", share, f"{split.tokens:,}"])
    if len(rows) > 1:
        rows += [[], [Cell("total", {"bold": True}), f"{examples:,}", "", f"{tokens:,}"]]
    yield from table(rows, "<>>>", paint, ("", "examples", "share", "tokens"), width)


def _distributions(statistics: Statistics, width: int, paint: Paint) -> Iterator[str]:
    named = {
        "tokens an example": statistics.lengths,
        **{f"  of {role}": found for role, found in statistics.roles.items()},
        "tokens an answer": statistics.answers,
        "messages an example": statistics.turns,
    }
    rows: list[list[Given]] = [
        [name, f"{found.mean:,.1f}", *(f"{found.percentiles[key]:,}" for key in PERCENTS)]
        for name, found in named.items()
        if found.count
    ]
    if rows:
        yield _title("distributions", paint)
        yield from table(rows, "<" + ">" * (len(PERCENTS) + 1), paint, ("", "mean", *PERCENTS), width)


def _histogram(title: str, found: Distribution, width: int, paint: Paint) -> Iterator[str]:
    if len(found.histogram) < 2:
        return
    yield _title(title, paint)
    rows = [(f"{low:,}–{high:,}" if low < high else f"{low:,}", number) for low, high, number in found.histogram]
    yield from _bars(rows, width, paint, right=True)


def _bars(rows: Sequence[tuple[str, int]], width: int, paint: Paint, *, right: bool = False) -> Iterator[str]:
    whole, most = sum(number for _, number in rows) or 1, max((number for _, number in rows), default=0) or 1
    room = max(8, min(BAR, width - max(len(name) for name, _ in rows) - 24))
    cells: list[list[Given]] = []
    for name, number in rows:
        line = Cell(bar(number, most, room) if number else "", {"fg": "blue"})
        cells.append([name, f"{number:,}", f"{number / whole:.1%}", line])
    yield from table(cells, (">" if right else "<") + ">><", paint)


def _shares(title: str, found: Mapping[str, int], width: int, paint: Paint) -> Iterator[str]:
    if not found:
        return
    yield _title(title, paint)
    rows = list(found.items())
    yield from _bars(rows[:MOST], width, paint)
    yield from _more(len(rows) - MOST, paint)


def _prompts(statistics: Statistics, width: int, paint: Paint) -> Iterator[str]:
    if not statistics.prompts:
        return
    several = sum(bool(prompt.text) for prompt in statistics.prompts)
    yield _title(f"{plural(several, 'system prompt')}", paint)
    digits = len(f"{statistics.prompts[0].examples:,}")
    for prompt in statistics.prompts[:MOST]:
        shown = clip(visible(prompt.text), width - digits - 4) if prompt.text else paint("none", dim=True)
        yield f"  {prompt.examples:>{digits},}  {shown}\n"
    yield from _more(len(statistics.prompts) - MOST, paint)


def _tools(statistics: Statistics, paint: Paint) -> Iterator[str]:
    yield _title("tools", paint)
    names = list(dict.fromkeys([*statistics.called, *statistics.declared]))
    rows: list[list[Given]] = [
        [name, f"{statistics.declared.get(name, 0):,}", f"{statistics.called.get(name, 0):,}"] for name in names[:MOST]
    ]
    yield from table(rows, "<>>", paint, ("", "declared", "calls"))
    yield from _more(len(names) - MOST, paint)


def _more(number: int, paint: Paint) -> Iterator[str]:
    if number > 0:
        yield paint(f"  and {number:,} more", dim=True) + "\n"


def _notes(statistics: Statistics, width: int) -> Iterator[str]:
    notes = []
    if statistics.duplicates:
        copies = plural(statistics.duplicates, "example")
        notes.append(f"{copies} stand there already, of {plural(statistics.repeated, 'content')}")
    if statistics.estimated:
        notes.append(f"the tokens of {plural(statistics.estimated, 'example')} are an estimate")
    notes += [f"{path} is not counted: {reason}" for path, reason in statistics.missing]
    yield from ["\n"] if notes else []
    for note in notes:
        yield from (f"{line}\n" for line in wrap(note, width, "    ", "  · "))
