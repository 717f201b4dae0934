"""A conversation of a comparison as HTML: what was asked, and the answers side by side."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ftlint.render.comparison.kinds import ORDERS, kinds
from ftlint.render.comparison.marking import marked
from ftlint.render.comparison.said import message, said, tall
from ftlint.submit.comparison import Row, Side
from ftlint.submit.summary import marks

GOOD, BAD = {"judged better", "exact", "JSON", "schema holds"}, {"no JSON", "schema fails", "refused", "cut off"}


def conversation(index: int, row: Row) -> Iterator[str]:
    """Row ``index`` (1…) of the page."""
    case, verdict = row.case, row.verdict
    orders = "".join(f' data-{name}="{value(row):.4f}"' for name, (_, value) in ORDERS.items())
    of = " ".join(map(str, kinds(row)))
    yield f'<article id="c{index}" tabindex="-1" data-kinds="{of}"{orders}>\n'
    yield f'<h2><a href="#c{index}">{index}</a> {escape(case.place)}</h2>\n'
    *before, last = case.messages
    if before:
        yield f"<details><summary>{len(before)} message{'s' * (len(before) > 1)} before</summary>\n"
        yield from map(message, before)
        yield "</details>\n"
    yield message(last)
    texts = [case.wanted, *(side.answer.text for side in row.sides)]
    yield f'<div class="sides{tall(max(texts, key=len), "answers")}>\n'
    if case.wanted:
        yield f'<section class="wanted"><header><h3>wanted</h3></header>{said(case.wanted)}</section>\n'
    for name, side, other in (("base", row.base, row.tuned), ("tuned", row.tuned, row.base)):
        yield from _side(name, side, case.wanted or other.answer.text, wins=bool(verdict and verdict.winner == name))
    yield "</div>\n"
    if verdict:
        better = {"": "no verdict", "tie": "a tie"}.get(verdict.winner, f"{verdict.winner} is better")
        yield f'<p class="judge">Judge: {better}. <bdi>{escape(verdict.why)}</bdi></p>\n'
    yield "</article>\n"


def _side(name: str, side: Side, wanted: str, *, wins: bool) -> Iterator[str]:
    yield f'<section class="{name}"><header><h3>{name}</h3><ul class="marks">'
    for word in [*["judged better"] * wins, *marks(side)]:
        kind = ' class="good"' if word in GOOD else ' class="bad"' if word in BAD else ""
        yield f"<li{kind}>{word}</li>"
    yield "</ul></header>"
    answer = side.answer
    if answer.refused or not answer.text:
        yield f'<div class="said none">{escape(answer.refused) or "nothing"}</div></section>\n'
    else:
        yield said(answer.text, marked(answer.text, wanted)) + "</section>\n"
