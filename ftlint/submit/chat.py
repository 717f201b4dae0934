"""Questions to a chat model and its answers, each asked once: what was answered before is cached."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any

from msgspec import Meta, Struct

from ftlint.config import Config
from ftlint.cost import use_cost
from ftlint.errors import FtlintError
from ftlint.identity import canonical
from ftlint.submit.answers import AnswerCache, Entry
from ftlint.submit.concurrency import ask_concurrently
from ftlint.submit.connection import Endpoint
from ftlint.submit.failure import ServiceError
from ftlint.submit.plan import settle_target
from ftlint.submit.service import Service
from ftlint.targets import Target
from ftlint.targets.target import Price
from ftlint.tokens import count_tokens

BAD_REQUEST = 400
"""The status of a question that the service does not take, where it takes others."""


class _Message(Struct, frozen=True):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[Any] | None = None


class _Choice(Struct, frozen=True):
    message: _Message
    finish_reason: str | None = None


class Usage(Struct, frozen=True):
    """Tokens, as the service counts and charges them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(Struct, frozen=True):
    choices: Annotated[list[_Choice], Meta(min_length=1)]
    usage: Usage | None = None


class ChatModel(Struct, frozen=True):
    """A model that is asked: its name as the service wants it, and the target that it is priced as."""

    name: str
    target: Target

    @property
    def is_tuned(self) -> bool:
        return self.name.startswith("ft:") or ".ft-" in self.name

    @property
    def price(self) -> Price | None:
        """Of the tuned model or the untuned one; of a model of the user's own, the one that the user says."""
        target = self.target
        return target.price if self.is_tuned or not (target.known or target.base_price) else target.base_price

    def cost(self, asked: int, answered: int) -> Decimal | None:
        """Dollars for so many tokens; None where the price is not known."""
        return use_cost(asked, answered, self.price)


class Question(Struct, frozen=True):
    """What a model is asked: messages, and what else the request holds (``tools``, ``temperature``)."""

    model: ChatModel
    messages: Sequence[Mapping[str, Any]]
    more: Mapping[str, Any] = {}

    @property
    def request(self) -> dict[str, Any]:
        return {"model": self.model.name, "messages": list(self.messages), **self.more}

    def key(self, url: str) -> str:
        """What stands for the question: its content, model and parameters, and whom it goes to."""
        return hashlib.sha256(canonical([url, self.request])).hexdigest()[:32]

    def tokens(self) -> int:
        """About how many tokens it has."""
        record = {"messages": [*self.messages], **{key: value for key, value in self.more.items() if key == "tools"}}
        return count_tokens(record, self.model.target).total


class Answer(Struct, frozen=True):
    """What came back.

    Attributes:
        text: the answer; calls of tools as JSON.
        finish: why it ended: ``stop``, ``length``.
        asked, answered: tokens, as the service counts and charges them.
        refused: the service's words, where it does not take this question.
    """

    text: str
    finish: str = ""
    asked: int = 0
    answered: int = 0
    refused: str = ""


def ask(service: Service, question: Question) -> Answer:
    """Ask one question; the key is taken out of the answer, so that it is never kept.

    Raises:
        ServiceError: the service says no, or patience is at an end.
    """
    asked = question.request
    said = service.ask(lambda client: client.chat.completions.with_raw_response.create(**asked), _Completion)
    choice, usage = said.choices[0], said.usage or Usage()
    message = choice.message
    text = written(message.content or message.refusal, message.tool_calls)
    return Answer(service.redact.known(text), choice.finish_reason or "", usage.prompt_tokens, usage.completion_tokens)


def written(text: str | None, calls: Sequence[Mapping[str, Any]] | None) -> str:
    """What a message says, as text: its calls, without their ids, as JSON."""
    if not calls:
        return text or ""
    return canonical([call.get("function", call) if isinstance(call, dict) else call for call in calls]).decode()


def ask_all(
    service: Service,
    questions: Iterable[Question],
    cache: AnswerCache,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Answer]:
    """Ask what has not been answered yet; gives all answers by the questions' keys.

    A question that the service does not take has an answer that says so, which is not cached.

    Raises:
        ServiceError: the service takes none, or cannot be asked; what was answered is cached.
    """
    url = service.endpoint.url
    keys = {question.key(url): question for question in questions}
    answers = {key: answer_of(cache.known[key]) for key in keys if key in cache.known}
    new = [question for key, question in keys.items() if key not in answers]
    for question, answer in ask_concurrently(service, new, _ask_any):
        key = question.key(url)
        if not answer.refused:
            cache.keep([(key, {"model": question.model.name, **_kept(answer)})])
        answers[key] = answer
        if progress is not None:
            progress(len(answers), len(keys))
    if keys and all(answer.refused for answer in answers.values()):
        raise ServiceError(next(iter(answers.values())).refused, BAD_REQUEST)
    return answers


def _ask_any(service: Service, question: Question) -> Answer:
    try:
        return ask(service, question)
    except ServiceError as error:
        if error.status != BAD_REQUEST:
            raise
        return Answer("", refused=str(error))


def _kept(answer: Answer) -> Entry:
    return {name: getattr(answer, name) for name in ("text", "finish", "asked", "answered")}


def answer_of(entry: Entry) -> Answer:
    """The answer that an entry of the cache holds."""
    return Answer(
        str(entry.get("text", "")),
        str(entry.get("finish", "")),
        int(entry.get("asked", 0)),
        int(entry.get("answered", 0)),
    )


def chat_model(name: str, config: Config, *, is_azure: bool = False) -> ChatModel:
    """The model that a name means; at Azure the name is that of a deployment, and is sent as it was given.

    Raises:
        FtlintError: it is none, or looks misspelt.
    """
    if not name.strip():
        raise FtlintError("which model is to be asked? name one, such as gpt-4.1-mini, or a tuned one: ft:…")
    model, target = settle_target(name, config)
    return ChatModel(name.strip().removeprefix("azure/") if is_azure else model, target)


def settings(endpoint: Endpoint, temperature: float | None, most: int | None) -> dict[str, Any]:
    """What questions hold beside their messages: the longest answer under the name that the service has for it."""
    modern = endpoint.is_openai or endpoint.is_azure
    given = {"temperature": temperature, "max_completion_tokens" if modern else "max_tokens": most}
    return {name: value for name, value in given.items() if value is not None}
