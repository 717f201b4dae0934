"""The five sample files become exactly these records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from authored import assistant, call, calls, image, result, text, user

from ftlint.authoring.example import Example
from ftlint.authoring.read import read

SAMPLES = Path(__file__).parent / "datasets" / "authoring"
ARIA = {"role": "system", "content": "You are Aria, the support agent of Nordbank. Be brief."}
DESK = {"role": "system", "content": "You are the order desk. Use the tools; never guess."}
NOTES = {"role": "system", "content": "You write release notes."}
RECEIPTS = {"role": "system", "content": "Read the total from the receipt. Answer with JSON only."}
PNG = "data:image/png;base64,"
PNG += "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_order",
            "description": "Look up one order",
            "parameters": {
                "type": "object",
                "required": ["order_id"],
                "additionalProperties": False,
                "properties": {"order_id": {"type": "string", "pattern": "^A[0-9]{4}$"}},
            },
        },
    },
    {
        "type": "function",
        "function": {
            "name": "refund",
            "description": "Refund an order",
            "parameters": {
                "type": "object",
                "required": ["order_id", "amount"],
                "properties": {"order_id": {"type": "string"}, "amount": {"type": "number"}},
            },
        },
    },
]


def sample(name: str) -> list[Example]:
    authored = read(name, str(SAMPLES / name), str(SAMPLES))
    assert authored.faults == ()
    return list(authored.examples)


def records(examples: list[Example]) -> list[str]:
    return [json.dumps(example.record) for example in examples]


SAMPLED: dict[str, list[Any]] = {
    "1-minimal.ft.yaml": [
        {"messages": [ARIA, user("Is the Oslo branch open on Sunday?"), assistant("No")]},
        {"messages": [ARIA, user("What is my card's country code?"), assistant("NO")]},
        {
            "messages": [
                ARIA,
                user("How do I block my card?"),
                assistant(
                    "Open the app, then:\n\n1. **Cards** → pick the card\n2. **Block**: it takes effect at once\n\n"
                    "# Lines starting with '#' inside a block are text, not comments."
                ),
            ]
        },
    ],
    "2-multiturn.ft.yaml": [
        {
            "messages": [
                {
                    "role": "system",
                    "content": "You are Aria, the support agent of Nordbank.\n"
                    "Answer in the customer's language. Never ask for a PIN.",
                },
                user("I lost my card in Lisbon"),
                assistant("Which card is it, the one ending 4417?", weight=0),
                user("yes that one"),
                assistant("I have blocked the card ending 4417.\nA replacement reaches your hotel in 2 days."),
            ]
        },
        {"messages": [user("what's 2+2"), assistant("4")]},
    ],
    "3-tools.ft.yaml": [
        {
            "messages": [
                DESK,
                user("Order A1002 arrived broken"),
                calls(call("call_1", "get_order", '{"order_id":"A1002"}')),
                result("call_1", '{"status":"delivered","total":39.9,"country":"NO"}'),
                calls(call("call_2", "refund", '{"order_id":"A1002","amount":39.9}')),
                result("call_2", '{"ok":true}'),
                assistant("Sorry about that. I refunded 39.90 kr for A1002."),
            ],
            "tools": TOOLS,
        },
        {
            "messages": [
                DESK,
                user("Where are A1002 and A1003?"),
                calls(
                    call("call_1", "get_order", '{"order_id":"A1002"}'),
                    call("call_2", "get_order", '{"order_id":"A1003"}'),
                ),
                result("call_1", '{"status":"delivered"}'),
                result("call_2", '{"status":"in transit"}'),
                assistant("A1002 is delivered; A1003 is on its way."),
            ],
            "tools": TOOLS,
        },
    ],
    "4-preference.ft.yaml": [
        {
            "input": {"messages": [NOTES, user("We fixed the login bug on Safari")]},
            "preferred_output": [assistant("Fixed: signing in on Safari.")],
            "non_preferred_output": [
                assistant(
                    "We are thrilled to announce that, after a lot of hard work,\n"
                    "the login bug on Safari is now a thing of the past!"
                )
            ],
        },
        {
            "input": {"messages": [NOTES, user("Add a note for 2.1"), assistant("What changed?"), user("dark mode")]},
            "preferred_output": [assistant("Added: dark mode.")],
            "non_preferred_output": [assistant("Dark mode!!!")],
        },
    ],
    "5-vision.ft.yaml": [
        {
            "messages": [
                RECEIPTS,
                user([text("What is the total?"), image(PNG)]),
                assistant('{"total": 12.50, "currency": "EUR"}'),
            ]
        },
        {
            "messages": [
                RECEIPTS,
                user([text("What is the total?"), image("https://example.org/r2.jpg", detail="low")]),
                assistant('{"total": 7.00, "currency": "NOK"}'),
            ]
        },
    ],
}


@pytest.mark.parametrize("name", SAMPLED)
def test_samples_become_these_records(name: str) -> None:
    assert records(sample(name)) == [json.dumps(record) for record in SAMPLED[name]]


def test_what_is_not_exported_stays_with_the_example() -> None:
    first, second = sample("2-multiturn.ft.yaml")
    assert (first.id, first.tags, first.split, first.shape) == (
        "lost-card-abroad",
        ("cards", "travel"),
        "train",
        "chat",
    )
    assert (second.id, second.tags, second.split, second.index) == ("off-topic", ("cards",), "train", 1)
    receipt = sample("5-vision.ft.yaml")[0]
    assert (receipt.split, receipt.group, receipt.repeat) == ("validation", "receipts-2025", 1)


def test_shared_routes_are_those_of_defaults_and_files() -> None:
    first = sample("3-tools.ft.yaml")[0]
    assert {("messages", 0, "content"), ("tools",), ("tools", 1, "function", "name")} <= first.shared
    assert not any(route[:2] == ("messages", 1) for route in first.shared)
    assert ("messages", 2, "content") in sample("5-vision.ft.yaml")[1].shared
