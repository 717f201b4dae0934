"""The difference between two states of a dataset: what changed in each split, by content, and what that costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from ftlint.estimate.charge import TRAINED, Estimate, Row, charge, estimate
from ftlint.estimate.contents import Example
from ftlint.estimate.matching import matched
from ftlint.estimate.measure import State
from ftlint.estimate.parts import Part, Place
from ftlint.estimate.terms import Terms

Key = tuple[str, str]
"""A dataset's name and a split."""


class PromptChange(Struct, frozen=True):
    """A system prompt that became another for some examples.

    Attributes:
        examples: how many, of one prompt to one other.
        each: tokens that an example grew by.
        trained: billed tokens of all epochs that this adds; ``usd``: what they cost, None if unpriced.
    """

    examples: int
    each: int
    epochs: int
    trained: int
    usd: Decimal | None


class Longest(Struct, frozen=True):
    """The longest of the new examples."""

    tokens: int
    path: str
    line: int


class Change(Struct, frozen=True):
    """What changed in one split of a dataset.

    Attributes:
        base, head: what it came to and comes to; None where it was or is not there.
        added, removed: examples; ``changed``: those with another answer to what is asked.
        tokens: what each of the three and the prompts add, in tokens of one pass: (added, removed, changed, prompts).
    """

    dataset: str
    split: str
    base: Row | None
    head: Row | None
    added: int
    removed: int
    changed: int
    tokens: tuple[int, int, int, int]
    prompts: tuple[PromptChange, ...] = ()
    longest: Longest | None = None


