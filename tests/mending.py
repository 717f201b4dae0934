"""Helpers of the tests of fixes: a folder with some files, fixed with all rules; and faults that a fix undoes."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ftlint import api
from ftlint import config as configuration
from ftlint.repair import Fixes
from ftlint.report import Report
from ftlint.testing import TODAY

Files = Mapping[str, bytes]
Data = dict[str, Any]

ALL = api.Options(select=["ALL"], today=TODAY, target="openai/gpt-4o")


class Place:
    """A folder with some files, and what fixes and checks them with all rules."""

    def __init__(self, folder: Path, files: Files, config: str = "") -> None:
        for name, data in files.items():
            (folder / name).write_bytes(data)
        (folder / "ftlint.yaml").write_text(config)
        self.folder, self.names = folder, list(files)
        self.how: Any = {"config": configuration.load(folder / "ftlint.yaml"), "options": ALL}

    @property
    def paths(self) -> list[Path]:
        return [self.folder / name for name in self.names]

    def fix(self, **how: Any) -> Fixes:
        return api.fix(self.paths, **self.how, **how)

    def check(self) -> Report:
        return api.check(self.paths, **self.how)

    def read(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.paths}


def fixed(data: bytes, *, unsafe: bool = False) -> bytes:
    """What a file becomes."""
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name), {"train.jsonl": data})
        place.fix(unsafe=unsafe)
        return place.read()["train.jsonl"]


def talk(data: Data) -> list[Data]:
    """The conversation of a record; nothing of a completion."""
    messages: list[Data] = data.get("messages") or data.get("input", {}).get("messages") or []
    return messages


def shouted_role(data: Data) -> None:
    for message in talk(data):
        message["role"] = f" {message['role'].title()}"


def listed_content(data: Data) -> None:
    for message in talk(data):
        if isinstance(message.get("content"), str):
            message["content"] = [message["content"]]


def object_arguments(data: Data) -> None:
    for message in talk(data):
        for call in message.get("tool_calls", ()):
            call["function"]["arguments"] = json.loads(call["function"]["arguments"])


def edged(data: Data) -> None:
    """White space around the answers that are trained on, where these are texts that say something."""
    for message in talk(data) if "messages" in data else ():
        text = message.get("content")
        if message["role"] == "assistant" and message.get("weight") != 0 and isinstance(text, str) and text.strip():
            message["content"] = f"\n {text}\n"


PLANTS: tuple[Callable[[Data], None], ...] = (shouted_role, listed_content, object_arguments, edged)
"""Faults of a record's values, of which fixing gives the record back."""


def planted(data: Data, plant: Callable[[Data], None]) -> Data:
    spoilt = copy.deepcopy(data)
    plant(spoilt)
    return spoilt


Damage = Callable[[list[bytes]], bytes]


def joined(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


DAMAGES: dict[str, Damage] = {
    "byte-order-mark": lambda lines: b"\xef\xbb\xbf" + joined(lines),
    "crlf-line-end": lambda lines: joined(lines).replace(b"\n", b"\r\n"),
    "blank-line": lambda lines: b"\n".join(line + b"\n \t" for line in lines) + b"\n",
    "missing-final-newline": lambda lines: joined(lines)[:-1],
    "several-objects-on-a-line": lambda lines: b", ".join(lines) + b"\n",
    "json-array-file": lambda lines: b"[\n  " + b",\n  ".join(lines) + b"\n]\n",
    "not-utf8": lambda lines: joined(lines).decode().encode("utf-16"),
    "trailing-comma": lambda lines: joined([line[:-1] + b",}," for line in lines]),
    "unclosed": lambda lines: joined([line[:-1] for line in lines]),
}
"""Damages of a whole file, of which fixing gives the file back, byte for byte."""
