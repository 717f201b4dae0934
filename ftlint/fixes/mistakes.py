"""What mends the mistakes of authors, by rule, in a file as a whole; and which of its mistakes can be mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ftlint.authoring.model import AuthoringFault
from ftlint.authoring.read import Authored
from ftlint.fixes.draft import Draft, blocks
from ftlint.fixes.dropped import drop_strays, strays
from ftlint.fixes.respelled import ESCAPES, as_utf8, backslashes, double_backslashes, to_utf8
from ftlint.model import Fix, Source

Mend = Callable[[Source, Draft, Callable[[AuthoringFault], bool]], int]

MENDS: dict[str, tuple[Mend, Fix]] = {
    "not-utf8": (to_utf8, Fix("write the file as UTF-8, from Windows-1252")),
    "unknown-key": (drop_strays, Fix("remove the key", safe=False)),
    ESCAPES: (double_backslashes, Fix("write the backslashes that were eaten", safe=False)),
}
"""A mend writes a draft without the mistakes that are not silent, and says how many there were."""


def mendable(authored: Authored, source: Source) -> Iterator[AuthoringFault]:
    """The mistakes in a file that have a fix."""
    for one in strays(authored):
        yield from one.faults
    yield from (fault for fault, _ in backslashes(authored))
    if any(fault.rule == "not-utf8" and fault.place.file == authored.file for fault in authored.faults):
        yield from authored.faults if as_utf8(b"".join(blocks(source.file))) else ()
