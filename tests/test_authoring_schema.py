"""The schema of authored YAML and the reader agree, but for the checks that a schema cannot do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from test_authoring_read import FAULTS

from ftlint import yamltree
from ftlint.authoring.build import EXAMPLE_KEYS, SETTINGS
from ftlint.authoring.lines import KEYS
from ftlint.authoring.messages import TURN_KEYS
from ftlint.authoring.model import AuthoringFault
from ftlint.authoring.read import FILE_KEYS, read
from ftlint.authoring.settings import MAX_REPEAT
from ftlint.resources import schema_text
from ftlint.shape import TRAINED_KEYS

SAMPLES = sorted((Path(__file__).parent / "datasets" / "authoring").glob("*.ft.yaml"))
READER_ONLY = {
    "missing-file": "whether a file is there",
    "outside-file": "whether it lies in the project",
    "not-utf8": "what it holds",
    "unpaired-result": "how many calls wait for a result",
    "repeated-yaml-key": "keys that stand twice",
    "alias-bomb": "what aliases expand to",
    "invalid-yaml": "text that is no YAML",
    "reserved-first-character": "text that YAML reads as something else",
}
"""Rules whose faults no schema can see, and why."""

READER_ONLY_REASONS = (
    "this number is too long",
    "is no number that JSON has",
    "does not go together with",  # with a key of defaults
    'has "user" but no "assistant"',  # where the reference of defaults is removed
    "stands beside a conversation that has its answer",
    "is no PNG, JPEG or WEBP image",
    "includes a file again",
)
"""Faults of wrong-value that it cannot see."""


@cache
def schema() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(schema_text("authoring"))
    return data


@cache
def validator() -> Draft7Validator:
    Draft7Validator.check_schema(schema())
    return Draft7Validator(schema())


def only_the_reader_sees(fault: AuthoringFault) -> bool:
    if fault.rule == "empty-text":  # a block without lines, an empty file, nothing to remove
        return True
    reason = str(fault.values.get("reason", ""))
    return fault.rule in READER_ONLY or any(words in reason for words in READER_ONLY_REASONS)


def refused(source: str) -> list[AuthoringFault]:
    return [fault for fault in read("a.ft.yaml", "a.ft.yaml", ".", given=source).faults if not fault.soft]


def agree(source: str, data: Any) -> None:
    faults, errors = refused(source), list(validator().iter_errors(data))
    if not faults:
        assert not errors, (source, [error.message for error in errors])
    elif not all(only_the_reader_sees(fault) for fault in faults):
        assert errors, (source, faults)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_the_samples_are_as_the_schema_says(path: Path) -> None:
    validator().validate(yamltree.load(path.read_text("utf-8"), path.name).data)


@pytest.mark.parametrize("source", [source for source in FAULTS if "alias" not in FAULTS[source]])
def test_mistakes_are_refused_by_both(source: str) -> None:
    try:
        data = yamltree.load(source, "a").data
    except yamltree.ConfigError:
        return
    agree(source, data)


def test_the_schema_knows_the_same_keys() -> None:
    definitions = schema()["definitions"]
    assert set(schema()["properties"]) == FILE_KEYS
    assert set(schema()["properties"]["defaults"]["properties"]) == SETTINGS
    assert set(definitions["example"]["properties"]) == EXAMPLE_KEYS
    assert set(definitions["turn"]["properties"]) == TURN_KEYS
    assert FILE_KEYS | EXAMPLE_KEYS | TURN_KEYS | {"file"} == KEYS
    repeat, reference = (definitions["example"]["properties"][name]["anyOf"][0] for name in ("repeat", "reference"))
    assert repeat["maximum"] == MAX_REPEAT
    assert {name for part in reference["not"]["anyOf"] for name in part["required"]} == TRAINED_KEYS


def described(part: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(part, dict):
        yield from part.get("properties", {}).items() if "description" in part else ()
        for inner in part.values():
            yield from described(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from described(inner)


def test_every_key_is_described() -> None:
    for name, part in described(schema()):
        target = schema()["definitions"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
        assert target.get("description", "").endswith("."), name


words = st.sampled_from(["a", "No", "x y", "true"]) | st.integers(-1, 3) | st.booleans() | st.just(1.5)
ODD = st.sampled_from([None, "", [], {}, "a", 2, True, ["a"], {"file": 1, "b": 2}, {"a": {"b": "c"}}, [None]])


def keyed(required: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


weights = st.sampled_from([0, 1])
arguments = st.dictionaries(
    st.sampled_from(["k", "No", "1"]), words | st.none() | st.lists(words, max_size=1), max_size=2
)
images = st.lists(
    st.just("https://example.org/a.png")
    | keyed({"url": st.just("data:,")}, detail=st.sampled_from(["auto", "low", "high"])),
    max_size=2,
)
tools = st.dictionaries(
    st.sampled_from(["f", "g"]),
    st.none() | keyed({}, description=words, parameters=arguments, strict=st.booleans()),
    max_size=2,
)
results = words | arguments | st.lists(words, max_size=2)
turns = st.one_of(
    keyed({"user": words}, images=images, name=words),
    keyed({"assistant": words}, weight=weights, name=words),
    keyed({"assistant": words, "call": words}, args=arguments | st.none(), weight=weights),
    keyed({"call": words}, args=arguments | st.just("{}"), name=words),
    keyed({"calls": st.lists(st.dictionaries(st.sampled_from("fg"), arguments | st.none(), min_size=1, max_size=1))}),
    keyed({"result": results}, name=words),
    keyed({"results": st.lists(results, min_size=1, max_size=2)}),
    keyed({"system": words}),
    keyed({"developer": words}, name=words),
)
settings: dict[str, Any] = {
    "tools": tools,
    "parallel_tool_calls": st.booleans(),
    "tags": st.lists(words, max_size=2),
    "split": st.sampled_from(["train", "validation", "test"]),
    "group": words,
    "note": words,
    "meta": arguments,
    "repeat": st.integers(1, 1000),
    "whitespace": st.just("keep"),
}
openings: dict[str, Any] = {"system": words, "developer": words}
beside: dict[str, Any] = {**{key: value | st.none() for key, value in settings.items()}, **openings, "id": words}
reference = st.dictionaries(st.sampled_from(["k", "messages", "answer"]), words, max_size=2)
examples = st.one_of(
    keyed({"user": words, "assistant": words}, images=images, weight=weights, **beside),
    keyed({"user": words, "preferred": words, "rejected": words}, images=images, **beside),
    keyed({"user": words}, reference=reference | st.none(), **beside),
    keyed({"turns": st.lists(turns, max_size=4)}, reference=reference, **beside),
    keyed({"turns": st.lists(turns, min_size=1, max_size=2), "preferred": words, "rejected": words}, **beside),
    keyed({"prompt": words, "completion": words}, id=words, note=words, split=settings["split"]),
)
files = keyed(
    {"examples": st.lists(examples, max_size=2)},
    defaults=keyed({}, **settings, **openings, reference=reference) | st.none(),
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    steps: Any = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for step in steps:
        yield value, step
        yield from places(value[step])


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A file in which, mostly, one value was dropped, replaced, or given another key."""
    data = json.loads(json.dumps(draw(files)))
    home, step = draw(st.sampled_from(list(places(data))))
    change = draw(st.integers(0, 3))
    if change == 1:
        home[step] = draw(ODD)
    elif change == 2 and isinstance(home, dict):
        home[draw(st.sampled_from(sorted(EXAMPLE_KEYS | TURN_KEYS | {"odd", "url", "detail"})))] = home.pop(step)
    elif change == 3:
        del home[step]
    return data


@given(files | damaged())
def test_the_schema_and_the_reader_agree(data: Any) -> None:
    agree(json.dumps(data), data)  # JSON is YAML
