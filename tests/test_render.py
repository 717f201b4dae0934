"""Every output format: golden pages, the JSON contract, and the laws of what a terminal may be shown."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from ftlint.cost import dollars
from ftlint.errors import UnknownName
from ftlint.model import Diagnostic, Position, Severity
from ftlint.render import FORMATS, Options, render
from ftlint.render.parts.visible import cells, clip, visible
from ftlint.render.parts.words import money, plain
from ftlint.report import Cost, Report, Summary, TokenSummary

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
LONG = f'{{"messages": [{{"role": "user", "content": "天気は？"}}, {{"role": "user", "content": "{"x" * 300}"}}]}}'
SECRETS = '{"messages": [{"role": "user", "content": "AAAA then BBBB"}]}'
DAMAGED = '{"messages":\t["\x1b[31mred"]}'


def at(path: str, line: int, text: str, needle: str, nth: int = 1) -> Position:
    """The place of the ``nth`` occurrence of ``needle``."""
    start = -1
    for _ in range(nth):
        start = text.index(needle, start + 1)
    return Position(path, line, start + 1, start + 1 + len(needle), text)


def repeated(line: int) -> Diagnostic:
    place = at("train.jsonl", line, LONG, '"user"', 2)
    related = ((Position("train.jsonl", 2, 30, 36), "first here"),)
    message = "Two messages in a row by user, which many trainers refuse."
    hint = "Join them, or write the answer that is missing between them."
    return Diagnostic("FT102", "repeated-role", WARNING, message, hint, place, "messages[1].role", "f1", related)


def secret(needle: str) -> Diagnostic:
    place = at("train.jsonl", 9, SECRETS, needle)
    return Diagnostic("FT801", "secret-in-text", ERROR, "A key.", "", place, "messages[0].content", "f2", redact=True)


PLACE = at("b\u202e.jsonl", 3, DAMAGED, "\x1b")
DAMAGE = Diagnostic("FT001", "invalid-json", ERROR, "Raw \x1b in a string.", "", PLACE, "", "f3")
ROWS = ((0, 255, 800), (256, 511, 400), (512, 4312, 4))
TOKENS = TokenSummary(412331, 150000, 4312, 310, 720, 901, 1, False, 4096, ROWS)
COST = Cost(Decimal("3.60"), Decimal(6), "2023-08-22")
ROLES = {"user": 1204, "assistant": 1203}
REPORT = Report(
    (repeated(2), repeated(5), repeated(7), secret("AAAA"), secret("BBBB"), DAMAGE),
    {("train.jsonl", "repeated-role"): 414, ("train.jsonl", "secret-in-text"): 2, ("b\u202e.jsonl", "invalid-json"): 1},
    {"repeated-role": WARNING, "secret-in-text": ERROR, "invalid-json": ERROR},
    Summary("openai/gpt-4.1-mini", False, 2, 1204, ROLES, TOKENS, 4, True, COST),
    suppressed=3,
    unchecked=(("big.jsonl", "It is a Git LFS pointer."),),
    skipped=(("run.jsonl", "a log"),),
)
CLEAN = Report((), {}, {}, Summary("openai/gpt-4.1-mini", True, 1, 12, cost_note="no price is known"))

TEXT = """\
── train.jsonl ─────────────── 2 errors, 414 warnings ──

train.jsonl:2:61 warning[repeated-role] FT102
  Two messages in a row by user, which many trainers
  refuse.
  2 │ …天気は？"}, {"role": "user", "content": "xxxxxxx…
    │                       ^^^^^^ messages[1].role
  help: Join them, or write the answer that is missing
        between them.
  first here: train.jsonl:2

  and 413 more repeated-role

train.jsonl:9:44 error[secret-in-text] FT801
  A key.
  9 │ …[{"role": "user", "content": "•••• then ••••"}]}
    │                                ^^^^
    │ messages[0].content

  and 1 more secret-in-text

── b<U+202E>.jsonl ────────────────────────── 1 error ──

b<U+202E>.jsonl:3:16 error[invalid-json] FT001
  Raw ␛ in a string.
  3 │ {"messages":␉["␛[31mred"]}
    │                ^

could not check: big.jsonl
  It is a Git LFS pointer.

