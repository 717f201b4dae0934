"""``ftlint try``: ask a model something."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import click

from ftlint.cli._options import STANDARD, config_option
from ftlint.cli._remote import answer_options, open_door, open_service, service_options
from ftlint.errors import FtlintError

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What would give orders to a terminal."""


@click.command("try", short_help="Ask a model something.")
@click.argument("model")
@click.argument("prompt")
@click.option("--system", metavar="TEXT", help="What the model is told before it is asked.")
@answer_options
@service_options
@config_option
def command(model: str, prompt: str, system: str | None, config_path: Path | None, **given: Any) -> None:
    """Ask MODEL (gpt-4.1-mini, or a tuned one: ft:…) the PROMPT, or with - what standard input holds.

    The answer is printed; tokens and cost are told on standard error.
    """
    from ftlint import api
    from ftlint.submit import chat

    config = api.load_config(config_path)
    text = _standard_input() if prompt == STANDARD else prompt
    if not text.strip():
        raise FtlintError("there is nothing to ask: the prompt is empty")
    door = open_door(given, chat.talker(model, config).target)
    talker = chat.talker(model, config, is_azure=door.is_azure)
    before = [] if system is None else [{"role": "system", "content": system}]
    more = chat.settings(door, given["temperature"], given["max_tokens"])
    with open_service(given, door) as service:
        answer = chat.ask(service, chat.Question(talker, [*before, {"role": "user", "content": text}], more))
    said = service.redact(answer.text)
    click.echo(_CONTROLS.sub("", said) if sys.stdout.isatty() else said)
    click.echo(click.style(_told(talker, answer), dim=True), err=True)


def _standard_input() -> str:
    if sys.stdin.isatty():
        click.echo("reading standard input until Ctrl-D…", err=True)
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def _told(talker: Any, answer: Any) -> str:
    from ftlint.cost import dollars

    usd = talker.cost(answer.asked, answer.answered)
    price = "the price is not known" if usd is None else dollars(usd)
    end = "; the answer was cut off" if answer.finish == "length" else ""
    return f"{talker.name}: {answer.asked:,} tokens asked, {answer.answered:,} answered, {price}{end}"
