"""A check that knows what the service's moderation flags: texts are sent, then reported at their places."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from ftlint import api
from ftlint.config import Config
from ftlint.errors import FtlintError
from ftlint.report import Report
from ftlint.session import Session
from ftlint.sources.jsonl import SHARD_BYTES
from ftlint.submit import moderation
from ftlint.submit.answers import AnswerCache
from ftlint.submit.plan import Plan
from ftlint.submit.service import Service

NO_AZURE = (
    "Azure OpenAI does not speak OpenAI's moderation API: leave --moderate out, and run `ftlint moderate` with a key "
    "of OpenAI or the --base-url of a server that does"
)


class ScreeningOptions(Struct, frozen=True):
    """How texts are screened.

    Attributes:
        sample: how many texts are sent; None for all.
        threshold: the score from which a category counts; None leaves it to the service.
        model: that moderates.
        baseline: the file of accepted findings; None for the configuration's, "" for none.
    """

    sample: int | None = None
    threshold: float | None = None
    model: str = moderation.MODEL
    baseline: str | None = None


def screen(
    paths: Sequence[str],
    config: Config,
    service: Service,
    how: ScreeningOptions,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """The report of what is flagged, and of what could not be read and so was not sent.

    Raises:
        FtlintError: there is nothing to screen, or the service cannot be asked; the same command goes on from there.
    """
    if service.endpoint.is_azure:
        raise FtlintError(NO_AZURE)
    shapes = [name for name, rule in api.rules(config).items() if rule.check == "shape"]
    options = api.Options(select=[moderation.RULE, *shapes], totals=False, baseline=how.baseline)
    with api.opened(paths, config, options) as session:
        cache = AnswerCache(config.root, moderation.CACHE)
        by = moderation.Moderator(service.endpoint.url, how.model)
        found = moderation.texts(session.sources, how.sample)
        with cache.locked():
            asked = moderation.moderate(service, found, cache, by, progress)
        service.tell(f"{len(found):,} texts, {asked:,} of them sent to {how.model}")
        flagged = moderation.verdicts(found, cache, by, how.threshold)
        return Session(moderation.configured(config, flagged), options, session.sources).run(map, SHARD_BYTES)


def screen_plan(plan: Plan, config: Config, service: Service) -> Report:
    """The report on the files of a submission; on the YAML that they were built from, where they were.

    Raises:
        FtlintError: as ``screen``.
    """
    files = plan.files.values()
    return screen(
        sorted({path for file in files for path in file.sources or file.checked}), config, service, ScreeningOptions()
    )
