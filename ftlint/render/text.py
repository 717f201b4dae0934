"""The text format: findings by file with excerpts and carets, then the summary; for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from ftlint.model import Diagnostic
from ftlint.render import Options
from ftlint.render.parts import summary
from ftlint.render.parts.excerpt import Secrets
from ftlint.render.parts.fixes import fixable, mark
from ftlint.render.parts.groups import More, by_file, first
from ftlint.render.parts.places import place
from ftlint.render.parts.statistics import table
from ftlint.render.parts.visible import COLORS, Paint, cells, clip, painter, visible, wrap
from ftlint.render.parts.words import file_counts, verdict
from ftlint.report import Report

NARROWEST = 40
ROUTE = 60


def render(report: Report, options: Options) -> Iterator[str]:
    """Blocks with a blank line between them; a blank line is the end of a block, never its beginning."""
    paint, width = painter(options.color), max(options.width, NARROWEST)
    if options.statistics:
        yield from _block(table(report, paint, options), end=not options.quiet)
    else:
        yield from _findings(report, width, options, paint)
    yield from _files(report.unchecked, "could not check", width, options.shown, paint)
    if not options.quiet:
        yield from _files(report.skipped, "skipped", width, options.shown, paint)
        yield from _block(summary.block(report, width, paint))
        yield paint(verdict(report), bold=True, fg=_color(report)) + "\n"
        yield from fixable(report, unsafe=options.unsafe_fixes)


def _color(report: Report) -> str | None:
    return None if any(report.totals.values()) or report.unchecked else "green"


def _block(lines: Iterator[str], end: bool = True) -> Iterator[str]:
    line = ""
    for line in lines:
        yield line
    if line and end:
        yield "\n"


def _findings(report: Report, width: int, options: Options, paint: Paint) -> Iterator[str]:
    secrets = Secrets(report)
    for path, found in by_file(report, options.shown):
        yield _header(visible(path), file_counts(report, path), width, paint) + "\n\n"
        for item in found:
            if isinstance(item, More):
                yield paint(f"  and {item.total:,} more {visible(item.name)}", dim=True) + "\n\n"
            else:
                yield "".join(f"{line}\n" for line in _diagnostic(item, secrets, options, width, paint)) + "\n"


def _header(path: str, counts: str, width: int, paint: Paint) -> str:
    rule = "─" * max(width - cells(path) - len(counts) - 8, 1)
    return f"{paint('──', dim=True)} {paint(path, bold=True)} {paint(f'{rule} {counts} ──', dim=True)}"


def _diagnostic(found: Diagnostic, secrets: Secrets, options: Options, width: int, paint: Paint) -> Iterator[str]:
    color = COLORS[found.severity]
    where = paint(place(found.position), bold=True)
    severity = paint(str(found.severity), fg=color, bold=True)
    name, code = paint(f"[{visible(found.name)}]", fg=color), paint(visible(found.code), dim=True)
    yield f"{where} {severity}{name} {mark(found, options)}{code}"
    yield from wrap(found.message, width, "  ") if found.message else ()
    yield from _excerpt(found, secrets, width, paint)
    for line in wrap(found.hint, width, "        ", "  help: ") if found.hint else ():
        yield line.replace("help:", paint("help:", fg="green"), 1) if line.startswith("  help:") else line
    for other, label in found.related:
        words = visible(label) or "see also"
        yield f"  {paint(f'{words}:', fg='blue')} {visible(other.path)}:{other.line}"


def _excerpt(found: Diagnostic, secrets: Secrets, width: int, paint: Paint) -> Iterator[str]:
    number, route = str(found.position.line), clip(visible(found.route), ROUTE)
    gutter = len(number) + 5
    excerpt = secrets.excerpt(found.position, width - gutter)
    if excerpt is None:
        if route:
            yield paint(f"  at {route}", dim=True)
        return
    bar = paint("│", fg="blue")
    yield f"  {paint(number, fg='blue')} {bar} {excerpt.text}"
    if found.position.column == 1 and found.position.end_column > len(found.position.text):
        return
    caret = paint("^" * excerpt.length, fg=COLORS[found.severity], bold=True)
    blank = f"  {' ' * len(number)} {bar} "
    beside = gutter + excerpt.indent + excerpt.length + 1 + cells(route) <= width
    label = paint(route, dim=True)
    yield blank + " " * excerpt.indent + caret + (f" {label}" if route and beside else "")
    if route and not beside:
        yield blank + label


def _files(files: tuple[tuple[str, str], ...], word: str, width: int, shown: int, paint: Paint) -> Iterator[str]:
    some, more = first(files, shown)
    for path, reason in some:
        head = f"{word}: {visible(path)}"
        yield paint(head, bold=True) + "\n"
        yield from (f"{line}\n" for line in wrap(reason, width, "  "))
    if more:
        yield f"  and {more:,} more\n"
    if files:
        yield "\n"
