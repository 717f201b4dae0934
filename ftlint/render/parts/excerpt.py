"""The piece of a line that a finding is about: windowed, made visible, secrets masked, with a place for the caret."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from ftlint.model import Position
from ftlint.render.parts.visible import cells, glyph
from ftlint.report import Report

LONGEST = 160
"""Characters of a dataset's line that are ever shown at once."""

Span = tuple[int, int]


class Excerpt(Struct, frozen=True):
    """A visible text of which ``length`` cells, after ``indent`` cells, are meant."""

    text: str
    indent: int
    length: int


class Secrets:
    """The places that no excerpt may show, whichever finding it belongs to."""

    def __init__(self, report: Report) -> None:
        self.spans: dict[tuple[str, int], list[Span]] = {}
        kept: dict[tuple[str, str], int] = {}
        for diagnostic in report.diagnostics:
            if diagnostic.redact:
                at, key = diagnostic.position, (diagnostic.position.path, diagnostic.name)
                self.spans.setdefault((at.path, at.line), []).append(_secret(at))
                kept[key] = kept.get(key, 0) + 1
        rules = {name for _, name in kept}
        self.unplaced = {
            path for (path, name), n in report.totals.items() if name in rules and n > kept.get((path, name), 0)
        }

    def excerpt(self, at: Position, width: int) -> Excerpt | None:
        """The excerpt of at most ``width`` cells; None without text, or where a secret's place was not kept."""
        if not at.text or at.path in self.unplaced:
            return None
        return excerpt(at, width, self.spans.get((at.path, at.line), ()))


def excerpt(at: Position, width: int, hidden: Sequence[Span] = ()) -> Excerpt:
    """The window of ``at.text`` around ``at``, in at most ``width`` cells; ``hidden`` spans are masked with •."""
    start, stop = _span(at)
    near = [span for span in hidden if span[0] < start + LONGEST and span[1] > start - LONGEST]

    def show(places: Iterable[int], room: int) -> list[str]:
        glyphs: list[str] = []
        for place in places:
            shown = "•" if any(first <= place < last for first, last in near) else glyph(at.text[place])
            room -= max(1, cells(shown))
            if room < 0:
                break
            glyphs.append(shown)
        return glyphs

    room = max(min(width, LONGEST) - 2, 1)
    marked = show(range(start, stop), room)
    room -= _cost(marked)
    before = show(range(start - 1, -1, -1), room // 2)
    after = show(range(stop, len(at.text)), room - _cost(before)) if len(marked) == stop - start else []
    before += show(range(start - 1 - len(before), -1, -1), room - _cost(before) - _cost(after))
    left = ("…" if len(before) < start else "") + "".join(reversed(before))
    right = "".join(after) + ("…" if start + len(marked) + len(after) < len(at.text) else "")
    return Excerpt(left + "".join(marked) + right, cells(left), max(cells("".join(marked)), 1))


def _cost(glyphs: list[str]) -> int:
    return sum(max(1, cells(glyph)) for glyph in glyphs)


def _span(at: Position) -> Span:
    start = min(max(at.column - 1, 0), len(at.text))
    return start, min(max(at.end_column - 1, start), len(at.text))


def _secret(at: Position) -> Span:
    start, stop = _span(at)
    return (start, stop) if start < stop else (0, len(at.text))
