"""In which script a text is written, by the Unicode names of its letters."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

NAMES = {
    "CJK": "Han",
    "HIRAGANA": "Kana",
    "KATAKANA": "Kana",
    "KATAKANA-HIRAGANA": "Kana",
    "HALFWIDTH": "Kana",
    "FULLWIDTH": "Latin",
}
NONE = "no letters"


@lru_cache(4096)
def script(char: str) -> str:
    """The script of a character, or nothing if it is no letter."""
    if not char.isalpha():
        return ""
    first = unicodedata.name(char, "UNKNOWN").partition(" ")[0]
    return NAMES.get(first, first.capitalize())


def main_script(text: str) -> str:
    """The script of most letters; Japanese, which writes in two, is named by both."""
    if text.isascii():
        return "Latin" if any(map(str.isalpha, text)) else NONE
    letters: Counter[str] = Counter()
    for char, number in Counter(text).items():
        letters[script(char)] += number
    del letters[""]
    if not letters:
        return NONE
    first = letters.most_common(1)[0][0]
    return "Han and Kana" if first in ("Han", "Kana") and letters["Kana"] else first