class Delta(Struct, frozen=True):
    """Two estimates, and what changed between them.

    Attributes:
        label: what the base is: a commit, or a file.
        notes: what could not be compared.
        unsure: whether the base has not all that is here, or other terms, so that more may have changed.
    """

    label: str
    base: Estimate
    head: Estimate
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()
    unsure: bool = False

    @property
    def usd(self) -> Decimal | None:
        """What training costs more now, in dollars; None where one of the two has no price."""
        before, now = self.base.total.usd, self.head.total.usd
        return None if before is None or now is None else now - before

    @property
    def percent(self) -> Decimal | None:
        """The same in percent of the base; None where that costs nothing, or has no price."""
        return self.usd * 100 / self.base.total.usd if self.usd is not None and self.base.total.usd else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed, for sure: no example, no terms."""
        return not self.changes and not self.unsure and self.base.terms.said == self.head.terms.said


def difference(base: State, head: State, label: str, notes: tuple[str, ...] = ()) -> Delta:
    """What changed from one state to another; files that one of them could not read are left out of both."""
    missing = {**dict(base.missing), **dict(head.missing)}
    left_out = tuple(f"{path}/" for path in missing)
    old, new = (
        {place: part for place, part in state.parts.items() if not f"{place.path}/".startswith(left_out)}
        for state in (base, head)
    )
    old = _renamed(old, new)
    before, after = estimate(old, base.terms[0]), _head_estimate(new, head)
    changes = _changes(before, after, _by_split(old), _by_split(new))
    said = tuple(f"{path} is left out on both sides: {reason}" for path, reason in missing.items())
    unsure = len(missing) > len(head.missing) or bool(notes)
    return Delta(label, before, after, tuple(changes), (*notes, *said), unsure)


def _head_estimate(parts: Mapping[Place, Part], head: State) -> Estimate:
    return estimate(parts, head.terms[0], head.targets[0] if head.targets else None)


Split = dict[int, tuple[Example, str]]
"""Examples of a split by their digest, each with the file of its first copy."""


def _by_split(parts: Mapping[Place, Part]) -> dict[Key, Split]:
    splits: dict[Key, Split] = defaultdict(dict)
    for place, part in parts.items():
        split = splits[place.dataset, place.split]
        for key, example in part.contents.examples.items() if part.contents else ():
            known, path = split.get(key, (None, place.path))
            copies = example.copies + (known.copies if known else 0)
            split[key] = ((known or example)._replace(copies=copies), path)
    return splits


def _renamed(old: Mapping[Place, Part], new: Mapping[Place, Part]) -> dict[Place, Part]:
    """The old parts under the names that their datasets have now: of those that hold a file, or most, of them."""
    now = dict.fromkeys(place.dataset for place in new)
    homes = {place.path: place.dataset for place in new}
    names = {place.dataset: homes[place.path] for place in old if place.dataset not in now and place.path in homes}
    taken = {place.dataset for place in old} | set(names.values())
    fresh = [dataset for dataset in now if dataset not in taken]
    for dataset in dict.fromkeys(place.dataset for place in old if place.dataset not in now.keys() | names.keys()):
        mine = _digests(old, dataset)
        for other in fresh:
            if 2 * len(mine & _digests(new, other)) > len(mine):
                names[dataset] = other
                fresh.remove(other)
                break
    return {place._replace(dataset=names.get(place.dataset, place.dataset)): part for place, part in old.items()}


def _digests(parts: Mapping[Place, Part], dataset: str) -> set[int]:
    contents = [part.contents for place, part in parts.items() if place.dataset == dataset]
    return {key for each in contents if each for key in each.examples}


def _changes(before: Estimate, after: Estimate, old: Mapping[Key, Split], new: Mapping[Key, Split]) -> Iterator[Change]:
    rows = [{(row.dataset, row.split): row for row in side.splits} for side in (before, after)]
    for key in dict.fromkeys([*rows[1], *rows[0]]):
        base, head = rows[0].get(key), rows[1].get(key)
        change = _change(key, (base, head), (old.get(key, {}), new.get(key, {})), (before.terms, after.terms))
        moved = change.added or change.removed or change.changed or change.prompts
        if moved or _sums(base) != _sums(head):
            yield change


def _sums(row: Row | None) -> object:
    return row and (row.examples, row.tokens, row.trained, row.usd)


def _change(
    key: Key,
    rows: tuple[Row | None, Row | None],
    splits: tuple[Split, Split],
    terms: tuple[Terms, Terms],
) -> Change:
    came, went, changed, prompted = matched(*splits)
    grown = [(after.total - before.total) * copies for before, after, copies in changed]
    swapped = [(after.total - before.total) * copies for before, after, copies in prompted]
    added, removed = ([one.total * copies for one, _, copies in side] for side in (came, went))
    longest = max(came, key=lambda item: item[0].total, default=None)
    is_trained = key[1] == TRAINED and rows[1] is not None and rows[1].epochs is not None
    epochs = rows[1].epochs[1] if is_trained and rows[1] and rows[1].epochs else 0
    return Change(
        *key,
        *rows,
        added=sum(copies for *_, copies in came),
        removed=sum(copies for *_, copies in went),
        changed=sum(copies for *_, copies in changed),
        tokens=(sum(added), -sum(removed), sum(grown), sum(swapped)),
        prompts=tuple(_prompts(prompted, epochs, terms)),
        longest=Longest(longest[0].total, longest[1], longest[0].line) if longest else None,
    )


def _prompts(
    pairs: list[tuple[Example, Example, int]], epochs: int, terms: tuple[Terms, Terms]
) -> Iterator[PromptChange]:
    """The prompts that became others, those of most tokens first."""
    groups: dict[tuple[int, int, int], list[tuple[Example, Example, int]]] = defaultdict(list)
    for before, after, copies in pairs:
        groups[before.prompt, after.prompt, after.total - before.total].append((before, after, copies))
    changes = []
    for (*_, each), group in groups.items():
        billed = sum((_cut(after, terms[1]) - _cut(before, terms[0])) * copies for before, after, copies in group)
        examples = sum(copies for *_, copies in group)
        changes.append(PromptChange(examples, each, epochs, billed * epochs, charge(billed * epochs, terms[1])))
    yield from sorted(changes, key=lambda change: -abs(change.trained or change.each * change.examples))


def _cut(example: Example, terms: Terms) -> int:
    return min(example.billed, terms.cut_at or example.billed)
