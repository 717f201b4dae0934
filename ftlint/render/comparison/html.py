"""The comparison as one HTML page for a person: both models in numbers, then each conversation."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from ftlint.cost import dollars
from ftlint.render.comparison.conversation import conversation
from ftlint.render.comparison.kinds import KINDS, ORDERS
from ftlint.submit.comparison import SIDES, Comparison, Row
from ftlint.submit.summary import summary

MANY = 200
"""Conversations above which a browser lays out those that are in sight only: a page of thousands opens at once."""


def render(found: Comparison, width: int) -> Iterator[str]:
    """The page, piece by piece."""
    style, script = (Path(__file__).with_name(f"page.{kind}").read_text("utf-8") for kind in ("css", "js"))
    title = f"{escape(found.tuned)} beside {escape(found.base)}"
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_policy(style, script))}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
    yield f"<h1>Two models on {len(found.rows)} conversation{'s' * (len(found.rows) != 1)}</h1>\n"
    yield from _summary(found)
    yield from _tools(found.rows)
    yield '<main class="many">\n' if len(found.rows) > MANY else "<main>\n"
    for index, row in enumerate(found.rows, 1):
        yield from conversation(index, row)
    yield f"</main>\n<script>{script}</script>\n</body>\n</html>\n"


def _policy(style: str, script: str) -> str:
    """Whatever a text holds, the page fetches nothing, and runs and looks like nothing but what is its own."""
    own = (b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script))
    return "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'".format(*own)


def _summary(found: Comparison) -> Iterator[str]:
    yield '<table class="numbers">\n<thead><tr><td></td>'
    for name, model in zip(SIDES, (found.base, found.tuned), strict=True):
        yield f'<th scope="col" class="{name}"><b>{name}</b><span>{escape(model)}</span></th>'
    yield "</tr></thead>\n<tbody>\n"
    for cells in zip(*(one.cells() for one in summary(found)), strict=True):
        if any(cell.text for cell in cells):
            yield f'<tr><th scope="row">{cells[0].head}</th>'
            for name, cell in zip(SIDES, cells, strict=True):
                bar = "" if cell.part is None else f'<meter value="{cell.part:.3f}" aria-hidden="true"></meter>'
                yield f'<td class="{name}">{cell.text}{bar}</td>'
            yield "</tr>\n"
    judge = f" <bdi>{escape(found.judge)}</bdi> judged without knowing whose answer is whose." if found.judge else ""
    price = "" if found.usd is None else f" All answers cost {dollars(found.usd)}."
    yield "</tbody>\n</table>\n"
    yield (
        '<p class="note"><mark>Marked</mark> is what the wanted answer does not say (or, where none is wanted, the '
        "other one); a red bar stands where it says more. An edit distance of 0 is the same text, of 1 another one."
        f"{judge}{price}</p>\n"
    )


def _tools(rows: Sequence[Row]) -> Iterator[str]:
    """What the script of the page works with; hidden without it."""
    yield '<div id="tools" role="search" hidden>\n<label>Show <select id="kind"><option value="">all</option>'
    for number, (name, is_so) in enumerate(KINDS.items()):
        if count := sum(map(is_so, rows)):
            yield f'<option value="{number}">{name} ({count})</option>'
    yield '</select></label>\n<label>Sort by <select id="order"><option value="">place</option>'
    for name, (words, _) in ORDERS.items():
        yield f'<option value="{name}">{words}</option>'
    yield '</select></label>\n<label>Find <input id="text" type="search"></label>\n'
    yield '<label><input id="missing" type="checkbox"> <del>missing words</del></label>\n'
    yield '<span class="keys"><kbd>j</kbd> <kbd>k</kbd> next, previous</span><output id="shown"></output>\n</div>\n'
