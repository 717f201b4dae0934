"""The concise format: a finding a line, for logs and for editors that jump to ``path:line:column``."""

from __future__ import annotations

from collections.abc import Iterator

from ftlint.model import Diagnostic
from ftlint.render import Options
from ftlint.render.parts.fixes import fixable, mark
from ftlint.render.parts.groups import More, by_file, first
from ftlint.render.parts.places import place
from ftlint.render.parts.statistics import table
from ftlint.render.parts.visible import COLORS, Paint, painter, visible
from ftlint.render.parts.words import verdict
from ftlint.report import Report


def render(report: Report, options: Options) -> Iterator[str]:
    """``path:line:column: severity[name] message``, what repeats counted; the last line is the verdict."""
    paint = painter(options.color)
    if options.statistics:
        yield from table(report, paint, options)
    else:
        for _, found in by_file(report, options.shown):
            yield from (_line(item, paint, options) for item in found)
    yield from _files(report.unchecked, "unchecked", options.shown)
    if not options.quiet:
        yield from _files(report.skipped, "skipped", options.shown)
        yield f"{verdict(report)}\n"
        yield from fixable(report, unsafe=options.unsafe_fixes)


def _line(item: Diagnostic | More, paint: Paint, options: Options) -> str:
    if isinstance(item, More):
        return f"{visible(item.path)}: and {item.total:,} more [{visible(item.name)}]\n"
    severity = paint(str(item.severity), fg=COLORS[item.severity], bold=True)
    where = paint(place(item.position), bold=True)
    return f"{where}: {severity}[{visible(item.name)}] {mark(item, options)}{visible(item.message)}\n"


def _files(files: tuple[tuple[str, str], ...], word: str, shown: int) -> Iterator[str]:
    some, more = first(files, shown)
    yield from (f"{visible(path)}: {word}: {visible(reason)}\n" for path, reason in some)
    if more:
        yield f"and {more:,} more {word}\n"
