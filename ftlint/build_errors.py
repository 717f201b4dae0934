"""The errors that keep authored sources from being built: what a check of them finds, at its place in the YAML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ftlint.authoring.model import AuthoringFault
from ftlint.config import Config
from ftlint.convert import Built
from ftlint.errors import UnreadableFile
from ftlint.model import Diagnostic, Severity
from ftlint.pages import fill
from ftlint.plugins import rules
from ftlint.session import Options, Session
from ftlint.sources.jsonl import SHARD_BYTES

NOT_THE_BUILD = ("cost", "too-few-examples", "wrong-method")
"""What a check says of a dataset or a run rather than of an example: a dataset that still grows can be built."""


def build_errors(built: Iterable[Built], config: Config) -> Iterator[str]:
    """``path:line:column: error[name] message`` for each error, job by job.

    A mistake that keeps an example from being built counts even where the user silenced its rule.

    Raises:
        UnreadableFile: a source cannot be checked at all.
    """
    for one in built:
        report = Session(config, Options(ignore=NOT_THE_BUILD), one.job.sources).run(map, SHARD_BYTES)
        if report.unchecked:
            path, why = report.unchecked[0]
            raise UnreadableFile(f"{path}: {why}")
        found = [item for item in report.diagnostics if item.severity is Severity.ERROR]
        yield from map(_line, found)
        told = {(item.name, item.position.path, item.position.line) for item in found}
        hard = [fault for authored in one.authored for fault in authored.faults if not fault.soft]
        for fault in (*hard, *one.faults):
            if (fault.rule, fault.place.path, fault.place.line) not in told:
                yield _fault(fault, config)


def _line(item: Diagnostic) -> str:
    at = item.position
    return f"{at.path}:{at.line}:{at.column}: error[{item.name}] {item.message}"


def _fault(fault: AuthoringFault, config: Config) -> str:
    place, rule = fault.place, rules(config).get(fault.rule)
    message = fill(rule.message, fault.values) if rule else "this keeps the example from being built"
    return f"{place.path}:{place.line}:{place.column}: error[{fault.rule}] {message}"
