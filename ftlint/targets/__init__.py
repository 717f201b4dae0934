"""What services accept, and what they cost: one data file a provider, read into targets."""

from __future__ import annotations

from ftlint.targets.resolve import DEFAULT, all_targets, resolve, similar
from ftlint.targets.target import ImageRule, Price, Target

__all__ = ["DEFAULT", "ImageRule", "Price", "Target", "all_targets", "resolve", "similar"]
