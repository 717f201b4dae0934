"""The way back: the records of a JSONL file as authored YAML, or a refusal that says what YAML has no place for."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from ftlint.authoring.emit import Text, UnwritableError, mapping, parts
from ftlint.authoring.foreign import translate
from ftlint.authoring.numbering import renumbered
from ftlint.authoring.scalars import is_edged
from ftlint.authoring.turns import Fields, RefusedError, author
from ftlint.errors import UnreadableFile
from ftlint.model import Scalar, Source, show_route
from ftlint.record import INSTRUCTIONS, Line
from ftlint.shape import BOM, Outcome, examine

Say = Callable[[str, Mapping[str, Scalar]], str]
"""Words for the fault of a rule with some values."""

SHARED = (*INSTRUCTIONS, "tools")
SHOWN = 5
SLUG = 40


@dataclass
class Item:
    """One record on its way: where it stood, what it says, and its example with an id and what is left over."""

    place: str
    record: dict[str, Any]
    example: Fields
    name: str = ""
    meta: dict[str, Any] = field(default_factory=dict)


def plainly(rule: str, values: Mapping[str, Scalar]) -> str:
    """The words for a fault where nobody knows the rule's page."""
    return ": ".join([rule, *(str(values[key]) for key in ("reason", "seen") if key in values)][:2])


def author_records(data: bytes, path: str, *, renumber: bool = False, say: Say = plainly) -> str:
    """A JSONL file (or a JSON array of records) as authored YAML.

    Args:
        data: the bytes of the file; ``path`` is its name for messages.
        renumber: calls get new ids, and results the order of their calls.
        say: the words for the faults of records that are not sound.

    Raises:
        UnreadableFile: some records are broken, or hold what the format has no place for; the text names the first.
    """
    items: list[Item] = []
    refused: list[str] = []
    for place, row in _rows(data, path):
        try:
            items.append(_item(place, row, say, renumber=renumber))
        except RefusedError as error:
            refused.append(f"{place}: {error}")
    if refused:
        raise UnreadableFile(_refusal(path, refused, len(items) + len(refused)))
    if not items:
        raise UnreadableFile(f"{path} holds no records: there is nothing to import")
    text = _document(items, path)
    _prove(text, items, path)
    return text


def _prove(text: str, items: list[Item], path: str) -> None:
    """Read the YAML again: it must mean the same records, to the byte.

    Raises:
        UnreadableFile: it does not.
    """
    from ftlint.authoring.read import read
    from ftlint.authoring.write import line

    authored = read(path, path, "", given=text)
    for item, example in zip_longest(items, authored.examples):
        if item is None or example is None or line(example.record) != line(item.record):
            place = item.place if item else "the end"
            what = next((fault.rule for fault in authored.faults if not fault.soft), "another record would come back")
            raise UnreadableFile(f"{path} was not imported: {place} cannot be written as YAML without loss ({what})")


def _rows(data: bytes, path: str) -> Iterator[tuple[str, bytes]]:
    """Each record's text with the words for its place; of an array, its items."""
    data = data.removeprefix(BOM)
    if data.lstrip()[:1] == b"[":
        try:
            values = json.loads(data, object_pairs_hook=_once)
        except (ValueError, RecursionError) as error:
            raise UnreadableFile(f"{path} is neither JSONL nor a JSON array: {error}") from None
        for number, value in enumerate(values, 1):
            yield f"item {number}", json.dumps(value).encode()
        return
    for number, row in enumerate(data.split(b"\n"), 1):
        if row.strip():
            yield f"line {number}", row.removesuffix(b"\r")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, if no key stands in it twice: one of the two would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {json.dumps(twice, ensure_ascii=False)} stands twice in an object")
    return found


