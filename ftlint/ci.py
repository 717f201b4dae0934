"""What is known of the repository and of the CI job that ftlint runs in: the root, and the lines under review."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from ftlint.lazy import lazy_pattern

Lines = dict[str, list[range]]
"""Runs of line numbers, by path from the root of the repository."""

PATIENCE = 30
"""Seconds after which git is given up: the order of annotations is not worth more."""

_DIFF = "diff --unified=0 --no-color --no-ext-diff --no-renames --src-prefix= --dst-prefix=".split()
_hunk = lazy_pattern(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_commit = lazy_pattern(r"(?!0+$)[0-9a-f]{40,64}")


def repository(folder: str = ".") -> str:
    """The nearest folder at or above one that holds ``.git``; the folder itself where there is none."""
    start = here = os.path.abspath(folder)
    while not os.path.exists(os.path.join(here, ".git")):
        if here == os.path.dirname(here):
            return start
        here = os.path.dirname(here)
    return here


def changed_lines(environment: Mapping[str, str], root: str) -> Lines:
    """The lines that the event of a GitHub job added or changed; none where that cannot be known.

    The base is that of the pull request, or the commit before the push. It has to be in the clone: a shallow one
    (``fetch-depth: 1``) holds no base.
    """
    import subprocess

    for base in _bases(environment):
        command = ["git", "-C", root, "-c", "core.quotePath=false", *_DIFF, "--end-of-options", f"{base}...HEAD", "--"]
        try:
            done = subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE)  # noqa: S603 - a commit, or a full ref
        except (OSError, subprocess.SubprocessError):
            continue
        return parse_diff(done.stdout.split(b"\n"))
    return {}


def _bases(environment: Mapping[str, str]) -> Iterator[str]:
    import json

    try:
        with open(environment.get("GITHUB_EVENT_PATH", ""), encoding="utf-8") as file:
            event = json.load(file)
        pull_request = event.get("pull_request") or event.get("merge_group") or {}
        known = [(pull_request.get("base") or {}).get("sha"), pull_request.get("base_sha"), event.get("before")]
    except (OSError, ValueError, AttributeError):
        known = []
    yield from (base for base in known if isinstance(base, str) and _commit.fullmatch(base))
    if branch := environment.get("GITHUB_BASE_REF"):
        yield f"refs/remotes/origin/{branch}"


def parse_diff(lines: Iterable[bytes]) -> Lines:
    """The new lines of a diff without context and without prefixes of paths."""
    changed: Lines = {}
    path, skip = "", 0
    for line in lines:
        if skip:
            skip -= not line.startswith(b"\\")
        elif line.startswith(b"+++ "):
            path = line[4:].removesuffix(b"\t").decode("utf-8", "surrogateescape")
        elif hunk := _hunk.match(line):
            removed, first, added = int(hunk[1] or 1), int(hunk[2]), int(hunk[3] or 1)
            skip = removed + added
            if added:
                changed.setdefault(path, []).append(range(first, first + added))
    return changed
