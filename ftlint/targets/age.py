"""How old the data of targets is: what was read too long ago, by its own date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ftlint.targets.target import Target

_date = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


def dated(text: str) -> date | None:
    """The first date in a text, a month being its first day; None if it names none."""
    found = _date.search(text)
    return date(int(found[1]), int(found[2]), int(found[3] or 1)) if found else None


def outdated(targets: list[Target], today: date, days: int) -> Iterator[str]:
    """A line for each target whose limits or prices were read more than so many days ago; the shut down left out."""
    for target in targets:
        if target.shutdown and target.shutdown <= today:
            continue
        for what, text in (("limits", target.as_of), ("price", target.price.as_of if target.price else None)):
            if text is None:
                continue
            read = dated(text)
            if read is None:
                yield f"{target.name}: no date is known of its {what} ({text})"
            elif (today - read).days > days:
                yield f"{target.name}: {what} of {text}, {(today - read).days:,} days ago"
