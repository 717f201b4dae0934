"""Compressed files (gzip, Zstandard) as streams of what is in them: never more of it in memory than is asked for."""

from __future__ import annotations

import errno
import gzip
import io
import sys
import zlib
from typing import Any, BinaryIO, cast

BUFFER = 1 << 20
GZIP = b"\x1f\x8b"
ZSTD = b"\x28\xb5\x2f\xfd"
SKIPPABLE = b"\x2a\x4d\x18"
"""The last three bytes of the mark of a Zstandard frame that is passed over, as ``pzstd`` writes (RFC 8878, 3.1.2)."""


def decompressed(compressed: BinaryIO, name: str) -> BinaryIO:
    """What is in a compressed stream, as its first bytes tell; a stream that is not compressed comes back as it is.

    Args:
        compressed: a buffered stream, at its start; closed with the result.
        name: of the file, for errors.

    Raises:
        OSError: the data are damaged or end early (also later, while reading), or a package is missing.
    """
    mark = cast("io.BufferedReader", compressed).peek(4)[:4]
    if mark.startswith(GZIP):
        plain: Any = gzip.GzipFile(fileobj=compressed)
    elif mark == ZSTD or mark[1:] == SKIPPABLE:
        plain = _zstd(name).ZstdFile(compressed)
    else:
        return compressed
    return io.BufferedReader(_Decompressed(plain, compressed, name), BUFFER)


def _zstd(name: str) -> Any:
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
    except ImportError:
        raise OSError(errno.ENOSYS, "Zstandard files need one more package: pip install 'ftlint[zst]'", name) from None
    return zstd


class _Decompressed(io.RawIOBase):
    """The reading end, which says in one kind of error what is wrong with the data."""

    def __init__(self, plain: Any, compressed: BinaryIO, name: str) -> None:
        self.plain, self.compressed, self.name = plain, compressed, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        try:
            data = self.plain.read(len(buffer))
        except Exception as error:
            raise _explained(error, self.name) from None
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self.plain.close()
            self.compressed.close()
        super().close()


def _explained(error: Exception, name: str) -> Exception:
    if isinstance(error, EOFError):
        return OSError(errno.EIO, "its compressed data end early: fetch or write it again", name)
    if isinstance(error, zlib.error | gzip.BadGzipFile) or type(error).__name__ == "ZstdError":
        if "memory" in str(error):
            return OSError(errno.EIO, "it was compressed with a window over 128 MB: write it without --long", name)
        return OSError(errno.EIO, "its compressed data are damaged: fetch or write it again", name)
    return error
