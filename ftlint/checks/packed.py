"""Findings in little memory: those of a rule beyond the first of a file, some twenty bytes each."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ftlint.model import Finding

BLOCK = 1000
"""How many findings are packed together."""

_encode = msgspec.msgpack.Encoder().encode


class Packed:
    """A list of findings that grows at its end: the last ones as they are, those before in compressed blocks.

    A block with a value that MessagePack cannot hold (half of a surrogate pair, a huge number) stays unpacked.
    """

    __slots__ = ("blocks", "least", "tail")

    def __init__(self) -> None:
        self.blocks: list[bytes | list[Finding]] = []
        self.tail: list[Finding] = []
        self.least: dict[str, str] = {}

    def append(self, finding: Finding) -> None:
        path, subject = finding.at.path, finding.subject
        self.least[path] = min(self.least.get(path, subject), subject)
        self.tail.append(finding)
        if len(self.tail) == BLOCK:
            self._pack()

    def merge(self, later: Packed) -> None:
        """Add the findings of later lines."""
        if later.blocks:
            self._pack()
            self.blocks += later.blocks
        for finding in later.tail:
            self.append(finding)
        for path, subject in later.least.items():
            self.least[path] = min(self.least.get(path, subject), subject)

    def _pack(self) -> None:
        if self.tail:
            import zlib

            try:
                self.blocks.append(zlib.compress(_encode(self.tail), 1))
            except (UnicodeEncodeError, OverflowError):
                self.blocks.append(self.tail)
            self.tail = []

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Packed) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Finding]:
        for block in self.blocks:
            yield from _unpacked(block) if isinstance(block, bytes) else block
        yield from self.tail


def _unpacked(block: bytes) -> list[Finding]:
    import zlib

    return msgspec.msgpack.decode(zlib.decompress(block), type=list[Finding])