skipped: run.jsonl
  a log

  target       openai/gpt-4.1-mini (default)
  files        2
  examples     1,204
  messages     1,204 user · 1,203 assistant
  tokens       412,331 in all (partly an estimate)
  per example  p50 310 · p90 720 · p95 901 · max 4,312
  over cap     1 example over 4,096 tokens
  billed       150,000 tokens an epoch
  epochs       4 (auto)
  cost         $3.60 = 150,000 tokens × 4 epochs × $6.00
               a million (price of 2023-08-22)

  tokens an example
        0–255  ████████████████████████████████████ 800
      256–511  ██████████████████ 400
    512–4,312  ▏ 4

3 errors, 414 warnings (3 suppressed) in 2 files; 1 file could not be checked
"""

CONCISE = """\
train.jsonl:2:61: warning[repeated-role] Two messages in a row by user, which many trainers refuse.
train.jsonl:5:61: warning[repeated-role] Two messages in a row by user, which many trainers refuse.
train.jsonl: and 412 more [repeated-role]
train.jsonl:9:44: error[secret-in-text] A key.
train.jsonl:9:54: error[secret-in-text] A key.
b<U+202E>.jsonl:3:16: error[invalid-json] Raw ␛ in a string.
big.jsonl: unchecked: It is a Git LFS pointer.
run.jsonl: skipped: a log
3 errors, 414 warnings (3 suppressed) in 2 files; 1 file could not be checked
"""

FIRST = (
    '[\n{"path": "train.jsonl", "line": 2, "column": 61, "end_column": 67, "route": "messages[1].role", '
    '"code": "FT102", "name": "repeated-role", "severity": "warning", '
    '"message": "Two messages in a row by user, which many trainers refuse.", '
    '"hint": "Join them, or write the answer that is missing between them.", "fingerprint": "f1", "fix": null, '
    '"related": [{"path": "train.jsonl", "line": 2, "column": 30, "message": "first here"}], "count": 1},\n'
)

STATISTICS = """\
414  warning  FT102  repeated-role
  2  error    FT801  secret-in-text
  1  error    FT001  invalid-json
