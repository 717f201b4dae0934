"""An answer that is heard while it comes: shown word by word, and asked for again only while nothing was shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
from msgspec import Struct

from ftlint.submit.chat import Answer, Question, Usage, ask
from ftlint.submit.connection import host
from ftlint.submit.failure import RequestFailure, ServiceError
from ftlint.submit.service import Service, Waits

NOT_STREAMED = (400, 422)
"""What a service answers that takes the question, but not to stream: a model or an organisation that may not."""
_OF_SECRETS = "".join(map(chr, range(0x21, 0x7F)))


class _Delta(Struct, frozen=True):
    content: str | None = None
    refusal: str | None = None


class _Choice(Struct, frozen=True):
    delta: _Delta
    finish_reason: str | None = None


class _Chunk(Struct, frozen=True):
    choices: list[_Choice]
    usage: Usage | None = None


class _Hearing:
    """One attempt: the pieces as they come, and in the end what came of it."""

    def __init__(self, service: Service, question: Question) -> None:
        self.service, self.question = service, question
        self.text, self.finish, self.usage = "", "", Usage()
        self.failure: RequestFailure | None = None

    def pieces(self) -> Iterator[str]:
        """What is said, until it ends, well or not."""
        try:
            yield from self._pieces()
        except self.service.errors as error:
            failure = self.service.failure(error)
        else:
            failure = RequestFailure(
                f"{host(self.service.endpoint.url)} stopped in the middle of its answer", again=True
            )
        if not self.finish:
            self.failure = failure

    def _pieces(self) -> Iterator[str]:
        asked = {**self.question.request, "stream": True, "stream_options": {"include_usage": True}}
        with self.service.client.chat.completions.create(**asked) as chunks:
            for one in chunks:
                chunk = msgspec.convert(one, _Chunk, from_attributes=True)
                self.usage = chunk.usage or self.usage
                for choice in chunk.choices[:1]:
                    self.finish = choice.finish_reason or self.finish
                    piece = (choice.delta.content or choice.delta.refusal or "").encode(errors="replace").decode()
                    self.text += piece
                    yield piece

    def answer(self) -> Answer:
        return Answer(self.text, self.finish, self.usage.prompt_tokens, self.usage.completion_tokens)


def ask_aloud(service: Service, question: Question, say: Callable[[str], None]) -> Answer:
    """Ask one question, and say the answer while it comes, without secrets.

    Where the service does not stream, the answer is said when it is whole.

    Raises:
        ServiceError: the service says no, patience is at an end, or the answer broke off after some of it was said.
    """
    waits = Waits(service)
    while True:
        hearing, said = _Hearing(service, question), False
        for words in whole_words(hearing.pieces()):
            if hearing.failure is None:
                say(service.redact(words))
                said = True
        failure = hearing.failure
        if failure is None:
            return hearing.answer()
        if said:
            raise ServiceError(f"{failure.words}; what it said so far is not all", failure.status, failure.code)
        if failure.status in NOT_STREAMED:
            answer = ask(service, question)
            say(service.redact(answer.text))
            return answer
        waits.wait(failure)


def whole_words(pieces: Iterator[str]) -> Iterator[str]:
    """The same text, cut where no secret can be cut in two: it is told from other words when it is whole."""
    held = ""
    for piece in pieces:
        held += piece
        stop = len(held.rstrip(_OF_SECRETS))
        if stop:
            yield held[:stop]
            held = held[stop:]
    if held:
        yield held
