"""Answers of the OpenAI server of the tests: whole, or streamed as server-sent events, held to the package's types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import flask
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai_state import CREATED, Data, told

PIECE = 4
"""Characters of an answer that an event holds."""


def completion(server: Any, data: Data) -> Data | flask.Response:
    """What ``server.reply`` says."""
    server.state.model(data["model"])
    text = server.reply(data["model"], data["messages"])
    asked, answered = len(json.dumps(data["messages"])) // 4, len(text) // 4 + 1
    usage = {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}
    head = {"id": server.state.number("chatcmpl-"), "created": CREATED, "model": data["model"]}
    if data.get("stream"):
        wants_usage = (data.get("stream_options") or {}).get("include_usage")
        return flask.Response(events(head, text, usage if wants_usage else None), mimetype="text/event-stream")
    said = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "logprobs": None, "message": said}
    return told(ChatCompletion, {**head, "object": "chat.completion", "choices": [choice], "usage": usage})


def events(head: Data, text: str, usage: Data | None) -> Iterator[bytes]:
    """The role, the text piece by piece, why it ends, what it costs, and the end."""
    deltas: list[Data] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": text[at : at + PIECE]} for at in range(0, len(text), PIECE)]
    choices = [[{"index": 0, "delta": delta, "finish_reason": None}] for delta in deltas]
    choices.append([{"index": 0, "delta": {}, "finish_reason": "stop"}])
    chunks: list[Data] = [{"choices": one} for one in choices]
    if usage:
        chunks.append({"choices": [], "usage": usage})
    for chunk in chunks:
        data = told(ChatCompletionChunk, {**head, "object": "chat.completion.chunk", **chunk})
        yield f"data: {json.dumps(data)}\n\n".encode()
    yield b"data: [DONE]\n\n"
