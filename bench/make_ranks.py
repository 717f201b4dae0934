"""A script that rebuilds ``ftlint/tokens/data/*.ranks``: the merge ranks of an encoding, small enough to ship.

Run it with the package ``toktok-rs`` installed, which holds the vocabularies; no network is used. A table is the number
of tokens, the length of each in rank order as one byte, then all their bytes; zlib makes that 0.4 and 1 MB.
``tests/test_counters.py`` proves the result equal to OpenAI's published files.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import toktok

DATA = Path(__file__).parents[1] / "ftlint" / "tokens" / "data"
SIZES = {"cl100k_base": 100_256, "o200k_base": 199_998}


def main() -> None:
    """Write both tables."""
    DATA.mkdir(exist_ok=True)
    for name, size in SIZES.items():
        decode = toktok._encoding(name).decode_single_token_bytes
        tokens = [decode(rank) for rank in range(size)]
        table = size.to_bytes(4, "big") + bytes(map(len, tokens)) + b"".join(tokens)
        (DATA / f"{name}.ranks").write_bytes(zlib.compress(table, 9))


if __name__ == "__main__":
    main()
