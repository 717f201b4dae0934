"""Hypothesis strategies: sound records of every shape, damaged lines, and whole files of both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from ftlint.record import Message

Data = dict[str, Any]

words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9).filter(lambda word: "xxx" not in word)
"""Words of no meaning; ``xxx`` has one: it is a placeholder, of which a rule rightly tells."""
plain = st.lists(words, min_size=1, max_size=6).map(" ".join)
"""Text that no rule has anything to say about."""

wild = st.one_of(
    plain, st.text(min_size=1, max_size=40), st.sampled_from(["\u2028", "a\u0085b", "C:\temp", "<|endoftext|>"])
)
"""Any text at all, of whole characters."""

identifiers = st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True)
URLS = ("https://example.com/a.png", "data:image/png;base64,iVBORw0KGgo=")


def optional(draw: st.DrawFn, data: Data, **choices: st.SearchStrategy[Any]) -> Data:
    """The data with some of the optional keys."""
    return data | {key: draw(values) for key, values in choices.items() if draw(st.booleans())}


@st.composite
def images(draw: st.DrawFn) -> Data:
    image = optional(draw, {"url": draw(st.sampled_from(URLS))}, detail=st.sampled_from(["auto", "low", "high"]))
    return {"type": "image_url", "image_url": image}


@st.composite
def contents(draw: st.DrawFn, texts: st.SearchStrategy[str], *, pictures: bool = False) -> str | list[Data]:
    """A string, or parts: at least one text, and for a user perhaps images."""
    if draw(st.integers(0, 3)):
        return draw(texts)
    parts = [{"type": "text", "text": text} for text in draw(st.lists(texts, min_size=1, max_size=2))]
    return parts + (draw(st.lists(images(), max_size=2)) if pictures else [])


@st.composite
def said(draw: st.DrawFn, role: str, texts: st.SearchStrategy[str]) -> Message:
    message = {"role": role, "content": draw(contents(texts, pictures=role == "user"))}
    return optional(draw, message, name=identifiers) if draw(st.integers(0, 3)) == 0 else message


@st.composite
def used_tools(draw: st.DrawFn, texts: st.SearchStrategy[str], tools: list[str], turn: int) -> list[Message]:
    """An assistant's call or parallel calls, and the answer of each tool in any order."""
    calls = [
        {
            "id": f"call_{turn}_{index}",
            "type": "function",
            "function": {"name": draw(st.sampled_from(tools)), "arguments": json.dumps({"query": draw(texts)})},
        }
        for index in range(draw(st.integers(1, 3)))
    ]
    message: Message = {"role": "assistant", "tool_calls": calls}
    if draw(st.booleans()):
        message["content"] = draw(st.none() | texts)
    results = [{"role": "tool", "tool_call_id": call["id"], "content": draw(texts)} for call in calls]
    return [message, *draw(st.permutations(results))]


@st.composite
def prompts(draw: st.DrawFn, texts: st.SearchStrategy[str], tools: list[str]) -> list[Message]:
    """A conversation that the assistant has yet to answer."""
    messages: list[Message] = []
    if draw(st.booleans()):
        messages.append(draw(said("system", texts)))
    for turn in range(draw(st.integers(0, 2))):
        messages.append(draw(said("user", texts)))
        if draw(st.booleans()) and tools:
            messages += draw(used_tools(texts, tools, turn))
        messages.append(draw(said("assistant", texts)))
    return [*messages, draw(said("user", texts))]


@st.composite
def toolkits(draw: st.DrawFn) -> list[Data]:
    names = draw(st.lists(identifiers, max_size=2, unique=True))
    parameters = {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}
    functions = [optional(draw, {"name": name, "parameters": parameters}, description=plain) for name in names]
    return [{"type": "function", "function": function} for function in functions]


@st.composite
def chats(draw: st.DrawFn, texts: st.SearchStrategy[str] = plain) -> Data:
    """A supervised record: tools, parallel calls, parts, images, names, weights."""
    tools = draw(toolkits())
    messages = draw(prompts(texts, [tool["function"]["name"] for tool in tools]))
    answer = optional(draw, draw(said("assistant", texts)), weight=st.just(1))
    for message in messages:
        if message["role"] == "assistant" and draw(st.integers(0, 3)) == 0:
            message["weight"] = draw(st.sampled_from([0, 1]))
    data: Data = {"messages": [*messages, answer]}
    return optional(draw, data | {"tools": tools}, parallel_tool_calls=st.booleans()) if tools else data


