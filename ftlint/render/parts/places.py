"""Where findings stand: in files (paths from the root of the repository, URIs, columns in bytes), or in an option."""

from __future__ import annotations

import os

from ftlint.model import Diagnostic, Position
from ftlint.render.parts.visible import visible

OPTIONS = frozenset({"--target", "--budget"})
"""What stands in the place of a path where the command line is at fault: it has no lines."""

_RESERVED = ":/?#[]@!$&'()*+,;=%"


def from_root(path: str, root: str) -> str:
    """A path from the repository's root, with forward slashes; the whole path where the file lies outside.

    What is no file (an option such as ``--target``, ``<stdin>``, a URL) stays as it is.

    Args:
        path: as the user named it, from the current folder.
        root: the repository's folder; the current one if empty.
    """
    if not _is_file(path):
        return path
    whole = os.path.abspath(path)
    try:
        inside = os.path.relpath(whole, root or os.curdir)
    except ValueError:  # another drive
        inside = os.pardir
    outside = inside.split(os.sep, 1)[0] == os.pardir
    return (whole if outside else inside).replace(os.sep, "/")


def _is_file(path: str) -> bool:
    return path not in OPTIONS and not path.startswith("<") and "://" not in path


def is_placed(at: Position) -> bool:
    """Whether a place is one of a text, with lines and columns."""
    return at.path not in OPTIONS


def place(at: Position) -> str:
    """``path:line:column``, or an option, for people."""
    return f"{visible(at.path)}:{at.line}:{at.column}" if is_placed(at) else at.path


def message(item: Diagnostic) -> str:
    """The words of a finding where its place cannot tell of an option."""
    return item.message if is_placed(item.position) else f"{item.position.path}: {item.message}"


def uri(path: str) -> tuple[str, bool]:
    """The URI reference of a path of ``from_root``, percent-encoded, and whether it is relative to the root."""
    if "://" in path:
        return _quote(path, _RESERVED), False
    drive = path[1:3] == ":/"
    if drive or path.startswith("/"):
        return f"file://{'/' * drive}{_quote(path, '/:' if drive else '/')}", False
    return _quote(path, "/"), True


def _quote(text: str, safe: str) -> str:
    """Percent-encoded UTF-8; bytes of a name that are no UTF-8 stand for themselves."""
    from urllib.parse import quote

    try:
        return quote(text, safe=safe, errors="surrogateescape")
    except UnicodeEncodeError:
        return quote(text, safe=safe, errors="replace")


def byte_columns(at: Position) -> tuple[int, int] | None:
    """The columns of a place counted in bytes of UTF-8, from 1; None where its line is not known."""
    if not at.text:
        return None
    start, stop = at.column - 1, max(at.end_column, at.column) - 1
    before = len(at.text[:start].encode("utf-8", "surrogatepass"))
    return before + 1, before + len(at.text[start:stop].encode("utf-8", "surrogatepass")) + 1
