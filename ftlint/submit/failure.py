"""Requests that failed: a sentence, whether waiting helps, and whether something was done all the same."""

from __future__ import annotations

import math
import re

from msgspec import Struct

from ftlint.errors import FtlintError

_RESET = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


class ServiceError(FtlintError):
    """The service said no, or could not be reached for longer than was to be waited.

    Attributes:
        status: the HTTP status, 0 without an answer.
        code: the service's own word, or nothing.
    """

    def __init__(self, words: str, status: int = 0, code: str = "") -> None:
        super().__init__(words)
        self.status, self.code = status, code


class RequestFailure(Struct, frozen=True):
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

    def error(self) -> ServiceError:
        return ServiceError(self.words, self.status, self.code)


def seconds(text: str) -> float | None:
    """``6m0s``, ``120ms``, ``1.5`` as seconds; None where it is none of these."""
    try:
        return max(float(text), 0.0) if math.isfinite(float(text)) else None
    except ValueError:
        parts = _RESET.findall(text)
    return sum(float(number) * _SECONDS[unit] for number, unit in parts) if parts else None
