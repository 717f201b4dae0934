"""What can be measured of an answer: its length, how far it is from the wanted one, and whether its format holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from ftlint.errors import FtlintError

NEEDED = "this needs the rapidfuzz package: pip install 'ftlint[openai]'"
Holds = Callable[[Any], bool]


class Measures(Struct, frozen=True):
    """The measures of one answer; None where there is nothing to measure by.

    Attributes:
        characters: its length.
        exact: whether it is the wanted answer, but for white space around it.
        distance: edits (Levenshtein) from the wanted answer, as a share of the longer: 0 is the same, 1 all other.
        parses: whether it is JSON, where the wanted answer is, or a schema is given.
        holds: whether the schema holds.
    """

    characters: int
    exact: bool | None = None
    distance: float | None = None
    parses: bool | None = None
    holds: bool | None = None


def measure(text: str, wanted: str, holds: Holds | None = None) -> Measures:
    """Measure an answer against the wanted one; without one only what needs none."""
    parses = is_json(text) if holds or _is_structure(wanted) else None
    fits = None if holds is None else bool(parses) and holds(msgspec.json.decode(text))
    if not wanted:
        return Measures(len(text), parses=parses, holds=fits)
    return Measures(len(text), text.strip() == wanted.strip(), distance(text, wanted), parses, fits)


def distance(text: str, wanted: str) -> float:
    """Edits from one text to the other, as a share of the longer one's characters.

    Raises:
        FtlintError: the package that counts them is not installed.
    """
    try:
        from rapidfuzz.distance import Levenshtein
    except ImportError:
        raise FtlintError(NEEDED) from None
    return float(Levenshtein.normalized_distance(text, wanted))


def is_json(text: str) -> bool:
    """Whether a text is JSON, and nothing else."""
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return False
    return True


def _is_structure(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[") and is_json(text)


def holder(path: Path) -> Holds:
    """What tells whether a value holds to the JSON Schema of a file; nothing is fetched for it.

    Raises:
        FtlintError: the file cannot be read, or is no schema.
    """
    from jsonschema.exceptions import SchemaError
    from jsonschema.validators import validator_for
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    try:
        schema = msgspec.json.decode(path.read_bytes())
        kind = validator_for(schema)
        kind.check_schema(schema)
    except (OSError, msgspec.DecodeError, RecursionError) as error:
        raise FtlintError(f"{path}: the schema could not be read: {error}") from None
    except SchemaError as error:
        raise FtlintError(f"{path}: this is no JSON Schema: {error.message}") from None
    validator = kind(schema, registry=Registry())

    def holds(value: Any) -> bool:
        try:
            return bool(validator.is_valid(value))
        except Unresolvable as error:
            raise FtlintError(f"{path}: the schema refers to what it does not hold: {error}") from None
        except RecursionError:
            return False

    return holds
