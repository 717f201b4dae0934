"""A script that does what people do without a linter: parse the file, count with tiktoken, print statistics.

``notebook`` works as the widely used data-preparation notebooks do: it holds all examples, encodes every string of
every message, and encodes the answers once more for their own distribution. ``parse`` is ``json.loads`` and no more.

    python bench/baseline.py notebook cl100k_base data.jsonl
"""

from __future__ import annotations

import json
import statistics
import sys
from collections import Counter
from functools import partial
from typing import Any

from ftlint.tokens.ranks import encoding

PER_MESSAGE, PER_NAME, PER_EXAMPLE = 3, 1, 3
LIMIT = 16_385

Example = dict[str, Any]


def parse(path: str) -> list[Example]:
    """All examples of a file, in memory."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def faults(examples: list[Example]) -> Counter[str]:
    """How often each of a few plain faults of form stands there."""
    counts: Counter[str] = Counter()
    for example in examples:
        messages = example.get("messages") or []
        roles = [message.get("role") for message in messages]
        counts["no messages"] += not messages
        counts["unknown role"] += any(role not in ("system", "user", "assistant", "tool") for role in roles)
        counts["no answer"] += "assistant" not in roles
        counts["no content"] += any(not message.get("content", "tool_calls" in message) for message in messages)
    return +counts


def describe(title: str, values: list[int]) -> None:
    """Print a distribution."""
    tenths = statistics.quantiles(values, n=10) if len(values) > 1 else [values[0]] * 9
    print(f"{title}: {min(values)} to {max(values)}, mean {statistics.fmean(values):.1f},", end=" ")
    print(f"median {statistics.median(values)}, p10 {tenths[0]:.0f}, p90 {tenths[-1]:.0f}")


def notebook(path: str, name: str) -> None:
    """Parse, look for faults of form, count, and print."""
    encode = partial(encoding(name).encode, disallowed_special=())
    examples = parse(path)
    print(len(examples), "examples", dict(faults(examples)))
    sizes, answers = [], []
    for example in examples:
        total, answer = PER_EXAMPLE, 0
        for message in example["messages"]:
            total += PER_MESSAGE + PER_NAME * ("name" in message)
            total += sum(len(encode(value)) for value in message.values() if isinstance(value, str))
            if message["role"] == "assistant":
                answer += len(encode(message.get("content") or ""))
        sizes.append(total)
        answers.append(answer)
    describe("messages an example", [len(example["messages"]) for example in examples])
    describe("tokens an example", sizes)
    describe("tokens of answers", answers)
    print(sum(size > LIMIT for size in sizes), "too long;", sum(sizes), "tokens")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["notebook", name, path]:
            notebook(path, name)
        case ["parse", path]:
            print(len(parse(path)), "examples")
        case _:
            sys.exit("baseline.py notebook cl100k_base|o200k_base FILE, or baseline.py parse FILE")
