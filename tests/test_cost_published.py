"""Published sums, epochs and bills through the whole program: every format shows them, dollars to the cent."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from costing import completion, cost, write
from test_cost import VECTORS
from test_estimate import sized

from ftlint.estimate.report import CostReport
from ftlint.render import Options
from ftlint.render.costs import FORMATS, render
from ftlint.render.parts.words import money

Row = tuple[str, str, str, str]
"""Examples, billed tokens, epochs and dollars, as a format for people writes them."""


def shown(report: CostReport, name: str) -> Row:
    """What a format tells of the one file of a report."""
    text = "".join(render(report, name, Options(width=100)))
    if name == "json":
        return _written(json.loads(text, parse_float=Decimal)["estimates"][0]["files"][0])
    if name == "csv":
        (row,) = csv.DictReader(io.StringIO(text))
        return _written({**row, "epochs": {"min": int(row["epochs"]), "max": int(row["epochs"])}})
    (line,) = (line for line in text.splitlines() if "train.jsonl" in line)
    cells = line.replace("|", " ").split()
    return cells[-5], cells[-3], cells[-2], cells[-1]


def _written(row: dict[str, Any]) -> Row:
    billed, epochs = int(row["billed"]), row["epochs"]
    assert int(row["trained"]) == billed * epochs["min"] == billed * epochs["max"]
    sum_ = money(Decimal(str(row["usd"]))).replace("less than ", "<")
    return f"{int(row['examples']):,}", f"{billed:,}", str(epochs["min"]), sum_


def told(report: CostReport) -> Row:
    """What all formats tell, which is the same."""
    found = {shown(report, name) for name in FORMATS}
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize("case", [case for case in VECTORS["costs"] if "tokens" in case], ids=str)
def test_sums(case: dict[str, Any], here: Path) -> None:
    model, tokens = case["model"], case["tokens"]
    one = completion(1000) if model == "davinci-002" else sized(1000, model)
    write(here / "train.jsonl", [one] * (tokens // 1000))
    report = cost(here, "train.jsonl", targets=(model,), epochs=case["epochs"])
    sum_ = f"${Decimal(str(case['usd'])):.2f}"
    assert told(report) == (f"{tokens // 1000}", f"{tokens:,}", str(case["epochs"]), sum_)
    assert report.estimates[0].total.usd == Decimal(str(case["usd"]))


@pytest.mark.parametrize(
    ("examples", "epochs"), [case for case in VECTORS["auto_epochs"]["cases"].items() if int(case[0]) < 20_000]
)
def test_automatic_epochs(examples: str, epochs: int, here: Path) -> None:
    write(here / "train.jsonl", [completion(1)] * int(examples))
    usd = Decimal(int(examples) * epochs) * 6 / 1_000_000
    assert told(cost(here, "train.jsonl", targets=("davinci-002",))) == (
        f"{int(examples):,}",
        f"{int(examples):,}",
        str(epochs),
        money(usd).replace("less than ", "<"),
    )


def test_the_bill_of_a_real_job(here: Path) -> None:
    (case,) = VECTORS["billed_training_tokens"]
    write(here / "train.jsonl", case["examples"])
    report = cost(here, "train.jsonl", targets=(case["model"],))
    assert told(report) == ("13", "635", "7", "$0.04")
    assert report.estimates[0].total.trained == 4445
    assert report.estimates[0].total.usd == Decimal("0.03556")
