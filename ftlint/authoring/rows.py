"""The lines of authored YAML, each with the column that it gets: what the tokens of a text say of its layout."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Literal

from ftlint.authoring.compose import tokens

STEP = 2
CHOMPED_KEYS = frozenset({"user", "assistant", "system", "developer", "preferred", "rejected", "prompt", "completion"})
"""Keys of texts whose final line end is dropped, so that ``|-`` says no more than ``|``."""
DATA_KEYS = frozenset({"args", "calls", "result", "results", "reference", "tools", "meta"})
"""Keys below which YAML is data, where every line end counts."""

_HEADER = re.compile(r"[|>][-+1-9]*")


@dataclass
class Block:
    """A mapping or list in block style: the column of its entries, the one that they get, and the last key."""

    kind: Literal["mapping", "list"]
    old: int
    new: int
    implied: bool = False
    key: str = ""
    entries: int = 0


@dataclass
class Row:
    """A line: its text after ``old`` columns of indentation, and the column that it gets.

    Attributes:
        kind: ``code``; ``rest`` of a value that started above; ``text`` of a block scalar, or ``kept`` where its last
            line ends count too; anything else is a comment or blank.
        opens: whether an example, or a key of the file, starts here that is not the first.
        around: the columns of the blocks around it, old and new, outermost first.
    """

    text: str
    old: int
    new: int | None = None
    kind: Literal["code", "rest", "text", "kept", ""] = ""
    opens: bool = False
    around: list[tuple[int, int]] = field(default_factory=list)


class Layout:
    """Reads the tokens of a text, and notes in its rows where they go.

    Raises:
        yaml.YAMLError: the text is no YAML.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        lines = text.split("\n")
        self.starts = [0, *accumulate(len(line) + 1 for line in lines)]
        self.rows = [Row(line.lstrip(" "), len(line) - len(line.lstrip(" "))) for line in lines]
        self.chomps = "whitespace" not in text
        self.blocks: list[Block] = []
        self.flow = self.line = 0
        self.gap: int | None = None
        self.wants_key = False
        self.edits: list[tuple[int, int, str]] = []
        for token in tokens(text):
            self._read(token)
        self._edit()

    def _read(self, token: Any) -> None:
        name, start = type(token).__name__.removesuffix("Token"), token.start_mark.index
        line = bisect_right(self.starts, start) - 1
        self._pass(line)
        self._close_gap(start, line)
        if name in ("Key", "Value", "BlockEnd") and not self.flow and self.blocks and self.blocks[-1].implied:
            self.blocks.pop()
        if handle := _HANDLERS.get(name):
            handle(self, start - self.starts[min(line, len(self.rows) - 1)])
        if name not in _VIRTUAL:
            self._lead(name, start, line)
        if name == "Scalar":
            self._scalar(token, line)
        if name in ("FlowSequenceEnd", "FlowMappingEnd"):
            self.flow -= 1
        if name in ("BlockEntry", "Value") and not self.flow and token.end_mark.index > start:
            self.gap = token.end_mark.index

    def _pass(self, line: int) -> None:
        """Comments and blank lines before a token know the blocks that they stand in."""
        if line <= self.line:
            return
        around = [(block.old, block.new) for block in self.blocks]
        for row in self.rows[self.line : line]:
            if row.new is None and not row.kind:
                row.around = around
                if self.flow and row.text.strip():
                    row.kind, row.new = "rest", self._shifted(row.old)
        self.line = line

    def _close_gap(self, start: int, line: int) -> None:
        """One space between a dash or colon and what follows it."""
        gap, self.gap = self.gap, None
        if gap is not None and self.starts[line] <= gap < start and not self.text[gap:start].strip():
            self.edits.append((gap, start, " "))

    def _lead(self, name: str, start: int, line: int) -> None:
        """The token that starts a line gives the line its column."""
        row = self.rows[min(line, len(self.rows) - 1)]
        if row.kind or start != self.starts[line] + row.old:
            return
        if self.flow and name not in ("FlowSequenceStart", "FlowMappingStart"):
            row.kind, row.new = "rest", self._shifted(row.old)
            return
        row.kind = "code"
        block = self.blocks[-1] if self.blocks else None
        row.new = 0 if block is None else block.new + (0 if name in ("Key", "BlockEntry", "Value") else STEP)
        if block and name in ("Key", "BlockEntry"):
            example = len(self.blocks) == 2 and block.kind == "list" and self.blocks[0].key == "examples"
            row.opens = block.entries > 1 and (len(self.blocks) == 1 or example)

    def _shifted(self, column: int) -> int:
        block = self.blocks[-1] if self.blocks else Block("mapping", 0, 0)
        return max(0, column + block.new - block.old)

    def push(self, kind: Literal["mapping", "list"], column: int, *, implied: bool = False) -> None:
        new = self.blocks[-1].new + STEP if self.blocks else 0
        self.blocks.append(Block(kind, column, new, implied))

    def entry(self, column: int) -> None:
        if self.flow:
            return
        if not self.blocks or self.blocks[-1].kind != "list":
            self.push("list", column, implied=True)
        self.blocks[-1].entries += 1

    def name(self, _column: int) -> None:
        if not self.flow and self.blocks:
            self.wants_key = True
            self.blocks[-1].entries += 1

    def end(self, _column: int) -> None:
        if self.blocks:
            self.blocks.pop()

    def open(self, _column: int) -> None:
        self.flow += 1

    def _scalar(self, token: Any, line: int) -> None:
        if self.wants_key:
            self.blocks[-1].key, self.wants_key = token.value, False
        elif token.style in ("|", ">"):
            self._block_scalar(token.start_mark.index, line)
        else:
            last = bisect_right(self.starts, max(token.end_mark.index - 1, token.start_mark.index)) - 1
            for row in self.rows[line + 1 : last + 1]:
                row.kind, row.new = "rest", self._shifted(row.old) if self.flow else self._inner()
            self.line = max(self.line, last)

    def _inner(self) -> int:
        return self.blocks[-1].new + STEP if self.blocks else STEP

    def _block_scalar(self, start: int, line: int) -> None:
        """Its header, and its lines: those that are indented enough, and blank ones between them."""
        header = _HEADER.match(self.text, start)
        assert header is not None
        digit = re.search("[1-9]", header[0])
        outer = self.blocks[-1].old if self.blocks else 0
        first = next((row.old for row in self.rows[line + 1 :] if row.text), 0)
        indent = outer + int(digit[0]) if digit else max(first, outer + 1)
        ended = not self.rows[-1].text and self.rows[-1].old <= indent  # what follows the last line end is no line
        below = range(line + 1, len(self.rows) - ended)
        stop = last = line + 1
        for row in map(self.rows.__getitem__, below):
            if row.text and row.old < indent:
                break
            stop += 1
            last = stop if row.text or row.old > indent else last
        keeps = "+" in header[0]
        for row in self.rows[line + 1 : stop if keeps else last]:
            row.text, row.new = " " * (row.old - indent) + row.text, self._inner()
            row.kind = "kept" if keeps else "text"
        self.line = max(self.line, last - 1)
        self.edits.append((*header.span(), self._header(header[0], digit is not None)))

    def _header(self, header: str, digit: bool) -> str:
        """``|-`` becomes ``|`` where the final line end is dropped anyway."""
        keys = [block.key for block in self.blocks if block.kind == "mapping"]
        is_text = bool(keys) and self.blocks[-1].kind == "mapping" and keys[-1] in CHOMPED_KEYS
        chomps = is_text and self.chomps and not DATA_KEYS.intersection(keys)
        chomp = "+" if "+" in header else "-" if "-" in header and not chomps else ""
        return header[0] + str(STEP) * digit + chomp

    def _edit(self) -> None:
        for start, stop, text in reversed(self.edits):
            line = bisect_right(self.starts, start) - 1
            row, at = self.rows[line], self.starts[line] + self.rows[line].old
            row.text = row.text[: start - at] + text + row.text[stop - at :]


_HANDLERS: dict[str, Callable[[Layout, int], None]] = {
    "BlockMappingStart": lambda layout, column: layout.push("mapping", column),
    "BlockSequenceStart": lambda layout, column: layout.push("list", column),
    "BlockEntry": Layout.entry,
    "BlockEnd": Layout.end,
    "Key": Layout.name,
    "FlowSequenceStart": Layout.open,
    "FlowMappingStart": Layout.open,
}
_VIRTUAL = frozenset({"BlockMappingStart", "BlockSequenceStart", "BlockEnd", "StreamStart", "StreamEnd"})
