"""Which objects a URL means: one, those that a glob in it matches, or those in a folder of a store."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from msgspec.structs import replace

from ftlint.errors import UnreadableFile
from ftlint.sources.globs import Patterns, natural
from ftlint.sources.jsonl import is_authored
from ftlint.sources.opening import COMPRESSED, shown

DATA = (".jsonl", ".ndjson", *COMPRESSED)
"""Endings of objects that are not asked for before they are read."""


def find(url: str, include: Patterns, exclude: Patterns) -> list[str]:
    """The URLs of the objects, in natural order; patterns of the configuration are seen from the folder.

    Raises:
        UnreadableFile: the store cannot be asked, or the object is authored YAML or named by a chain of URLs.
    """
    if is_authored(shown(url)):
        raise UnreadableFile(
            f"'{shown(url)}' is authored YAML, which may include files beside it: fetch it, and check the copy"
        )
    if "::" in url.partition("://")[0]:
        raise UnreadableFile(f"'{shown(url)}' is a chain of URLs: name the object by one URL, or fetch it")
    try:
        return _find(url, include, exclude)
    except OSError as error:
        raise UnreadableFile(f"cannot look up '{shown(url)}': {error.strerror}") from None


def _find(url: str, include: Patterns, exclude: Patterns) -> list[str]:
    if _has_magic(url):
        from ftlint.sources.remote import listed

        fixed = re.split(r"[*[]", url, maxsplit=1)[0].rpartition("/")[0]
        hidden = "/." in url.removeprefix(fixed)
        found = [one for one in listed(url, pattern=True) if hidden or not _is_hidden(one, fixed)]
        return sorted((one for one in found if not is_authored(one)), key=natural)
    if shown(url).endswith(DATA):
        return [url]
    from ftlint.sources.remote import is_folder, listed

    if not is_folder(url):
        return [url]
    folder = url.rstrip("/")
    take, leave = replace(include, folder=folder), replace(exclude, folder=folder)
    below = [one for one in listed(folder + "/", pattern=False) if not _is_hidden(one, folder) and not is_authored(one)]
    return sorted((one for one in below if take.says(one) and not leave.cover(one)), key=natural)


def _has_magic(url: str) -> bool:
    """Whether the path of a URL is a glob; ``?`` is none, as it begins a query."""
    return any(letter in urlsplit(url).path for letter in "*[")


def _is_hidden(url: str, folder: str) -> bool:
    return "/." in url.removeprefix(folder)
