"""``ftlint try``: ask a model something."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ftlint.cli._options import STANDARD, config_option
from ftlint.cli._remote import answer_options, endpoint_of, open_service, service_options
from ftlint.errors import FtlintError

if TYPE_CHECKING:
    from ftlint.submit.chat import Answer, ChatModel, Question
    from ftlint.submit.service import Service


@click.command("try", short_help="Ask a model something.")
@click.argument("model")
@click.argument("prompt")
@click.option("--system", metavar="TEXT", help="What the model is told before it is asked.")
@answer_options
@service_options
@config_option
def command(model: str, prompt: str, system: str | None, config_path: Path | None, **given: Any) -> None:
    """Ask MODEL (gpt-4.1-mini, or a tuned one: ft:…) the PROMPT, or with - what standard input holds.

    The answer is printed, on a terminal while it comes; tokens and cost are told on standard error.
    """
    from ftlint import api
    from ftlint.submit import chat

    config = api.load_config(config_path)
    text = _standard_input() if prompt == STANDARD else prompt
    if not text.strip():
        raise FtlintError("there is nothing to ask: the prompt is empty")
    endpoint = endpoint_of(given, chat.chat_model(model, config).target)
    asked = chat.chat_model(model, config, is_azure=endpoint.is_azure)
    before = [] if system is None else [{"role": "system", "content": system}]
    more = chat.settings(endpoint, given["temperature"], given["max_tokens"])
    question = chat.Question(asked, [*before, {"role": "user", "content": text}], more)
    with open_service(given, endpoint) as service:
        answer = (_shown if sys.stdout.isatty() else _written)(service, question)
    click.echo(click.style(_told(asked, answer), dim=True), err=True)


def _shown(service: Service, question: Question) -> Answer:
    """Ask, and show the answer while it comes; its line ends, whatever comes of it."""
    from ftlint.submit.stream import ask_aloud

    is_shown = False

    def say(text: str) -> None:
        nonlocal is_shown
        is_shown = True
        click.echo(text, nl=False)

    try:
        return ask_aloud(service, question, say)
    finally:
        if is_shown:
            click.echo()


def _written(service: Service, question: Question) -> Answer:
    """Ask, and write the answer once it is whole."""
    from ftlint.submit.chat import ask

    answer = ask(service, question)
    click.echo(service.redact(answer.text))
    return answer


def _standard_input() -> str:
    if sys.stdin.isatty():
        click.echo("reading standard input until Ctrl-D…", err=True)
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def _told(model: ChatModel, answer: Answer) -> str:
    from ftlint.cost import dollars

    end = "; the answer was cut off" if answer.finish == "length" else ""
    if not answer.asked:
        return f"{model.name}: the service did not say how many tokens{end}"
    usd = model.cost(answer.asked, answer.answered)
    price = "the price is not known" if usd is None else dollars(usd)
    return f"{model.name}: {answer.asked:,} tokens asked, {answer.answered:,} answered, {price}{end}"
