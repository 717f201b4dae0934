"""Adding ignores with a reason: a comment above each finding in YAML, an entry of ``ftlint.yaml`` for other files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ftlint import baseline, suppress
from ftlint.api import rules
from ftlint.config import NAMES, Config
from ftlint.errors import FtlintError, UnknownName, UnreadableFile
from ftlint.files import write_atomically
from ftlint.model import Diagnostic, Severity
from ftlint.report import Report
from ftlint.sources.globs import Patterns, below
from ftlint.sources.jsonl import is_authored

_PLAIN = re.compile(r"[\w./ -]+")


@dataclass(frozen=True)
class FileEdit:
    """A file as it is to be written, and what is new in it, a line for people each."""

    path: Path
    text: str
    added: tuple[str, ...]


def add(report: Report, config: Config, word: str, reason: str) -> list[str]:
    """Write ignores for the findings of a rule, or for one finding by its fingerprint; says what was added where.

    Raises:
        UnknownName: the word is neither a rule nor the start of a fingerprint that was found.
        FtlintError: a finding cannot be ignored, or a file cannot be written; nothing else was written then.
    """
    reason = " ".join(reason.split())
    found, by_rule = _meant(report, config, word)
    authored = [item for item in found if is_authored(item.position.path)]
    others = [item for item in found if not is_authored(item.position.path)]
    for item in found:
        _refuse(item, config, by_rule=by_rule)
    edits = [
        _commented(path, [item for item in authored if item.position.path == path], reason, config)
        for path in dict.fromkeys(item.position.path for item in authored)
    ]
    if others:
        edits.append(_configured(config, others, reason))
    for edit in edits:
        _write(edit)
    return [line for edit in edits for line in edit.added]


def _meant(report: Report, config: Config, word: str) -> tuple[list[Diagnostic], bool]:
    """The findings that a word names, and whether it is a rule."""
    prints = baseline.placed(item for item in report.diagnostics if item.fingerprint.startswith(word.lower()))
    try:
        name = rules(config).find(word).name
    except UnknownName as error:
        if not prints:
            raise UnknownName(f'{error}; nor has a finding the fingerprint "{word}"') from None
        one = baseline.match(word, prints)
        return [item for item in report.diagnostics if item.fingerprint == one], False
    found = [item for item in report.diagnostics if item.name == name]
    if not found:
        raise FtlintError(f"there is no finding of {name} to ignore")
    return found, True


def _refuse(item: Diagnostic, config: Config, *, by_rule: bool) -> None:
    """Raise if a finding cannot be ignored, or not alone."""
    at = item.position
    if not os.path.isfile(at.path):
        raise FtlintError(f"{item.name} is found in {at.path}, which is no file: switch the rule off in ftlint.yaml")
    rule = rules(config)[item.name]
    if rule.family == "ftlint":
        raise FtlintError(f"{at.path}:{at.line}: {item.name} is about ignores itself: {item.hint}")
    if is_authored(at.path):
        if rule.family == "authoring" and item.severity is Severity.ERROR:
            raise FtlintError(f"{at.path}:{at.line}: {item.name} keeps the example from being built: mend it")
    elif not by_rule:
        raise FtlintError(
            f"{at.path}:{at.line}: a line of JSONL has no room for a comment: `ftlint baseline --accept "
            f"{item.fingerprint} --reason …` accepts this finding, `--add-ignore {item.name}` the rule in all the file"
        )


def _commented(path: str, found: Iterable[Diagnostic], reason: str, config: Config) -> FileEdit:
    """An authored file with a comment above what each finding stands in, unless one above it covers it, too."""
    text = _text(path)
    lines = text.split("\n")
    wanted: dict[int, list[str]] = {}
    covered: dict[str, int] = {}
    for item in sorted(found, key=lambda item: item.position.line):
        if item.position.line > covered.get(item.name, 0):
            line = suppress.statement(lines, item.position.line)
            covered[item.name] = suppress.block_end(lines, line - 1) + 1
            wanted.setdefault(line, []).append(item.name)
    end = "\r" * lines[0].endswith("\r")
    for line, names in sorted(wanted.items(), reverse=True):
        indent = lines[line - 1][: suppress.indent(lines[line - 1])]
        lines.insert(line - 1, f"{indent}# ftlint: ignore[{', '.join(names)}] {reason}{end}")
    new = "\n".join(lines)
    if _meaning(path, text, config) != _meaning(path, new, config) or not _more(path, text, new, wanted.values()):
        raise FtlintError(f"{path}: there is no plain place for a comment: write it yourself, above the example")
    placed = enumerate(sorted(wanted.items()))
    added = (f"{path}:{line + n}: ignores {', '.join(names)}" for n, (line, names) in placed)
    return FileEdit(Path(path), new, tuple(added))


def _text(path: str) -> str:
    try:
        return Path(path).read_bytes().decode()
    except UnicodeDecodeError:
        raise FtlintError(f"{path}: the file is not UTF-8, and no comment can be written into it: mend it") from None


def _meaning(path: str, text: str, config: Config) -> list[object]:
    """The records that are built of an authored text."""
    from ftlint.authoring.read import read

    return [example.record for example in read(path, path, str(config.root), given=text).examples]


def _more(path: str, old: str, new: str, added: Iterable[list[str]]) -> bool:
    """Whether each comment that was added is read as one."""
    before, after = (sum(len(one.rules) for one in suppress.comments(path, text.split("\n"))) for text in (old, new))
    return after - before == sum(map(len, added))


def _configured(config: Config, found: Iterable[Diagnostic], reason: str) -> FileEdit:
    """The configuration with an entry for each rule; it is begun where there is none."""
    from ftlint.config.edit import with_path_ignore

    path = config.path or config.root / NAMES[0]
    files: dict[str, dict[str, None]] = {}
    for item in found:
        files.setdefault(item.name, {}).setdefault(_pattern(item.position.path, config), None)
    shown = os.path.relpath(path).replace(os.sep, "/")
    text = path.read_bytes().decode() if path.exists() else ""
    for name, patterns in files.items():
        text = with_path_ignore(text, shown, name, [*patterns], reason)
    added = (f"{shown}: ignores {name} in {', '.join(patterns)}" for name, patterns in files.items())
    return FileEdit(path, text, tuple(added))


def _pattern(path: str, config: Config) -> str:
    """A pattern that means one file, from the folder of the configuration."""
    from wcmatch import glob

    root = os.path.realpath(config.root)
    inner = below(os.path.realpath(path), root)
    if not inner:
        raise UnreadableFile(f"{path} is outside of {config.root}: its findings can only be accepted in the baseline")
    escaped = str(glob.escape(inner, unix=True))
    pattern = inner if _PLAIN.fullmatch(inner) else escaped
    pattern = pattern if "/" in pattern else f"./{pattern}"
    if not Patterns((pattern,), root, braces=True).cover(os.path.realpath(path)):
        raise FtlintError(f"{path}: no pattern means this name; its findings can only be accepted in the baseline")
    return pattern


def _write(edit: FileEdit) -> None:
    try:
        write_atomically(edit.path, edit.text.encode())
    except OSError as error:
        raise FtlintError(f"{edit.path}: it could not be written: {error.strerror}") from None
