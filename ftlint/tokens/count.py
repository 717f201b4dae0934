"""Counts of records: gathered, counted in one batch, and summed by role; and a bound that needs no counter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct

from ftlint.lazy import lazy_pattern
from ftlint.targets import Target, all_targets, resolve
from ftlint.tokens.counters import Counter
from ftlint.tokens.custom import counter_of
from ftlint.tokens.gather import A_MESSAGE, A_REPLY, Gathered, gather
from ftlint.tokens.images import most_tokens

NOT_BILLED = 2
"""Tokens of a chat example that the estimate has and the bill has not (one real job: 4,445 for 13 examples)."""

FEWEST_BYTES = 40
"""Added to every bound: the framing of tools can outweigh their JSON where that is tiny."""

WIDEST = 6
"""How many times longer a vocabulary's own normalisation may make a text (U+FDFA: 3 bytes become 18 letters)."""

ESCAPED_LETTER = lazy_pattern(rb"\\u00[4-7]")


class TokenCount(Struct, frozen=True):
    """The tokens of a record.

    Attributes:
        total: the estimate of OpenAI's cookbook: framing, texts, tools and images.
        exact: whether published counts confirm every rule that was used, and the vocabulary is the model's own.
        by_role: tokens of what each role says (content, calls, images), without framing; names and tools are framing.
            ``total - sum(by_role.values())`` is the framing: 3 a message, its role, its name and 1, 3 once, and tools.
        billed: tokens that one epoch is charged for, before the model's ``max_tokens`` cuts the example.
    """

    total: int
    exact: bool
    by_role: dict[str, int]
    billed: int


def count_tokens(record: Mapping[str, Any], target: Target | str | None = None) -> TokenCount:
    """The tokens of one record of any shape (chat, preference, reinforcement, completion); never raises on JSON."""
    return count_records((record,), target)[0]


def count_records(
    records: Sequence[Mapping[str, Any]], target: Target | str | None = None, size: int = 0
) -> list[TokenCount]:
    """The tokens of many records at once; ``size``, bytes of all that will be counted, picks a counter."""
    chosen = target if isinstance(target, Target) else resolve(target)
    return count_gathered([gather(record, chosen) for record in records], counter_of(chosen, size))


def count_gathered(batch: Sequence[Gathered], by: Counter) -> list[TokenCount]:
    """The tokens of gathered records, all their texts counted in one call, and what several say (tools) once."""
    texts = list({text: None for found in batch for text in found.texts})
    counts = dict(zip(texts, by.count_all(texts), strict=True))
    return [summed(found, [counts[text] for text in found.texts]) for found in batch]


def count_turns(chats: Sequence[list[str]], target: Target, size: int = 0) -> list[TokenCount]:
    """The tokens of chats of a user and an assistant in turn, perhaps after a system prompt, from their texts alone.

    A quicker ``count_records`` for what most records are.
    """
    result, exact = [], turns_exact(target)
    for chat, (prompt, *others) in zip(chats, _turn_counts(chats, target, size), strict=True):
        by_role = {"user": sum(others[::2]), "assistant": sum(others[1::2])}
        if len(chat) % 2:
            by_role = {"system": prompt, **by_role}
        total = sum(by_role.values()) + len(chat) * (A_MESSAGE + 1) + A_REPLY
        result.append(TokenCount(total, exact, by_role, total - NOT_BILLED))
    return result


def turns_exact(target: Target) -> bool:
    """Whether the counts of such chats are exact."""
    return target.encoding_exact and not target.tokenizer


def turn_totals(chats: Sequence[list[str]], target: Target, size: int = 0) -> list[int]:
    """The totals of ``count_turns`` alone, without what each role says."""
    each = zip(chats, _turn_counts(chats, target, size), strict=True)
    return [sum(counts) + len(chat) * (A_MESSAGE + 1) + A_REPLY for chat, counts in each]


def _turn_counts(chats: Sequence[list[str]], target: Target, size: int) -> Iterator[list[int]]:
    """The tokens of each chat's system prompt, 0 without one, and of its turns; what opens many is counted once."""
    openings = [chat[0] if len(chat) % 2 else "" for chat in chats]
    prompts = list(dict.fromkeys(openings))
    texts = prompts + [text for chat in chats for text in chat[len(chat) % 2 :]]
    counts = counter_of(target, size).count_all(texts) if texts else []
    prompt_counts = dict(zip(prompts, counts, strict=False))
    start = len(prompts)
    for chat, opening in zip(chats, openings, strict=True):
        stop = start + len(chat) // 2 * 2
        yield [prompt_counts[opening], *counts[start:stop]]
        start = stop


def summed(found: Gathered, counts: list[int]) -> TokenCount:
    by_role = dict(found.images)
    total = found.overhead + sum(by_role.values())
    for role, count in zip(found.roles, counts, strict=True):
        total += count
        if role:
            by_role[role] = by_role.get(role, 0) + count
    return TokenCount(total, found.exact, by_role, max(0, total - NOT_BILLED) if found.chat else total)


def bound(data: bytes, target: Target | None = None) -> int:
    """At least the tokens of the record that is the JSON line ``data``, from its bytes alone.

    A token is a byte or more, and the framing is less than the JSON around the texts; only images and enumerations of
    numbers count more than they are long. Without a target images are taken at the dearest rule.
    """
    result = len(data) + FEWEST_BYTES
    hidden = len(ESCAPED_LETTER.findall(data)) if b"\\u00" in data else 0
    if images := data.count(b"image_url") + hidden:
        result += images * (dearest_image() if target is None else most_tokens(target.images))
    if hidden or b"enum" in data:
        result += data.count(b",")
    return result * WIDEST if target is not None and target.tokenizer else result


@cache
def dearest_image() -> int:
    """The most that an image counts in any model."""
    return max(most_tokens(target.images) for target in all_targets())
