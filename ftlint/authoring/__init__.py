"""Conversations as YAML: read into records with the place of every value, and written back."""

from __future__ import annotations

SUFFIXES = (".ft.yaml", ".ft.yml")


def is_authored(path: str) -> bool:
    """Whether a file is authored YAML by its name."""
    return path.lower().endswith(SUFFIXES)
