"""Many requests at once, as many as the service's rate limits let through."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import TypeVar

from ftlint.submit.failure import seconds
from ftlint.submit.service import Service, Tell

Question = TypeVar("Question")
Answer = TypeVar("Answer")

WORKERS = 8
"""Requests that are under way at once."""
KINDS = ("requests", "tokens")


class Throttle:
    """When the next request may go: once the limits that answers told as used up are filled again."""

    def __init__(self, longest: float) -> None:
        self.longest, self.opens, self.stopped = longest, 0.0, Event()

    def heard(self, headers: Mapping[str, str]) -> None:
        """Take note of the limits that an answer told; no wait is longer than is patient."""
        for kind in KINDS:
            if headers.get(f"x-ratelimit-remaining-{kind}") == "0":
                pause = seconds(headers.get(f"x-ratelimit-reset-{kind}", "")) or 0.0
                self.opens = max(self.opens, time.monotonic() + min(pause, self.longest))

    def passed(self) -> bool:
        """Wait until a request may go; False if none is to go any more."""
        while (left := self.opens - time.monotonic()) > 0:
            if self.stopped.wait(left):
                return False
        return not self.stopped.is_set()


def _once(tell: Tell) -> Tell:
    """Tells the same words once, however many requests wait for the same."""
    told: set[str] = set()
    lock = Lock()

    def tell_once(words: str) -> None:
        with lock:
            new = words not in told
            told.add(words)
        if new:
            tell(words)

    return tell_once


def ask_concurrently(
    service: Service,
    questions: Sequence[Question],
    ask: Callable[[Service, Question], Answer],
    workers: int = WORKERS,
) -> Iterator[tuple[Question, Answer]]:
    """Ask all questions, several at once; gives each with its answer as it comes.

    After an error nothing more is asked, and what was under way is still given.

    Raises:
        Exception: the first that ``ask`` raised.
    """
    throttle, tell = Throttle(service.pace.patience), _once(service.tell)
    todo, done = iter(questions), SimpleQueue[tuple[Question, Answer] | Exception | None]()
    lock = Lock()

    def work() -> None:
        own = copy(service)  # one client for all, and the headers of its own last answer
        own.tell = tell
        while throttle.passed():
            with lock:
                question = next(todo, done)
            if question is done:
                break
            try:
                done.put((question, ask(own, question)))  # type: ignore[arg-type]
                throttle.heard(own.headers)
            except Exception as error:
                throttle.stopped.set()
                done.put(error)
        done.put(None)

    threads = [Thread(target=work, daemon=True) for _ in range(min(workers, len(questions)))]
    for thread in threads:
        thread.start()
    try:
        yield from _gathered(done, len(threads))
    finally:
        throttle.stopped.set()


def _gathered(
    done: SimpleQueue[tuple[Question, Answer] | Exception | None], left: int
) -> Iterator[tuple[Question, Answer]]:
    first: Exception | None = None
    while left:
        came = done.get()
        if came is None:
            left -= 1
        elif isinstance(came, Exception):
            first = first or came
        else:
            yield came
    if first is not None:
        raise first
