"""The files that are not mended, and why: marks and ``--fix`` ask the same question."""

from __future__ import annotations

import os

from ftlint.config import Config
from ftlint.model import Source
from ftlint.sources.opening import is_local_plain, is_url


def uneditable(source: Source) -> str:
    """Why the text of a file cannot be edited, or nothing."""
    if source.copied:
        return "standard input is not fixed: name a file"
    if is_url(source.file):
        return "a file behind a URL is not fixed: copy it first"
    return "" if is_local_plain(source.file) else "a compressed file is not fixed: unpack it first"


def built(source: Source, config: Config | None) -> str:
    """Why a file is mended elsewhere, or nothing."""
    if not (config and config.builds):
        return ""
    from ftlint.convert.origin import is_output

    found = is_output(source.file, config)
    return "it was not fixed: it is built from YAML; fix that, and build it again" if found else ""


def protected(source: Source) -> str:
    """Why a file cannot be written, although there may be something to fix, or nothing."""
    path = os.path.realpath(source.file)
    if not (os.access(path, os.W_OK) and os.stat(path).st_mode & 0o222):  # root may write any file
        return "it was not fixed: it is write-protected"
    if not os.access(os.path.dirname(path), os.W_OK):
        return "it was not fixed: its folder is write-protected, where a new version has to stand before it takes over"
    return ""


def refused(source: Source, config: Config | None) -> str:
    """Why a file is left as it is whatever is found in it, or nothing."""
    return uneditable(source) or (built(source, config) or protected(source) if os.path.exists(source.file) else "")
