"""Addresses on the web: of ftlint, and of the pages of its rules."""

from __future__ import annotations

from ftlint.pages import Rule
from ftlint.resources import folder

HOME = "https://github.com/ftlint/ftlint"


def link(rule: Rule | None) -> str:
    """The address of a rule's page; empty where the rule is not one of ftlint's own."""
    if rule is None or not rule.page.is_relative_to(folder("rules")):
        return ""
    return f"{HOME}/blob/main/rules/{rule.page.relative_to(folder('rules')).as_posix()}"
