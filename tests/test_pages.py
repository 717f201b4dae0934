"""Every rule page is a test: its examples give their reports, and the laws hold for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ftlint.resources import folder
from ftlint.testing import check_laws, check_page

RULES = folder("rules")
PAGES = sorted(path for path in RULES.rglob("*.md") if path.stem != "README")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples_give_their_reports(page: Path, update: bool) -> None:
    problems = check_page(page, update=update)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_laws_hold_for_the_examples(page: Path) -> None:
    problems = check_laws(page)
    assert not problems, "\n".join(problems)
