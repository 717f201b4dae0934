"""Calls with the ids that the format generates: ``call_1``, ``call_2``, … within a record."""

from __future__ import annotations

from itertools import groupby

from ftlint.record import Message


def renumbered(messages: list[Message]) -> list[Message]:
    """Messages that mean the same: calls have new ids, and results stand in the order of their calls.

    Results of no call, and of one of two parallel calls with the same id, stay as they are.
    """
    made: list[Message] = []
    ids: dict[str, str] = {}
    count = 0
    for is_result, run in groupby(messages, lambda message: message["role"] == "tool"):
        group = list(run)
        if is_result:
            made += _results(group, ids)
            continue
        for message in group:
            calls = message.get("tool_calls") or []
            numbers = [f"call_{count + index}" for index in range(1, len(calls) + 1)]
            ids = dict(zip((call["id"] for call in calls), numbers, strict=True))
            ids = ids if len(ids) == len(calls) else {}
            renamed = [{**call, "id": number} for call, number in zip(calls, numbers, strict=True)]
            made.append({**message, "tool_calls": renamed} if ids else message)
            count += len(calls)
    return made


def _results(results: list[Message], ids: dict[str, str]) -> list[Message]:
    given = [result["tool_call_id"] for result in results]
    if len(set(given)) < len(given) or not ids.keys() >= set(given):
        return results
    order = list(ids)
    results = sorted(results, key=lambda result: order.index(result["tool_call_id"]))
    return [{**result, "tool_call_id": ids[result["tool_call_id"]]} for result in results]
