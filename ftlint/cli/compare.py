"""``ftlint compare``: the same conversations through two models, side by side."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ftlint.cli._options import config_option, write
from ftlint.cli._remote import agreed, answer_options, endpoint_of, open_service, row, service_options
from ftlint.cli._screen import progress, width
from ftlint.errors import FtlintError
from ftlint.render.comparison import FORMATS, render

if TYPE_CHECKING:
    from ftlint.config import Config
    from ftlint.submit.comparison import Contest, Estimate
    from ftlint.submit.connection import Endpoint
    from ftlint.submit.examples import Conversation

CACHE = "answers"
"""The file of ``.ftlint`` in which answers are kept."""
_THINKS = re.compile(r"(?:ft:)?o\d")


@click.command("compare", short_help="Ask two models the same, side by side.")
@click.option("--base", required=True, metavar="MODEL", help="The model as it was.")
@click.option("--tuned", required=True, metavar="MODEL", help="The model that was made of it: ft:….")
@click.option("--dataset", required=True, metavar="FILE", help="Conversations to ask, as JSONL or YAML.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Ask the first N conversations only.")
@click.option("--judge", metavar="MODEL", help="A model that says which answer is better.")
@click.option(
    "--schema",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON Schema that answers are to hold to.",
)
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before spending.")
@answer_options
@service_options
@config_option
def command(config_path: Path | None, format_: str, output: Path | None, **given: Any) -> None:
    """Ask two models the conversations of a test set, each up to its last answer, and measure both answers.

    Answers are kept in .ftlint, so that nothing is asked twice: the same command goes on where it was stopped.
    """
    import msgspec

    from ftlint import api
    from ftlint.submit.answers import AnswerCache
    from ftlint.submit.comparison import Comparison, compare, estimate
    from ftlint.submit.connection import key
    from ftlint.submit.measure import distance, holder

    config = api.load_config(config_path)
    if output and output.exists() and output.samefile(given["dataset"]):
        raise FtlintError(f"{output} is the dataset, and would be lost: write the comparison to another file")
    if output and not output.absolute().parent.is_dir():
        raise FtlintError(f"{output} could not be written: the folder {output.parent} does not exist")
    holds = holder(given["schema"]) if given["schema"] else None
    distance("", "")  # the package that it needs is there
    contest, endpoint = _contest(given, config)
    key(endpoint)
    cache = AnswerCache(config.root, CACHE)
    expected = estimate(contest, cache, endpoint.url)
    _ask(contest, expected, yes=given["yes"])
    with cache.locked(), open_service(given, endpoint) as service, progress("asking", enabled=True) as update:
        found = compare(contest, service, cache, holds, update)
    shown = msgspec.convert(service.redact.within(msgspec.to_builtins(found)), Comparison)
    text = "".join(render(shown, format_, width()))
    if output is None:
        click.echo(text, nl=False)
    else:
        write(output, text)
        click.echo(f"written to {output}", err=True)
    click.echo(f"{_many(found.rows)}; {_priced(found.usd)} for all answers, kept ones too", err=True)


def _contest(given: dict[str, Any], config: Config) -> tuple[Contest, Endpoint]:
    """What is to be compared, and where it is asked."""
    from ftlint.submit import chat
    from ftlint.submit.comparison import Contest

    cases = [*islice(_cases(given["dataset"], config), given["limit"])]
    if not cases:
        raise FtlintError(f"{given['dataset']} holds no conversation that could be asked: see `ftlint check`")
    endpoint = endpoint_of(given, chat.chat_model(given["base"], config).target)
    names = (given[name] for name in ("base", "tuned", "judge"))
    base, tuned, judge = (chat.chat_model(name, config, is_azure=endpoint.is_azure) if name else None for name in names)
    assert base
    assert tuned
    steady = None if any(_THINKS.match(one.name) for one in (base, tuned)) else 0.0
    temperature = steady if given["temperature"] is None else given["temperature"]
    return Contest(base, tuned, cases, chat.settings(endpoint, temperature, given["max_tokens"]), judge), endpoint


def _cases(path: str, config: Config) -> Iterator[Conversation]:
    """The conversations of a file."""
    from ftlint.submit.examples import conversation, found, records

    faults: list[Any] = []
    with found(path, config) as sources:
        yield from filter(None, map(conversation, records(sources, faults)))
    if faults:
        click.echo(f"what has errors is not asked; see `ftlint check {path}`", err=True)


def _ask(contest: Contest, expected: Estimate, *, yes: bool) -> None:
    """Show what would be asked and what that costs; stop where nobody wants it."""
    if not expected.new:
        return
    judged = f", judged by {contest.judge.name}" if contest.judge else ""
    known = f"; {expected.known} are answered already" if expected.known else ""
    row("base", contest.base.name, err=True)
    row("tuned", contest.tuned.name, err=True)
    row("to ask", f"{expected.new} questions about {_many(contest.cases)}{judged}{known}", err=True)
    unknown = "not known; ftlint.yaml may hold prices, under models"
    row("cost", unknown if expected.usd is None else f"about {_priced(expected.usd)}", err=True)
    if yes:
        return
    if not sys.stdin.isatty():
        raise FtlintError("nobody can be asked here, as standard input is no terminal; --yes goes on all the same")
    if not agreed("Ask?"):
        raise FtlintError("nothing was asked")


def _many(of: Sequence[Any]) -> str:
    return f"{len(of)} conversation{'s' * (len(of) != 1)}"


def _priced(usd: Any) -> str:
    from ftlint.cost import dollars

    return "no known price" if usd is None else dollars(usd)
