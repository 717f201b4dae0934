"""A service that is asked with patience: answers are read strictly, and what must be done once is looked for first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec
from msgspec import Struct

from ftlint.submit.connection import Endpoint, connect, key
from ftlint.submit.failure import RequestFailure
from ftlint.submit.redaction import Redactor
from ftlint.submit.remote import Page

T = TypeVar("T")
Tell = Callable[[str], None]
Call = Callable[[Any], Any]
"""A request of an ``openai.OpenAI``, by ``with_raw_response``."""
LONGEST = 30.0
"""Seconds between two tries, where the service does not ask for more."""
TOLD = 2.0
"""A wait of so many seconds is told."""


def _silence(words: str) -> None:
    """Nobody wants to be told."""


class Pace(Struct, frozen=True):
    """How long is waited, in seconds.

    Attributes:
        poll: between two looks at a file or job.
        backoff: before the second try; doubled for each further one.
        patience: in all, for one request to go well.
        settle: after an upload whose answer was lost, until what it did can be seen.
        sure: after a request for a job whose answer was lost, until it can start none any more. The openai package
            waits 600 for an answer, and so may a service that works on one; half as much again is added.
        processing: for a file to be processed.
    """

    poll: float = 5.0
    backoff: float = 1.0
    patience: float = 600.0
    settle: float = 15.0
    sure: float = 900.0
    processing: float = 1800.0


class Service:
    """One service, with its key and a limit to all waiting; ends its connections when it is left."""

    def __init__(self, endpoint: Endpoint, pace: Pace | None = None, tell: Tell | None = None) -> None:
        secret = key(endpoint)
        self.endpoint, self.pace, self.tell = endpoint, pace or Pace(), tell or _silence
        self.client = connect(endpoint, secret)
        self.redact = Redactor(secret)
        self.headers: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.client.close()

    def send(self, call: Call, kind: type[T]) -> T:
        """One request, its answer as ``kind``; raises what the openai package raises, or a fault of decoding."""
        answer = call(self.client)
        self.headers = {name.lower(): value for name, value in answer.headers.items()}
        return msgspec.json.decode(self.redact.body(answer.http_response.content), type=kind)

    def ask(self, call: Call, kind: type[T], fits: Callable[[T], bool] | None = None) -> T:
        """A request that changes nothing: repeated until it goes well, and the answer ``fits``.

        Raises:
            ServiceError: the service says no, or patience is at an end.
        """
        waits = Waits(self)
        while True:
            try:
                answer = self.send(call, kind)
                if fits is None or fits(answer):
                    return answer
                raise ValueError("the answer is not to the question")
            except self.errors as error:
                waits.wait(self.failure(error))

    def once(self, look: Callable[[], T | None], call: Call, kind: type[T], *, unsure: bool = False) -> T:
        """A request that is to have its effect once: looked for before each try, for longer if an answer was lost.

        Args:
            look: finds what the request makes, if it is there.
            call, kind: as for ``ask``.
            unsure: whether an earlier run may have sent the request.

        Raises:
            ServiceError: the service says no, or patience is at an end.
        """
        waits = Waits(self)
        while True:
            found = self._settled(look) if unsure else look()
            if found is not None:
                return found
            try:
                return self.send(call, kind)
            except self.errors as error:
                failure = self.failure(error)
                unsure = failure.unsure
                waits.wait(failure)

    def _settled(self, look: Callable[[], T | None]) -> T | None:
        """Look until what a lost request does must have been seen."""
        end, pause = time.monotonic() + self.pace.settle, self.pace.backoff
        while True:
            found = look()
            left = end - time.monotonic()
            if found is not None or left <= 0:
                return found
            time.sleep(min(pause, left))
            pause *= 2

    def pages(self, call: Callable[[Any, dict[str, str]], Any], kind: type[T]) -> Iterator[T]:
        """All items of a list, page by page; each has an ``id``."""
        after: dict[str, str] = {}
        while True:
            page: Page[T] = self.ask(lambda client, after=after: call(client, after), Page[kind])  # type: ignore[misc,valid-type]
            last = {"after": page.data[-1].id} if page.data else after  # type: ignore[attr-defined]
            if last == after:  # nothing more, or a server that knows no pages
                return
            yield from page.data
            if not page.has_more:
                return
            after = last

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        from ftlint.submit.openai_errors import REQUEST_ERRORS

        return REQUEST_ERRORS

    def failure(self, error: Exception) -> RequestFailure:
        from ftlint.submit.openai_errors import failure_of

        return failure_of(error, self.endpoint.url, self.redact)


class Waits:
    """The waits of one request: ever longer, as the service asks, and bounded in all."""

    def __init__(self, service: Service) -> None:
        self.service, self.pause = service, service.pace.backoff
        self.end = time.monotonic() + service.pace.patience

    def wait(self, failure: RequestFailure) -> None:
        """Wait for the next try.

        Raises:
            ServiceError: there is none.
        """
        if not failure.again:
            raise failure.error()
        pause = self.pause if failure.after is None else max(failure.after, self.service.pace.backoff)
        self.pause = min(self.pause * 2, LONGEST)
        if time.monotonic() + pause > self.end:
            raise self._out_of_patience(failure, pause).error()
        if pause >= TOLD:
            self.service.tell(f"{failure.words}; trying again in {pause:.0f} s")
        time.sleep(pause)

    def rest(self, most: float) -> bool:
        """Wait for a while, at most so many seconds; False once patience is at an end."""
        left = self.end - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(self.pause, most, left))
        self.pause = min(self.pause * 2, LONGEST)
        return True

    def _out_of_patience(self, failure: RequestFailure, pause: float) -> RequestFailure:
        patience = self.service.pace.patience
        asked = f" (the service asks to wait {pause:.0f} s)" if failure.after is not None else ""
        words = f"{failure.words}{asked}; gave up after {patience:g} s of patience: the same command goes on from here"
        return msgspec.structs.replace(failure, words=words)