@st.composite
def preferences(draw: st.DrawFn, texts: st.SearchStrategy[str] = plain) -> Data:
    good, bad = draw(st.lists(texts, min_size=2, max_size=2, unique_by=str.strip))
    return {
        "input": {"messages": draw(prompts(texts, []))},
        "preferred_output": [{"role": "assistant", "content": good}],
        "non_preferred_output": [{"role": "assistant", "content": bad}],
    }


@st.composite
def reinforcements(draw: st.DrawFn, texts: st.SearchStrategy[str] = plain) -> Data:
    messages = draw(prompts(texts, []))
    for message in messages:
        message["role"] = {"system": "developer"}.get(message["role"], message["role"])
    return {"messages": messages, "reference": draw(texts | st.integers() | st.lists(texts, max_size=2))}


@st.composite
def completions(draw: st.DrawFn, texts: st.SearchStrategy[str] = plain) -> Data:
    return optional(draw, {"prompt": draw(texts), "completion": draw(texts)}, label=st.booleans())


def records(texts: st.SearchStrategy[str] = plain) -> st.SearchStrategy[Data]:
    """A sound record of any shape."""
    return st.one_of(chats(texts), preferences(texts), reinforcements(texts), completions(texts))


@st.composite
def spelled(draw: st.DrawFn, data: st.SearchStrategy[Any]) -> bytes:
    """A value as one line of JSON, in one of its spellings."""
    separators = draw(st.sampled_from([(",", ":"), (", ", ": ")]))
    return json.dumps(draw(data), ensure_ascii=draw(st.booleans()), separators=separators).encode()


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key or index) inside a value."""
    steps: Any = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for step in steps:
        yield value, step
        yield from places(value[step])


ODD: tuple[Any, ...] = (None, True, 0, 1.5, "", "assistnat", [], {}, "user", {"type": "text"}, [{"role": "user"}])


@st.composite
def faulty(draw: st.DrawFn) -> Data:
    """A record in which one value was dropped, replaced or joined by another key: JSON still, but perhaps not sound."""
    data = draw(records(wild))
    home, step = draw(st.sampled_from(list(places(data))))
    if draw(st.booleans()):
        home[step] = draw(st.sampled_from(ODD))
    elif isinstance(home, dict) and draw(st.booleans()):
        home[draw(words)] = home.pop(step)
    else:
        del home[step]
    return data


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A line in which some bytes were cut out and others put in their place."""
    line = draw(spelled(records(wild)))
    start = draw(st.integers(0, len(line)))
    stop = start + draw(st.integers(0, 9))
    patches = st.sampled_from(
        [b'"', b"\\", b"{", b"}", b",", b"\xff", b"\\ud800", b"'", b"\x00", b"NaN", b'{"messages":']
    )
    return line[:start] + draw(patches | st.binary(max_size=4)) + line[stop:]


damaged = st.one_of(st.binary(max_size=60), mutated(), spelled(faulty()))
"""A line that may be anything; it may hold line ends too."""

lines = st.one_of(spelled(records(wild)), damaged)

JUMBLES = (
    b"",
    b"{",
    b"[",
    b"[1]",
    b"{\n",
    b"{}",
    b"null",
    b"{'a': 1}",
    b"\r",
    b" ",
    b'{"messages": [',
    b"version https://git",
)


@st.composite
def files(draw: st.DrawFn, of: st.SearchStrategy[bytes] = lines, max_size: int = 5) -> bytes:
    """Lines with mixed ends, perhaps a byte order mark, perhaps no last line end."""
    ends = st.sampled_from([b"\n", b"\n", b"\r\n", b"\n\n"])
    rows = draw(st.lists(of | st.sampled_from(JUMBLES), max_size=max_size))
    text = b"".join(row + draw(ends) for row in rows)
    text = text.removesuffix(b"\n") if draw(st.booleans()) else text
    return (b"\xef\xbb\xbf" if draw(st.integers(0, 4)) == 0 else b"") + text
