"""Which examples of two states are the same, which became which, and which are new: by content, copies counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from ftlint.estimate.contents import Example

One = tuple[Example, str, int]
"""A content, the file of its first copy, and how many copies are meant."""
Pair = tuple[Example, Example, int]
"""What a content was, what it is now, and how many copies are meant."""


def matched(
    old: Mapping[int, tuple[Example, str]], new: Mapping[int, tuple[Example, str]]
) -> tuple[list[One], list[One], list[Pair], list[Pair]]:
    """Examples that came, that went, that have another answer now, and that have another system prompt now."""
    came, went = _more(new, old), _more(old, new)
    came, went, prompted = _paired(came, went, lambda example: example.body)
    came, went, changed = _paired(came, went, lambda example: example.asked)
    return came, went, changed, prompted


def _more(these: Mapping[int, tuple[Example, str]], those: Mapping[int, tuple[Example, str]]) -> list[One]:
    """What there are more copies of here than there."""
    more = []
    for key, (example, path) in these.items():
        known = those.get(key)
        copies = example.copies - (known[0].copies if known else 0)
        if copies > 0:
            more.append((example, path, copies))
    return more


def _paired(came: list[One], went: list[One], key: Callable[[Example], int]) -> tuple[list[One], list[One], list[Pair]]:
    """Pair what went with what came where the key is the same; the rest of both, and the pairs."""
    waiting: dict[int, list[One]] = defaultdict(list)
    for one in reversed(went):
        waiting[key(one[0])].append(one)
    rest: list[One] = []
    pairs: list[Pair] = []
    for example, path, copies in came:
        queue, left = waiting[key(example)], copies
        while left and queue:
            before, place, number = queue.pop()
            both = min(left, number)
            pairs.append((before, example, both))
            left -= both
            if number > both:
                queue.append((before, place, number - both))
        if left:
            rest.append((example, path, left))
    return rest, [one for queue in waiting.values() for one in reversed(queue)], pairs
