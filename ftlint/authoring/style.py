"""One style of authored YAML: indentation and white space change, everything else stays as its author wrote it.

Lines are moved, not made anew: so comments, anchors, quotes and order stay by construction.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from ftlint.authoring.compose import compose
from ftlint.authoring.rows import Layout, Row
from ftlint.errors import UnreadableFile

if TYPE_CHECKING:
    from ftlint.authoring.read import Authored


def styled(text: str, path: str, file: str, root: str) -> str:
    """Authored YAML in ftlint's style, with a proof that it means the same.

    Args:
        text: what the file holds; ``path`` is its name for messages, ``file`` and ``root`` are as ``read`` wants them.

    Raises:
        UnreadableFile: the file has mistakes, or would mean something else.
    """
    from ftlint.authoring.read import read

    text = text.removeprefix("\ufeff")
    before = read(path, file, root, given=text)
    if faults := [fault for fault in before.faults if not fault.soft]:
        place, more = faults[0].place, f" and {len(faults) - 1} more" * (len(faults) > 1)
        where = f"{place.path}:{place.line}:{place.column}"
        raise UnreadableFile(
            f"{where}: {faults[0].rule}{more}: mend that first (`ftlint check` says how), and format it then"
        )
    new = restyle(text)
    after = read(path, file, root, given=new)
    if _meaning(text, before) != _meaning(new, after):
        raise UnreadableFile(
            f"{path} was left as it is: in ftlint's style it would say something else; please report it"
        )
    return new


def _meaning(text: str, authored: Authored) -> object:
    """All that a file says: its examples as they are built, and every value of its YAML, exported or not."""
    examples = [(one.record, one.id, one.split, one.group, one.tags, one.repeat) for one in authored.examples]
    return examples, [fault.rule for fault in authored.faults], _values(compose(text))


def _values(node: Any) -> object:
    """The values of nodes; the final line ends of a block count in its record only."""
    if node is None or node.id == "scalar":
        return node and (node.tag, node.value.rstrip("\n") if node.style in ("|", ">") else node.value)
    parts = chain.from_iterable(node.value) if node.id == "mapping" else node.value
    return node.id, [_values(part) for part in parts]


def restyle(text: str) -> str:
    """Authored YAML in ftlint's style; the same text again for what is in it already.

    Raises:
        yaml.YAMLError: the text is no YAML.
    """
    layout = Layout(re.sub(r"\r\n?", "\n", text))
    rows = layout.rows
    _place_comments(rows)
    new = "".join(f"{line}\n" for line in _spaced(rows))
    counts = rows[-1].kind in ("text", "kept") and not layout.chomps  # a line end that is not there
    return new.removesuffix("\n") if counts else new


def _place_comments(rows: list[Row]) -> None:
    """A comment stands where the entry after it does, or else where the block does that it stood in."""
    below: Row | None = None
    for row in reversed(rows):
        if row.kind == "code":
            below = row
        elif not row.kind and row.text.strip():
            above = [pair for pair in row.around if pair[0] <= row.old] or [(0, 0)]
            alike = [new for old, new in above if old == above[-1][0]]
            column = alike[0 if above[-1][0] == row.old else -1]
            row.new = below.new if below and below.old == row.old else column


def _spaced(rows: list[Row]) -> list[str]:
    """The lines; one blank line at most, and one before each example and each key of the file."""
    lines: list[str] = []
    kept = 0  # up to here, lines are texts whose line ends count
    for row in rows:
        if row.kind in ("text", "kept"):
            lines.append(" " * (row.new or 0) + row.text if row.text else "")
            kept = len(lines) if row.kind == "kept" or row.text else kept
            continue
        line = row.text.rstrip()
        if row.kind == "rest":
            lines.append(" " * (row.new or 0) + line if line else "")
            kept = len(lines)
        elif line:
            if row.opens:
                _part(lines, kept, row.new or 0)
            lines.append(" " * (row.new or 0) + line)
        elif lines and lines[-1]:
            lines.append("")
    while len(lines) > kept and not lines[-1]:
        lines.pop()
    return lines


def _part(lines: list[str], kept: int, column: int) -> None:
    """A blank line before the comments that lead to an entry at a column."""
    at = len(lines)
    while at > kept and re.match(rf" {{{column}}}#", lines[at - 1]):
        at -= 1
    if at and lines[at - 1]:
        lines.insert(at, "")
