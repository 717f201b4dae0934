"""What an image counts, and its size in pixels from the first bytes of a data URL."""

from __future__ import annotations

import binascii
import re
from math import ceil, sqrt

from ftlint.lazy import lazy_pattern
from ftlint.targets.target import ImageRule

HEAD = 1_398_104
"""Base64 characters that are decoded in search of the size: 1 MiB of image."""

ASSUMED = (1024, 1024)
"""The size of an image that cannot be read."""

TILE, PATCH, LARGEST, SHORT = 512, 32, 2048, 768

DATA_URL = lazy_pattern(r"data:image/[\w.+-]+;base64,", re.IGNORECASE)
JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def image_tokens(rule: ImageRule | None, url: str, detail: str) -> tuple[int, bool]:
    """Tokens of an image, and whether they are exact: the size must be known, and the rule count by tiles.

    Source: OpenAI's guide to images and vision (2026-07-15); how a patch count times its multiplier is rounded is not
    said there. Without a rule an image counts nothing.
    """
    if rule is None:
        return 0, False
    size = image_size(url)
    width, height = size or ASSUMED
    if rule.budget:
        return ceil(patches(width, height, rule.budget) * rule.multiplier), False
    if detail == "low":
        return rule.base, True
    return rule.base + rule.tile * tiles(width, height), size is not None


def most_tokens(rule: ImageRule | None) -> int:
    """The most that one image counts."""
    if rule is None:
        return 0
    return ceil(rule.budget * rule.multiplier) if rule.budget else rule.base + 8 * rule.tile


def tiles(width: int, height: int) -> int:
    """Tiles of 512 pixels, once the image fits in 2048 by 2048 and its short side is at most 768."""
    width, height = shrink(width, height, max(width, height), LARGEST)
    width, height = shrink(width, height, min(width, height), SHORT)
    return ceil(width / TILE) * ceil(height / TILE)


def shrink(width: int, height: int, side: int, limit: int) -> tuple[int, int]:
    return (width, height) if side <= limit else (max(1, width * limit // side), max(1, height * limit // side))


def patches(width: int, height: int, budget: int) -> int:
    """Patches of 32 pixels, once the image is shrunk to whole patches within the budget."""
    count = ceil(width / PATCH) * ceil(height / PATCH)
    if count <= budget:
        return count
    scale = sqrt(budget * PATCH * PATCH / (width * height))
    across, down = width * scale / PATCH, height * scale / PATCH
    scale *= min(max(1, int(across)) / across, max(1, int(down)) / down)
    return max(1, min(budget, ceil(round(width * scale) / PATCH) * ceil(round(height * scale) / PATCH)))


def image_size(url: str) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, WEBP or JPEG in a data URL; None for another URL or what cannot be read."""
    match = DATA_URL.match(url)
    if match is None:
        return None
    text = url[match.end() : match.end() + HEAD]
    try:
        data = binascii.a2b_base64(text[: len(text) // 4 * 4])
    except (binascii.Error, ValueError):
        return None
    width, height = sides(data)
    return (width, height) if width > 0 and height > 0 else None


def sides(data: bytes) -> tuple[int, int]:
    """Width and height by the image's own header; zeros if there is none."""
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return number(data[16:20], "big"), number(data[20:24], "big")
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return number(data[6:8]), number(data[8:10])
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return webp(data)
    return jpeg(data) if data[:2] == b"\xff\xd8" else (0, 0)


def webp(data: bytes) -> tuple[int, int]:
    """The three kinds of WEBP: lossy, lossless and extended."""
    if data[12:16] == b"VP8 ":
        return number(data[26:28]) & 0x3FFF, number(data[28:30]) & 0x3FFF
    if data[12:16] == b"VP8L":
        bits = number(data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return (number(data[24:27]) + 1, number(data[27:30]) + 1) if data[12:16] == b"VP8X" else (0, 0)


def jpeg(data: bytes) -> tuple[int, int]:
    """The first frame header among the segments."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        if data[at + 1] in JPEG_SIZES:
            return number(data[at + 7 : at + 9], "big"), number(data[at + 5 : at + 7], "big")
        at += 1 if data[at + 1] == 0xFF else 2 + number(data[at + 2 : at + 4], "big")
    return 0, 0


def number(data: bytes, order: str = "little") -> int:
    return int.from_bytes(data, "big" if order == "big" else "little")
