"""Findings beyond the first thousand of a file: packed, in order, whatever the cuts, through pickles."""

from __future__ import annotations

import pickle
from functools import reduce
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftlint.checks import base, packed
from ftlint.checks.base import FindingTally, Found
from ftlint.checks.packed import Packed
from ftlint.model import Finding, Location, Related

paths = st.sampled_from(["a.jsonl", "b.jsonl"])
texts = st.text(st.characters(codec=None, min_codepoint=1), max_size=5) | st.just("\ud800")
scalars = texts | st.integers() | st.booleans() | st.floats(allow_nan=False)
locations = st.builds(
    Location,
    path=paths,
    line=st.integers(1, 9),
    offset=st.integers(0, 1 << 40),
    route=st.lists(texts | st.integers(0, 9), max_size=3).map(tuple),
    part=st.sampled_from(["value", "key", "line"]),
    span=st.none() | st.tuples(st.integers(0, 9), st.integers(0, 9)),
)
findings = st.builds(
    Finding,
    at=locations,
    subject=st.sampled_from("abcdefgh"),
    values=st.dictionaries(texts, scalars, max_size=2),
    related=st.lists(st.builds(Related, locations, texts), max_size=1).map(tuple),
    once=st.booleans(),
)


@pytest.fixture(autouse=True, scope="module")
def _small_bounds() -> object:
    patch = pytest.MonkeyPatch()
    patch.setattr(base, "KEEP", 2)
    patch.setattr(packed, "BLOCK", 3)
    yield
    patch.undo()


def tally(items: list[Finding]) -> FindingTally:
    made = FindingTally()
    made.add(items)
    return made


def merged(left: FindingTally, right: FindingTally) -> FindingTally:
    left.merge(pickle.loads(pickle.dumps(right)))
    return left


def of_paths(found: Found) -> dict[str, list[Finding]]:
    return {path: [one for one in found if one.at.path == path] for path in ("a.jsonl", "b.jsonl")}


@given(st.lists(findings, max_size=30), st.lists(st.integers(0, 30), max_size=4))
def test_no_cut_loses_or_moves_a_finding(items: list[Finding], cuts: list[int]) -> None:
    bounds = [0, *sorted(min(cut, len(items)) for cut in cuts), len(items)]
    pieces = [tally(items[start:stop]) for start, stop in pairwise(bounds)]
    found = reduce(merged, pieces).found()
    whole = tally(items).found()
    assert of_paths(found) == of_paths(whole)
    assert found.totals == whole.totals == {path: len(some) for path, some in of_paths(whole).items() if some}
    subjects = {one.subject for one in items if one.once}
    assert all(sum(one.once and one.subject == subject for one in found) == 1 for subject in subjects)


@given(st.lists(findings, max_size=20))
def test_packing_keeps_every_finding_and_the_least_subject(items: list[Finding]) -> None:
    rest = Packed()
    for item in items:
        rest.append(item)
    assert list(rest) == items
    assert list(pickle.loads(pickle.dumps(rest))) == items
    assert rest.least == {path: min(found) for path in rest.least if (found := subjects(items, path))}


def subjects(items: list[Finding], path: str) -> list[str]:
    return [item.subject for item in items if item.at.path == path]


def test_a_finding_takes_some_tens_of_bytes() -> None:
    rest = Packed()
    for number in range(9000):
        at = Location("data/train.jsonl", number, number * 211, ("messages", 2, "content"), span=(number % 90, 91))
        rest.append(Finding(at, f"{hash(str(number)) & (1 << 64) - 1:016x}:messages[2].content"))
    blocks = [block for block in rest.blocks if isinstance(block, bytes)]
    assert len(blocks) == len(rest.blocks)
    assert sum(map(len, blocks)) / 9000 < 200  # blocks of three here; of a thousand it is a tenth
