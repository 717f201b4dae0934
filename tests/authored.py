"""Short names for parts of records, and Hypothesis strategies: authored documents in all spellings of YAML."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from ftlint.authoring.read import Authored, read

Route = tuple[str | int, ...]

_chars = st.sampled_from("ab é#:-'\"\\\u2028\ufeff{[&*|>.\U0001f600")
lines = st.text(_chars, min_size=1, max_size=8)
texts = st.lists(lines | st.just(""), min_size=1, max_size=4).map("\n".join).filter(lambda text: text.strip() != "")
SIMPLE = frozenset("abé\u2028\U0001f600")


@st.composite
def spelled(draw: st.DrawFn, text: str, indent: int) -> str:
    """A text as a YAML scalar in one of its spellings; ``indent`` is the column of the lines that follow."""
    pad = "\n" + " " * indent
    ways = [_escaped(text)]
    words = text.replace("\n", " ").split(" ")
    if all(word and set(word) <= SIMPLE for word in words):
        ways += [_folded(text, pad), f"'{_folded(text, pad)}'", f'"{_folded(text, pad)}"']
    if "\n" not in text:
        ways.append("'" + text.replace("'", "''") + "'")
        ways.append('"' + text.replace("\\", "\\\\").replace('"', '\\"').replace(" b", f"\\{pad} \\ b") + '"')
    rows = text.split("\n")
    if rows[-1].strip(" "):
        header = draw(st.sampled_from(["|", "|-", "|+"])) + " # note" * draw(st.booleans())
        first = next(row for row in rows if row.strip(" "))
        leading = any(row for row in rows[: rows.index(first)])
        if first[0] != " " and not leading:
            ways.append(header + "".join(pad + row if row else "\n" for row in rows))
            if all(set(row[:1]) <= SIMPLE for row in rows):
                ways.append(">" + header[1:] + _folded_block(text, pad))
    return draw(st.sampled_from(ways))


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii="é" in text).replace("\\ud83d\\ude00", "\\U0001f600")


def _folded(text: str, pad: str) -> str:
    """Flow text over several lines: each space a line end, each line end two."""
    return text.replace("\n", "\0").replace(" ", " \t" + pad).replace("\0", "\n" + pad)


def _folded_block(text: str, pad: str) -> str:
    """The lines of a folded block: of the line ends between two lines one more than are meant."""
    body = text.lstrip("\n")
    rows = re.sub("\n+", lambda ends: "\n" + ends[0], body)
    rows = re.sub("(?<=[abé]) (?=[abé])", "\n", rows).split("\n")
    return "\n" * (len(text) - len(body)) + "".join(pad + row if row else "\n" for row in rows)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[Route, str]]:
    """A file of one example, and the texts of its record by route."""
    said = draw(st.lists(texts, min_size=2, max_size=3))
    rows = ["examples:", "  - turns:"]
    for index, text in enumerate(said):
        rows.append(f"      - {('user', 'assistant')[index % 2]}: {draw(spelled(text, 12))}")
    source = "\n".join(rows) + "\n"
    if draw(st.integers(0, 4)) == 0:
        source = "\ufeff" + source
    if draw(st.integers(0, 4)) == 0:
        source = source.replace("\n", "\r\n")
    return source, {("messages", index, "content"): text.removesuffix("\n") for index, text in enumerate(said)}


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def assistant(content: Any, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content, **more}


def call(id_: str, name: str, arguments: str) -> dict[str, Any]:
    return {"id": id_, "type": "function", "function": {"name": name, "arguments": arguments}}


def calls(*made: dict[str, Any]) -> dict[str, Any]:
    return {"role": "assistant", "tool_calls": list(made)}


def result(id_: str, content: str) -> dict[str, Any]:
    return {"role": "tool", "content": content, "tool_call_id": id_}


def image(url: str, **more: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url, **more}}


def text(said: str) -> dict[str, str]:
    return {"type": "text", "text": said}


def taken(folder: Path, source: str) -> Authored:
    """What is read of a file ``a.ft.yaml`` of this content in a folder."""
    return read("a.ft.yaml", str(folder / "a.ft.yaml"), str(folder), given=source)
