"""The configuration of a run: ``ftlint.yaml``, found from a folder upwards, held against its schema, and normalised."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, cast, get_args

from msgspec import Struct

from ftlint.errors import ConfigError, FtlintError
from ftlint.files import shown
from ftlint.model import Route, Shape, Split
from ftlint.resources import schema_text

NAMES = ("ftlint.yaml", ".ftlint.yaml", "ftlint.yml")
"""The names of a configuration file, the first that is there first."""
INCLUDE = ("**/*.jsonl", "**/*.ndjson", "**/*.{jsonl,ndjson}.{gz,zst}", "**/*.ft.yaml", "**/*.ft.yml")
MAX_FAULTS = 20
"""How many faults of a file are told at once."""


class PathIgnore(Struct, frozen=True):
    """Rules (names, codes, prefixes) that do not apply in some files (globs), with the reason."""

    rules: tuple[str, ...]
    paths: tuple[str, ...]
    reason: str


class Build(Struct, frozen=True):
    """How a dataset is built from authored YAML: globs of the sources, a file a split, and shares from 0 to 0.5."""

    sources: tuple[str, ...]
    outputs: Mapping[Split, str] = {}
    shares: Mapping[Split, Decimal] = {}


class Budget(Struct, frozen=True):
    """What training may cost: in all dollars and trained tokens, and for one example; None: any amount."""

    usd: Decimal | None = None
    tokens: int | None = None
    usd_per_example: Decimal | None = None
    tokens_per_example: int | None = None


class Config(Struct, frozen=True):
    """What ``ftlint.yaml`` says, normalised; ``schemas/config.schema.json`` describes each key.

    Attributes:
        path: the file, None if there is none.
        root: the folder that relative paths start from.
        method: the shape of the records to be trained on.
        epochs: None for auto.
        datasets: name → split → globs; authored sources are among those of ``train``.
        builds: name → how ``ftlint convert`` builds it, for datasets with authored sources.
        rules: name → ``severity`` (optional: off, error, warning, note) and options.
        baseline: the file of accepted findings, where it is not ``ftlint-baseline.json``.
        budgets: by dataset, and under "" what one example of any may cost.
        models: name → settings that override the catalogue; prices are Decimals.
    """

    path: Path | None
    root: Path
    target: str | None = None
    method: Shape | None = None
    epochs: int | None = None
    budget_usd: Decimal | None = None
    budget_tokens: int | None = None
    datasets: Mapping[str, Mapping[Split, tuple[str, ...]]] = {}
    builds: Mapping[str, Build] = {}
    include: tuple[str, ...] = INCLUDE
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    path_ignores: tuple[PathIgnore, ...] = ()
    rules: Mapping[str, Mapping[str, object]] = {}
    rules_from: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    baseline: str | None = None
    models: Mapping[str, Mapping[str, object]] = {}
    budgets: Mapping[str, Budget] = {}
    _tree: Any = None

    @property
    def _data(self) -> dict[str, Any]:
        """What the file says, as it stands there."""
        return (self._tree and self._tree.data) or {}

    def position(self, *route: str | int, key: bool = False) -> tuple[int, int]:
        """Line and column of a value of the file, or of its key; else of the value around it, else (1, 1)."""
        return self._tree.position(route, key=key) if self._tree else (1, 1)

    def ignore_position(self, index: int) -> tuple[int, int]:
        """Line and column of a path ignore, by its number among ``path_ignores``."""
        items: list[Any] = self._data.get("ignore", [])
        places = [place for place, item in enumerate(items) if isinstance(item, dict)]
        return self.position("ignore", places[index]) if index < len(places) else (1, 1)

    def placed(self, words: str, *route: str | int, key: bool = False) -> str:
        """Words about a value of the file, or about its key, with the place where it stands."""
        line, column = self.position(*route, key=key)
        return f"{shown(self.path)}:{line}:{column}: {words}" if self.path else words

    def error(self, words: str, *route: str | int, key: bool = False) -> ConfigError:
        """An error at a value of the file, or at its key."""
        return ConfigError(self.placed(words, *route, key=key))

    @contextmanager
    def at(self, *route: str | int) -> Iterator[None]:
        """Tell what is wrong inside as wrong at a value of the file."""
        try:
            yield
        except FtlintError as error:
            raise type(error)(self.placed(str(error), *route)) from None

    def claim(self, dataset: str, split: Split, pattern: str) -> Route:
        """Where the file says that a pattern is of a split of a dataset."""
        at: Route = ("datasets", dataset)
        value = self._data.get("datasets", {}).get(dataset, {})
        keys = (split, "sources") if isinstance(value, dict) else ()
        parts = {(*at, key): value[key] for key in keys if key in value} if keys else {at: value}
        words = (word for place, part in parts.items() for word in _words_at(part, place))
        return next((route for text, route, _ in words if text == pattern), (*at, split))

    def selectors(self) -> Iterator[tuple[str, Route, bool]]:
        """Every rule name, code and prefix in the file: (text, route, whether it is a key), as ``error`` takes them."""
        yield from ((name, ("rules", name), True) for name in self._data.get("rules", ()))
        yield from _words_at(self._data.get("select", ()), ("select",))
        ignored = self._data.get("ignore", ())
        if isinstance(ignored, str):
            yield ignored, ("ignore",), False
            return
        for index, item in enumerate(ignored):
            if isinstance(item, str):
                yield item, ("ignore", index), False
                continue
            for spelling in ("rules", "rule"):
                yield from _words_at(item.get(spelling, ()), ("ignore", index, spelling))


def find(start: Path) -> Path | None:
    """The configuration file of a file or folder: in it, or in the nearest folder above it that has one."""
    start = Path(os.path.abspath(start))
    paths = (folder / name for folder in (start, *start.parents) for name in NAMES)
    return next((path for path in paths if os.path.lexists(path) and not os.path.isdir(path)), None)


def default(root: Path) -> Config:
    """What holds where there is no file."""
    return Config(None, root)


def load(path: Path) -> Config:
    """Read a file; ConfigError has a line ``path:line:column: what`` for each fault (of the first twenty)."""
    import json

    from ftlint import yamltree
    from ftlint.config.contract import Contract
    from ftlint.yamltree.words import printable

    name = shown(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        what = "is a folder" if path.is_dir() else (error.strerror or str(error)).lower()
        raise ConfigError(f"{name}: cannot read the configuration ({what}): name a file that can be read") from None
    tree = yamltree.load(yamltree.decode(content, name), name)
    data = {} if tree.data is None else tree.data
    faults = Contract(json.loads(schema_text("config"))).faults(data)
    if faults:
        places = sorted((*tree.position(fault.route, key=fault.key), fault.words) for fault in faults)
        lines = [f"{name}:{line}:{column}: {printable(words)}" for line, column, words in places[:MAX_FAULTS]]
        more = [f"and {len(places) - MAX_FAULTS} more"] if len(places) > MAX_FAULTS else []
        raise ConfigError("\n".join(lines + more))
    return _normal(path, data, tree)


def _normal(path: Path, data: dict[str, Any], tree: Any) -> Config:
    root = Path(os.path.abspath(path)).parent
    ignored = [data["ignore"]] if isinstance(data.get("ignore"), str) else data.get("ignore", [])
    budget = data.get("budget", {})
    method = data.get("method", "")
    lists = {key.replace("-", "_"): _words(data[key]) for key in _LISTS if key in data}
    return Config(
        path=path,
        root=root,
        target=data.get("target"),
        baseline=data.get("baseline"),
        method=cast("Shape | None", {"supervised": "chat", "dpo": "preference"}.get(method, method) or None),
        epochs=None if data.get("epochs", "auto") == "auto" else int(data["epochs"]),
        budget_usd=_money(budget["usd"], tree.texts["budget", "usd"]) if "usd" in budget else None,
        budget_tokens=int(budget["tokens"]) if "tokens" in budget else None,
        budgets=dict(_budgets(data, tree.texts)),
        datasets={name: _splits(value) for name, value in data.get("datasets", {}).items()},
        builds={name: _build(value) for name, value in data.get("datasets", {}).items() if _authored(value)},
        ignore=tuple(item for item in ignored if isinstance(item, str)),
        path_ignores=tuple(_path_ignore(item) for item in ignored if isinstance(item, dict)),
        rules={name: _rule(value) for name, value in data.get("rules", {}).items()},
        models={
            name: _model(value, tree.texts, ("models", name), root) for name, value in data.get("models", {}).items()
        },
        _tree=tree,
        **lists,
    )


_LISTS = ("include", "exclude", "select", "rules-from", "plugins")


def _words(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _words_at(value: Any, route: Route) -> Iterator[tuple[str, Route, bool]]:
    if isinstance(value, str):
        yield value, route, False
    else:
        yield from ((word, (*route, index), False) for index, word in enumerate(value))


def _splits(value: Any) -> dict[Split, tuple[str, ...]]:
    by_split = value if isinstance(value, dict) else {"train": value}
    globs = {split: _words(by_split[split]) for split in get_args(Split) if split in by_split}
    if _authored(value):
        globs["train"] = globs.get("train", ()) + _words(by_split["sources"])
    return globs


def _authored(value: Any) -> bool:
    return isinstance(value, dict) and "sources" in value


def _budgets(data: dict[str, Any], texts: Mapping[Route, str]) -> Iterator[tuple[str, Budget]]:
    """The budget of each dataset that has one; of the whole only what an example may cost."""
    whole = {key: value for key, value in data.get("budget", {}).items() if key.endswith("_per_example")}
    if whole:
        yield "", _budget(whole, texts, ("budget",))
    for name, value in data.get("datasets", {}).items():
        if isinstance(value, dict) and "budget" in value:
            yield name, _budget(value["budget"], texts, ("datasets", name, "budget"))


def _budget(value: dict[str, Any], texts: Mapping[Route, str], at: Route) -> Budget:
    sums = {key: _money(sum_, texts[(*at, key)]) for key, sum_ in value.items() if key.startswith("usd")}
    counts = {key: int(count) for key, count in value.items() if key.startswith("tokens")}
    return Budget(sums.get("usd"), counts.get("tokens"), sums.get("usd_per_example"), counts.get("tokens_per_example"))


def _build(value: dict[str, Any]) -> Build:
    output = value.get("output", {})
    outputs = {"train": output} if isinstance(output, str) else output
    shares = {split: Decimal(share.rstrip("%")) / 100 for split, share in value.get("split", {}).items()}
    return Build(_words(value["sources"]), cast("dict[Split, str]", outputs), cast("dict[Split, Decimal]", shares))


def _path_ignore(item: dict[str, Any]) -> PathIgnore:
    rules = _words(item.get("rules", ())) + _words(item.get("rule", ()))
    return PathIgnore(rules, _words(item["paths"]), item["reason"].strip())


def _rule(value: Any) -> dict[str, object]:
    options = value if isinstance(value, dict) else {"severity": value}
    return {name: tuple(option) if isinstance(option, list) else option for name, option in options.items()}


def _model(value: dict[str, Any], texts: Mapping[Route, str], route: Route, root: Path) -> dict[str, object]:
    prices = {
        key: {
            name: amount if name == "as_of" else _money(amount, texts[(*route, key, name)])
            for name, amount in value[key].items()
        }
        for key in ("price", "base_price")
        if value.get(key)
    }
    own = {"tokenizer": os.path.join(root, value["tokenizer"])} if "tokenizer" in value else {}
    return {**value, **own, **prices}


def _money(amount: float, text: str) -> Decimal:
    """The amount exactly as it is written, never by way of a float (a whole number may be written 0x10)."""
    return Decimal(amount if isinstance(amount, int) else text)
