"""The comparison as one HTML page for a person: side by side, what differs from the wanted answer marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import msgspec

from ftlint.submit.comparison import Comparison, Row, Side
from ftlint.submit.summary import marks, summary

STYLE = """
:root { color-scheme: light dark; --line: #d0d4da; --soft: #f3f4f6; --dim: #5b6470; --mark: #ffe08a; --better: #2e8b57 }
@media (prefers-color-scheme: dark) {
  :root { --line: #3a414b; --soft: #1f242b; --dim: #9aa4b1; --mark: #6b5200; --better: #5fc98f }
}
body { font: 15px/1.5 system-ui, sans-serif; max-width: 90rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse }
th, td { padding: .2rem .8rem; border-bottom: 1px solid var(--line); text-align: left }
article { border-top: 1px solid var(--line); padding: 1rem 0 } h2 { font-size: 1rem; margin: 0 0 .5rem }
h2 a { color: var(--dim); text-decoration: none } h3, .dim { font-size: .85rem; color: var(--dim); margin: 0 }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1rem }
.said { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--soft); border-radius: .4rem; padding: .6rem }
.better .said { outline: 2px solid var(--better) } mark { background: var(--mark); color: inherit }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Whatever a text holds, the page runs and fetches nothing."""

_words = re.compile(r"(\w+|[^\w\s]|\A)(\s*)")
"""A word and the white space behind it; before the first, that which a text begins with."""


def render(found: Comparison, width: int) -> Iterator[str]:
    """The page, piece by piece."""
    title = f"{escape(found.tuned)} beside {escape(found.base)}"
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    yield from _summary(found)
    for index, row in enumerate(found.rows, 1):
        yield from _row(found, index, row)
    yield "</body>\n</html>\n"


def _summary(found: Comparison) -> Iterator[str]:
    base, tuned = (one.cells() for one in summary(found))
    yield f"<table>\n<tr><th></th><th>base: {escape(found.base)}</th><th>tuned: {escape(found.tuned)}</th></tr>\n"
    for (head, first), (_, second) in zip(base, tuned, strict=True):
        if first or second:
            yield f"<tr><th>{head}</th><td>{first}</td><td>{second}</td></tr>\n"
    yield f'<tr><th>conversations</th><td colspan="2">{len(found.rows)}</td></tr>\n</table>\n'
    judge = f" {escape(found.judge)} judged without knowing whose answer is whose." if found.judge else ""
    yield (
        f'<p class="dim">Marked is what the wanted answer does not say (or, where none is wanted, the other one).'
        f" An edit distance of 0 is the same text, of 1 another one.{judge}</p>\n"
    )


def _row(found: Comparison, index: int, row: Row) -> Iterator[str]:
    case = row.case
    yield f'<article id="c{index}">\n<h2><a href="#c{index}">{index}</a> {escape(case.place)}</h2>\n'
    *before, last = case.messages
    if before:
        yield f"<details><summary>{len(before)} message{'s' * (len(before) > 1)} before</summary>\n"
        yield from map(_message, before)
        yield "</details>\n"
    yield _message(last)
    yield '<div class="sides">\n'
    if case.wanted:
        yield f'<section><h3>wanted</h3><div class="said">{escape(case.wanted)}</div></section>\n'
    sides = (("base", found.base, row.base, row.tuned), ("tuned", found.tuned, row.tuned, row.base))
    for name, model, side, other in sides:
        better = ' class="better"' if row.verdict and row.verdict.winner == name else ""
        yield f"<section{better}><h3>{name}: {escape(model)}</h3>"
        yield f'<div class="said">{_answer(side, case.wanted or other.answer.text)}</div>'
        yield f'<p class="dim">{" · ".join(marks(side))}</p></section>\n'
    yield "</div>\n"
    if row.verdict:
        yield f'<p class="dim">judge: {row.verdict.winner or "no verdict"}. {escape(row.verdict.why)}</p>\n'
    yield "</article>\n"


def _message(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    text = content if isinstance(content, str) else msgspec.json.encode(content).decode() if content else ""
    if calls := message.get("tool_calls"):
        text += msgspec.json.encode(calls).decode()
    return f'<h3>{escape(str(message.get("role", "")))}</h3><div class="said">{escape(text)}</div>\n'


def _answer(side: Side, wanted: str) -> str:
    return escape(side.answer.refused) if side.answer.refused else marked(side.answer.text, wanted)


def marked(text: str, wanted: str) -> str:
    """A text as HTML; the words that the wanted text does not have are marked."""
    from rapidfuzz.distance import Indel

    words, others = _words.findall(text), _words.findall(wanted)
    html = ""
    for step in Indel.opcodes([word for word, _ in words], [word for word, _ in others]):
        run = "".join(word + space for word, space in words[step.src_start : step.src_end])
        said = run.rstrip() if step.tag == "delete" else ""
        html += (f"<mark>{escape(said)}</mark>" if said else "") + escape(run[len(said) :])
    return html
