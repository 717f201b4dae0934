"""Texts of a service as they may be shown and kept: without keys, and without orders to a terminal."""

from __future__ import annotations

import re
from typing import Any

HIDDEN = "•••"
LONG = 16
"""Characters from which on a key is surely no word: servers on the own machine are given any."""
_KEY = re.compile(r"\b(?:sk|sess|ek)-[A-Za-z0-9_*-]{6,}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Redactor:
    """Takes out of what a service says the key, whatever looks like one, and what would give orders to a terminal."""

    def __init__(self, *secrets: str) -> None:
        self.secrets = sorted(filter(None, secrets), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        return plain(self.secretless(text))

    def secretless(self, text: str) -> str:
        """A text without the key, and without what looks like one."""
        return _KEY.sub(HIDDEN, self.known(text))

    def known(self, text: str) -> str:
        """A text without the key itself: what looks like one may be what a dataset teaches."""
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def body(self, content: bytes) -> bytes:
        """The body of an answer without the key; one so short that it may be a word of any answer stays."""
        for secret in self.secrets:
            if len(secret) >= LONG:
                content = content.replace(secret.encode(), HIDDEN.encode())
        return content

    def within(self, value: Any) -> Any:
        """A value of JSON, with no secret in any of its texts."""
        if isinstance(value, str):
            return self.secretless(value)
        if isinstance(value, list | tuple):
            return [self.within(item) for item in value]
        if isinstance(value, dict):
            return {self.within(key): self.within(item) for key, item in value.items()}
        return value


def plain(text: str) -> str:
    """A text as it can be shown: nothing in it gives orders to a terminal, and half a character is a question mark."""
    return _CONTROLS.sub("", text).encode("utf-8", "replace").decode()
