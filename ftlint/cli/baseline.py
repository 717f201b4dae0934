"""``ftlint baseline``: accept the findings that a dataset has, and see what is accepted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ftlint.cli._options import STANDARD, baseline_option, config_option, names
from ftlint.cli._screen import progress
from ftlint.errors import FtlintError
from ftlint.files import shown
from ftlint.render.parts.words import plural

if TYPE_CHECKING:
    from ftlint.baseline import Entries


@click.command("baseline", short_help="Accept the findings of today, so that only new ones are reported.")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--update", is_flag=True, help="Accept everything that is found now, and nothing else.")
@click.option("--prune", is_flag=True, help="Drop what is no longer found, and accept nothing new.")
@click.option("--accept", multiple=True, metavar="FINGERPRINT", help="Accept one finding; four of its digits may do.")
@click.option("--reason", help="Why it is accepted.")
@baseline_option("file")
@click.option("--target", metavar="PROVIDER/MODEL", help="Model that is to be tuned.")
@click.option("--select", multiple=True, callback=names, metavar="RULES", help="Run these rules only.")
@config_option
def command(paths: tuple[str, ...], update: bool, prune: bool, accept: tuple[str, ...], **given: Any) -> None:
    """Show what the baseline accepts, or change it.

    The baseline, ftlint-baseline.json beside ftlint.yaml, names findings by a digest of their content: it holds no
    text of the dataset, and moving, reordering and renaming change nothing. Commit it.
    """
    from ftlint import accept as accepting
    from ftlint import api, baseline

    if update + prune + bool(accept) > 1:
        raise click.UsageError("--update, --prune and --accept are three ways to change a baseline: choose one.")
    reason = (given["reason"] or "").strip()
    if bool(accept) != bool(reason):
        raise click.UsageError('--accept needs a --reason, and the other way round: --accept 1f2e --reason "…".')
    config = api.load_config(given["config_path"])
    if update or prune or accept:
        with progress("checking", True) as tell:
            options = api.Options(target=given["target"], select=given["select"])
            survey = accepting.survey(paths, config, options, given["file"], tell)
        new = survey.update() if update else survey.prune() if prune else survey.accept(accept, reason)
        accepting.save(survey.path, new)
        _tell(survey.path, survey.old, new)
    else:
        api.require([path for path in paths if path != STANDARD], config)
        _show(baseline.place(config, given["file"]))


def _tell(path: Path, old: Entries, new: Entries) -> None:
    """What became of the baseline, in one line."""
    before = Counter({key: entry.count for key, entry in old.items()})
    after = Counter({key: entry.count for key, entry in new.items()})
    more, less = (after - before).total(), (before - after).total()
    changes = " and ".join(f"{number:,} {word}" for number, word in ((more, "more"), (less, "fewer")) if number)
    total = f"{plural(after.total(), 'finding')} accepted"
    click.echo(f"{shown(path)}: {total} ({changes or 'as before'})")


def _show(path: Path) -> None:
    """The accepted findings by rule, the most first."""
    from ftlint import baseline

    if not path.exists():
        raise FtlintError(f"there is no baseline at {shown(path)}; `ftlint baseline --update` writes one")
    entries = baseline.read(path).values()
    totals: Counter[str] = Counter()
    for entry in entries:
        totals[entry.rule] += entry.count
    digits = max((len(f"{total:,}") for total in totals.values()), default=0)
    for rule, total in sorted(totals.items(), key=lambda item: (-item[1], item[0])):
        reasons = dict.fromkeys(entry.reason for entry in entries if entry.rule == rule and entry.reason)
        click.echo(f"{total:>{digits},}  {rule}" + "".join(f"\n{'':{digits}}    {reason}" for reason in reasons))
    click.echo(f"{plural(totals.total(), 'finding')} accepted in {shown(path)}")
