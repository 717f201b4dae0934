"""Path ignores written into the text of ``ftlint.yaml``, in its own style; all else stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from ftlint import yamltree
from ftlint.errors import ConfigError
from ftlint.yamltree import Mark

_PLAIN = re.compile(r"[A-Za-z./](?:[\w./ -]*[\w.])?")


def with_path_ignore(text: str, shown: str, rule: str, paths: Sequence[str], reason: str) -> str:
    """The text of a configuration with one more path ignore; ``shown`` is the file's name.

    Raises:
        ConfigError: the file is written in a way that leaves no room for it.
    """
    tree = yamltree.load(text, shown)
    old: dict[str, Any] = tree.data or {}
    entry = {"rule": rule, "paths": list(paths), "reason": reason}
    held = old.get("ignore", [])
    new = _edited(text, tree.marks.get(("ignore",)), [tree.marks.get(("ignore", n)) for n in range(len(held))], entry)
    words = [held] if isinstance(held, str) else held
    if _data(new, shown) != {**old, "ignore": [*words, entry]}:
        raise ConfigError(
            f"{shown}: there is no plain place for another path ignore: write it yourself: {_flow(entry)}"
        )
    return new


def _edited(text: str, at: Mark | None, items: list[Mark | None], entry: dict[str, Any]) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.removeprefix("\ufeff").split("\n")
    if at is None:
        gap = "" if not text.strip() else end * (1 + (not text.endswith("\n")))
        return f"{text}{gap}ignore:{end}" + _block(entry, "  ", end)
    if lines[at.line - 1][at.column - 1 :].startswith("- "):
        last = items[-1] or at
        head, tail = lines[: last.end_line], lines[last.end_line :]
        head[-1] = head[-1].removesuffix("\r") + end.removesuffix("\n")
        return _joined(text, head) + "\n" + _block(entry, " " * (at.column - 1), end) + "\n".join(tail)
    line = lines[at.end_line - 1]
    if line[at.end_column - 2] == "]":
        stop = at.end_column - 2
        before = line[:stop].rstrip()
        lines[at.end_line - 1] = before + ("" if before.endswith(("[", ",")) else ", ") + _flow(entry) + line[stop:]
    else:
        start, stop = at.column - 1, at.end_column - 1
        lines[at.line - 1] = f"{line[:start]}[{line[start:stop]}, {_flow(entry)}]{line[stop:]}"
    return _joined(text, lines)


def _joined(text: str, lines: list[str]) -> str:
    return ("\ufeff" if text.startswith("\ufeff") else "") + "\n".join(lines)


def _data(text: str, shown: str) -> Any:
    try:
        return yamltree.load(text, shown).data
    except ConfigError:
        return None


def _block(entry: dict[str, Any], indent: str, end: str) -> str:
    rows = (f"rule: {entry['rule']}", f"paths: {_list(entry['paths'])}", f"reason: {_scalar(entry['reason'])}")
    return "".join(f"{indent}{'  ' if index else '- '}{row}{end}" for index, row in enumerate(rows))


def _flow(entry: dict[str, Any]) -> str:
    paths, reason = _list(entry["paths"]), json.dumps(entry["reason"], ensure_ascii=False)
    return f"{{rule: {entry['rule']}, paths: {paths}, reason: {reason}}}"


def _list(words: Sequence[str]) -> str:
    return f"[{', '.join(map(_scalar, words))}]"


def _scalar(word: str) -> str:
    """A text as YAML, without quotes where it needs none."""
    plain = _PLAIN.fullmatch(word) and yamltree.load(word, "").data == word
    return word if plain else json.dumps(word, ensure_ascii=False)
