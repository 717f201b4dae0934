"""Very long white space, cut where tiktoken's pattern surely ends a piece: uncut it makes tiktoken panic."""

from __future__ import annotations

from collections.abc import Iterator

from ftlint.lazy import lazy_pattern

LONG = 50_000
SPACE = "[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
LONG_RUN = lazy_pattern(f"{SPACE}{{{LONG},}}")

Part = tuple[str, bool]


def parts(text: str, encoding: str) -> Iterator[Part]:
    """The text in parts that can be counted apart, each with whether it is one piece of the pattern.

    The pattern takes white space up to the last line break that it holds, then the rest but for one character, then
    that character with what follows (at the end of the text ``cl100k_base`` takes it all at once). So a cut after the
    line break and one before the last character change no count.
    """
    if len(text) < LONG:
        yield text, False
        return
    begin = 0
    for run in LONG_RUN.finditer(text):
        start, stop = run.span()
        final = stop == len(text)
        broken = max(text.rfind("\n", start, stop), text.rfind("\r", start, stop)) + 1
        if final and broken and encoding == "cl100k_base":
            break
        middle, end = broken or start, stop if final else stop - 1
        if middle < end:
            yield text[begin:middle], False
            yield text[middle:end], True
            begin = end
    yield text[begin:], False
