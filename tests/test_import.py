"""``ftlint import``: pleasant YAML, other tools' records, and refusals that name their place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ftlint.authoring.importer import author_records
from ftlint.authoring.read import read
from ftlint.authoring.write import line
from ftlint.errors import UnreadableFile

SAMPLES = sorted((Path(__file__).parent / "datasets" / "authoring").glob("[1-5]-*.ft.yaml"))
TOOL = {"name": "get_order", "description": "Look up", "parameters": {"type": "object", "required": ["id"]}}
TOOLS = [{"type": "function", "function": TOOL}]


def rows(*records: Any) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def imported(*records: Any, renumber: bool = False) -> str:
    return author_records(rows(*records), "data.jsonl", renumber=renumber)


def built(text: str) -> list[Any]:
    authored = read("a.ft.yaml", "a.ft.yaml", "", given=text)
    assert not authored.faults
    return [example.record for example in authored.examples]


def chat(*said: str, system: str = "", **beside: Any) -> dict[str, Any]:
    messages = [{"role": ("user", "assistant")[index % 2], "content": text} for index, text in enumerate(said)]
    head = [{"role": "system", "content": system}] if system else []
    return {"messages": head + messages, **beside}


def calling(*ids: str, arguments: str = "{}") -> dict[str, Any]:
    calls = [{"id": id_, "type": "function", "function": {"name": "get_order", "arguments": arguments}} for id_ in ids]
    return {"role": "assistant", "tool_calls": calls}


def result(id_: str, content: str, **beside: str) -> dict[str, str]:
    return {"role": "tool", "tool_call_id": id_, "content": content, **beside}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_comes_back_byte_for_byte(path: Path) -> None:
    first = b"".join(line(one.record) for one in read(path.name, str(path), str(path.parent)).examples)
    text = author_records(first, "data.jsonl")
    assert b"".join(line(record) for record in built(text)) == first
    assert author_records(first, "data.jsonl") == text


PLEASANT = """\
defaults:
  system: Be brief.
  tools:
    get_order:
      description: Look up
      parameters: {type: object, required: [id]}

examples:
  - id: open-on-sunday
    user: Open on Sunday?
    assistant: No

  - id: wheres-a1-its-late
    turns:
      - user: "Where's A1: it's late"
      - calls:
          - get_order: {id: A1, n: 39.9}
          - get_order: '{"id": "B2"}'
      - results:
          - {ok: true}
          - not found
      - assistant: |
          It is on its way:

            - tomorrow
          # really
        weight: 0
      - user: "# yes"
        name: bob
      - assistant: 007

  - id: open-on-sunday-2
    system: null
    tools: null
    user: Open on Sunday?
    assistant: " yes"
