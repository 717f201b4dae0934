"""What a service has answered before: one JSON object a line, by a digest of the question, only ever appended to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ftlint.errors import FtlintError
from ftlint.submit.ledger import Ledger, append_lines

Entry = Mapping[str, Any]


class AnswerCache:
    """The answers of one kind that a project keeps, so that no question is asked twice."""

    def __init__(self, root: Path, name: str) -> None:
        self.ledger = Ledger(root)
        self.path = self.ledger.folder / f"{name}.jsonl"
        self.known = {str(entry["key"]): entry for entry in self._entries()}

    def _entries(self) -> Iterator[Entry]:
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return
        except OSError as error:
            raise FtlintError(f"{self.path}: what was answered could not be read: {error.strerror}") from None
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue  # what a crash cut off was never written
            if isinstance(entry, dict) and "key" in entry:
                yield entry

    def keep(self, entries: Iterable[tuple[str, Entry]]) -> None:
        """Write answers down by their keys, and wait until they are on the disk.

        Raises:
            FtlintError: they cannot be written; nothing more may be asked.
        """
        new = {key: {"key": key, **entry} for key, entry in entries}
        lines = "".join(json.dumps(entry) + "\n" for entry in new.values())
        try:
            self.ledger.prepare()
            append_lines(self.path, lines.encode())
        except OSError as error:
            raise FtlintError(f"{self.path}: answers could not be written: {error.strerror}; no more asked") from None
        self.known |= new

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among all processes, which would ask the same.

        Raises:
            FtlintError: another process asks, or the lock cannot be had.
        """
        from filelock import FileLock, Timeout

        try:
            self.ledger.prepare()
            with FileLock(self.path.with_suffix(".lock"), timeout=0):
                yield
        except Timeout:
            raise FtlintError(f"another ftlint is asking and writing to {self.path}; wait until it is done") from None
