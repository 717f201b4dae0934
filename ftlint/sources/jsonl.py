"""The reader of JSON Lines: a file is cut into shards of whole records, a shard is read line by line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from xxhash import xxh3_64_intdigest

from ftlint.lazy import lazy_pattern
from ftlint.model import Shard, Source
from ftlint.record import Line
from ftlint.sources.opening import STREAM_END, open_source, read_lines

SHARD_BYTES = 1 << 20
"""Small, as an edit has a whole shard scanned again; smaller ones take longer to merge (``ftlint/cache``)."""
GAP, MOST = 2, 4
"""A shard's end is looked for in its last quarter, and not beyond four times its size."""

MAX_LINE_BYTES = 32 << 20
BLOCK = 1 << 20

HEAD = 64 << 10

INCLUDED = "(included)"
"""The name under which an authored file tells of the files that it is made of; no rule has it."""

_KEYS = rb"(?:messages|prompt|completion|input|(?:non_)?preferred_output|conversations?|instruction|chosen)"
_QUOTE = rb"(?:[\"']|\xe2\x80[\x98-\x9d])"
_opener = lazy_pattern(rb"[ \t]*\{[ \t]*" + _QUOTE + b"?" + _KEYS + _QUOTE + rb"?[ \t]*:")
_other_opener = lazy_pattern(rb"\{[ \t]*" + _QUOTE)
_main_key = lazy_pattern(_QUOTE + _KEYS + _QUOTE + rb"[ \t]*:")


def is_authored(path: str) -> bool:
    """Whether a file is read as authored conversations: YAML of any name that a user or a pattern names."""
    return path.endswith((".yaml", ".yml"))


def opens_record(data: bytes) -> bool:
    """Whether a line starts a record of its own, rather than going on with a damaged one; its first 64 KiB tell.

    A record starts with a key of datasets; or, without indentation, with another key, and holds such a key later.
    """
    if _opener.match(data):
        return True
    return _other_opener.match(data) is not None and _main_key.search(data, 0, HEAD) is not None


def cut(source: Source, size: int = SHARD_BYTES) -> Iterator[Shard]:
    """Cut a file into shards of about ``size`` bytes, each starting where a record starts; at least one shard.

    What can only be read from its start on is one shard.
    What a line holds decides whether a shard may start there, so an edit moves few cuts but those beside it.

    Raises:
        OSError: the file cannot be read.
    """
    if is_authored(source.path):
        yield Shard(source, 0, os.path.getsize(source.file), 1)
        return
    gap = size >> GAP
    with open_source(source.file) as file:
        if not file.seekable():
            yield Shard(source, 0, STREAM_END, 1)
            return
        start, first_line = 0, 1
        while True:
            newlines = _count_newlines(file, size - gap)
            newlines += _seek_cut(file, gap, size * MOST)
            stop = file.tell()
            if stop > start or start == 0:
                yield Shard(source, start, stop, first_line)
            if stop == start:
                return
            start, first_line = stop, first_line + newlines


def _count_newlines(file: BinaryIO, size: int) -> int:
    total = 0
    while size > 0 and (block := file.read(min(size, BLOCK))):
        total += block.count(b"\n")
        size -= len(block)
    return total


def _seek_cut(file: BinaryIO, gap: int, most: int) -> int:
    """Read on to the next record that may start a shard, or the end; how many lines end on the way.

    That is a record of every ``gap`` bytes, whichever its hash chooses, and after ``most`` bytes the first of all.
    """
    newlines, at_start = 0, False
    while block := file.readline(BLOCK):
        chosen = at_start and (most <= 0 or xxh3_64_intdigest(block) * gap < len(block) << 64)
        if chosen and opens_record(block):
            file.seek(-len(block), 1)
            break
        at_start = block.endswith(b"\n")
        newlines += at_start
        most -= len(block)
    return newlines


def lines(shard: Shard) -> Iterator[Line]:
    """The lines of a shard, blank ones included; of a line over ``MAX_LINE_BYTES`` only the first bytes are kept.

    Raises:
        OSError: the file cannot be read.
    """
    size = shard.stop - shard.start
    with open_source(shard.source.file, span=(shard.start, shard.stop)) as file:
        if shard.start:
            file.seek(shard.start)
        if size > MAX_LINE_BYTES:
            yield from _long_lines(shard, file)
            return
        pieces = file.read(size).split(b"\n")
    last = pieces.pop()
    number, offset = shard.first_line, shard.start
    for piece in pieces:
        length = len(piece) + 1
        if piece.endswith(b"\r"):
            yield Line(shard.source, number, offset, piece[:-1], b"\r\n", length)
        else:
            yield Line(shard.source, number, offset, piece, b"\n", length)
        number, offset = number + 1, offset + length
    if last:
        yield Line(shard.source, number, offset, last, b"", len(last))


def _long_lines(shard: Shard, file: BinaryIO) -> Iterator[Line]:
    """The lines of a shard, among which there may be one that is too long to be read."""
    number, offset = shard.first_line, shard.start
    while offset < shard.stop and (data := file.readline(MAX_LINE_BYTES + 1)):
        length, tail = len(data), data[-2:]
        if length > MAX_LINE_BYTES:
            data = data[:BLOCK]
            while not tail.endswith(b"\n") and (rest := file.readline(BLOCK)):
                length, tail = length + len(rest), (tail + rest)[-2:]
        ending = b"\r\n" if tail == b"\r\n" else tail[-1:] if tail.endswith(b"\n") else b""
        yield Line(shard.source, number, offset, data.removesuffix(ending), ending, length)
        number, offset = number + 1, offset + length


def read_line(file: str, offset: int) -> bytes:
    """One line again, by the byte at which it starts, without its end."""
    return next(read_lines(file, [offset], MAX_LINE_BYTES))[1]
