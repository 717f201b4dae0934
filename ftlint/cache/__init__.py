"""The cache: what a run found, and what each of its shards gave, kept by the content that it was found in."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ftlint.model import Source
from ftlint.sources.jsonl import is_authored
from ftlint.sources.opening import is_local_plain

LEAST = 1_000_000
"""From about so many bytes of JSONL on a cache pays; smaller datasets leave no folder behind."""
YAML_WEIGHT = 8
"""How many times as long a byte of authored YAML takes."""


def pays(sources: Iterable[Source]) -> bool:
    """Whether a cache makes the check of some files quicker."""
    if not all(is_local_plain(source.file) for source in sources):
        return False
    sizes = ((os.path.getsize(source.file), is_authored(source.path)) for source in sources)
    return sum(size * (YAML_WEIGHT if authored else 1) for size, authored in sizes) >= LEAST
