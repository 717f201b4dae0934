"""The summary block: what was checked, its tokens, and what training on it costs."""

from __future__ import annotations

from collections.abc import Iterator

from ftlint.cost import dollars
from ftlint.render.parts.visible import Paint, wrap
from ftlint.render.parts.words import money, plural
from ftlint.report import Report, Summary, TokenSummary

LABEL = 15
BAR = 40
EIGHTHS = " ▏▎▍▌▋▊▉"


def block(report: Report, width: int, paint: Paint) -> Iterator[str]:
    """The block's lines: a label and its numbers each, then the histogram."""
    for label, text in rows(report.summary):
        head, indent = paint(f"  {label:{LABEL - 2}}", dim=True), " " * LABEL
        for line in wrap(text, width, indent):
            yield f"{head}{line[LABEL:]}\n"
            head = indent
    tokens = report.summary.tokens
    if tokens and len(tokens.histogram) > 1:
        yield "\n"
        yield from _histogram(tokens.histogram, width, paint)


def rows(summary: Summary) -> Iterator[tuple[str, str]]:
    """What was checked, as labels and texts."""
    yield "target", summary.target + ("" if summary.target_named else " (default)")
    yield "files", f"{summary.files:,}"
    yield "examples", f"{summary.examples:,}"
    if summary.messages:
        yield "messages", " · ".join(f"{number:,} {role}" for role, number in summary.messages.items())
    if summary.tokens and summary.tokens.total:
        yield from _token_rows(summary.tokens)
    if summary.epochs is not None:
        yield "epochs", f"{summary.epochs:,} ({'auto' if summary.epochs_auto else 'given'})"
    yield from _cost_row(summary)


def _token_rows(tokens: TokenSummary) -> Iterator[tuple[str, str]]:
    yield "tokens", f"{tokens.total:,} in all ({'exact' if tokens.exact else 'partly an estimate'})"
    yield "per example", f"p50 {tokens.p50:,} · p90 {tokens.p90:,} · p95 {tokens.p95:,} · max {tokens.max:,}"
    if tokens.limit is not None:
        yield "over cap", f"{plural(tokens.over_limit, 'example')} over {tokens.limit:,} tokens"
    yield "billed", f"{tokens.billed:,} tokens an epoch"


def _cost_row(summary: Summary) -> Iterator[tuple[str, str]]:
    cost = summary.cost
    if cost is None or summary.tokens is None:
        if summary.cost_note:
            yield "cost", f"not known: {summary.cost_note}"
        return
    sum_ = f"{summary.trained:,} tokens of all datasets' epochs"
    if summary.epochs is not None:
        sum_ = f"{summary.tokens.billed:,} tokens × {plural(summary.epochs, 'epoch')}"
    per_million, of = dollars(cost.usd_per_million), cost.as_of or "ftlint.yaml"
    yield "cost", f"{money(cost.usd)} = {sum_} × {per_million} a million (price of {of})"


def _histogram(bins: tuple[tuple[int, int, int], ...], width: int, paint: Paint) -> Iterator[str]:
    yield paint("  tokens an example", dim=True) + "\n"
    names = [f"{low:,}–{high:,}" for low, high, _ in bins]
    margin = max(LABEL, 4 + max(map(len, names)))
    most = max(*(number for *_, number in bins), 1)
    room = max(min(BAR, width - margin - len(f"  {most:,}")), 8)
    for name, (*_, number) in zip(names, bins, strict=True):
        drawn = f"{paint(bar(number, most, room), fg='blue')} " if number else ""
        yield f"{name:>{margin - 2}}  {drawn}{number:,}\n"


def bar(number: int, most: int, room: int) -> str:
    """``number`` as a bar, of which ``most`` fills the room; one is seen, too."""
    eighths = max(number * room * 8 // most, 1)
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()
