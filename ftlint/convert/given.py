"""What commands that write YAML are given, a path or a URL: its name for people, and where its YAML goes."""

from __future__ import annotations

from pathlib import Path

from ftlint.sources.opening import COMPRESSED, is_local_plain, is_url, shown


def name_of(file: str) -> str:
    """The name of a file for messages: of a URL, neither its user nor its query, which may hold keys."""
    return shown(file)


def is_mended(file: str) -> bool:
    """Whether ``check --fix`` mends files like this one: it is local, and not compressed."""
    return is_local_plain(file)


def yaml_of(file: str) -> Path:
    """Where the YAML of a JSONL file goes: beside it, or of a URL into the current folder."""
    path = Path(shown(file).rpartition("/")[2] if is_url(file) else file)
    plain = path.with_suffix("") if path.suffix in COMPRESSED else path
    return plain.with_name(f"{plain.stem}.ft.yaml")
