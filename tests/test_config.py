"""``ftlint.yaml`` is found, held against its schema as ``jsonschema`` would, and normalised without loss."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from ftlint import config
from ftlint.config.contract import Contract
from ftlint.errors import ConfigError
from ftlint.resources import schema_text

SCHEMA = json.loads(schema_text("config"))

FULL = """\
target: openai/gpt-4.1-mini
method: dpo
epochs: 3
budget: {usd: 12.50, tokens: 2000000}
datasets:
  orders: {train: [a/*.jsonl, b.jsonl], validation: v.jsonl}
  chat: c.jsonl
exclude: old/**
select: [FT1, blank-line]
ignore:
  - FT203
  - rule: repeated-role
    paths: old.jsonl
    reason: the user really writes twice
  - {rules: [FT301, FT302], paths: [x/*], reason: known}
rules:
  repeated-role: off
  over-token-limit: {limit: model, severity: warning}
  unknown-role: {roles: [a, b]}
rules-from: lint/rules
plugins: [my.kinds]
models:
  mine: {encoding: cl100k_base, max_tokens: 8192, price: {train: 0.1, input: 1, as_of: 2026-11-23}}
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "ftlint.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def fault(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        config.load(write(folder, text))
    return str(caught.value).replace(folder.as_posix() + "/", "").split("\n")


def test_everything_is_read(tmp_path: Path) -> None:
    found = config.load(write(tmp_path, FULL))
    assert replace(found, _tree=None) == config.Config(
        path=tmp_path / "ftlint.yaml",
        root=tmp_path,
        target="openai/gpt-4.1-mini",
        method="preference",
        epochs=3,
        budget_usd=Decimal("12.50"),
        budget_tokens=2_000_000,
        datasets={
            "orders": {"train": ("a/*.jsonl", "b.jsonl"), "validation": ("v.jsonl",)},
            "chat": {"train": ("c.jsonl",)},
        },
        exclude=("old/**",),
        select=("FT1", "blank-line"),
        ignore=("FT203",),
        path_ignores=(
            config.PathIgnore(("repeated-role",), ("old.jsonl",), "the user really writes twice"),
            config.PathIgnore(("FT301", "FT302"), ("x/*",), "known"),
        ),
        rules={
            "repeated-role": {"severity": "off"},
            "over-token-limit": {"limit": "model", "severity": "warning"},
            "unknown-role": {"roles": ("a", "b")},
        },
        rules_from=("lint/rules",),
        plugins=("my.kinds",),
        models={
            "mine": {
                "encoding": "cl100k_base",
                "max_tokens": 8192,
                "price": {"train": Decimal("0.1"), "input": Decimal(1), "as_of": "2026-11-23"},
            }
        },
    )
    assert str(found.budget_usd) == "12.50"


def test_places_of_values_and_keys(tmp_path: Path) -> None:
    found = config.load(write(tmp_path, FULL))
    assert found.position("epochs") == (3, 9)
    assert found.position("rules", "repeated-role", key=True) == (17, 3)
    assert found.position("datasets", "chat", "train", 0) == (7, 9)
    assert found.position("include") == (1, 1)
    assert config.default(tmp_path).position("epochs") == (1, 1)
    assert str(found.error("no such rule", "select", 1)).endswith("ftlint.yaml:9:15: no such rule")
    copy = pickle.loads(pickle.dumps(found))
    assert (copy, copy.position("epochs")) == (found, (3, 9))


def test_rule_names_are_listed_with_their_places(tmp_path: Path) -> None:
    found = config.load(write(tmp_path, FULL))
    places = {text: found.position(*route, key=key) for text, route, key in found.selectors()}
    assert places == {
        "repeated-role": (12, 11), "over-token-limit": (18, 3), "unknown-role": (19, 3), "FT1": (9, 10),
        "blank-line": (9, 15), "FT203": (11, 5), "FT301": (15, 14), "FT302": (15, 21),
    }  # fmt: skip
    assert [text for text, _, _ in config.load(write(tmp_path, "ignore: FT1\nselect: FT2")).selectors()] == [
        "FT2",
        "FT1",
    ]
    assert not list(config.default(tmp_path).selectors())


@pytest.mark.parametrize("text", ["", "# nothing\n", "\ufeff", "---\n", "{}"])
def test_an_empty_file_is_the_default(tmp_path: Path, text: str) -> None:
    found = config.load(write(tmp_path, text))
    assert replace(found, _tree=None) == config.Config(tmp_path / "ftlint.yaml", tmp_path)
    assert (found.include, found.epochs) == (config.INCLUDE, None)


@pytest.mark.parametrize("usd", ["0.1", "12.50", "100000000000000000.01", "1e2", ".5", "7", "0x10"])
def test_money_is_exact(tmp_path: Path, usd: str) -> None:
    found = config.load(write(tmp_path, f"budget: {{usd: {usd}}}"))
    assert found.budget_usd == (Decimal(16) if usd == "0x10" else Decimal(usd))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("epochs: 1\nexlude: x", '2:1: unknown key "exlude" — did you mean "exclude"?'),
        ("budget: {eur: 3}", '1:10: unknown key "eur": use usd, tokens, usd_per_example or tokens_per_example'),
        ("datasets: {a: {trian: x}}", '1:16: unknown key "trian" — did you mean "train"?'),
        ("epochs: three", '1:9: unknown value "three": use auto'),
        ("epochs: 0", "1:9: 0 is too small: write 1 or more"),
        ("epochs: 51", "1:9: 51 is too large: write 50 or less"),
        ("epochs: 1.5", "1:9: expected text or a whole number, found a number"),
        ("method: prefrence", '1:9: unknown value "prefrence" — did you mean "preference"?'),
        ("target: 4", "1:9: expected text, found a number: put it in quotes"),
        ("target:", "1:8: expected text, found nothing: write a value, or remove the key"),
        ("exclude: {a: b}", "1:10: expected text or a list, found a mapping (key: value)"),
        ("select: [1]", "1:10: expected text, found a number: put it in quotes"),
        ("rules: {a: of}", '1:12: unknown value "of" — did you mean "off"?'),
        ("rules: {a: {x: {y: 1}}}", "1:16: expected text or a number or true or false or a list, found a mapping"),
        ("ignore:\n  - {rule: a, paths: b}", '2:5: the key "reason" is missing: add it (Why the rules'),
        ("ignore:\n  - {rule: a, paths: b, reason: ' '}", '2:33: " " will not do: Why the rules'),
        ("ignore:\n  - {paths: b, reason: c}", '2:5: the key "rules" is missing'),
        ("ignore:\n  - {rule: [], paths: b, reason: c}", "2:12: an empty list: name at least one"),
        ("budget: {usd: .inf}", "1:15: expected a number, found an infinite number"),
        ("budget: {usd: 1e999}", "1:15: expected a number, found an infinite number"),
        ("budget: {usd: $5}", "1:15: expected a number, found text"),
        ("budget: {usd: -1}", "1:15: -1 is too small"),
        ("- target: x", "1:1: expected a mapping (key: value), found a list"),
        ('"\\e[31m": x', '1:1: unknown key "\\u001b[31m"'),
        ("a: 1\x00", "1:5: the character U+0000"),
        (b"target: \xe9", "1:9: byte 0xe9 is not UTF-8"),
        ("datasets:\n\ta: b", "2:1: a tab"),
    ],
)
def test_a_fault_is_told_with_place_and_cure(tmp_path: Path, text: str | bytes, words: str) -> None:
    (found,) = fault(tmp_path, text)
    assert found.startswith(f"ftlint.yaml:{words}")


def test_all_faults_are_told_in_order(tmp_path: Path) -> None:
    assert [line.split(" ")[0] for line in fault(tmp_path, "epochs: 0\nfoo: 1\nbudget: {usd: x}")] == [
        "ftlint.yaml:1:9:", "ftlint.yaml:2:1:", "ftlint.yaml:3:15:",
    ]  # fmt: skip
    many = fault(tmp_path, "".join(f"k{n}: 1\n" for n in range(33)))
    assert (len(many), many[-1]) == (21, "and 13 more")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"ftlint.yaml: cannot read the configuration \(no such file"):
        config.load(tmp_path / "ftlint.yaml")
    (tmp_path / "ftlint.yaml").mkdir()
    with pytest.raises(ConfigError, match=r"\(is a folder\)"):
        config.load(tmp_path / "ftlint.yaml")


def test_paths_are_shown_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, "exlude: x")
    for given_path in (path, Path("ftlint.yaml")):
        with pytest.raises(ConfigError, match=r"^ftlint.yaml:1:1: unknown key"):
            config.load(given_path)
    path.write_text("epochs: 2")
    assert config.load(Path("ftlint.yaml")).root == tmp_path


def test_the_nearest_file_above_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    outer = write(tmp_path, "")
    assert config.find(inner) == outer
    (tmp_path / "a" / ".ftlint.yaml").touch()
    assert config.find(inner / "data.jsonl") == tmp_path / "a" / ".ftlint.yaml"
    (inner / "ftlint.yaml").mkdir()
    (inner / "ftlint.yml").touch()
    assert config.find(inner) == inner / "ftlint.yml"


def test_a_dangling_link_is_not_passed_over(tmp_path: Path) -> None:
    os.symlink("gone", tmp_path / "ftlint.yaml")
    assert config.find(tmp_path) == tmp_path / "ftlint.yaml"


def test_no_file_no_configuration() -> None:
    assert config.find(Path(Path.cwd().anchor) / "no-such-folder") is None


def test_a_sound_file_needs_no_heavy_import(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    code = (
        "import sys; from pathlib import Path; from ftlint import config; early = 'yaml' in sys.modules\n"
        "config.load(Path(sys.argv[1]))\n"
        "print(early, *sorted({'jsonschema', 'difflib', 'click'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def described(schema: Any, at: str = "") -> list[str]:
    missing = []
    if isinstance(schema, dict):
        for name, part in schema.get("properties", {}).items():
            missing += [] if part.get("description") else [f"{at}/{name}"]
        for name, part in schema.items():
            missing += described(part, f"{at}/{name}")
    for part in schema if isinstance(schema, list) else ():
        missing += described(part, at)
    return missing


def test_the_schema_is_sound_and_describes_every_key() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert described(SCHEMA) == []


WORD = st.sampled_from(["", " ", "a", "auto", "off", "error", "chat", "train", "2026-11-23", "cl100k_base"])
SCALAR = st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from([0.0, 1.0, 1.5, -0.5]) | WORD
KEY = st.sampled_from(
    ["usd", "tokens", "train", "validation", "rule", "rules", "paths", "reason", "severity", "price", "encoding",
     "max_tokens", "as_of", "other"]
)  # fmt: skip
VALUE: st.SearchStrategy[Any] = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=4), max_leaves=8
)
DOCUMENT = VALUE | st.dictionaries(st.sampled_from([*SCHEMA["properties"], "other"]), VALUE, max_size=3)


@given(DOCUMENT)
def test_the_contract_agrees_with_jsonschema(document: Any) -> None:
    assert (not Contract(SCHEMA).faults(document)) == Draft202012Validator(SCHEMA).is_valid(document)


@given(DOCUMENT)
def test_what_is_valid_is_read_and_what_is_not_is_explained(tmp_path_factory: Any, document: Any) -> None:
    path = write(tmp_path_factory.mktemp("configuration"), json.dumps(document))
    if document is None or Draft202012Validator(SCHEMA).is_valid(document):
        assert config.load(path).root == path.parent
    else:
        with pytest.raises(ConfigError, match=r"ftlint.yaml:1:\d+: "):
            config.load(path)
