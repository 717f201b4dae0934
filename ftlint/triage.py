"""Which rules run and which findings count: select, suppress, and nothing that looks at data."""

from __future__ import annotations

import os
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from ftlint.config import Config
from ftlint.errors import UnknownName
from ftlint.model import Route, Severity
from ftlint.pages import Catalogue, Rule
from ftlint.sources.globs import Patterns
from ftlint.sources.opening import is_url


def choose(
    catalogue: Catalogue, config: Config, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> dict[str, Rule]:
    """The rules that run, with the severities that the user wants.

    The command line's ``select`` replaces the configuration's; ``ignore`` adds to it. A rule's own entry under
    ``rules`` is the most specific: it switches the rule on or off whatever ``select`` says in the configuration.

    Raises:
        ConfigError: a name, code or prefix in the configuration means no rule.
        UnknownName: one on the command line means none.
    """
    _verify(catalogue, config)
    wanted = select or config.select
    names = catalogue.match(wanted) if wanted else {rule.name for rule in catalogue.values() if rule.enabled}
    severities: dict[str, Severity] = {}
    for word, options in config.rules.items():
        name = catalogue.find(word).name
        severity = options.get("severity")
        if severity == "off":
            names -= set() if select else {name}
            continue
        if not select:
            names.add(name)
        if severity is not None:
            severities[name] = Severity[str(severity).upper()]
    names -= catalogue.match([*config.ignore, *ignore])
    return {
        name: replace(rule, severity=severities.get(name, rule.severity))
        for name, rule in catalogue.items()
        if name in names
    }


def options(catalogue: Catalogue, config: Config) -> dict[str, dict[str, object]]:
    """The options of each rule that the configuration sets."""
    return {
        catalogue.find(word).name: {key: value for key, value in values.items() if key != "severity"}
        for word, values in config.rules.items()
    }


def entry(rule: Rule, config: Config) -> Route:
    """Where the configuration sets a rule, by its name or code; nowhere if it does not."""
    return next((("rules", word) for word in config.rules if rule.answers(word)), ())


def _verify(catalogue: Catalogue, config: Config) -> None:
    """Every rule that the configuration speaks of exists, and none is set twice; else an error at its place."""
    for word, route, is_key in config.selectors():
        try:
            catalogue.find(word) if route[0] == "rules" else catalogue.match([word])
        except UnknownName as error:
            raise config.error(str(error), *route, key=is_key) from None
    known: dict[str, str] = {}
    for word in config.rules:
        first = known.setdefault(catalogue.find(word).name, word)
        if first != word:
            raise config.error(f"{word} is the rule {first}, which is set here too: keep one", "rules", word, key=True)


class Suppressions(Struct, frozen=True):
    """The configuration's path ignores: names of rules, and the patterns of the paths where they are silent."""

    entries: tuple[tuple[frozenset[str], Patterns], ...]

    def covering(self, name: str, path: str) -> set[int]:
        """The numbers of the entries that silence findings of a rule in a file; a URL is matched as it is shown."""
        matches = partial(_names_url, path) if is_url(path) else partial(_names_path, os.path.realpath(path))
        return {index for index, (names, patterns) in enumerate(self.entries) if name in names and matches(patterns)}


def _names_path(path: str, patterns: Patterns) -> bool:
    return patterns.cover(path)


def _names_url(url: str, patterns: Patterns) -> bool:
    return any(fnmatchcase(url, line) for line in patterns.lines)


def suppressions(catalogue: Catalogue, config: Config) -> Suppressions:
    """The path ignores of a configuration.

    Raises:
        UnknownName: an entry names no rule.
    """
    root = os.path.realpath(config.root)
    return Suppressions(
        tuple(
            (frozenset(catalogue.match(entry.rules)), Patterns(tuple(entry.paths), root, braces=True))
            for entry in config.path_ignores
        )
    )
