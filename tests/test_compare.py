"""``ftlint try`` and ``ftlint compare`` against a server: what is asked, what is kept, what it costs, what is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai_server import Server
from submitting import assert_no_key, ftlint

BASE, TUNED = "gpt-4.1-mini-2025-04-14", "ft:gpt-4.1-mini-2025-04-14:acme:marv:000001"
ROWS = (
    {
        "messages": [
            {"role": "user", "content": "Name a river."},
            {"role": "assistant", "content": "Rhine", "weight": 1},
        ]
    },
    {"messages": [{"role": "user", "content": "As JSON?"}, {"role": "assistant", "content": '{"river": "Rhine"}'}]},
    {
        "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello", "weight": 0},
            {"role": "user", "content": "Who?"},
            {"role": "assistant", "content": "Marv"},
        ]
    },
)
WANTED = {"Name a river.": "Rhine", "As JSON?": '{"river": "Rhine"}', "Who?": "Marv"}
SCHEMA = {"type": "object", "required": ["river"]}


def reply(model: str, messages: list[dict[str, Any]]) -> str:
    """The tuned model knows the answers; the judge likes them, wherever they stand."""
    asked = messages[-1]["content"]
    if model.startswith("gpt-4.1-2025"):
        shown = json.loads(asked)
        better = "first" if shown["first"] in WANTED.values() else "second"
        return f'```json\n{{"better": "{better}", "why": "it is right"}}\n```'
    return WANTED[asked] if model.startswith("ft:") else f"Well, {asked}"


@pytest.fixture
def server(server: Server) -> Server:
    server.state.add_model(TUNED)
    server.reply = reply
    return server


@pytest.fixture(autouse=True)
def here(here: Path) -> Iterator[Path]:
    (here / "test.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    (here / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    yield here
    assert_no_key(here)


def compare(server: Server, *words: str, **how: Any) -> Any:
    given = ("compare", "--base", "gpt-4.1-mini", "--tuned", TUNED, "--dataset", "test.jsonl")
    return ftlint(server, *given, *words, **how)


def asked(server: Server) -> list[dict[str, Any]]:
    return [one.data for one in server.asked("POST /chat/completions")]


def test_a_model_answers(server: Server) -> None:
    done = ftlint(server, "try", TUNED, "Who?", "--system", "Be Marv.", "--max-tokens", "9", "--temperature", "0.5")
    assert (done.exit_code, done.stdout) == (0, "Marv\n")
    (one,) = asked(server)
    assert [message["content"] for message in one["messages"]] == ["Be Marv.", "Who?"]
    assert (one["model"], one["max_tokens"], one["temperature"]) == (TUNED, 9, 0.5)


@pytest.mark.parametrize(("model", "usd"), [(TUNED, "$0.0000168"), ("gpt-4.1-mini", "$0.0000084")])
def test_a_tuned_model_is_priced_as_tuned(server: Server, model: str, usd: str) -> None:
    server.reply = lambda model, messages: "12345678"
    done = ftlint(server, "try", model, "Who?")
    assert f"9 tokens asked, 3 answered, {usd}\n" in done.stderr


def test_a_model_without_a_price_has_no_cost(server: Server) -> None:
    server.state.add_model("my-model")
    server.reply = lambda model, messages: "yes"
    assert "the price is not known" in ftlint(server, "try", "my-model", "Who?").stderr
    (Path() / "ftlint.yaml").write_text("models: {my-model: {price: {input: 1000, output: 2000}}}\n")
    assert "9 tokens asked, 1 answered, $0.011\n" in ftlint(server, "try", "my-model", "Who?").stderr


def test_a_prompt_comes_from_standard_input(server: Server) -> None:
    done = ftlint(server, "try", TUNED, "-", stdin="Who?")
    assert done.stdout == "Marv\n"
    empty = ftlint(server, "try", TUNED, "-", stdin=" ")
    assert (empty.exit_code, len(asked(server))) == (2, 1)


def test_an_unknown_model_is_told(server: Server) -> None:
    done = ftlint(server, "try", "ft:gpt-4.1-mini-2025-04-14:acme::gone", "Hi")
    assert done.exit_code == 2
    assert "does not exist" in done.stderr


def test_both_models_are_asked_all_but_the_last_answer(server: Server) -> None:
    done = compare(server, "--yes", "--format", "jsonl", "--schema", "schema.json")
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["place"] for row in rows] == ["test.jsonl:1", "test.jsonl:2", "test.jsonl:3"]
    assert [row["tuned"]["exact"] for row in rows] == [True] * 3
    assert [row["base"]["exact"] for row in rows] == [False] * 3
    assert [row["tuned"]["distance"] for row in rows] == [0] * 3
    assert [row["tuned"]["parses"] for row in rows] == [False, True, False]
    assert [row["tuned"]["holds"] for row in rows] == [False, True, False]
    assert {one["model"] for one in asked(server)} == {BASE, TUNED}
    assert len(asked(server)) == 6
    longest = max(asked(server), key=lambda one: len(one["messages"]))["messages"]
    assert longest == [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": "Who?"},
    ]


def test_nothing_is_asked_twice(server: Server, here: Path) -> None:
    assert compare(server, "--yes", "--limit", "1").exit_code == 0
    assert len(asked(server)) == 2
    dearer = compare(server, "--yes")
    assert "4 questions about 3 conversations; 2 are answered already" in dearer.stderr
    assert len(asked(server)) == 6
    (here / "test.jsonl").rename(here / "renamed.jsonl")
    (here / "test.jsonl").write_text("".join(json.dumps(row) + "\n" for row in reversed(ROWS)), "utf-8")
    again = compare(server)
    assert (again.exit_code, len(asked(server))) == (0, 6)
    assert compare(server, "--yes", "--temperature", "1").exit_code == 0
    assert len(asked(server)) == 12


def test_it_goes_on_where_it_was_stopped(server: Server, here: Path) -> None:
    server.plan("POST /chat/completions", "401", times=1000, skip=3)
    stopped = compare(server, "--yes")
    assert stopped.exit_code == 2
    assert stopped.stderr.count("ftlint: ") == 1
    answered = (here / ".ftlint" / "answers.jsonl").read_bytes().count(b"\n")
    assert answered == 3
    with (here / ".ftlint" / "answers.jsonl").open("ab") as file:
        file.write(b'{"key": "torn')
    server.faults.clear()
    assert compare(server, "--yes").exit_code == 0
    assert sum(one.ok for one in server.asked("POST /chat/completions")) == 6
    assert compare(server).exit_code == 0


def test_nobody_is_asked_in_a_pipe(server: Server) -> None:
    done = compare(server)
    assert (done.exit_code, server.requests) == (2, [])
    assert "--yes" in done.stderr
    assert "cost        about $0.0002016\n" in done.stderr


def test_a_judge_does_not_know_whose_answer_is_whose(server: Server) -> None:
    done = compare(server, "--yes", "--judge", "gpt-4.1", "--format", "jsonl")
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["judge"]["winner"] for row in rows] == ["tuned"] * 3
    judged = [one for one in asked(server) if one["model"].startswith("gpt-4.1-2025")]
    assert len(judged) == 3
    assert not any(BASE in str(one["messages"]) or "ft:" in str(one["messages"]) for one in judged)
    again = compare(server, "--judge", "gpt-4.1")
    assert (again.exit_code, len(asked(server))) == (0, 9)
    assert "judged better       0 of 3  3 of 3\n" in again.stdout


def test_a_judge_that_babbles_gives_no_verdict(server: Server) -> None:
    server.reply = lambda model, messages: f"{model} {{says}} {{"
    done = compare(server, "--yes", "--judge", "gpt-4.1", "--format", "jsonl")
    assert {json.loads(line)["judge"]["winner"] for line in done.stdout.splitlines()} == {""}


def test_a_question_that_is_not_taken_is_told_and_asked_again(server: Server) -> None:
    def picky(model: str, messages: list[dict[str, Any]]) -> str:
        if "river" in messages[-1]["content"]:
            from openai_state import RefusalError

            raise RefusalError(400, "content_filter", "The prompt was filtered <b>")
        return "yes"

    server.reply = picky
    done = compare(server, "--yes")
    assert done.exit_code == 0
    assert "refused" in done.stdout
    assert len(asked(server)) == 6
    compare(server, "--yes")
    assert len(asked(server)) == 8


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--dataset", "none.jsonl"), "none.jsonl"),
        (("--schema", "test.jsonl"), "schema"),
        (("--output", "test.jsonl"), "would be lost"),
        (("--tuned", "ft:gpt-4o-mni:a::b", "--key-env", "NOTHING"), "there is no key"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_asked(
    server: Server, words: tuple[str, ...], message: str
) -> None:
    done = compare(server, "--yes", *words)
    assert (done.exit_code, server.requests) == (2, [])
    assert message in done.stderr


def test_records_with_errors_are_left_out_and_told(server: Server, here: Path) -> None:
    with (here / "test.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"messages": [\n')
    done = compare(server, "--yes")
    assert done.exit_code == 0
    assert "what has errors is not asked" in done.stderr
    (here / "test.jsonl").write_text("", "utf-8")
    assert compare(server, "--yes").exit_code == 2


@pytest.mark.parametrize("form", ["text", "jsonl", "html"])
def test_no_secret_is_shown_not_even_in_parts(server: Server, form: str) -> None:
    """What differs is marked by words, and a key has several."""
    server.reply = lambda model, messages: f"Use sk-{model[:2]}{'x' * 20}, or {server.key}."
    done = compare(server, "--yes", "--format", form)
    assert done.exit_code == 0
    assert "x" * 20 not in done.stdout
    assert "5ecre7" not in done.stdout


def test_what_looks_like_a_key_is_measured_as_it_is(server: Server, here: Path) -> None:
    wanted = f"Use sk-{'x' * 20}."
    row = {"messages": [{"role": "user", "content": "How?"}, {"role": "assistant", "content": wanted}]}
    (here / "test.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    server.reply = lambda model, messages: wanted
    done = compare(server, "--yes", "--format", "jsonl")
    assert json.loads(done.stdout)["tuned"]["exact"]
    assert "xxx" not in done.stdout


def test_two_at_once_do_not_ask_the_same(server: Server, here: Path) -> None:
    from ftlint.submit.answers import AnswerCache

    with AnswerCache(here, "answers").locked():
        done = compare(server, "--yes")
    assert (done.exit_code, server.requests) == (2, [])
    assert "another ftlint" in done.stderr
