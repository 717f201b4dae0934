"""ftlint: a linter for fine-tuning datasets, with exact places, exact token counts and exact costs."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ftlint.api import Options, check, fix, load_config
    from ftlint.checks.base import Check, DatasetCheck, Found, LineCheck, RecordCheck, Tally, kind
    from ftlint.config import Config
    from ftlint.cost import auto_epochs, training_cost
    from ftlint.errors import ConfigError, FtlintError, InternalError, UnknownName, UnreadableFile
    from ftlint.fixes import Seen, fixer
    from ftlint.model import Diagnostic, Edit, Finding, Fix, Location, Position, Related, Severity
    from ftlint.pages import Rule
    from ftlint.record import Line, Record
    from ftlint.repair import Fixes
    from ftlint.report import Cost, Report, Summary, TokenSummary
    from ftlint.targets import Price, Target, resolve
    from ftlint.tokens import TokenCount, count_tokens

__version__ = "0.1.0"

_HOMES = {
    "api": ("Options", "check", "fix", "load_config"),
    "checks.base": ("Check", "DatasetCheck", "Found", "LineCheck", "RecordCheck", "Tally", "kind"),
    "config": ("Config",),
    "cost": ("auto_epochs", "training_cost"),
    "errors": ("ConfigError", "FtlintError", "InternalError", "UnknownName", "UnreadableFile"),
    "fixes": ("Seen", "fixer"),
    "model": ("Diagnostic", "Edit", "Finding", "Fix", "Location", "Position", "Related", "Severity"),
    "pages": ("Rule",),
    "record": ("Line", "Record"),
    "repair": ("Fixes",),
    "report": ("Cost", "Report", "Summary", "TokenSummary"),
    "targets": ("Price", "Target", "resolve"),
    "tokens": ("TokenCount", "count_tokens"),
}

__all__ = [
    "Check",
    "Config",
    "ConfigError",
    "Cost",
    "DatasetCheck",
    "Diagnostic",
    "Edit",
    "Finding",
    "Fix",
    "Fixes",
    "Found",
    "FtlintError",
    "InternalError",
    "Line",
    "LineCheck",
    "Location",
    "Options",
    "Position",
    "Price",
    "Record",
    "RecordCheck",
    "Related",
    "Report",
    "Rule",
    "Seen",
    "Severity",
    "Summary",
    "Tally",
    "Target",
    "TokenCount",
    "TokenSummary",
    "UnknownName",
    "UnreadableFile",
    "__version__",
    "auto_epochs",
    "check",
    "count_tokens",
    "fix",
    "fixer",
    "kind",
    "load_config",
    "resolve",
    "training_cost",
]


def __getattr__(name: str) -> Any:
    """Import a public name at its first use, so that ``ftlint --version`` imports nothing."""
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"ftlint.{home}"), name)
    raise AttributeError(f"module 'ftlint' has no attribute {name!r}")