"""


def test_it_writes_as_a_person_would() -> None:
    shared = {"system": "Be brief.", "tools": TOOLS}
    turns = chat("Where's A1: it's late", system="Be brief.", tools=TOOLS)
    call = calling("call_1", "call_2", arguments='{"id":"A1","n":39.9}')
    call["tool_calls"][1]["function"] = {"name": "get_order", "arguments": '{"id": "B2"}'}
    turns["messages"] += [call, result("call_1", '{"ok":true}'), result("call_2", "not found")]
    turns["messages"] += [
        {"role": "assistant", "content": "It is on its way:\n\n  - tomorrow\n# really", "weight": 0},
        {"role": "user", "content": "# yes", "name": "bob"},
        {"role": "assistant", "content": "007"},
    ]
    records = chat("Open on Sunday?", "No", **shared), turns, chat("Open on Sunday?", " yes")
    text = imported(*records)
    assert text == PLEASANT
    assert [line(record) for record in built(text)] == [line(record) for record in records]


def test_white_space_at_the_end_is_kept() -> None:
    records = chat("Hi", "Hello\n"), chat("Name two", "One\nTwo\n\n"), chat("Bye", "See you")
    text = imported(*records, {"prompt": "Sum up.\n\n###\n\n", "completion": " Done. END"})
    assert text.count("whitespace: keep") == 3
    assert built(text)[:3] == list(records)


def test_a_shared_prompt_with_a_final_newline_is_lifted() -> None:
    records = [chat(f"Question {number}", "Yes\n\nNo\n\n", system="Be brief.\n") for number in range(3)]
    text = imported(*records)
    assert text.count("Be brief.") == 1
    assert built(text) == records


def test_images_a_reference_and_a_preference() -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo=", "detail": "low"}}
    seen = {"role": "user", "content": [{"type": "text", "text": "What is it?"}, picture]}
    answer = {"role": "assistant", "content": "A cat."}
    records = [
        {"messages": [seen, answer]},
        {"messages": [{"role": "developer", "content": "Count."}, seen], "input": "x", "grades": [{"a": None}, 1.5]},
        {"input": chat("Hi"), "preferred_output": [answer], "non_preferred_output": [answer | {"content": "a\nb"}]},
    ]
    text = imported(*records)
    assert "      - url: data:image/png;base64,iVBORw0KGgo=\n        detail: low\n" in text
    assert built(text) == records


FOREIGN = {
    "sharegpt": (
        {"system": "S", "conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]},
        chat("Q", "A", system="S"),
    ),
    "messages under another key": (
        {
            "system": "S",
            "conversations": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}],
        },
        chat("Q", "A", system="S"),
    ),
    "sharegpt with a call": (
        {
            "conversations": [
                {"from": "human", "value": "Q"},
                {"from": "function_call", "value": '{"name": "f", "arguments": {"x": 1}}'},
                {"from": "observation", "value": "42"},
                {"from": "gpt", "value": "A"},
            ],
            "tools": json.dumps([{"name": "f"}]),
        },
        {
            "messages": [
                {"role": "user", "content": "Q"},
                {
                    "role": "assistant",
                    "tool_calls": [
                        {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"x": 1}'}}
                    ],
                },
                result("call_1", "42"),
                {"role": "assistant", "content": "A"},
            ],
            "tools": [{"type": "function", "function": {"name": "f"}}],
        },
    ),
    "alpaca": ({"instruction": "Add", "input": "2+2", "output": "4"}, chat("Add\n\n2+2", "4")),
    "alpaca with history": (
        {"instruction": "B", "input": "", "output": "b", "history": [["A", "a"]], "system": "S"},
        chat("A", "a", "B", "b", system="S"),
    ),
    "trl texts": (
        {"prompt": "P", "chosen": "C", "rejected": "R"},
        {
            "input": chat("P"),
            "preferred_output": [{"role": "assistant", "content": "C"}],
            "non_preferred_output": [{"role": "assistant", "content": "R"}],
        },
    ),
    "trl with the prompt in the answers": (
        {"chosen": chat("P", "C")["messages"], "rejected": chat("P", "R")["messages"]},
        {
            "input": chat("P"),
            "preferred_output": [{"role": "assistant", "content": "C"}],
            "non_preferred_output": [{"role": "assistant", "content": "R"}],
        },
    ),
    "trl completion": (
        {"prompt": chat("A", "a", "B")["messages"], "completion": [{"role": "assistant", "content": "b"}]},
        {
            "messages": [
                {"role": "user", "content": "A"},
                {"role": "assistant", "content": "a", "weight": 0},
                {"role": "user", "content": "B"},
                {"role": "assistant", "content": "b"},
            ]
        },
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_records_of_other_tools_become_what_they_mean(name: str) -> None:
    given, meant = FOREIGN[name]
    text = author_records(json.dumps([given | {"id": "one-1", "score": 0.5}], indent=1).encode(), "data.json")
    assert built(text) == [meant]
    assert "  - id: one-1\n" in text
    assert "    meta:\n      score: 0.5\n" in text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'[{"instruction": "a", "input": "b", "input": "c", "output": "d"}]', '"input" stands twice'),
        (b'{"messages": [{"role": "user", "content": "a"}], "n": 1e400}', "too large"),
        (b"\n", "no records"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        author_records(data, "data.json")


REFUSED = (
    ({**chat("a", "b"), "source": "web"}, "line 1: source: the format has no place for this key"),
    ({"messages": [{"role": "user", "content": "a"}, calling("call_x")]}, "--renumber-calls accepts that"),
    ({"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}]}, "messages[0].content: "),
    ({"messages": [{"role": "assistant", "content": "a", "refusal": "b"}]}, "messages[0].refusal: "),
    ({"messages": [{"role": "assistant", "content": "a", "weight": 0.5}]}, "messages[0].weight: a weight is 0 or 1"),
    ({"messages": [calling("call_1"), result("call_2", "x")]}, "messages[1]: results do not follow their calls"),
    ({"prompt": "a", "completion": "b", "label": True}, "label: the format has no place"),
    ({**chat("a", "b"), "tools": []}, "tools: an empty list"),
    ({**chat("a", "b"), "tools": TOOLS * 2}, 'the tool "get_order" stands there twice'),
    ({"conversations": [{"from": "alien", "value": "x"}]}, 'conversations[0].from: "alien" is no speaker'),
    ({"conversations": [{"from": "gpt"}]}, "conversations[0]: a turn of ShareGPT"),
    ({"prompt": "p", "chosen": [], "rejected": "x"}, "chosen: an answer is missing"),
    ({"messages": [{"role": "developer", "content": "a"}]}, 'the role "developer" is only for reinforcement records'),
    ({"whatever": 1}, "wrong-shape: an object with the keys"),
)


@pytest.mark.parametrize(("record", "words"), REFUSED, ids=lambda value: value[:40] if isinstance(value, str) else "")
def test_what_the_format_has_no_place_for_is_refused(record: Any, words: str) -> None:
    with pytest.raises(UnreadableFile, match=re.escape(words)):
        imported(record)


def test_a_refusal_counts_and_names_lines() -> None:
    with pytest.raises(UnreadableFile) as caught:
        imported(chat("a", "b"), *[{**chat("a", "b"), "source": "web"}] * 9)
    words = str(caught.value)
    assert "9 of 10 records" in words
    assert "line 2: source" in words
    assert "line 7" not in words
    assert words.endswith("and 4 more")


def test_calls_are_numbered_anew_on_request() -> None:
    messages = [calling("x", "y"), result("y", "2"), result("x", "1"), calling("x"), result("x", "3", name="get_order")]
    (record,) = built(imported({"messages": messages}, renumber=True))
    pairs = [(message["tool_call_id"], message["content"]) for message in record["messages"] if "content" in message]
    assert pairs == [("call_1", "1"), ("call_2", "2"), ("call_3", "3")]


def test_a_result_that_looks_like_an_inclusion_stays_text() -> None:
    record = {"messages": [calling("call_1", arguments='{"file":"a.md"}'), result("call_1", '{"file":"a.md"}')]}
    assert built(imported(record)) == [record]
