"""Tests of the rules about costs and dates: published sums to the cent, and silence about targets nobody named."""

from __future__ import annotations

import json
import pickle
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from costing import completion
from hypothesis import given
from hypothesis import strategies as st

from ftlint import api
from ftlint.checks.budget import OverBudget, Spent
from ftlint.checks.cost import ClosedTarget, RetiredModel, TargetCheck, UncheckedBudget, UnknownPrice
from ftlint.config import Config
from ftlint.model import Location
from ftlint.report import Report
from ftlint.targets import resolve
from ftlint.tokens import count_tokens

TODAY = date(2026, 11, 23)
AT = Location("--target")


def chat(tokens: int) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": " a" * tokens}]}


def check(folder: Path, records: list[dict[str, Any]], split: str = "train", **given: Any) -> Report:
    path = folder / f"{split}.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    options = api.Options(select=["FT4"], today=TODAY, **given)
    return api.check([path], config=Config(None, folder), options=options)


def messages(report: Report, name: str = "over-budget") -> list[str]:
    return [item.message for item in report.diagnostics if item.name == name]


def test_davinci_150_000_tokens_for_4_epochs_cost_3_60(tmp_path: Path) -> None:
    records = [completion(1000)] * 150
    over = check(tmp_path, records, target="davinci-002", epochs=4, usd=Decimal("3.59"))
    assert messages(over) == ["150,000 tokens × 4 epochs × $6.00 a million = $3.60, over the budget of $3.59"]
    assert over.summary.cost is not None
    assert over.summary.cost.usd == Decimal("3.60")
    assert messages(check(tmp_path, records, target="davinci-002", epochs=4, usd=Decimal("3.60"))) == []


def test_turbo_200_000_tokens_for_5_epochs_cost_8(tmp_path: Path) -> None:
    framing = count_tokens(chat(1), "gpt-3.5-turbo").billed - 1
    records = [chat(2000 - framing)] * 100
    over = check(tmp_path, records, target="gpt-3.5-turbo", epochs=5, usd=Decimal("7.999"))
    assert messages(over) == ["200,000 tokens × 5 epochs × $8.00 a million = $8.00, over the budget of $7.999"]
    assert messages(check(tmp_path, records, target="gpt-3.5-turbo", epochs=5, usd=Decimal(8))) == []


def test_what_is_cut_and_what_only_validates_is_free(tmp_path: Path) -> None:
    long = [completion(5000)] * 10
    over = check(tmp_path, long, target="davinci-002", epochs=1, usd=Decimal(0))
    assert messages(over) == ["40,960 tokens × 1 epoch × $6.00 a million = $0.24576, over the budget of $0.00"]
    held = check(tmp_path, long, split="validation", target="davinci-002", epochs=1, usd=Decimal(0))
    assert "40,960" not in str(messages(held))


def test_epochs_are_worked_out(tmp_path: Path) -> None:
    (message,) = messages(check(tmp_path, [completion(1000)] * 10, target="davinci-002", usd=Decimal("0.10")))
    assert message.startswith("10,000 tokens × 10 epochs × ")


def budget(usd: str | None = None, tokens: int | None = None, epochs: int | None = 2) -> OverBudget:
    allowed = None if usd is None else Decimal(usd)
    return OverBudget(resolve("davinci-002"), 4096, 0, epochs, allowed, tokens, Location("--budget"))


def test_budgets_of_tokens_and_dollars_are_two() -> None:
    assert [found.subject for found in budget("1", 10).judge({"": Spent(10, 1_000_000)})] == ["usd", "tokens"]
    (found,) = budget(tokens=199).judge({"": Spent(1, 100)})
    assert found.values == {"sum": "100 tokens × 2 epochs = 200 tokens", "budget": "199 tokens"}
    assert list(budget(tokens=200).judge({"": Spent(1, 100)})) == []
    assert list(budget().judge({"": Spent(10**6, 10**9)})) == []


@given(st.integers(0, 10**9), st.decimals(0, 10**4, places=6))
def test_a_sum_over_the_budget_also_looks_so(billed: int, usd: Decimal) -> None:
    for found in budget(str(usd)).judge({"": Spent(1, billed)}):
        shown = str(found.values["sum"]).rsplit("$", 1)[1].replace(",", "")
        assert Decimal(shown) == billed * 2 * Decimal(6) / 1_000_000 > usd


def judge(check: TargetCheck) -> list[dict[str, Any]]:
    tally = check.start()
    tally.add([])
    tally.merge(pickle.loads(pickle.dumps(check.start())))
    return [dict(finding.values) for finding in tally.found().kept]


def checks(name: str | None, today: date = TODAY, usd: Decimal | None = None) -> dict[str, list[dict[str, Any]]]:
    target = resolve(name)
    made = (
        ClosedTarget(target, today, AT),
        RetiredModel(target, today, AT),
        UnknownPrice(target, today, AT, usd),
        UncheckedBudget(target, today, AT, usd, AT),
    )
    return {check.kind: found for check in made if (found := judge(check))}


