"""Trouble with a service: a sentence, whether waiting helps, and whether something was done all the same."""

from __future__ import annotations

import math
import re
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from ftlint.errors import FtlintError

HIDDEN = "•••"
LONG = 16
"""Characters from which on a key is surely no word: servers on the own machine are given any."""
_KEY = re.compile(r"\b(?:sk|sess|ek)-[A-Za-z0-9_*-]{6,}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_RESET = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class Refused(FtlintError):
    """The service said no, or could not be reached for longer than was to be waited.

    Attributes:
        status: the HTTP status, 0 without an answer.
        code: the service's own word, or nothing.
    """

    def __init__(self, words: str, status: int = 0, code: str = "") -> None:
        super().__init__(words)
        self.status, self.code = status, code


class Trouble(Struct, frozen=True):
    """What came of a request that did not go well.

    Attributes:
        words: what to tell; holds no key.
        again: whether the same request may go well later.
        unsure: whether the service may have done what was asked.
        after: seconds after which the service wants to be asked again.
    """

    words: str
    again: bool = False
    unsure: bool = False
    after: float | None = None
    status: int = 0
    code: str = ""

    def error(self) -> Refused:
        return Refused(self.words, self.status, self.code)


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


def host(url: str) -> str:
    """The host and port of a URL, without user or path."""
    return urlsplit(url).netloc.rpartition("@")[2] or "the service"


def seconds(text: str) -> float | None:
    """``6m0s``, ``120ms``, ``1.5`` as seconds; None where it is none of these."""
    try:
        return max(float(text), 0.0) if math.isfinite(float(text)) else None
    except ValueError:
        parts = _RESET.findall(text)
    return sum(float(number) * _SECONDS[unit] for number, unit in parts) if parts else None
