"""A script that writes chat JSONL of any size: seeded, streamed, realistic text, and as many faults as asked for.

The text is what every Python carries: its language reference (``pydoc_data``), the docstrings and the source code of
its standard library; an eighth of the examples is in other scripts, from word lists. Equal seeds give equal files on
one version of Python.

    python bench/generate.py --megabytes 100 --faults 0.01 > data.jsonl
"""

from __future__ import annotations

import argparse
import inspect
import json
import random
import re
import sys
import sysconfig
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from words import SCRIPTS

SYSTEM = (
    "You are the assistant of a team that writes Python. Answer from the reference manual where you can, show code "
    "where it helps, and say so when you do not know."
)
ASKS = ("What does this do? ", "Explain, please: ", "Is this right? ", "Why does it say this? ", "Shorten it: ", "")
TURNS, TURN_WEIGHTS = (1, 2, 3, 4), (60, 25, 10, 5)
QUESTION_BYTES, ANSWER_BYTES = 90, 270
OTHER_SCRIPTS, TOOL_USERS = 1 / 8, 1 / 25
TOOL = {
    "type": "function",
    "function": {
        "name": "look_up",
        "description": "Find a name in the reference manual.",
        "parameters": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
    },
}

Example = dict[str, Any]


@cache
def manual() -> tuple[list[str], list[str]]:
    """The lines of the prose and of the code that this Python carries."""
    from pydoc_data.topics import topics

    files = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    code = [file.read_text(encoding="utf-8", errors="ignore") for file in files]
    docstrings = (inspect.cleandoc(found) for text in code for found in re.findall(r'"""(.+?)"""', text, re.DOTALL))
    return _lines((*topics.values(), *docstrings)), _lines(code)


def _lines(texts: Any) -> list[str]:
    lines = (line for text in texts for line in text.expandtabs(4).split("\n"))
    return [line for line in lines if line.isprintable() and any(map(str.isalpha, line))]


class Author:
    """Writes examples; all that is random comes from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def passage(self, size: int) -> str:
        """Some lines of prose or code, about ``size`` bytes."""
        lines = manual()[self.random.random() < 0.35]
        start = stop = self.random.randrange(len(lines))
        while size > 0 and stop < len(lines):
            size -= len(lines[stop]) + 1
            stop += 1
        return "\n".join(lines[start:stop]).strip()

    def foreign(self, script: str, size: int) -> str:
        """Sentences in another script, about ``size`` bytes of UTF-8."""
        words, space, stop = SCRIPTS[script]
        sentences = []
        while size > 0:
            sentence = space.join(self.random.choices(words, k=self.random.randint(5, 14))) + stop
            sentences.append(sentence)
            size -= len(sentence.encode())
        return (space and " ").join(sentences)

    def example(self) -> Example:
        """One sound example of about a kilobyte."""
        script = self.random.choice(list(SCRIPTS)) if self.random.random() < OTHER_SCRIPTS else ""
        messages = [{"role": "system", "content": SYSTEM}]
        for _ in range(self.random.choices(TURNS, TURN_WEIGHTS)[0]):
            ask = "" if script else self.random.choice(ASKS)
            messages.append({"role": "user", "content": ask + self._text(script, QUESTION_BYTES)})
            messages.append({"role": "assistant", "content": self._text(script, ANSWER_BYTES)})
        example: Example = {"messages": messages}
        if self.random.random() < TOOL_USERS:
            self._use_tool(example)
        return example

    def _text(self, script: str, mean: int) -> str:
        size = 20 + int(self.random.expovariate(1 / mean))
        return self.foreign(script, size) if script else self.passage(size)

    def _use_tool(self, example: Example) -> None:
        call = f"call_{self.random.getrandbits(48):012x}"
        arguments = json.dumps({"name": self.passage(10)[:40]})
        function = {"name": "look_up", "arguments": arguments}
        example["messages"][-1:-1] = [
            {"role": "assistant", "tool_calls": [{"id": call, "type": "function", "function": function}]},
            {"role": "tool", "tool_call_id": call, "content": self._text("", ANSWER_BYTES)},
        ]
        example["tools"] = [TOOL]


def _without_answer(example: Example) -> str:
    del example["messages"][-1]
    return dump(example)


def _wrong_role(example: Example) -> str:
    example["messages"][-1]["role"] = "bot"
    return dump(example)


def _extra_key(example: Example) -> str:
    return dump({**example, "id": 7})


def _empty_answer(example: Example) -> str:
    example["messages"][-1]["content"] = ""
    return dump(example)


def _edge_space(example: Example) -> str:
    example["messages"][-1]["content"] += " \n"
    return dump(example)


def _wrong_weight(example: Example) -> str:
    example["messages"][-1]["weight"] = 2
    return dump(example)


def _repeated_user(example: Example) -> str:
    example["messages"].insert(1, {"role": "user", "content": "Hello?"})
    return dump(example)


def _doubled_key(example: Example) -> str:
    return '{"messages": [], ' + dump(example)[1:]


def _cut_short(example: Example) -> str:
    return dump(example)[:-2]


def _trailing_comma(example: Example) -> str:
    return dump(example) + ","


FAULTS: tuple[Callable[[Example], str], ...] = (
    *(_without_answer, _wrong_role, _extra_key, _empty_answer, _edge_space),
    *(_wrong_weight, _repeated_user, _doubled_key, _cut_short, _trailing_comma),
)


def dump(example: Example) -> str:
    """One example as a line without its end."""
    return json.dumps(example, ensure_ascii=False)


def lines(seed: int, faults: float = 0.0) -> Iterator[bytes]:
    """Lines of a dataset without end, of which the share ``faults`` has one fault each; the others do not change."""
    author, vandal = Author(seed), random.Random(seed)
    while True:
        example = author.example()
        text = vandal.choice(FAULTS)(example) if vandal.random() < faults else dump(example)
        yield text.encode() + b"\n"


def main() -> None:
    """Write lines to standard output until there are enough bytes or examples."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--megabytes", type=float, default=1.0, help="stop after so many million bytes")
    parser.add_argument("--examples", type=int, default=sys.maxsize, help="stop after so many examples")
    parser.add_argument("--faults", type=float, default=0.0, help="share of examples with a fault, from 0 to 1")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    left = int(args.megabytes * 1e6)
    for count, line in enumerate(lines(args.seed, args.faults), 1):
        sys.stdout.buffer.write(line)
        left -= len(line)
        if left <= 0 or count >= args.examples:
            return


if __name__ == "__main__":
    main()
