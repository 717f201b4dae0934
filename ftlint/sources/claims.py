"""What ``ftlint.yaml`` claims for its datasets: a file is in one split of one, where it is named most narrowly."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import NamedTuple

from ftlint.config import Config
from ftlint.errors import ConfigError
from ftlint.model import Route, Source, show_route
from ftlint.sources.pairing import ORDER


class Claim(NamedTuple):
    """A file of a split of a dataset: whether by a folder or glob, and where the configuration says so."""

    wide: bool
    route: Route
    source: Source


def settled(claims: Iterable[tuple[Hashable, Claim]], config: Config) -> dict[Hashable, Source]:
    """Each file once, by dataset and split; where it is spelled out outdoes where a folder or glob has it.

    Raises:
        ConfigError: a file is in two datasets, or in two splits of one.
    """
    kept: dict[Hashable, Claim] = {}
    for key, claim in sorted(claims, key=lambda item: item[1].wide):
        first = kept.setdefault(key, claim)
        if first.wide == claim.wide and _home(first) != _home(claim):
            raise _twice(first, claim, config)
    datasets = list(config.datasets)
    homes = {
        key: (datasets.index(claim.source.dataset), ORDER.index(claim.source.split)) for key, claim in kept.items()
    }
    return {key: kept[key].source for key in sorted(kept, key=homes.__getitem__)}


def _home(claim: Claim) -> tuple[str, str]:
    return claim.source.dataset, claim.source.split


def _twice(first: Claim, second: Claim, config: Config) -> ConfigError:
    name, other = second.source.path, first.source.path
    what = f"{show_route(second.route)}: '{name}' is in {show_route(first.route)} too"
    what += f", as '{other}'" if other != name else ""
    mend = "a file counts for one only: write its path in one of the two"
    return config.error(f"{what}, and {mend}", *second.route)
