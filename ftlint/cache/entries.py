"""What an entry holds: the state of tallies, with every place told from the start of its shard, in a narrow pickle."""

from __future__ import annotations

import copyreg
import io
import pickle
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from types import MethodType
from typing import Any, get_type_hints

from msgspec import Struct, convert, to_builtins
from msgspec.structs import asdict, replace

from ftlint.checks.base import FindingTally, Found, Tally
from ftlint.checks.sums import Sums
from ftlint.engine import Key, Plan, Tallies
from ftlint.model import Finding, Location, Related, Shard, Source

Need = tuple[str, str, str]
"""A file that others are made of: as it was named, what that leads to, and the digest of what it held."""

NOWHERE = Shard(Source("", ""), 0, 0, 1)
"""The shard of which places are told that do not move."""


class Unstorable(Exception):
    """Something that no entry can hold, such as a plugin's own type."""


def pack(plan: Plan, tallies: Tallies, shard: Shard, needs: Iterable[Need] = ()) -> bytes:
    """A shard's tallies: of each what makes it other than an empty one.

    Raises:
        Unstorable: a tally holds what an entry cannot.
    """
    states = {name: _changes(tally, plan.checks[name].start()) for name, tally in tallies.items()}
    return _dump((sorted(needs), {name: state for name, state in states.items() if state}), shard)


def unpack(plan: Plan, data: bytes | None, shard: Shard) -> tuple[Tallies, set[Need]] | None:
    """The tallies of a shard at the place where it stands now, and what they depend on; None if there are none.

    Behind the start of a file the empty ones are left out: merged they would change nothing.
    """
    if data is None:
        return None
    try:
        needs, states = _load(data, shard)
        known = plan.checks if shard.start == 0 else states
        tallies = {name: _restored(plan.checks[name].start(), states.get(name, {})) for name in known}
        return tallies, _read_needs(needs)
    except Exception:
        return None


def pack_found(plan: Plan, tallies: Mapping[Key, Tally], needs: Iterable[Need] = ()) -> bytes:
    """The outcome of a run: findings, and the state of what is no list of findings.

    Raises:
        Unstorable: something is of a type that an entry cannot hold.
    """
    found, other = {}, {}
    for key, tally in tallies.items():
        if not isinstance(tally, FindingTally):
            other[key] = _changes(tally, plan.checks[key[0]].start())
        elif tally.result.totals:
            found[key] = tally.result
    return _dump((sorted(needs), found, other), NOWHERE)


def unpack_found(plan: Plan, data: bytes | None) -> tuple[dict[Key, Tally], set[Need]] | None:
    """The outcome of a run, and what it depends on; None if there is none."""
    if data is None:
        return None
    try:
        needs, found, other = _load(data, NOWHERE)
        tallies: dict[Key, Tally] = {}
        for key, result in found.items():
            tallies[key] = _restored(FindingTally(), {"result": result})
        for key, state in other.items():
            tallies[key] = _restored(plan.checks[key[0]].start(), state)
        return tallies, _read_needs(needs)
    except Exception:
        return None


def _read_needs(needs: Any) -> set[Need]:
    return {(str(file), str(real), str(digest)) for file, real, digest in needs}


def _attributes(tally: Tally) -> dict[str, Any]:
    """All that a plain object holds.

    Raises:
        Unstorable: it is no plain object, so that it may hold more.
    """
    if isinstance(tally, Struct):
        return asdict(tally)
    reduced: Any = tally.__reduce_ex__(4)
    function, arguments, state, *items = reduced
    if function is not copyreg.__newobj__ or arguments != (type(tally),) or any(item is not None for item in items):  # type: ignore[attr-defined]
        raise Unstorable(type(tally))
    inner, slots = state if isinstance(state, tuple) else (state, None)
    return {**(inner or {}), **(slots or {})}


def _changes(tally: Tally, empty: Tally) -> dict[str, Any]:
    now, then = _attributes(tally), _attributes(empty)
    if type(tally) is not type(empty) or now.keys() != then.keys():
        raise Unstorable(type(tally))
    changes = {name: value for name, value in now.items() if not _equal(value, then[name])}
    return to_builtins(changes, str_keys=False) if isinstance(tally, Sums) else changes


def _equal(value: object, other: object) -> bool:
    """Whether values are equal; methods are of equal objects, as those of tallies that came from another process."""
    if isinstance(value, MethodType) and isinstance(other, MethodType):
        return value.__func__ is other.__func__ and bool(value.__self__ == other.__self__)
    return bool(value == other)


