"""The checks of texts that were damaged on their way into the file: eaten escapes and mojibake."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ftlint.batch import Batch
from ftlint.checks.base import kind
from ftlint.checks.content import Hit, short
from ftlint.checks.sieve import SievedCheck, WordCheck
from ftlint.lazy import lazy_pattern
from ftlint.model import Finding
from ftlint.record import Record
from ftlint.sources.jsonl import is_authored

CONTROLS = {
    "\a": ("a", "bell"),
    "\b": ("b", "backspace"),
    "\t": ("t", "tab"),
    "\n": ("n", "line break"),
    "\v": ("v", "vertical tab"),
    "\f": ("f", "form feed"),
    "\r": ("r", "carriage return"),
}
"""Control characters by the letter of their escape, and their names."""

_AFTER_N = ("abla", "eq", "otin", "ewcommand", "ewline")
_SIGNS = frozenset(CONTROLS.keys() - "\n" | {f"\n{rest}" for rest in _AFTER_N})
_END = r"(?![A-Za-z])"
_EATEN = {
    "\a": rf"\a(?:lpha|pprox|ngle|st|rg|rc(?:cos|sin|tan)|leph){_END}",
    "\b": r"(?<!\x08)\x08(?!\x08)[A-Za-z]*",
    "\t": rf"\t(?:imes|heta|herefore|riangle|(?:ilde|frac|ext(?:bf|it|rm|sf|tt)?)(?=\{{)|au(?=[_^}}$\\])){_END}",
    "\v": rf"\v(?:ec|ee|ert|dots|ar(?:epsilon|phi|theta|rho|sigma)){_END}",
    "\f": rf"\f(?:rac|orall|box|lat|ootnote|rown){_END}",
    "\r": rf"\r(?:ight(?:arrow)?|ho|angle|ceil|floor|m(?=\{{)){_END}",
    "\n": rf"\n(?:{'|'.join(_AFTER_N)}){_END}",
}
"""What is left of LaTeX commands (and of ``\\b`` in regular expressions) once their first two characters were eaten."""

_PATTERNS = {control: lazy_pattern(eaten) for control, eaten in _EATEN.items()}
_WINDOWS = lazy_pattern(
    r"(?<![A-Za-z])[C-Zc-z]:(?:\\[\w.-]+)*"
    r"(?:[\a\b\v\f\r](?=[A-Za-z])[\w.-]+|\t(?:[\w-]+(?:\\|\.[a-z]{1,4}\b)|(?:emp|est|ools|mp)\b))"
)
_SURE = lazy_pattern(r"\right|[\a\b\v\f\t]")


@kind
class EatenEscape(WordCheck):
    r"""A control character where the backslash of ``\frac``, ``C:\temp`` or ``\bword`` was eaten.

    In authored YAML the escape itself is looked at: ``eaten-yaml-escape``.
    """

    kind = "eaten-escape"

    def words(self) -> frozenset[str]:
        return _SIGNS

    def examine(self, record: Record) -> Iterator[Finding]:
        if is_authored(record.line.source.path):
            return
        for at, _, text in record.texts():
            hits = eaten_escapes(text)
            if hits:
                start, stop, meant = hits[0]
                _, name = CONTROLS[text[start]]
                rest = text[start + 1 : stop]
                yield record.finding(at.chars(start, stop), meant=meant, control=name, rest=rest, n=len(hits))


def eaten_escapes(text: str) -> list[Hit]:
    """Every control character of ``text`` that seems to be the rest of an escape, with the escape that was meant."""
    stops: dict[int, int] = {}
    for control, pattern in _PATTERNS.items():
        if control in text:
            stops |= {match.start(): match.end() for match in pattern.finditer(text) if _evident(text, match.start())}
    for match in _WINDOWS.finditer(text):
        start = next(place for place in range(match.start(), match.end()) if text[place] in CONTROLS)
        stops[start] = match.end()
    return [Hit(start, stop, _meant(text[start:stop])) for start, stop in sorted(stops.items())]


def _meant(eaten: str) -> str:
    return "\\" + CONTROLS[eaten[0]][0] + eaten[1:]


def _evident(text: str, start: int) -> bool:
    """Whether the control character at ``start`` can hardly have been meant as such."""
    if text[start] == "\b":
        return not (text[start - 1 : start] == "_" or text[start - 1 : start] == text[start + 1 : start + 2])
    if text[start] == "\n":
        line = text[text.rfind("\n", 0, start) + 1 : start]
        return line.count("$") % 2 == 1 or re.search(r"\\[(\[](?!.*\\[)\]])", line) is not None
    return bool(_SURE.match(text, start)) or "$" in text or "\\" in text


_UNUSED = b"\x81\x8d\x8f\x90\x9d"
_CP1252 = {ord(bytes([byte]).decode("cp1252")): byte for byte in range(0x80, 0xA0) if byte not in _UNUSED}
_NEXT = "\x80-\xbf" + "".join(map(chr, _CP1252))
_MOJIBAKE = lazy_pattern(f"(?:[\xc2-\xdf][{_NEXT}]|[\xe0-\xef][{_NEXT}]{{2}}|\xf0[{_NEXT}]{{3}})+|\ufffd+")
_PAIR = lazy_pattern(f"[\xc2-\xf0][{_NEXT}]")
_PUNCTUATION = frozenset("\xa0«»‘’“”‚„…–—‹›•")
"""Characters that can follow an accented letter in sound text: ``É…``, ``café »``."""


@kind
class MojibakeText(SievedCheck):
    """UTF-8 that was read as cp1252 or Latin-1, and characters that were lost in decoding."""

    kind = "mojibake-text"

    def sieve(self, batch: Batch) -> list[Record]:
        foreign = [record for record in batch if record.turns is None or not all(map(str.isascii, record.turns))]
        return [record for record in foreign if _is_suspect(record.line.data) and _may_be_mojibake(record.plain)]

    def examine(self, record: Record) -> Iterator[Finding]:
        for at, _, text in record.texts():
            if hits := mojibake(text):
                start, stop, meant = hits[0]
                yield record.finding(at.chars(start, stop), seen=short(text[start:stop]), meant=meant, n=len(hits))


def mojibake(text: str) -> list[Hit]:
    """Every run of ``text`` that is UTF-8 read in a one-byte encoding, with what it was."""
    hits: list[Hit] = []
    if not _may_be_mojibake(text):
        return hits
    for match in _MOJIBAKE.finditer(text):
        start, stop = match.span()
        original = _undo(match[0])
        if original and _plausible(match[0], text[start - 1 : start], text[stop : stop + 1]):
            hits.append(Hit(start, stop, _show(original)))
    return hits


def _is_suspect(line: bytes) -> bool:
    """Whether a line may hold U+00C0 to U+00FF or U+FFFD, as UTF-8 or as an escape."""
    return b"\xc3" in line or b"\xef\xbf\xbd" in line or b"\\u" in line


def _may_be_mojibake(text: str) -> bool:
    return not text.isascii() and ("\ufffd" in text or _PAIR.search(text) is not None)


def _undo(seen: str) -> str:
    """The text of which ``seen`` is the wrong reading, through several wrong readings; empty if there is none."""
    if seen[0] == "\ufffd":
        return seen
    try:
        original = seen.translate(_CP1252).encode("latin-1").decode()
    except UnicodeError:
        return ""
    return (_undo(original) if _MOJIBAKE.fullmatch(original) else "") or original


def _plausible(seen: str, before: str, after: str) -> bool:
    """Whether ``seen`` is no sound text: runs always; else it must not be a letter with punctuation behind it."""
    rest = set(seen[1:])
    if seen[0] == "\ufffd":
        return True
    if len(seen) > (2 if seen[0] < "\xe0" else 3 if seen[0] < "\xf0" else 4):
        return True
    if len(seen) > 2:
        return not rest <= _PUNCTUATION if seen[0] in "âïð" else not rest & _PUNCTUATION
    if seen[0] not in "ÂÃÄÅÎÏ":
        return False
    if not rest <= _PUNCTUATION or before.islower():
        return True
    return not before.isupper() and (seen[0] == "Â" or (seen[0] == "Ã" and after.islower()))


def _show(original: str) -> str:
    if original[0] == "\ufffd":
        return "a lost character"
    return f'"{short(original)}"' if original.isprintable() else f"U+{ord(original[0]):04X}"
