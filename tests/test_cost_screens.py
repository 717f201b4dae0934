"""Tests of what costs look like: no line is wider than the screen, models side by side are one table."""

from __future__ import annotations

from pathlib import Path

import pytest
from costing import TODAY, chat, commit, cost, write

from ftlint.render import Options
from ftlint.render.costs import render
from ftlint.render.parts.table import table
from ftlint.render.parts.targets import catalogue
from ftlint.render.parts.visible import cells, painter
from ftlint.targets import all_targets

FORMS = {
    "plain": {},
    "two targets": {"targets": ("gpt-4o", "gpt-4.1-mini")},
    "three targets": {"targets": ("gpt-4o", "gpt-4.1-mini", "gpt-4.1")},
    "of one name": {"targets": ("openai/gpt-4.1", "azure/gpt-4.1")},
    "against a commit": {"base": "HEAD"},
    "of use": {"requests": 10**6, "prompt": 3000, "saved": 2000, "answer": 500},
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    system = "You are a librarian."
    write(tmp_path / "a rather long name – of 図書館.jsonl", [chat(f"{n}?", "Yes.", system) for n in range(40)])
    write(tmp_path / "train.jsonl", [chat(f"{n}?", "No.", system) for n in range(900)])
    write(tmp_path / "validation.jsonl", [chat(f"And {n}?", "No.", system) for n in range(40)])
    commit(tmp_path)
    write(tmp_path / "train.jsonl", [chat(f"{n}?", "No.", f"{system} Be brief.") for n in range(950)])
    return tmp_path


def lines(folder: Path, width: int, **asked: object) -> list[str]:
    return "".join(render(cost(folder, ".", **asked), "text", Options(width=width))).splitlines()


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("form", FORMS)
def test_no_line_is_wider_than_the_screen(folder: Path, form: str, width: int) -> None:
    found = lines(folder, width, **FORMS[form])
    assert max(map(cells, found)) <= width
    assert form != "plain" or any("a rather long name" in line for line in found)


@pytest.mark.parametrize(
    ("bad", "words"), [(1, "1 line not counted, as it holds"), (2, "2 lines not counted, as they hold")]
)
def test_lines_that_are_not_counted_are_told(folder: Path, bad: int, words: str) -> None:
    write(folder / "bad.jsonl", [chat("Hi", "Ho"), *([{}] * bad)])
    assert f"  · bad.jsonl: {words} no sound record: see `ftlint check`" in lines(folder, 100)


def test_models_side_by_side_are_one_table(folder: Path) -> None:
    for width in (40, 60, 80, 100):
        found = lines(folder, width, compare_models=True)
        assert max(map(cells, found)) <= width
        assert "  · 990 examples × 3 epochs" in found
        assert any("until 2027-01-06" in line for line in found)
        assert any("closed 2026-10-23" in line for line in found)
    markdown = "".join(render(cost(folder, ".", compare_models=True), "markdown", Options()))
    assert markdown.count("|:---|") == 1
    assert "\n- the cheapest that is open: openai/gpt-4o-mini-2024-07-18 at $" in markdown
    assert "\n- validation and test files are not charged\n" in markdown


def test_models_that_are_closed_and_models_by_the_hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "old.jsonl", [{"prompt": "b", "completion": " a"}] * 10)
    assert lines(tmp_path, 90, compare_models=True)[-1] == "  · none of these models is open any longer"
    asked = [{"role": "user", "content": "Q"}]
    write(tmp_path / "old.jsonl", [{"messages": asked, "reference": "y"}] * 10)
    found = lines(tmp_path, 90, compare_models=True)
    assert any("$100.00/h" in line for line in found)
    assert "  · /h: training is charged by the hour, which is left out, as is grading" in found


def test_an_unknown_model_may_be_a_known_one(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", [chat("a", "b")] * 10)
    (found,) = cost(tmp_path, targets=("gpt-4.1-mni",)).estimates
    (note,) = found.notes
    assert note == 'no training price is known for openai/gpt-4.1-mni: tokens only; did you mean "gpt-4.1-mini"?'
    (known,) = cost(tmp_path, targets=("azure/gpt-4.1",)).estimates
    assert "did you mean" not in known.notes[0]


def test_prices_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "train.jsonl", [chat("a", "b")] * 10)
    models = "models: {azure/gpt-4.1: {price: {train: 27.5}}, acme/tiny: {price: {train: 0.475}}}\n"
    (tmp_path / "ftlint.yaml").write_text(models + "target: azure/gpt-4.1\n")
    how = Options(width=100)
    own = cost(tmp_path, ".", configured=True)
    for name in ("text", "markdown"):
        assert "$27.50 a million trained tokens (price of ftlint.yaml)" in "".join(render(own, name, how))
    found = "".join(render(cost(tmp_path, ".", configured=True, compare_models=True), "text", how))
    rows = [line.split() for line in found.splitlines()]
    assert ["generic/acme/tiny", "~110", "$0.475", "own", "<$0.01"] in rows
    assert ["azure/gpt-4.1-2025-04-14", "110", "$27.50", "own", "$0.03"] in rows
    commit(tmp_path)
    (tmp_path / "ftlint.yaml").write_text(models.replace("27.5", "27.505") + "target: azure/gpt-4.1\n")
    delta = "".join(render(cost(tmp_path, ".", configured=True, base="HEAD"), "text", how))
    assert "the price of a million tokens changed from $27.50 to $27.505" in delta


def test_a_table_comes_closer_then_cuts_then_stacks() -> None:
    rows = [["a-long-name-of-some-file", "12", "3"], [], ["total", "12", "3"]]

    def shown(width: int) -> list[str]:
        return "".join(table(rows, "<>>", painter(color=False), ("", "examples", "cost"), width)).splitlines()

    assert shown(0)[1] == "  a-long-name-of-some-file        12     3" == shown(42)[1]
    assert shown(40)[1] == "  a-long-name-of-some-file       12    3"
    assert shown(36)[1] == "  a-long-name-of-some…       12    3"
    assert shown(30) == [
        "    examples  cost",
        "  a-long-name-of-some-file",
        "          12     3",
        "  ────────────────",
        "  total",
        "          12     3",
    ]


def test_numbers_for_which_there_is_no_room_have_lines_of_their_own(folder: Path) -> None:
    report = cost(folder, "train.jsonl", targets=("gpt-4o", "gpt-4.1-mini", "gpt-4.1"))
    assert "".join(render(report, "text", Options(width=40))).splitlines()[-6:] == [
        "  train.jsonl · train",
        "    examples                   950",
        "    epochs                       3",
        "    gpt-4o-2024-08-06        $1.78",
        "    gpt-4.1-mini-2025-04-14  $0.36",
        "    gpt-4.1-2025-04-14       $1.78",
    ]
    rows = [["whole", "12", "x", "closed 2026-10-23"], ["  part", "3", "", ""], [], ["total", "12", "", ""]]
    heads = ("", "examples", "a head that is far too long", "")
    assert "".join(table(rows, "<>><", painter(color=False), heads, 20)).splitlines() == [
        "  whole",
        "    examples      12",
        "    a head that…   x",
        "    closed 2026-10-23",
        "    part",
        "      examples     3",
        "  ──────────────────",
        "  total",
        "    examples      12",
    ]


def test_the_catalogue_fits() -> None:
    for width in (40, 80, 120):
        found = "".join(catalogue(list(all_targets()), TODAY, width, painter(color=False))).splitlines()
        assert max(map(cells, found)) <= width