def test_only_a_target_that_was_named_is_spoken_of() -> None:
    assert checks(None) == {}
    assert checks(None, date(2027, 6, 1), Decimal(1)) == {}
    assert checks("openai/gpt-4.1-mini").keys() == {"closed-target"}
    assert checks("openai/gpt-4.1-mini", date(2027, 6, 1)).keys() == {"retired-model"}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (61, None),
        (60, "closes to new jobs on 2027-01-06 (in 60 days)"),
        (1, "closes to new jobs on 2027-01-06 (in 1 day)"),
        (0, "closed to new jobs on 2027-01-06"),
        (-7, "closed to new jobs on 2027-01-06"),
    ],
)
def test_closing_is_told_60_days_before(days: int, expected: str | None) -> None:
    found = checks("openai/gpt-4o", date(2027, 1, 6) - timedelta(days))
    assert [item["when"] for item in found.get("closed-target", [])] == ([expected] if expected else [])


def test_a_closed_target_is_named_with_another() -> None:
    (found,) = checks("ft:gpt-4.1-mini-2025-04-14:acme::abc")["closed-target"]
    assert found["model"] == "openai/gpt-4.1-mini-2025-04-14"
    assert found["stops"] == ", and tuned models stop on 2027-01-14"
    assert str(found["instead"]).startswith("azure/gpt-4.1-mini")


@pytest.mark.parametrize("name", ["gpt-3.5-turbo", "openai/gpt-4", "davinci-002", "o4-mini", "openai/gpt-4.1-nano"])
def test_a_retired_model_is_told_once(name: str) -> None:
    found = checks(name, usd=Decimal(5))
    assert found.keys() == {"retired-model"}
    assert found["retired-model"][0]["date"] == "2026-10-23"
    assert "gpt-4.1-mini" in found["retired-model"][0]["instead"]
    assert "retired-model" not in checks(name, date(2026, 10, 22))


def test_unknown_prices() -> None:
    (found,) = checks("azure/gpt-4.1", usd=Decimal(5))["unchecked-budget"]
    assert (found["why"], found["budget"]) == ("no training price is known", "$5.00")
    assert checks("azure/gpt-4.1").keys() == {"unknown-price"}
    assert checks("azure/o4-mini") == {}
    assert checks("azure/o4-mini", usd=Decimal(5))["unchecked-budget"][0]["why"] == "training costs $100.00 an hour"
    assert checks("generic/mistral-7b") == {}
    assert checks("generic/mistral-7b", usd=Decimal(5)).keys() == {"unchecked-budget"}


def configured(folder: Path, config: str) -> dict[str, list[str]]:
    (folder / "ftlint.yaml").write_text(config, "utf-8")
    report = api.check(config=api.load_config(folder / "ftlint.yaml"), options=api.Options(select=["FT4"], today=TODAY))
    found: dict[str, list[str]] = {}
    for item in report.diagnostics:
        found.setdefault(item.name, []).append(f"{item.position.line}: {item.message}")
    return found


DATASETS = """target: azure/gpt-4.1
models: {gpt-4.1: {price: {train: 10}}}
epochs: 2
budget: {usd: 0.0399}
datasets:
  long:
    train: long.jsonl
    budget: {usd: 0.02, tokens: 2000}
  short:
    train: short.jsonl
    budget: {usd: 0.019999, tokens: 1999}
"""


def test_budgets_by_dataset_are_exact(tmp_path: Path) -> None:
    for name, text in (("long", " a"), ("short", " b")):
        lines = [json.dumps({"prompt": f"{n % 10}", "completion": text * 99}) + "\n" for n in range(10)]
        (tmp_path / f"{name}.jsonl").write_text("".join(lines), "utf-8")
    found = configured(tmp_path, DATASETS)
    assert found["over-budget"] == [
        "4: 2,000 tokens × 2 epochs × $10.00 a million = $0.04, over the budget of $0.0399",
        "11: short: 1,000 tokens × 2 epochs × $10.00 a million = $0.02, over the budget of $0.019999",
        "11: short: 1,000 tokens × 2 epochs = 2,000 tokens, over the budget of 1,999 tokens",
    ]
    unpriced = configured(tmp_path, DATASETS.replace("models:", "#"))
    assert [message.partition(":")[0] for message in unpriced["unchecked-budget"]] == ["4", "8", "11"]


def test_budgets_of_an_example(tmp_path: Path) -> None:
    rows = [{"prompt": "", "completion": " a" * tokens} for tokens in (30, 10, 31, 40)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    config = "target: davinci-002\nepochs: 1\nbudget: {{{}}}\ndatasets: {{a: {{train: a.jsonl{}}}}}\n"
    found = configured(tmp_path, config.format("tokens_per_example: 30", ""))
    (message,) = found["over-example-budget"]
    assert message == "4: 40 tokens, over the budget of 30 tokens for an example (1 more is over it)"
    assert "over-example-budget" not in configured(tmp_path, config.format("usd_per_example: 0.00024", ""))
    own = configured(tmp_path, config.format("usd_per_example: 1", ", budget: {usd_per_example: 0.000239}"))
    assert "40 tokens × 1 epoch × $6.00 a million = $0.00024, over" in own["over-example-budget"][0]
