"""``ftlint explain``: every known refusal is recognised, others are said to be unknown, and lines are found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import ftlint

from ftlint.explain import collection, explain, meanings
from ftlint.pages import catalogue

ERRORS = {error["id"]: error["message"] for error in collection()["errors"]}
ROLE = "Invalid file format. Example 2, message 2 Discriminator 'role' is missing in value"
YAML = """\
defaults: {system: Be brief.}
examples:
  - id: hours
    user: When do you open?
    assistant: At nine.
  - id: place
    turns:
      - user: Where are you?
      - assistant: In Oslo.
"""
CONFIG = "datasets: {support: {sources: a.ft.yaml, output: train.jsonl}}\n"

pytestmark = pytest.mark.usefixtures("here")


@pytest.mark.parametrize("name", ERRORS)
def test_every_message_of_the_collection_is_recognised(name: str) -> None:
    meaning = explain(ERRORS[name]).meaning
    assert meaning is not None
    assert meaning.id == name


@pytest.mark.parametrize("name", ERRORS)
def test_quotes_white_space_and_what_stands_around_do_not_matter(name: str) -> None:
    text = json.dumps(
        {"error": {"message": ERRORS[name].replace("'", "’"), "param": None}}, ensure_ascii=False
    ).replace(" ", " \n ")
    meaning = explain(text).meaning
    assert meaning is not None
    assert meaning.id == name


@pytest.mark.parametrize(
    ("words", "name", "lines"),
    [
        ("Training file has 1 example(s), but must have at least 10 examples", "too_few", ()),
        ("error code: invalid_n_examples", "too_few", ()),
        ('Example 9 contains an extra "metadata".', "extra_key", (9,)),
        ('Example 9 contains an extra "tools".', "extra_tools_old", (9,)),
        ('Line 17 is not a dictionary (HINT: line starts with: "[").', "not_jsonl", (17,)),
        (ERRORS["line_invalid_json"], "line_invalid_json", (1273,)),
        ("Flagged lines: 4, 13, 14, ...", "moderation_lines", (4, 13, 14)),
        ("Unexpected value encountered on line 0. Role must be either 'user', 'assistant', or 'system'.", "azure_role",
         (1,)),
        ("Error parsing json payload. Unexpected format on line 3.", "together_line", (3,)),
        ("Input file file-Ab12 is in the fine-tune-dpo format, but the specified fine-tuning job is not using 'dpo'",
         "wrong_method_format", ()),
        ("Finetuning with o3-2025 requires the reinforcement method of finetuning.", "rft_required", ()),
        ("403 training_not_available", "closed", ()),
        ("You tried to access openai.ChatCompletion, but this is no longer supported", "removed_api", ()),
    ],
)  # fmt: skip
def test_numbers_names_and_codes_vary(words: str, name: str | None, lines: tuple[int, ...]) -> None:
    found = explain(words)
    assert (found.meaning and found.meaning.id, found.lines) == (name, lines)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "The job failed",
        "The job failed due to an invalid training file.",
        "Invalid file format.",
        "Rate limit reached for requests",
        "Example 4: something new is wrong with it",
        "Step 300/300: training loss=0.15, validation loss=0.27, full validation loss=0.40",
        "Validating training file: file-abc",
        "Fine-tuning job started",
        "Model weights exploded on line 3",
    ],
)
def test_other_words_are_not_known(words: str) -> None:
    assert explain(words).meaning is None


def test_what_is_told_names_rules_that_are_there() -> None:
    assert {name for meaning in meanings() for name in meaning.rules} <= set(catalogue())
    assert len({meaning.id for meaning in meanings()}) == len(meanings()) == 28
    assert all(meaning.cause.endswith(".") and meaning.fix.endswith(".") for meaning in meanings())
    assert all(meaning.source for meaning in meanings())


def test_the_message_that_lacks_the_key_is_meant() -> None:
    found = explain(ROLE)
    assert (found.lines, found.message, found.key) == ((2,), 2, "role")
    sound = {"role": "user", "content": "Hi"}
    assert found.route({"messages": [sound, {"content": "Hi"}, sound]}) == ("messages", 1)
    assert found.route({"messages": [sound, sound, {"content": "Hi"}]}) == ("messages", 2)
    assert found.route({"messages": [sound, sound, sound]}) == ()
    assert found.route({"messages": [sound, sound]}) == ("messages", 1)
    assert found.route({"messages": "none"}) == found.route({}) == ()


def test_cause_fix_and_rule_are_told() -> None:
    done = ftlint("explain", ROLE)
    assert done.exit_code == 0
    assert "cause   A message has no `role`." in done.stdout
    assert "fix     Give every message a role." in done.stdout
    assert f"rule    missing-role ({catalogue()['missing-role'].code})" in done.stdout
    assert "`ftlint rule missing-role`" in done.stdout
    assert "place   line 2 of the file that was sent; --file FILE shows where that is" in done.stdout
    assert "(as of 2026-11-23)" in done.stdout


def test_unknown_words_are_said_to_be_unknown() -> None:
    done = ftlint("explain", "The flux capacitor is empty")
    assert done.exit_code == 1
    assert "unknown ftlint does not know this message." in done.stdout
    assert "Run `ftlint check`" in done.stdout


def test_words_may_come_unquoted_and_from_standard_input() -> None:
    assert "too-few-examples" in ftlint("explain", "-", stdin=ERRORS["too_few"] + "\n").stdout
    assert "too-few-examples" in ftlint("explain", *ERRORS["too_few"].split()).stdout


def test_a_line_of_jsonl_is_shown_at_the_message(here: Path) -> None:
    sound = '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
    (here / "sent.jsonl").write_text(sound + sound.replace('"role": "assistant", ', ""), "utf-8")
    done = ftlint("explain", ROLE, "--file", "sent.jsonl")
    assert "place   line 2 is sent.jsonl:2:50  (messages[1])" in done.stdout


def test_a_broken_line_is_shown_at_its_start(here: Path) -> None:
    (here / "sent.jsonl").write_text("{}\n{broken\n", "utf-8")
    assert "place   line 2 is sent.jsonl:2:1\n" in ftlint("explain", ROLE, "--file", "sent.jsonl").stdout


@pytest.mark.parametrize(
    ("file", "words"),
    [("none.jsonl", "no such file: none.jsonl"), ("one.jsonl", "one.jsonl has 1 line, so there is no")],
)
def test_a_file_without_the_line_is_an_error(here: Path, file: str, words: str) -> None:
    (here / "one.jsonl").write_text("{}\n", "utf-8")
    done = ftlint("explain", ROLE, "--file", file)
    assert done.exit_code == 2
    assert words in done.stderr


def test_a_built_line_is_shown_in_the_yaml(here: Path) -> None:
    (here / "a.ft.yaml").write_text(YAML, "utf-8")
    (here / "ftlint.yaml").write_text(CONFIG, "utf-8")
    assert ftlint("convert", "--force").exit_code == 0
    done = ftlint("explain", "Flagged lines: 1, 2")
    assert "place   line 1 is a.ft.yaml:3:5  (example hours)" in done.stdout
    assert "place   line 2 is a.ft.yaml:6:5  (example place)" in done.stdout
    (here / "train.jsonl").write_text('{"messages": [{"content": "Hi"}]}\n{"messages": [{"content": "Hi"}]}\n', "utf-8")
    done = ftlint("explain", "Example 2, message 1 Discriminator 'role' is missing in value")
    assert "line 2 is train.jsonl:2:15  (messages[0])" in done.stdout
    assert "note    train.jsonl is not what its sources give today" in done.stdout


def test_json_tells_the_same(here: Path) -> None:
    (here / "a.ft.yaml").write_text(YAML, "utf-8")
    (here / "ftlint.yaml").write_text(CONFIG, "utf-8")
    assert ftlint("convert", "--force").exit_code == 0
    data = json.loads(ftlint("explain", ROLE, "--format", "json").stdout)
    assert (data["known"], data["id"], data["lines"], data["message"], data["key"]) == (
        True,
        "role_missing",
        [2],
        2,
        "role",
    )
    assert [rule["name"] for rule in data["rules"]] == ["missing-role"]
    [place] = data["places"]
    assert (place["line"], place["path"], place["at"]["line"]) == (2, "a.ft.yaml", 6)
    unknown = json.loads(ftlint("explain", "No idea", "--format", "json").stdout)
    assert (unknown["known"], unknown["rules"], unknown["places"]) == (False, [], [])
    assert "ftlint check" in unknown["fix"]
