"""What the tests of rules about texts share: records, what a check points at, and secrets of no account."""

from __future__ import annotations

import json
import pickle
import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ftlint.checks.base import Check, Found
from ftlint.model import Finding, Source
from ftlint.record import Line, Record
from ftlint.shape import examine

TRAIN = Source("train.jsonl", "train.jsonl")
HELD = Source("validation.jsonl", "validation.jsonl", split="validation")
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BODY = "q7Jm2VtXkR9cNf3WbZ8yLhE5uPsD1aGoIxTvCqB4e6Yk"


def record(data: dict[str, Any], shape: Any = "chat", source: Source = TRAIN) -> Record:
    return Record(Line(source, 1, 0, json.dumps(data).encode()), data, shape)


def read(data: Any, number: int = 1) -> Record | None:
    """The record of a line that says so; None if it is unsound."""
    return examine(Line(TRAIN, number, 0, json.dumps(data, ensure_ascii=False).encode())).record


def sound(data: Any) -> Record:
    record = read(data)
    assert record is not None
    return record


def said(answer: Any, asked: str = "Please go on.", **more: Any) -> Record:
    return record({"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": answer, **more}]})


def look(check: Check, seen: Sequence[Record]) -> Found:
    tally = check.start()
    tally.add(seen)
    return tally.found()


def merged(check: Check, seen: list[Record], cuts: list[int], *, left: bool) -> Found:
    """What a check finds in a dataset that was cut, tallied, pickled and merged from the left or from the right."""
    edges = [0, *sorted(cuts), len(seen)]
    tallies = []
    for start, stop in pairwise(edges):
        tally = check.start()
        tally.add(seen[start:stop])
        tallies.append(pickle.loads(pickle.dumps(tally)))
    while len(tallies) > 1:
        at = 0 if left else len(tallies) - 2
        tallies[at].merge(tallies.pop(at + 1))
    return tallies[0].found()  # type: ignore[no-any-return]


def found(check: Check, *records: Record) -> list[Finding]:
    return look(check, records).kept


def marked(check: Check, item: Record) -> list[str]:
    """The characters that each finding points at."""
    texts = {at.route: text for at, _, text in item.texts()}
    return [texts[finding.at.route][slice(*(finding.at.span or (0, 0)))] for finding in found(check, item)]


def github(prefix: str) -> str:
    """A token with a right checksum, made here so that no whole token stands in this file."""
    value, end = zlib.crc32(BODY[:30].encode()), ""
    for _ in range(6):
        value, digit = divmod(value, 62)
        end = BASE62[digit] + end
    return prefix + BODY[:30] + end


JWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
PEM = "-----BEGIN RSA " + "PRIVATE KEY-----"
SECRETS = [
    ("an OpenAI key", "sk-" + BODY),
    ("an OpenAI key", "sk-" + "proj-" + BODY),
    ("an Anthropic key", "sk-" + "ant-api03-" + BODY),
    ("an AWS access key", "AKIA" + "Q3W7ZNPL5RTD2VXK"),
    ("a GitHub token", github("ghp_")),
    ("a GitHub token", github("gho_")),
    ("a GitHub token", "github_" + "pat_" + BODY[:22] + "_" + (BODY + BODY)[:59]),
    ("an npm token", github("npm_")),
    ("a Slack token", "xox" + "b-829163047512-" + BODY[:24]),
    ("a Stripe key", "sk_" + "live_" + BODY[:24]),
    ("a Google API key", "AIza" + BODY[:35]),
    ("a Hugging Face token", "hf_" + "qJmVtXkRcNfWbZyLhEuPsDaGoIxTvCqBeY"),
    ("a JSON Web Token", JWT + "eyJzdWIiOiI0ODIxMyIsInJvbGUiOiJzdXBwb3J0In0." + BODY),
    ("a private key", PEM + "\n" + BODY * 3 + "\n-----END RSA PRIVATE KEY-----"),
    ("a private key", PEM + "\\n" + BODY * 3),
    ("a card number", "4929 7301 8846 2156"),
    ("a card number", "4929-7301-8846-2156"),
    ("an IBAN", "GB52 ZZZZ 0000 0000 1234 56"),
    ("an IBAN", "GB52ZZZZ00000000123456"),
]
