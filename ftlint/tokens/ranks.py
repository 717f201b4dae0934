"""The shipped vocabularies, and tiktoken's encodings built from them without a download."""

from __future__ import annotations

import zlib
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tiktoken import Encoding

DATA = Path(__file__).with_name("data")


def ranks(name: str) -> dict[bytes, int]:
    """The rank of each token of ``cl100k_base`` or ``o200k_base``; ``bench/make_ranks.py`` writes the tables."""
    table = zlib.decompress((DATA / f"{name}.ranks").read_bytes())
    start = 4 + int.from_bytes(table[:4], "big")
    ends = accumulate(table[4:start], initial=start)
    return {table[begin:end]: rank for rank, (begin, end) in enumerate(pairwise(ends))}


def specification(name: str, load: Any) -> dict[str, Any]:
    """What tiktoken says of an encoding (pattern, special tokens), read by ``load(url, expected_hash=…)``.

    The function of tiktoken runs as it is, only with another loader, so that nothing of it is copied here.
    """
    from tiktoken_ext.openai_public import ENCODING_CONSTRUCTORS

    constructor = ENCODING_CONSTRUCTORS[name]
    scope = {**constructor.__globals__, "load_tiktoken_bpe": load}
    result: dict[str, Any] = FunctionType(constructor.__code__, scope)()
    return result


@cache
def encoding(name: str) -> Encoding:
    """The encoding as tiktoken has it, from the shipped table."""
    from tiktoken import Encoding

    return Encoding(**specification(name, lambda *_, **__: ranks(name)))
