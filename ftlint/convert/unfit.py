"""Why a file as a whole cannot be imported, in one sentence; what is wrong with single records is another matter."""

from __future__ import annotations

from ftlint.authoring.importer import Say
from ftlint.model import Source
from ftlint.sources.sniff import HEAD_BYTES, look_at

TAKEN = ("json-array-file", "empty-file")
"""What import reads all the same, or says in its own words."""


def unfit(data: bytes, explain: Say) -> str:
    """Why a file is no JSON Lines and no array of records, or nothing; ``explain`` has the words for a fault of it."""
    seen = look_at(data[:HEAD_BYTES], Source("", ""), whole=len(data) <= HEAD_BYTES)
    if seen.log:
        return "it reads as a log or trace: name a file of examples"
    fault = seen.fault
    return explain(fault.rule, fault.finding.values) if fault and fault.rule not in TAKEN else ""
