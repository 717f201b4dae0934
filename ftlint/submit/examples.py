"""The examples of files, as they are shown to a model: read once, without a check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from msgspec import Struct

from ftlint.config import Config
from ftlint.model import Source
from ftlint.record import Record
from ftlint.shape import Fault
from ftlint.sources.jsonl import INCLUDED, cut
from ftlint.sources.paths import discover
from ftlint.sources.read import read
from ftlint.sources.sniff import look
from ftlint.submit.chat import written

REQUESTED = ("tools", "parallel_tool_calls")
"""What of a record is asked along with its messages."""


class Conversation(Struct, frozen=True):
    """A conversation up to its last answer.

    Attributes:
        place: ``path:line``.
        messages: as a model is asked them.
        wanted: the answer that the dataset has; empty if it has none.
        more: what else the question holds.
    """

    place: str
    messages: Sequence[Mapping[str, Any]]
    wanted: str
    more: Mapping[str, Any] = {}


@contextmanager
def found(path: str, config: Config) -> Iterator[list[Source]]:
    """The files that a path names: one, those of a folder or a glob, or ``-``.

    Raises:
        UnreadableFile: there is none.
    """
    with discover([path], config) as seen:
        yield [source for dataset in seen.datasets for source in dataset.sources]


def records(sources: Iterable[Source], faults: list[Fault] | None = None) -> Iterator[Record]:
    """The sound records of files; what is wrong with the others goes to ``faults``.

    Raises:
        OSError: a file cannot be read.
    """
    faults = [] if faults is None else faults
    for source in sources:
        if not source.asked:
            continue
        if fault := look(source).fault:
            faults += [fault]
            continue
        for shard in cut(source):
            for block in read(shard):
                faults += [fault for fault in block.faults if not (fault.soft or fault.rule == INCLUDED)]
                yield from block.records


def conversation(record: Record) -> Conversation | None:
    """A record without its last answer; None where that leaves nothing to ask."""
    if record.shape == "completion":
        prompt, completion = record.data["prompt"], record.data["completion"]
        is_text = isinstance(prompt, str) and isinstance(completion, str)
        return Conversation(_place(record), [{"role": "user", "content": prompt}], completion) if is_text else None
    said = [message for _, message in record.messages()]
    answers = [index for index, message in enumerate(said) if message["role"] == "assistant"]
    wanted: Mapping[str, Any] = {}
    if record.shape == "preference":
        wanted = record.data["preferred_output"][0]
    elif answers:
        said, wanted = said[: answers[-1]], said[answers[-1]]
    asked = [{key: value for key, value in message.items() if key != "weight"} for message in said]
    if not asked:
        return None
    more = {key: record.home[key] for key in REQUESTED if record.home.get(key) is not None}
    return Conversation(_place(record), asked, _text(wanted), more)


def _place(record: Record) -> str:
    return f"{record.line.source.path}:{record.line.number}"


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(part.get("text") or part.get("refusal") or "" for part in content)
    return written(content, message.get("tool_calls"))