def _restored(tally: Any, state: Mapping[str, Any]) -> Any:
    for name, value in _read_sums(type(tally), state).items() if isinstance(tally, Sums) else state.items():
        empty = getattr(tally, name)
        if not (empty is None or value is None or type(empty) is type(value)):
            raise TypeError(name)
        setattr(tally, name, value)
    return tally


_hints = cache(get_type_hints)


def _read_sums(kind: type[Sums], state: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of sums, which may be nested; each held to its type."""
    return {
        name: convert(value, _hints(kind)[name], str_keys=False, dec_hook=_read_counter)
        for name, value in state.items()
    }


def _read_counter(kind: type, value: Any) -> Any:
    """What no type of msgspec's own is: a Counter.

    Raises:
        TypeError: it is something else.
    """
    if getattr(kind, "__origin__", kind) is not Counter:
        raise TypeError(kind)
    return Counter(value)


def _dump(value: object, shard: Shard) -> bytes:
    file = io.BytesIO()
    try:
        _Pickler(file, shard).dump(value)
    except (pickle.PicklingError, RecursionError) as error:
        raise Unstorable(str(error)) from None
    return file.getvalue()


def _load(data: bytes, shard: Shard) -> Any:
    return _Unpickler(io.BytesIO(data), shard).load()


class _Pickler(pickle.Pickler):
    """Writes plain values and the nouns of findings, places from the start of a shard; nothing else."""

    def __init__(self, file: io.BytesIO, shard: Shard) -> None:
        super().__init__(file, protocol=5)
        self.shard = shard

    def reducer_override(self, value: Any) -> Any:
        kind = type(value)
        if kind is Location:
            return Location, self._place(value)
        if kind is Finding:
            return Finding, (value.at, value.subject, dict(value.values), value.related, value.once)
        if kind is Related:
            return Related, (value.at, value.label)
        if kind is Found:
            return Found, (value.kept, value.totals, value.once, list(value.rest))
        if kind is Counter:
            return Counter, (dict(value),)
        if kind is defaultdict and value.default_factory is set:
            return defaultdict, (dict(value),)
        if kind is array:
            return array, (value.typecode, value.tobytes())
        if kind is Source and replace(value, split=self.shard.source.split) == self.shard.source:
            return Source, (value.split,)
        if value in _KINDS:
            return NotImplemented
        raise Unstorable(kind)

    def _place(self, at: Location) -> tuple[object, ...]:
        shard = self.shard
        if at.path != shard.source.path or shard.start == 0:
            return at.path, at.line, at.offset, at.route, at.part, at.span
        if not (shard.first_line <= at.line and shard.start <= at.offset <= shard.stop):
            raise Unstorable(at)
        return None, at.line - shard.first_line, at.offset - shard.start, at.route, at.part, at.span


class _Unpickler(pickle.Unpickler):
    """Reads what ``_Pickler`` writes. A name in the pickle means one of a few functions here, never what it names.

    A folder may come with somebody's repository, so no class is handed out: a pickle could change one for good.
    """

    def __init__(self, file: io.BytesIO, shard: Shard) -> None:
        super().__init__(file)
        self.shard = shard

    def find_class(self, module: str, name: str) -> Any:
        for kind in _KINDS:
            if (module, name) == (kind.__module__, kind.__qualname__):
                return getattr(self, f"make_{name.lower()}")
        raise pickle.UnpicklingError(f"{module}.{name}")

    def persistent_load(self, pid: Any) -> Any:
        raise pickle.UnpicklingError(pid)

    def make_location(self, path: Any, line: int, offset: int, route: Any, part: Any, span: Any) -> Location:
        if path is not None:
            return Location(path, line, offset, route, part, span)
        shard = self.shard
        return Location(shard.source.path, line + shard.first_line, offset + shard.start, route, part, span)

    def make_finding(self, *parts: Any) -> Finding:
        return Finding(*parts)

    def make_related(self, *parts: Any) -> Related:
        return Related(*parts)

    def make_found(self, kept: Any, totals: Any, once: Any, rest: Iterable[Finding]) -> Found:
        found = Found(kept, totals, once)
        for finding in rest:
            found.rest.append(finding)
        return found

    def make_counter(self, counts: Mapping[Any, int]) -> Counter[Any]:
        return Counter(counts)

    def make_defaultdict(self, sets: Mapping[Any, set[Any]]) -> defaultdict[Any, set[Any]]:
        return defaultdict(set, sets)

    def make_array(self, typecode: str, data: bytes) -> array[Any]:
        return array(typecode, data)

    def make_source(self, split: Any) -> Source:
        shard = self.shard.source
        return shard if split == shard.split else replace(shard, split=split)


_KINDS = (Location, Finding, Related, Found, Counter, defaultdict, array, Source)