def _item(place: str, text: bytes, say: Say, *, renumber: bool) -> Item:
    outcome = _examined(text)
    meta: dict[str, Any] = {}
    if _may_be_foreign(outcome) and text.lstrip()[:1] == b"{" and (foreign := translate(json.loads(text))):
        record, meta = foreign
        outcome = _examined(json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    if outcome.record is None:
        raise RefusedError((), _words(outcome, say))
    record = outcome.record.data
    for message in outcome.record.spoken:
        if "tool_calls" in message and message.get("content") is None:
            message.pop("content", None)  # said in two ways, and converted in one
    home = outcome.record.home
    if renumber and "messages" in home:
        home["messages"] = renumbered(home["messages"])
    name = meta.pop("id") if isinstance(meta.get("id"), str) and _slug(meta["id"]) == meta["id"] else ""
    return Item(place, record, author(record, outcome.record.shape), name, meta)


def _examined(text: bytes) -> Outcome:
    return examine(Line(Source("", ""), 1, 0, text))


def _may_be_foreign(outcome: Outcome) -> bool:
    """A shape that no service takes, or a completion record of messages, as TRL writes it."""
    if record := outcome.record:
        return record.shape == "completion" and not isinstance(record.data["prompt"], str)
    return outcome.faults[0].rule == "wrong-shape"


def _words(outcome: Outcome, say: Say) -> str:
    """Why a line is no sound record, shortly: ``ftlint check`` says it at length."""
    fault = outcome.faults[0]
    route = show_route(fault.finding.at.route)
    if fault.rule == "unknown-role" and fault.finding.values.get("value") == '"developer"':
        what = 'the role "developer" is only for reinforcement records; use "system"'
    else:
        what = say(fault.rule, fault.finding.values)
    return f"{route}: {what}" if route else what


def _refusal(path: str, refused: list[str], total: int) -> str:
    more = f"\n  … and {len(refused) - SHOWN} more" if len(refused) > SHOWN else ""
    many = f"{len(refused):,} of {total:,} records" if total > 1 else "its record"
    head = (
        f"{path} was not imported: {many} cannot be written as YAML without loss (`ftlint check` says more on faults)"
    )
    return "\n  ".join([head, *refused[:SHOWN]]) + more


def _document(items: list[Item], path: str) -> str:
    """The whole YAML."""
    defaults = _defaults(items)
    keep = _keeps({name: defaults[name] for name in INSTRUCTIONS if name in defaults})
    try:
        examples = [_example(name, item, defaults, keep=keep) for name, item in zip(_names(items), items, strict=True)]
        head = [f"defaults:\n{mapping(_kept(defaults, keep=keep), 2, exact=keep)}\n"] if defaults else []
    except UnwritableError as error:
        raise UnreadableFile(f"{path} was not imported: {error}") from None
    examples[0] = "examples:\n" + examples[0]
    return "\n".join(head + examples)


def _kept(fields: Fields, *, keep: bool) -> Fields:
    """With the word to keep white space at the end, so that no text with empty lines at its end comes last."""
    return fields | ({"whitespace": "keep"} if keep else {})


def _example(name: str, item: Item, defaults: Fields, *, keep: bool) -> str:
    """An example in the list; ``keep`` if the defaults say so already."""
    example: Fields = {"id": name}
    for key in SHARED:
        if key in item.example and repr(item.example[key]) != repr(defaults.get(key)):
            example[key] = item.example[key]
        elif key in defaults and key not in item.example:
            example[key] = None
    example |= {key: value for key, value in item.example.items() if key not in SHARED}
    if item.meta:
        example["meta"] = parts(item.meta)
    own = not keep and _keeps(example)
    written = mapping(_kept(example, keep=own), 4, exact=keep or own)
    if written.endswith("\n"):
        written += "\n    whitespace: keep"
    return f"  - {written[4:]}\n"


def _keeps(example: Fields) -> bool:
    return any(is_edged(text) for text in _texts(example))


def _texts(node: Any) -> Iterator[str]:
    """The texts of an example, without its data."""
    if isinstance(node, Text | str):
        yield node.value if isinstance(node, Text) else node
    elif isinstance(node, dict | list):
        for item in node.values() if isinstance(node, dict) else node:
            yield from _texts(item)


def _defaults(items: list[Item]) -> Fields:
    """The system prompt and the tools that most examples share; nothing for one example, or beside completions."""
    if len(items) < 2 or any("prompt" in item.example for item in items):
        return {}
    shared: Fields = {}
    for key in SHARED:
        values = {repr(item.example[key]): item.example[key] for item in items if key in item.example}
        counts = Counter(repr(item.example[key]) for item in items if key in item.example)
        for spelled, count in counts.most_common(1):
            if count * 2 > len(items):
                shared[key] = values[spelled]
    return shared


def _names(items: list[Item]) -> Iterator[str]:
    """An id for each example: its own, else the first words that its user says; all different."""
    taken: set[str] = set()
    numbers = Counter[str]()
    for item in items:
        stem = name = item.name or _slug(_opening(item.example)) or "example"
        while name in taken:
            numbers[stem] += 1
            name = f"{stem}-{numbers[stem] + 1}"
        taken.add(name)
        yield name


def _opening(example: Fields) -> str:
    """The first words of the user, or the prompt."""
    for turn in [example, *example.get("turns", [])]:
        for key in ("user", "prompt"):
            if key in turn:
                return str(turn[key].value)
    return ""


def _slug(text: str) -> str:
    """At most six words of ASCII, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text[:500]).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))[:6]
    while words and len("-".join(words)) > SLUG:
        words.pop()
    return "-".join(words)
