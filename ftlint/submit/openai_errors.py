"""What the openai package raises, as failures of requests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec
import openai

from ftlint.explain import explain
from ftlint.submit.connection import host
from ftlint.submit.failure import RequestFailure, seconds
from ftlint.submit.redaction import Redactor
from ftlint.targets import load

REQUEST_ERRORS = (openai.OpenAIError, ValueError, msgspec.MsgspecError)
"""What a request may raise: an answer that cannot be read is a ``ValueError`` or a fault of decoding."""
NOT_AVAILABLE = "training_not_available"
"""The code of the refusal to an organisation that may start no new jobs."""
UNSENT = ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError")
"""Faults of the HTTP client from before there was a connection to send anything over."""


def failure_of(error: Exception, url: str, redact: Redactor) -> RequestFailure:
    """What an error of a request means."""
    where = host(url)
    if isinstance(error, openai.APITimeoutError):
        return RequestFailure(f"{where} did not answer in time", again=True, unsure=_left(error))
    if isinstance(error, openai.APIConnectionError):
        return _unconnected(error, where, redact)
    if isinstance(error, openai.APIStatusError):
        return _status(error, where, redact)
    if isinstance(error, UnicodeEncodeError):
        return RequestFailure("what is to be sent is not UTF-8 text: it holds half of a character")
    if isinstance(error, openai.OpenAIError) and not isinstance(error, openai.APIError):
        return RequestFailure(redact(str(error)))
    if type(error) is openai.APIError:  # told in the midst of a stream
        final = error.type == "invalid_request_error"
        return RequestFailure(f"{where} broke off: {redact(error.message)}", again=not final, unsure=True)
    return RequestFailure(f"{where} gave an answer that cannot be read", again=True, unsure=True)


def _unconnected(error: openai.APIConnectionError, where: str, redact: Redactor) -> RequestFailure:
    cause = error.__cause__
    kind = type(cause).__name__
    if kind == "LocalProtocolError":
        return RequestFailure(
            f"{where} cannot be asked: {redact(str(cause))}; look at OPENAI_ORG_ID and OPENAI_PROJECT_ID"
        )
    if kind in ("UnsupportedProtocol", "InvalidURL"):
        return RequestFailure(f"{where} cannot be asked: {redact(str(cause))}; give its address like https://host/v1")
    words = f"the connection to {where} broke" if _left(error) else f"{where} could not be reached"
    reason = redact(str(cause)).rstrip(".") if cause is not None else ""
    return RequestFailure(words + (f": {reason}" if reason else ""), again=True, unsure=_left(error))


def _left(error: openai.APIConnectionError) -> bool:
    """Whether a request may have left this machine."""
    return type(error.__cause__).__name__ not in UNSENT


def _status(error: openai.APIStatusError, where: str, redact: Redactor) -> RequestFailure:
    status, code = error.status_code, redact(str(error.code or ""))
    said = redact(_message(error))
    if status == 429 and code != "insufficient_quota":
        return RequestFailure(
            f"{where} limits the rate: {said}", again=True, after=_after(error.response.headers), status=429
        )
    if status in (408, 409) or status >= 500:
        words = f"{where} had an error of its own ({status}): {said}"
        return RequestFailure(words, again=True, unsure=True, after=_after(error.response.headers), status=status)
    return RequestFailure(_final(status, code, where, said), status=status, code=code)


def _final(status: int, code: str, where: str, said: str) -> str:
    if code == NOT_AVAILABLE:
        return closed(said)
    if status == 401:
        return f"{where} refuses the key: {said}"
    if status == 404 and not said:
        return f"{where} knows no such path (404): see whether the address is right, and ends in /v1 where it has to"
    meaning = explain(said).meaning
    more = f"\n  cause: {meaning.cause}\n  fix: {meaning.fix}" if meaning else ""
    return f"{where} refuses this ({status}{f' {code}' if code else ''}): {said}{more}"


def closed(said: str) -> str:
    """The sentence for an organisation that may train no more, with the dates."""
    meaning = next(one for one in map(explain, (said, NOT_AVAILABLE)) if one.meaning).meaning
    assert meaning
    closes = {model["new_jobs_until"] for model in load.provider("openai")["models"] if model.get("new_jobs_until")}
    last = max((date.fromisoformat(day) for day in closes), default=None)
    end = f" No new jobs for anyone from {last} on." if last else ""
    return f"your organisation may start no new training jobs at OpenAI. {meaning.cause}{end}\n  fix: {meaning.fix}"


def _message(error: openai.APIStatusError) -> str:
    body: Any = error.body
    said = body.get("message") if isinstance(body, dict) else None
    text = said if isinstance(said, str) else error.response.text if error.response.is_closed else ""
    if error.status_code == 404 and not isinstance(body, dict):
        return ""  # a page for people
    return " ".join(text.split())[:500].rstrip(".") or f"HTTP {error.status_code}"


def _until(day: str) -> float | None:
    """Seconds until a date of HTTP; None where it is none."""
    try:
        return max((parsedate_to_datetime(day) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _after(headers: Any) -> float | None:
    """Seconds that the service asks for: ``Retry-After``, else the reset of the limit that is used up."""
    for name, divisor in (("retry-after-ms", 1000), ("retry-after", 1)):
        told = headers.get(name, "")
        if (asked := seconds(told)) is not None or (asked := _until(told)) is not None:
            return asked / divisor
    used_up = (kind for kind in ("requests", "tokens") if headers.get(f"x-ratelimit-remaining-{kind}") == "0")
    waits = [seconds(headers.get(f"x-ratelimit-reset-{kind}", "")) for kind in used_up]
    return max(filter(None, waits), default=None)
