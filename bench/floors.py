"""A script that does the least that a linter must do, and nothing else: what no ``check`` can be faster than.

``decode`` reads a file and decodes each line into typed objects; ``count`` also counts the tokens of all contents with
the fastest exact counter, in two threads.

    python bench/floors.py count cl100k_base data.jsonl
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

BATCH, THREADS = 4096, 2


class Message(msgspec.Struct):
    role: str
    content: str | None = None


class Example(msgspec.Struct):
    messages: list[Message]


def decode(path: str) -> Iterator[Example]:
    """The examples of a file."""
    decoder = msgspec.json.Decoder(Example)
    with open(path, "rb") as file:
        yield from map(decoder.decode, file)


def count(path: str, encoding: str) -> int:
    """The tokens of all contents of a file."""
    import toktok

    batch_count: Any = toktok.batch_count
    contents = (message.content for example in decode(path) for message in example.messages if message.content)
    total = 0
    while batch := list(islice(contents, BATCH)):
        total += sum(batch_count(batch, encoding, THREADS))
    return total


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["decode", path]:
            print(sum(1 for _ in decode(path)), "examples")
        case ["count", name, path]:
            print(count(path, name), "tokens")
        case _:
            sys.exit("floors.py decode FILE, or floors.py count cl100k_base|o200k_base FILE")
