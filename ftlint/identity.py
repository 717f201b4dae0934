"""What stands for content: one spelling of a JSON value, and digests that no move or rename changes."""

from __future__ import annotations

import msgspec
from xxhash import xxh3_64_intdigest

_encode = msgspec.json.Encoder(order="sorted").encode


def canonical(data: object) -> bytes:
    """One spelling of a JSON value: UTF-8, keys sorted, no white space."""
    try:
        return _encode(data)
    except (UnicodeEncodeError, OverflowError):
        import json

        text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")


def number(data: bytes) -> int:
    """Eight bytes (XXH3) that stand for ``data``."""
    return xxh3_64_intdigest(data)


def digest(data: bytes) -> str:
    """The same as sixteen hexadecimal digits."""
    return f"{number(data):016x}"


def fingerprint(rule: str, subject: str) -> str:
    """Sixteen hexadecimal digits that stand for a finding: of its rule and what it is about, never of its place."""
    return digest(f"{rule}\0{subject}".encode("utf-8", "surrogatepass"))
