"""Objects behind URLs, by way of fsspec: a listing, a size, and the ranges of bytes that are asked for."""

from __future__ import annotations

import errno
import io
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, BinaryIO

from ftlint.sources.opening import BLOCK, is_compressed, shown

Span = tuple[int, int]
"""Where bytes start and stop."""

KEPT = 8
"""Blocks that a process keeps, as a shard is often read where it was just cut."""

EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs", "http": "http", "https": "http"}
STATUS = {
    401: "it asks for credentials (401)",
    403: "access is denied (403): see whether the credentials are there, still hold, and may read it",
    404: "there is no such object (404)",
    416: "it changed while it was read",
}

_kept: OrderedDict[Hashable, bytes] = OrderedDict()


def open_url(url: str, block: int = BLOCK, span: Span | None = None) -> BinaryIO:
    """An object's bytes: seekable, fetched range by range, where its server takes ranges; else from the start on.

    Args:
        block: how many bytes are fetched at a time.
        span: what will be read, so that no more is fetched of blocks that are not kept.

    Raises:
        OSError: it cannot be read, now or later; the error names no query, user or key.
    """
    with explained(url):
        system, path, info = _looked_up(url)
        length = info.get("size")
        if length is not None and info.get("partial", True) and (length <= BLOCK or _takes_ranges(url)):
            if span and span[1] > length:
                raise OSError(errno.EIO, STATUS[416], shown(url))
            block = BLOCK if is_compressed(url) or length <= BLOCK else block
            remote = system.open(path, "rb", cache_type="none", size=length)
            version = next((info[key] for key in ("ETag", "etag", "Last-Modified") if info.get(key)), object())
            return io.BufferedReader(_Ranges(remote, url, length, block, version, span), min(block, 1 << 20))
        options = {"block_size": 0} if _is_web(url) else {"cache_type": "readahead", "block_size": BLOCK}
        return io.BufferedReader(_Onwards(system.open(path, "rb", **options), url), 1 << 20)


def url_size(url: str) -> int:
    """The bytes of an object, 0 where its server does not say.

    Raises:
        OSError: it cannot be looked up.
    """
    with explained(url):
        return _looked_up(url)[2].get("size") or 0


def listed(url: str, *, pattern: bool) -> list[str]:
    """The URLs of the objects that a pattern means, or that are in a folder: at any depth, on the web those linked.

    Raises:
        OSError: the server cannot be asked, or lists nothing.
    """
    with explained(url):
        system, path = _system(url)
        found = system.glob(path) if pattern else system.find(path, maxdepth=1 if _is_web(url) else None)
        return [str(system.unstrip_protocol(name)) for name in found if not name.endswith("/")]


def is_folder(url: str) -> bool:
    """Whether a URL names a folder: by its last slash, or, where a store tells, by what is there."""
    if url.partition("?")[0].endswith("/") or _is_web(url):
        return url.partition("?")[0].endswith("/")
    with explained(url):
        system, path = _system(url)
        return bool(system.info(path)["type"] == "directory")


def _is_web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


def _system(url: str) -> tuple[Any, str]:
    scheme = url.partition("://")[0].lower()
    extra = EXTRAS.get(scheme)
    mend = f"pip install 'ftlint[{extra}]'" if extra else f"install the fsspec package for {scheme}://"
    try:
        from fsspec.core import url_to_fs

        options = _web_options() if _is_web(url) else {}
        system, path = url_to_fs(url, use_listings_cache=False, **options)
    except ImportError:
        raise OSError(errno.ENOSYS, f"{scheme}:// needs one more package: {mend}", shown(url)) from None
    except ValueError as error:
        if "rotocol" not in str(error):
            raise
        raise OSError(errno.ENOSYS, f"{scheme}:// is no kind of URL that fsspec knows", shown(url)) from None
    return system, path


def _web_options() -> dict[str, Any]:
    """Bytes as they are stored, proxies as the environment names them, and time for large files."""
    from aiohttp import ClientTimeout

    patience = ClientTimeout(total=None, sock_connect=30, sock_read=60)
    return {"headers": {"Accept-Encoding": "identity"}, "client_kwargs": {"trust_env": True, "timeout": patience}}


def _looked_up(url: str) -> tuple[Any, str, dict[str, Any]]:
    system, path = _system(url)
    return system, path, system.info(path)


@lru_cache(maxsize=256)
def _takes_ranges(url: str) -> bool:
    """Whether a server gives a range of a large object, rather than all of it; stores other than the web's do."""
    if not _is_web(url):
        return True
    system, path = _system(url)
    try:
        with system.open(path, "rb", cache_type="none") as remote:
            remote.seek(1)
            return len(remote.read(1)) == 1
    except ValueError:
        return False


class _Onwards(io.RawIOBase):
    """An object that can only be read from its start on."""

    def __init__(self, remote: Any, url: str) -> None:
        self.remote, self.url = remote, url

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        with explained(self.url):
            data = self.remote.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self.remote.close()
        super().close()


class _Ranges(_Onwards):
    """An object of which only the blocks that are asked for are fetched; the last of them are kept, by its version."""

    def __init__(self, remote: Any, url: str, length: int, block: int, version: object, span: Span | None) -> None:
        super().__init__(remote, url)
        self.length, self.block, self.version, self.span, self.at = length, block, version, span, 0

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self.at = offset + (0, self.at, self.length)[whence]
        return self.at

    def readinto(self, buffer: Any, /) -> int:
        start, data = self._fetch()
        found = memoryview(data)[self.at - start : self.at - start + len(buffer)]
        buffer[: len(found)] = found
        self.at += len(found)
        return len(found)

    def _fetch(self) -> tuple[int, bytes]:
        """The block around the place that is read, of the object or else of the span, and where that starts."""
        start, stop = self._block(0, self.length)
        is_kept = (self.url, self.version, start, stop) in _kept
        if self.span and self.span[0] <= self.at < self.span[1] and not is_kept:
            start, stop = self._block(*self.span)
        key = (self.url, self.version, start, stop)
        data = _kept.get(key)
        if data is None:
            with explained(self.url):
                self.remote.seek(start)
                data = bytes(self.remote.read(stop - start)) if stop > start else b""
            if len(data) != stop - start:
                raise OSError(errno.EIO, STATUS[416], shown(self.url))
            _kept[key] = data
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return start, data

    def _block(self, first: int, last: int) -> Span:
        """Where the block that is read starts and stops, if blocks are counted from the ``first`` byte."""
        start = first + (min(self.at, last) - first) // self.block * self.block
        return start, min(start + self.block, last)


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Every failure of a store or server as an OSError in words of our own: theirs may quote keys and signatures."""
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) and error.filename == shown(url):
            raise
        raise OSError(errno.EIO, _reason(error), shown(url)) from None


def _reason(error: BaseException) -> str:
    cause = error.__cause__ or error
    status = getattr(cause, "status", None) or getattr(cause, "code", None)
    name = type(cause).__name__
    if isinstance(status, int):
        return STATUS.get(status, f"the server answered {status}")
    if isinstance(error, PermissionError):
        return STATUS[403]
    if "Credential" in name or "Token" in name:
        return f"credentials are missing or of no use ({name}); for a public S3 bucket set FSSPEC_S3_ANON=true"
    if "Timeout" in name:
        return "the server does not answer in time"
    if any(word in name for word in ("Connect", "Endpoint", "DNS")):
        return f"the server cannot be reached ({name})"
    if isinstance(error, FileNotFoundError):
        return "there is no such object or bucket"
    return f"the server or its client failed ({name})"
