"""Tests of costs: the published worked examples to the cent, and the rule of automatic epochs."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftlint.cost import auto_epochs, training_cost
from ftlint.targets import resolve

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "token_vectors.json").read_text("utf-8"))


@pytest.mark.parametrize("case", [case for case in VECTORS["costs"] if "tokens" in case], ids=str)
def test_published_costs(case: dict[str, object]) -> None:
    price = resolve(str(case["model"])).price
    assert price is not None
    assert training_cost(int(str(case["tokens"])), int(str(case["epochs"])), price) == Decimal(str(case["usd"]))


def test_training_by_the_hour_has_no_cost_by_tokens() -> None:
    price = resolve("o4-mini").price
    assert price is not None
    assert price.train_per_hour == 100
    assert training_cost(1000, 1, price) is None


def test_published_epochs() -> None:
    assert {n: auto_epochs(int(n)) for n in VECTORS["auto_epochs"]["cases"]} == VECTORS["auto_epochs"]["cases"]


@given(st.integers(min_value=0, max_value=10**7))
def test_epochs_stay_within_their_limits(n: int) -> None:
    assert 1 <= auto_epochs(n) <= 25
    assert auto_epochs(n) >= auto_epochs(n + 1) or n == 0
