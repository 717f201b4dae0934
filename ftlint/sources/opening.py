"""The one way to the bytes of a source: a local file, a compressed one, or an object behind a URL."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from ftlint.lazy import lazy_pattern

COMPRESSED = (".gz", ".zst")
"""The endings of compressed files."""

STREAM_END = sys.maxsize
"""Where the one shard of a stream stops: its length is known only when it has been read."""

BLOCK = 4 << 20
"""Bytes of one request to a server."""

PLACE_BLOCK = 256 << 10
"""Bytes of one request for a line here and there."""

_url = lazy_pattern(r"[A-Za-z][A-Za-z0-9+.:-]+://")
_user = lazy_pattern(r"(?<!abfs)(?<!abfss)(://)[^/?#]*@")


def is_url(file: str) -> bool:
    """Whether a source is named by a URL (``s3://…``, ``https://…``) rather than by a path."""
    return "://" in file and _url.match(file) is not None


def is_compressed(file: str) -> bool:
    """Whether a source is compressed, by its name."""
    return shown(file).endswith(COMPRESSED)


def is_local_plain(file: str) -> bool:
    """Whether a source is a file of this machine whose bytes are its text: it can be mapped, sought in, written."""
    return not (file.endswith(COMPRESSED) or is_url(file))


def shown(file: str) -> str:
    """A source as it may be shown: a URL without its query and its user, which may hold keys."""
    return _user.sub(r"\1", file).partition("?")[0] if is_url(file) else file


def open_source(file: str, block: int = BLOCK, span: tuple[int, int] | None = None) -> BinaryIO:
    """The bytes of a source from their start, decompressed.

    What is compressed, or on a server that takes no ranges, is not ``seekable``: it is read from its start on.

    Args:
        file: a path or URL.
        block: how many bytes of an object behind a URL are fetched at a time.
        span: where what will be read of it starts and stops, so that no more is fetched.

    Raises:
        OSError: it cannot be read, now or later; its ``strerror`` is for people, its ``filename`` holds no secret.
    """
    if is_local_plain(file):
        return _local(file)
    stream = _remote(file, block, None if is_compressed(file) else span) if is_url(file) else _local(file)
    if not is_compressed(file):
        return stream
    from ftlint.sources.compressed import decompressed

    try:
        return decompressed(stream, shown(file))
    except BaseException:
        stream.close()
        raise


def _local(file: str) -> BinaryIO:
    return open(file, "rb")


def _remote(url: str, block: int, span: tuple[int, int] | None) -> BinaryIO:
    from ftlint.sources.remote import open_url

    return open_url(url, block, span)


def size(file: str) -> int:
    """The bytes that a source takes where it lies (compressed, if it is); 0 where that is not known."""
    try:
        if is_url(file):
            from ftlint.sources.remote import url_size

            return url_size(file)
        return os.path.getsize(file) if os.path.isfile(file) else 0
    except OSError:
        return 0


def read_lines(file: str, offsets: Iterable[int], limit: int) -> Iterator[tuple[int, bytes]]:
    """Lines again, by the bytes at which they start, without their ends: in order, in one pass.

    Raises:
        OSError: the source cannot be read.
    """
    with open_source(file, PLACE_BLOCK) as stream:
        at = 0
        for offset in sorted(set(offsets)):
            if stream.seekable():
                stream.seek(offset)
            else:
                _skip(stream, offset - at)
            line = stream.readline(limit)
            at = offset + len(line)
            yield offset, line.rstrip(b"\r\n")


def _skip(stream: BinaryIO, count: int) -> None:
    while count > 0 and (block := stream.read(min(count, 1 << 20))):
        count -= len(block)
