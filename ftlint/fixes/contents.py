"""Fixes inside texts and tools: white space at an edge, eaten escapes, secrets, keywords of schemas."""

from __future__ import annotations

from ftlint.checks.damage import eaten_escapes
from ftlint.checks.data import SPACE
from ftlint.fixes import Seen, fixer
from ftlint.fixes.shapes import value_at
from ftlint.model import GONE, Edit, Finding, Fix, Location
from ftlint.record import content_texts

REDACTED = "REDACTED"
"""A word that can stand anywhere: at the start of a plain text of YAML, and in no list of placeholders."""


@fixer("edge-whitespace")
def edge_whitespace(seen: Seen, finding: Finding) -> Fix:
    """Both edges of the answer, of which the finding names one; of a completion only the end."""
    route, span = finding.at.route, finding.at.span
    if "content" not in route:
        return Fix("trim the answer", edits=(Edit(route, "", span),))
    home = Location("", route=route[: route.index("content")])
    texts = [(at.route, text) for at, text in content_texts(home, value_at(seen.value, home.route))]
    (first, opening), (last, closing) = texts[0], texts[-1]
    lead, tail = len(opening) - len(opening.lstrip(SPACE)), len(closing.rstrip(SPACE))
    spans = ((first, (0, lead)), (last, (tail, len(closing))))
    return Fix("trim the answer", edits=tuple(Edit(at, "", span) for at, span in spans if span[0] < span[1]))


@fixer("eaten-escape")
def eaten_escape(seen: Seen, finding: Finding) -> Fix:
    """Every escape of the text that was eaten."""
    route = finding.at.route
    hits = eaten_escapes(value_at(seen.value, route))
    edits = tuple(Edit(route, hit.meant, (hit.start, hit.stop)) for hit in hits)
    return Fix("write the backslashes that were eaten", safe=False, edits=edits)


@fixer("secret-in-text")
def secret_in_text(seen: Seen, finding: Finding) -> Fix:
    return Fix(f"write {REDACTED} for it", safe=False, edits=(Edit(finding.at.route, REDACTED, finding.at.span),))


@fixer("unsupported-tool-schema")
def unsupported_tool_schema(seen: Seen, finding: Finding) -> Fix | None:
    """A keyword that is refused is left out, and an ``anyOf`` with null becomes its other choice."""
    route, why = finding.at.route, str(finding.values["why"])
    if why.startswith('has an "anyOf" with null'):
        choices = [choice for choice in value_at(seen.value, route) if choice != {"type": "null"}]
        home = value_at(seen.value, route[:-1])
        if len(choices) != 1 or not isinstance(choices[0], dict) or choices[0].keys() & home.keys():
            return None
        added = (Edit((*route[:-1], key), value) for key, value in choices[0].items())
        return Fix("leave out the choice of null", safe=False, edits=(Edit(route, GONE), *added))
    if why.startswith(("has the keyword", 'has "default": null')):
        return Fix("leave out the keyword", safe=False, edits=(Edit(route, GONE),))
    return None
