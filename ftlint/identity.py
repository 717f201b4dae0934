"""What stands for content: one spelling of a JSON value, and digests that no move or rename changes."""

from __future__ import annotations

import json

import msgspec

try:
    from _blake2 import blake2b  # what hashlib has, without the library of OpenSSL, which is slow to load
except ImportError:
    from hashlib import blake2b

_encode = msgspec.json.Encoder(order="sorted").encode


def canonical(data: object) -> bytes:
    """One spelling of a JSON value: UTF-8, keys sorted, no white space."""
    try:
        return _encode(data)
    except (UnicodeEncodeError, OverflowError):
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")


def digest(data: bytes) -> str:
    """Sixteen hexadecimal digits (8 bytes of BLAKE2b) that stand for ``data``."""
    return blake2b(data, digest_size=8).hexdigest()
