"""What records of other tools (ShareGPT, Alpaca, TRL) mean, as records that services train on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ftlint.authoring.turns import RefusedError

Data = dict[str, Any]

SPEAKERS = {
    **dict.fromkeys(("system",), "system"),
    **dict.fromkeys(("human", "user"), "user"),
    **dict.fromkeys(("gpt", "assistant", "chatgpt", "bot", "model"), "assistant"),
}


def translate(data: Data) -> tuple[Data, Data] | None:
    """The record that a foreign one means, and its other keys; None for what is not foreign.

    Raises:
        RefusedError: it announces a shape that it does not keep to.
    """
    if isinstance(data.get("prompt"), list) and "completion" in data and "label" not in data:
        rest = dict(data)
        return _trl_completion(rest), rest
    for keys, read in _SHAPES:
        if keys <= data.keys():
            rest = dict(data)
            return read(rest), rest
    return None


def _sharegpt(data: Data) -> Data:
    """``conversations`` of ``from`` and ``value``, or of messages; ``system`` and ``tools`` (JSON text) beside them."""
    name = "conversations" if "conversations" in data else "conversation"
    turns, calls = _typed(data, name, list), 0
    messages: list[Data] = []
    if data.get("system"):
        messages.append({"role": "system", "content": _typed(data, "system", str)})
    data.pop("system", None)
    if turns and all(isinstance(turn, dict) and "role" in turn for turn in turns):  # a chat under another key
        return {"messages": [*messages, *turns]} | _listed_tools(data)
    for index, turn in enumerate(turns):
        route = (name, index)
        if not isinstance(turn, dict) or not isinstance(turn.get("value"), str) or not {"from", "value"} <= turn.keys():
            raise RefusedError(route, "a turn of ShareGPT has the keys from and value, both texts")
        if extra := turn.keys() - {"from", "value", "weight"}:
            raise RefusedError((*route, min(extra)), "the format has no place for this key")
        who, text = turn["from"], turn["value"]
        if who == "function_call":
            calls += 1
            messages.append(_call(text, calls, route))
        elif who in ("observation", "tool"):
            messages.append({"role": "tool", "content": text, "tool_call_id": f"call_{calls}"})
        elif isinstance(who, str) and who in SPEAKERS:
            weight = {"weight": turn["weight"]} if turn.get("weight") is not None else {}
            messages.append({"role": SPEAKERS[who], "content": text, **weight})
        else:
            raise RefusedError((*route, "from"), f"{json.dumps(who)} is no speaker that is known here")
    return {"messages": messages} | _listed_tools(data)


def _call(text: str, number: int, route: tuple[str, int]) -> Data:
    try:
        call = json.loads(text)
        name, arguments = call["name"], call["arguments"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RefusedError((*route, "value"), "a function_call holds JSON with name and arguments") from None
    arguments = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    function = {"name": name, "arguments": arguments}
    return {
        "role": "assistant",
        "tool_calls": [{"id": f"call_{number}", "type": "function", "function": function}],
    }


def _listed_tools(data: Data) -> Data:
    """The tools of a ShareGPT record: a JSON text or a list, of functions or of tools."""
    tools = data.pop("tools", None)
    try:
        tools = json.loads(tools) if isinstance(tools, str) and tools.strip() else tools
    except (ValueError, RecursionError):
        raise RefusedError(("tools",), "the tools are no JSON") from None
    if not tools:
        return {}
    if not isinstance(tools, list) or not all(isinstance(tool, dict) for tool in tools):
        raise RefusedError(("tools",), "tools are a list of functions")
    return {"tools": [tool if "function" in tool else {"type": "function", "function": tool} for tool in tools]}


def _alpaca(data: Data) -> Data:
    """``instruction``, ``input`` and ``output``; ``system`` and ``history`` as LLaMA-Factory has them."""
    question, answer = _typed(data, "instruction", str), _typed(data, "output", str)
    given, system = data.pop("input", None) or "", data.pop("system", None) or ""
    history = data.pop("history", None) or []
    if not isinstance(given, str) or not isinstance(system, str):
        raise RefusedError((), "input and system of an Alpaca record are texts")
    if not isinstance(history, list) or not all(_is_pair(pair) for pair in history):
        raise RefusedError(("history",), "history is a list of pairs: a question and its answer")
    pairs = [*history, ["\n\n".join(text for text in (question, given) if text), answer]]
    messages = [{"role": "system", "content": system}] if system else []
    for asked, answered in pairs:
        messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    return {"messages": messages}


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(text, str) for text in value)


def _trl_preference(data: Data) -> Data:
    """``prompt``, ``chosen`` and ``rejected``: texts, or messages; the prompt may stand in the answers instead."""
    prompt = _said(data.pop("prompt", None) or [], "user", "prompt")
    good = _said(data.pop("chosen"), "assistant", "chosen")
    bad = _said(data.pop("rejected"), "assistant", "rejected")
    if not (good and bad):
        raise RefusedError(("chosen",), "an answer is missing")
    if good[:-1] == bad[:-1] and good[:-1] and (not prompt or prompt == good[:-1]):
        prompt, good, bad = good[:-1], good[-1:], bad[-1:]
    if not prompt or len(good) != 1 or len(bad) != 1:
        raise RefusedError(("chosen",), "chosen and rejected are not two answers to one prompt")
    return {"input": {"messages": prompt}, "preferred_output": good, "non_preferred_output": bad}


def _trl_completion(data: Data) -> Data:
    """``prompt`` and ``completion`` as messages: a chat in which only the completion is trained on."""
    prompt = _said(data.pop("prompt"), "user", "prompt")
    for message in prompt:
        if message.get("role") == "assistant":
            message.setdefault("weight", 0)
    return {"messages": prompt + _said(data.pop("completion"), "assistant", "completion")}


def _said(value: Any, role: str, name: str) -> list[Data]:
    if isinstance(value, str):
        return [{"role": role, "content": value}]
    if isinstance(value, list) and all(isinstance(message, dict) for message in value):
        return [dict(message) for message in value]
    raise RefusedError((name,), "a text or a list of messages must stand here")


def _typed(data: Data, name: str, kind: type) -> Any:
    value = data.pop(name, None)
    if not isinstance(value, kind):
        raise RefusedError((name,), f"a {'list' if kind is list else 'text'} must stand here")
    return value


_SHAPES: tuple[tuple[set[str], Callable[[Data], Data]], ...] = (
    ({"conversations"}, _sharegpt),
    ({"conversation"}, _sharegpt),
    ({"instruction", "output"}, _alpaca),
    ({"chosen", "rejected"}, _trl_preference),
)
