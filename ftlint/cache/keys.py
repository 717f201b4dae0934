"""Keys of entries: all that a result depends on, in sixteen bytes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from xxhash import xxh3_128, xxh3_128_hexdigest

from ftlint import __version__
from ftlint.cache.entries import Need, Unstorable
from ftlint.checks.base import Check
from ftlint.checks.sums import SumsCheck
from ftlint.engine import Plan
from ftlint.model import Shard, Source
from ftlint.resources import PACKAGE, folder
from ftlint.sources.jsonl import is_authored

BLOCK = 256 << 10

COUNTING = frozenset({"size"})
"""Fields of ftlint's checks that no result depends on: they pick the quickest counter."""
JUDGING = COUNTING | {"today", "target_at", "budget_at", "budget_places"}
"""Fields that no tally depends on, only what is found in it at the end."""

PACKAGES = ("jsonschema", "msgspec", "pyyaml", "rs_bpe", "tiktoken", "toktok_rs")
"""The packages that findings and counts depend on, as their ``.dist-info`` folders are named."""

_scalars = (str, int, float, bool, type(None), bytes, date, Decimal)


def is_native(check: Check) -> bool:
    """Whether a kind of check is ftlint's own: known to hold places only where the cache finds them."""
    return type(check).__module__.partition(".")[0] == "ftlint"


def is_movable(check: Check) -> bool:
    """Whether what a check keeps of a shard is the same wherever the shard stands in its file."""
    return is_native(check) and not (isinstance(check, SumsCheck) and check.is_placed)


class Keys:
    """The keys of one plan.

    Raises:
        Unstorable: an option of a check is of a type that cannot be spelled.
    """

    def __init__(self, plan: Plan) -> None:
        self.movable = all(map(is_movable, plan.checks.values()))
        software = _software(), _foreign(plan)
        self._shard, self._run = (
            _hash(software, {name: _spell(check, without) for name, check in plan.checks.items()})
            for without in (JUDGING, COUNTING)
        )

    def shard(self, shard: Shard, digest: str) -> str:
        """The key of a shard, wherever it stands in its file; but some tallies, as a plugin's, know where that was."""
        source = replace(shard.source, asked=shard.source.asked or self.movable)
        place = (shard.start, shard.first_line)
        return _hash(self._shard, _named(source), digest, place == (0, 1) if self.movable else place)

    def run(self, files: Iterable[tuple[Source, str]]) -> str:
        """The key of a whole run."""
        return _hash(self._run, [(_named(source), digest) for source, digest in files])


class Reader:
    """Digests of files and of parts of them."""

    def __init__(self) -> None:
        self._whole: dict[str, str] = {}
        self._parts: dict[str, Any] = {}

    def whole(self, file: str) -> str:
        """The digest of a file."""
        hashed = xxh3_128()
        _feed(file, 0, None, hashed)
        self._whole[file] = hashed.hexdigest()
        return self._whole[file]

    def part(self, shard: Shard, *, again: bool = False) -> str:
        """The digest of a shard; those of a file come in order, and some of them ``again``."""
        hashed = xxh3_128()
        both = (hashed,) if again else (hashed, self._parts.setdefault(shard.source.file, xxh3_128()))
        _feed(shard.source.file, shard.start, shard.stop, *both)
        return hashed.hexdigest()

    def was_whole(self, file: str) -> bool:
        """Whether all parts together were the file whose digest was given before."""
        return bool(self._parts.get(file, xxh3_128()).hexdigest() == self._whole[file])

    def hold(self, needs: Iterable[Need]) -> bool:
        """Whether files are what they were."""
        try:
            return all(os.path.realpath(file) == real and Reader().whole(file) == was for file, real, was in needs)
        except (OSError, ValueError):
            return False


def _feed(file: str, start: int, stop: int | None, *hashes: Any) -> None:
    left = sys.maxsize if stop is None else stop - start
    with open(file, "rb", buffering=0) as stream:
        stream.seek(start)
        while left > 0 and (block := stream.read(min(left, BLOCK))):
            left -= len(block)
            for hashed in hashes:
                hashed.update(block)


def _hash(*parts: object) -> str:
    return xxh3_128_hexdigest(repr(parts).encode("utf-8", "surrogatepass"))


def _spell(value: Any, without: frozenset[str] = frozenset()) -> Any:
    """A value as something whose ``repr`` is the same in every process."""
    if isinstance(value, _scalars):
        return value if type(value) in _scalars else (type(value).__qualname__, repr(value))
    if isinstance(value, Struct):
        named = [(name, getattr(value, name)) for name in value.__struct_fields__ if name not in without]
        kind = type(value)
        return kind.__module__, kind.__qualname__, [(name, _spell(item)) for name, item in named]
    if isinstance(value, frozenset | set):
        return "set", sorted(repr(_spell(item)) for item in value)
    if isinstance(value, Mapping):
        return "map", sorted((repr(_spell(key)), _spell(item)) for key, item in value.items())
    if isinstance(value, list | tuple):
        return [_spell(item) for item in value]
    raise Unstorable(type(value))


def _named(source: Source) -> Any:
    """What a result has of a source: the names under which it is shown, and of an authored file what it may include."""
    if is_authored(source.path):
        return _spell(replace(source, file=os.path.realpath(source.path)))
    return _spell(replace(source, file="", root="", shares=()))


@cache
def _software() -> tuple[object, ...]:
    """What decides how bytes are read: versions, and in a checkout the state of ftlint's own files."""
    names = {name for place in sys.path for name in _names(place) if name.endswith(".dist-info")}
    packages = sorted(name for name in names if name.lower().startswith(tuple(f"{name}-" for name in PACKAGES)))
    installed = folder("schemas").parent == PACKAGE
    return __version__, sys.version_info[:2], packages, () if installed else sorted(_own_files())


def _names(place: str) -> list[str]:
    try:
        return os.listdir(place or ".")
    except OSError:
        return []


def _own_files() -> Iterable[tuple[str, int, int]]:
    for top in (PACKAGE, folder("schemas")):
        for path, _, names in os.walk(top):
            for name in names:
                if name.endswith((".py", ".json")):
                    seen = os.stat(os.path.join(path, name))
                    yield os.path.relpath(os.path.join(path, name), PACKAGE), seen.st_mtime_ns, seen.st_size


def _foreign(plan: Plan) -> list[tuple[str, str]]:
    """The modules of plugins' packages with digests of their files."""
    tops = {type(check).__module__.partition(".")[0] for check in plan.checks.values()} - {"ftlint"}
    modules = [(name, module) for name, module in sys.modules.items() if tops and name.partition(".")[0] in tops]
    try:
        return sorted((name, Reader().whole(module.__file__ or "")) for name, module in modules if module.__file__)
    except (OSError, AttributeError):
        raise Unstorable("a plugin without a file") from None
