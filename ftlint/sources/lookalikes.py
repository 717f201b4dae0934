"""Files that read like authored conversations, beside some that are checked, but that no pattern names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from ftlint.lazy import lazy_pattern
from ftlint.model import Finding, Location, Source
from ftlint.sources.globs import Patterns
from ftlint.sources.jsonl import is_authored

HEAD_BYTES = 4096
USUAL = (".ft.yaml", ".ft.yml")
_examples = lazy_pattern(rb"^examples:[ \t]*(?:#.*)?\r?$", re.MULTILINE)


def lookalikes(sources: Iterable[Source], include: Patterns, exclude: Patterns) -> Iterator[Finding]:
    """A finding for each YAML file beside an authored one that begins with ``examples:`` and is passed over."""
    known = {os.path.realpath(source.path): source.path for source in sources if is_authored(source.path)}
    folders = {os.path.dirname(file): os.path.dirname(path) for file, path in known.items()}
    for folder, shown in sorted(folders.items()):
        for name in sorted(os.listdir(folder) if os.path.isdir(folder) else ()):
            file = os.path.join(folder, name)
            if file in known or not is_authored(name) or name.endswith(USUAL):
                continue
            if include.cover(file) or exclude.cover(file):
                continue
            if _reads_as_authored(file):
                path = f"{shown}/{name}" if shown else name
                yield Finding(Location.of_file(path), name, {"name": name})


def _reads_as_authored(file: str) -> bool:
    try:
        with open(file, "rb") as stream:
            return _examples.search(stream.read(HEAD_BYTES)) is not None
    except OSError:
        return False
