"""Where a line of a built file comes from: its example, and the place in the YAML."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args

from ftlint.config import Config
from ftlint.convert import Row, build, configured, content, jobs
from ftlint.errors import FtlintError, UnknownName, UnreadableFile
from ftlint.identity import canonical
from ftlint.locate import locate
from ftlint.model import Position, Route, Split, show_route
from ftlint.sources.opening import shown

_step = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True)
class Origin:
    """The place in the YAML of a built line, or of a value in it; ``note`` says where that is not certain."""

    row: Row
    route: Route
    position: Position
    note: str = ""

    def __str__(self) -> str:
        at = self.position
        return f"{at.path}:{at.line}:{at.column}  ({self.words()})"

    def words(self) -> str:
        """``example refund-damaged, messages[2].content``; an example without an id is named by its number."""
        example = f"example {self.row.example.id or self.row.example.index + 1}"
        return f"{example}, {show_route(self.route)}" if self.route else example


def parse_route(text: str) -> Route:
    """A route as users write it, ``messages[2].content``.

    Raises:
        UnknownName: the text is no route.
    """
    steps, end = list[str | int](), 0
    while end < len(text):
        match = _step.match(text, end)
        if match is None:
            raise UnknownName(f'"{text}" is no place in a record; write it like messages[2].content')
        steps.append(match[1] or int(match[2]))
        end = match.end()
    return tuple(steps)


def route_at(text: str, column: int) -> Route:
    """The innermost value of a line of JSON that has a character at ``column``, from 1."""
    route: Route = ()
    value = json.loads(text)
    while isinstance(value, dict | list):
        for step in value if isinstance(value, dict) else range(len(value)):
            start, stop = locate(text, (*route, step))
            if start < column <= stop:
                break
        else:
            break
        route, value = (*route, step), value[step]
    return route


@dataclass(frozen=True)
class BuiltFile:
    """A built file beside the rows that its sources give today; ``data`` is None where the file is not there."""

    path: str
    rows: list[Row]
    data: bytes | None

    @cached_property
    def fresh(self) -> bool:
        """Whether the file is what its sources give."""
        return self.data == content(self.rows)

    def row(self, number: int) -> tuple[Row, str]:
        """The row of a line, from 1, and a note where that is not certain; an old file's is found by its content.

        Raises:
            UnknownName: there is no such line.
            FtlintError: no example has the content of the line.
        """
        if self.data is None:
            note = f"{self.path} is not there: this is line {number:,} of what its sources give"
            return self.rows[_index(self.path, number, len(self.rows))], note
        if self.fresh:
            return self.rows[_index(self.path, number, len(self.rows))], ""
        wanted = _canonical(_line(self.path, self.data, number))
        row = next((row for row in self.rows if canonical(row.example.record) == wanted), None)
        if row is None:
            raise FtlintError(
                f"{self.path} is not what its sources give today, and no example has the content of line {number:,}: "
                "run `ftlint convert`, or go back to the sources that it was built from"
            )
        return row, f"{self.path} is not what its sources give today: line {number:,} was found by its content"

    def find(self, number: int, route: Route | int = ()) -> Origin:
        """The origin of a line, from 1, or of the value at a route or at a column, from 1.

        Raises:
            UnknownName: there is no such line, or no such place in its record.
            FtlintError: no example has the content of the line.
        """
        row, note = self.row(number)
        if isinstance(route, int):
            route = route_at(content([row]).decode(), route)
        _verify(row.example.record, route)
        return Origin(row, route, row.authored.position(row.example.index, route), note)


def built(output: str, config: Config, sources: Sequence[str] = ()) -> BuiltFile:
    """A built file with its rows: of the sources that are named, else of those that the configuration names.

    Raises:
        UnknownName: no sources are known for the file.
        UnreadableFile: the file or a source cannot be read.
    """
    data = _read(output)
    if not sources:
        return BuiltFile(output, _configured(output, config), data)
    with jobs(sources, output, None, config) as chosen:
        whole = build(chosen[0])
    splits: tuple[Split | None, ...] = (None, *get_args(Split))
    candidates = [BuiltFile(output, whole.of(split), data) for split in splits]
    return next((one for one in candidates if one.fresh), candidates[0])


def is_output(output: str, config: Config) -> bool:
    """Whether the configuration says what the file is built from."""
    return any(_same(output, path) for job in configured(config, strict=False) for path in job.outputs.values())


def _configured(output: str, config: Config) -> list[Row]:
    known = [(job, *item) for job in configured(config, strict=False) for item in job.outputs.items()]
    for job, split, path in known:
        if _same(path, output):
            return build(job).of(split)
    names = ", ".join(path for _, _, path in known)
    raise UnknownName(
        f"ftlint.yaml does not say what {shown(output)} is built from; name its sources with --source FILE.ft.yaml"
        + (f", or one of its outputs: {names}" if names else "")
    )


def _same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def line_of(path: str, number: int) -> str:
    """A line of a JSONL file, from 1, without its end.

    Raises:
        UnknownName: there is no such file or line.
        UnreadableFile: the file cannot be read.
    """
    data = _read(path)
    if data is None:
        raise UnknownName(f"no such file: {path}")
    return _line(path, data, number).decode("utf-8", "replace").rstrip("\r").removeprefix("\ufeff")


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreadableFile(f"{path}: it could not be read: {error.strerror}") from None


def _line(path: str, data: bytes, number: int) -> bytes:
    lines = data.removesuffix(b"\n").split(b"\n") if data else []
    return lines[_index(path, number, len(lines))]


def _index(path: str, number: int, length: int) -> int:
    if not 1 <= number <= length:
        lines = f"{length:,} line{'s' * (length != 1)}"
        raise UnknownName(f"{path} has {lines}, so there is no line {number:,}")
    return number - 1


def _canonical(data: bytes) -> bytes | None:
    try:
        return canonical(json.loads(data))
    except (ValueError, RecursionError):
        return None


def _verify(record: Any, route: Route) -> None:
    """The route leads somewhere, or an error says where it stops."""
    value = record
    for depth, step in enumerate(route):
        steps = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        if step not in steps:
            inside = show_route(route[:depth]) or "the record"
            has = f"has {len(value)} items" if isinstance(value, list) else "has no such key"
            raise UnknownName(f"there is no {show_route(route[: depth + 1])}: {inside} {has}")
        value = value[step]
