"""Files that no configuration names, as datasets: those whose names differ only in a split word belong together."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import get_args

from msgspec.structs import replace

from ftlint.lazy import lazy_pattern
from ftlint.model import Dataset, Source, Split

_SPLITS: dict[str, Split] = {
    **dict.fromkeys(("train", "training", "trn"), "train"),
    **dict.fromkeys(("valid", "validation", "val", "dev", "eval"), "validation"),
    "test": "test",
}
ORDER: tuple[Split, ...] = get_args(Split)
_WORD = lazy_pattern(rf"(?<![^\W\d_])(?:{'|'.join(_SPLITS)})(?![^\W\d_])", re.IGNORECASE)
_GAP = "\0"


def inferred(masked: str, sources: Iterable[Source]) -> Dataset:
    """Files whose names differ at most in a split word: ``data/{train,valid}.jsonl``."""
    words = {source: mask(source.path)[1] for source in sources}
    splits = {source: _SPLITS.get(word.lower(), "train") for source, word in words.items()}
    ordered = sorted(words, key=lambda source: ORDER.index(splits[source]))
    alternatives = ",".join(dict.fromkeys(words[source] for source in ordered))
    name = masked.replace(_GAP, f"{{{alternatives}}}") if len(ordered) > 1 else ordered[0].path
    return Dataset(name, tuple(replace(source, dataset=name, split=splits[source]) for source in ordered))


def mask(path: str) -> tuple[str, str]:
    """A path with its split word cut out, and the word: the last one of the name, or else the whole folder's name."""
    *above, folder, name = ["", *path.split("/")]
    stem, suffix = posixpath.splitext(name)
    found = [*_WORD.finditer(stem)]
    word = found[-1].group() if found else folder
    if word.lower() not in _SPLITS:
        return path, ""
    if found:
        name = stem[: found[-1].start()] + _GAP + stem[found[-1].end() :] + suffix
    if _SPLITS.get(folder.lower()) == _SPLITS[word.lower()]:
        folder = _GAP
    return "/".join([*above, folder, name]).removeprefix("/"), word