"""


def shown(report: Report, name: str, **options: Any) -> str:
    return "".join(render(report, name, Options(**options)))


def test_text_is_as_it_was_drawn() -> None:
    assert shown(REPORT, "text", width=56, shown=1) == TEXT


def test_concise_is_a_finding_a_line() -> None:
    assert shown(REPORT, "concise", shown=2) == CONCISE


@pytest.mark.parametrize("name", ["text", "concise"])
def test_statistics_stand_in_place_of_the_findings(name: str) -> None:
    quiet = replace(REPORT, unchecked=())
    assert shown(quiet, name, quiet=True, statistics=True) == STATISTICS
    assert shown(REPORT, name, statistics=True).startswith(STATISTICS)
    assert "help:" not in shown(REPORT, name, statistics=True)


@pytest.mark.parametrize("name", ["text", "concise"])
def test_quiet_says_nothing_of_a_clean_dataset_but_why_one_was_not_checked(name: str) -> None:
    assert shown(CLEAN, name, quiet=True) == ""
    assert "LFS" in shown(replace(CLEAN, unchecked=REPORT.unchecked), name, quiet=True)
    assert "run.jsonl" not in shown(REPORT, name, quiet=True)
    assert shown(CLEAN, name).endswith("No findings in 12 examples.\n")


def test_an_unknown_cost_gives_its_reason_and_no_dollars() -> None:
    text = shown(CLEAN, "text")
    assert "cost         not known: no price is known\n" in text
    assert "$" not in text


@pytest.mark.parametrize("name", ["text", "concise"])
def test_nothing_is_cut_in_silence(name: str) -> None:
    everything = shown(REPORT, name, shown=0)
    assert everything.count("warning[repeated-role]") == 3
    assert "and 411 more" in everything
    unkept = replace(REPORT, diagnostics=())
    assert "and 414 more" in shown(unkept, name)
    many = replace(CLEAN, skipped=tuple((f"{number}.jsonl", "a log") for number in range(1000)))
    assert "and 997 more" in shown(many, name)


def test_color_changes_nothing_but_the_color() -> None:
    for name in ("text", "concise"):
        colored = shown(REPORT, name, color=True, width=80)
        assert "\x1b[31m" in colored
        assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == shown(REPORT, name, width=80)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_text_stays_within_the_width(width: int) -> None:
    lines = shown(REPORT, "text", width=width).splitlines()[:-1]
    assert max(map(cells, lines)) <= width


def test_a_secret_is_masked_in_every_excerpt_of_its_line() -> None:
    other = replace(repeated(9), position=at("train.jsonl", 9, SECRETS, '"user"'))
    text = shown(replace(REPORT, diagnostics=(other, secret("AAAA"), secret("BBBB"))), "text", width=120)
    assert "AAAA" not in text
    assert "BBBB" not in text
    assert text.count("•••• then ••••") == 3


def test_secrets_whose_place_is_not_known_leave_no_excerpt() -> None:
    unplaced = {**REPORT.totals, ("train.jsonl", "secret-in-text"): 1001}
    text = shown(replace(REPORT, totals=unplaced), "text")
    assert "content" not in text.replace("messages[0].content", "")
    assert "␛[31mred" in text
    nowhere = replace(secret("AAAA"), position=Position("train.jsonl", 9, 1, 1, SECRETS))
    assert "AAAA" not in shown(replace(REPORT, diagnostics=(nowhere,)), "text")


def schema() -> dict[str, Any]:
    path = Path(__file__).parent.parent / "schemas" / "report.schema.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def test_json_keeps_its_contract() -> None:
    Draft202012Validator.check_schema(schema())
    for report in (REPORT, CLEAN):
        Draft202012Validator(schema()).validate(json.loads(shown(report, "json")))
    data = json.loads(shown(REPORT, "json", shown=1, quiet=True), parse_float=Decimal)
    assert data["counts"] == {"error": 3, "warning": 414, "note": 0, "suppressed": 3, "accepted": 0}
    assert data["summary"]["cost"] == {"usd": Decimal("3.6"), "usd_per_million": 6, "as_of": "2023-08-22"}
    assert data["totals"][0] == {"path": "train.jsonl", "name": "repeated-role", "total": 414}
    assert data["unchecked"] == [{"path": "big.jsonl", "reason": "It is a Git LFS pointer."}]
    assert data["skipped"] == [{"path": "run.jsonl", "reason": "a log"}]
    assert len(data["diagnostics"]) == 6
    assert FIRST in shown(REPORT, "json")
    hostile = shown(replace(REPORT, skipped=(("\ud800\x7f\u202e", "😀"),)), "json")
    assert '{"path": "\\ufffd\\u007f\\u202e", "reason": "\\ud83d\\ude00"}' in hostile


def test_the_schema_refuses_what_is_not_a_report() -> None:
    data = json.loads(shown(REPORT, "json"))
    assert not Draft202012Validator(schema()).is_valid({**data, "version": 2})
    data["diagnostics"][0]["severity"] = "fatal"
    assert not Draft202012Validator(schema()).is_valid(data)


def test_formats_are_found_by_name() -> None:
    assert {"text", "concise", "json"} <= set(FORMATS)
    assert "parts" not in FORMATS
    with pytest.raises(UnknownName, match='did you mean "concise"'):
        render(REPORT, "concice", Options())


def test_money_is_to_the_cent_and_prices_keep_their_digits() -> None:
    sums = {"3.6": "$3.60", "0.125": "$0.13", "1234.5": "$1,234.50", "0.004": "less than $0.01", "0": "$0.00"}
    assert {usd: money(Decimal(usd)) for usd in sums} == sums
    prices = {"3": "$3.00", "0.80": "$0.80", "0.125": "$0.125", "1E+30": f"${10**30:,}.00"}
    assert {usd: dollars(Decimal(usd)) for usd in prices} == prices
    digits = {"3.60": "3.6", "100": "100", "1E+2": "100", "0.00": "0", "1E-9": "0.000000001"}
    assert {usd: plain(Decimal(usd)) for usd in digits} == digits


def test_wide_and_combining_characters_take_their_cells() -> None:
    assert cells("天気") == 4
    assert cells("e\u0301") == 1
    assert visible("\x00\t\x0c\x7f\x85\u2028\ud800\u2066") == "␀␉␌␡<U+0085><U+2028><U+D800><U+2066>"
    assert clip("天気天気", 5) == "天気…"
