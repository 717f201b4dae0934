"""Rule pages: a Markdown page is a rule's registration, its manual and its test."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from ftlint import frontmatter
from ftlint.checks import load as load_kinds
from ftlint.checks.base import Check
from ftlint.errors import ConfigError, UnknownName
from ftlint.model import Scalar, Severity
from ftlint.resources import folder
from ftlint.suggest import did_you_mean, nearest

_front = re.compile(r"---\n(.*?)^---\n", re.DOTALL | re.MULTILINE)
_placeholder = re.compile(r"\{(\w+)(?:\|([^{}|]*))?(?:\|([^{}|]*))?\}")


class Rule(Struct, frozen=True):
    """A rule as its page's front matter gives it (``schemas/rule.schema.json``)."""

    code: str
    name: str
    summary: str
    severity: Severity
    status: str
    since: str
    check: str
    message: str
    page: Path
    hint: str = ""
    options: Mapping[str, Any] = {}
    enabled: bool = True
    aggregate: bool = False
    redact: bool = False
    fix: Literal["", "safe", "unsafe"] = ""

    @property
    def mends_by(self) -> str:
        """What fixers of its findings are known by: the kind of check, or the rule that the reader names."""
        return self.name if self.check == "shape" else self.check

    @property
    def family(self) -> str:
        """The folder of the page."""
        return self.page.parent.name

    def answers(self, word: str) -> bool:
        """Whether a word is the rule's name or code."""
        return word.lower() == self.name or word.upper() == self.code

    def text(self) -> str:
        """The page without its front matter, as Markdown."""
        return _front.sub("", self.page.read_text("utf-8"), count=1).strip() + "\n"


class Catalogue(dict[str, Rule]):
    """Rules by name; a rule can also be asked for by code or, several at once, by a prefix of codes."""

    def find(self, word: str) -> Rule:
        """The rule of that name or code.

        Raises:
            UnknownName: there is none; the text suggests the nearest.
        """
        rules = [rule for rule in self.values() if rule.answers(word)]
        if not rules:
            raise UnknownName(self._unknown(word))
        return rules[0]

    def match(self, words: Iterable[str]) -> set[str]:
        """The names of all rules that any of the words means: a name, a code, a prefix of codes, a family or ``ALL``.

        Raises:
            UnknownName: a word means no rule.
        """
        names: set[str] = set()
        for word in words:
            found = {rule.name for rule in self.values() if _means(word, rule)}
            if not found:
                raise UnknownName(self._unknown(word))
            names |= found
        return names

    def _unknown(self, word: str) -> str:
        near = nearest(word, [*self, *(rule.code for rule in self.values())], 0.5)
        return f'there is no rule "{word}"' + (did_you_mean(near) or "; `ftlint rule` lists them all")


def _means(word: str, rule: Rule) -> bool:
    if word == "ALL" or word.lower() in (rule.name, rule.family):
        return True
    return (word[-1:].isdigit() and rule.code.startswith(word.upper())) or word.upper() == rule.code.rstrip(
        "0123456789"
    )


@cache
def catalogue() -> Catalogue:
    """The rules that ftlint ships."""
    return read_pages([folder("rules")])


def read_pages(places: Iterable[Path]) -> Catalogue:
    """The rules of all pages in some folders (or of single pages); pages named README are none.

    Raises:
        ConfigError: a page is damaged, or a name or code stands twice.
    """
    rules = Catalogue()
    codes: dict[str, Path] = {}
    paths = [path for place in places for path in (sorted(place.rglob("*.md")) if place.is_dir() else [place])]
    paths = [path for path in paths if path.stem.lower() != "readme"]
    for path, rule in zip(paths, _read_rules(paths), strict=True):
        if rule.name in rules or rule.code in codes:
            other = rules[rule.name].page if rule.name in rules else codes[rule.code]
            raise ConfigError(
                f"{path}: {rule.name} ({rule.code}) is already a rule, in {other}; choose another name and code"
            )
        rules[rule.name], codes[rule.code] = rule, path
    return Catalogue(sorted(rules.items(), key=lambda item: item[1].code))


def _read_rules(paths: list[Path]) -> list[Rule]:
    """The rules of some pages; a YAML parser, which is slow to load, reads the front matters that need one."""
    fronts = []
    for path in paths:
        match = _front.match(_text(path))
        if match is None:
            raise ConfigError(f"{path}:1: a rule page starts with front matter between two lines of ---")
        fronts.append(match[1])
    return [_rule(path, _values(path, front)) for path, front in zip(paths, fronts, strict=True)]


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: the page is not UTF-8: save it as UTF-8") from None


def _values(path: Path, front: str) -> Any:
    values = frontmatter.read(front)
    if values is None:
        from ftlint.yamltree import load_many

        values = load_many("\n" + front, str(path))[0]
    return values


def _rule(path: Path, values: Any) -> Rule:
    wanted = {*Rule.__struct_fields__} - {"page"}
    if not isinstance(values, dict) or (odd := values.keys() - wanted):
        raise ConfigError(
            f"{path}: unknown key in the front matter: {', '.join(sorted(odd)) if values else 'none at all'}"
        )
    try:
        severity = Severity[str(values.pop("severity")).upper()]
        return Rule(page=path, severity=severity, **values)
    except (KeyError, TypeError) as error:
        raise ConfigError(f"{path}: the front matter is incomplete or wrong: {error}") from None


def build(rule: Rule, options: Mapping[str, Any], settings: object) -> Check:
    """The check of a rule: the page's options, overridden by the user's, and the settings that it has fields for.

    Raises:
        ConfigError: the kind or an option does not exist, or an option is of a wrong type.
    """
    kind = load_kinds().get(rule.check)
    if kind is None:
        raise ConfigError(f'{rule.page}: there is no kind of check "{rule.check}"; is a plugin missing?')
    known = kind.defaults()
    values = {name: getattr(settings, name) for name in known if hasattr(settings, name)}
    for name, value in {**rule.options, **options}.items():
        if name not in known or hasattr(settings, name):
            near = nearest(name, [key for key in known if not hasattr(settings, key)])
            advice = did_you_mean(near) or f"; `ftlint rule {rule.name}` shows its options"
            raise ConfigError(f'the rule {rule.name} has no option "{name}"{advice}', name)
        default = known[name]
        values[name] = tuple(value) if isinstance(value, list) else _number(value, default)
        if not _fits(values[name], default):
            raise ConfigError(
                f"the option {name} of {rule.name} must be like {_show(default)}, not {_show(values[name])}", name
            )
    return kind(**values)


def _number(value: Any, default: object) -> Any:
    return float(value) if isinstance(default, float) and type(value) is int else value


def _fits(value: object, default: object) -> bool:
    """Whether an option has the type of its default; a limit may be a number or a word."""
    if isinstance(default, int | str) and not isinstance(default, bool):
        return isinstance(value, int | str) and not isinstance(value, bool)
    return default is None or isinstance(value, type(default))


def _show(value: object) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, tuple) else str(value)


def fill(template: str, values: Mapping[str, Scalar]) -> str:
    """A page's words with a finding's values: ``{n}`` (thousands grouped), ``{n|s}`` and ``{n|y|ies}`` (plurals)."""

    def word(match: re.Match[str]) -> str:
        name, one, many = match.groups()
        if name not in values:
            return match[0]
        value = values[name]
        if one is not None:
            singular, plural = ("", one) if many is None else (one, many)
            return singular if value == 1 else plural
        return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)

    return _placeholder.sub(word, template)
