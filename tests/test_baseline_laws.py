"""The laws of a baseline: all accepted is clean, twice is once, and no move, rename, cut or spelling changes it."""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import strategies
from hypothesis import example, given
from hypothesis import strategies as st
from mending import joined

from ftlint import accept, api, baseline
from ftlint import config as configuration
from ftlint.baseline import FILE
from ftlint.report import Report
from ftlint.testing import TODAY

CONFIG = "target: openai/gpt-4o\nbudget: {usd: 0, tokens: 1}\nrules: {over-token-limit: {limit: 30}}\n"
ALL = api.Options(select=["ALL"], today=TODAY)
YAML = b"""examples:
  - turns: [{user: Hi}, {user: Anyone?}, {assistant: "Yes "}]
    # ftlint: ignore[folded-list] nothing to ignore here
  - user: What is {{name}}?
    assistant: "{{name}} "
  - usr: Hi
"""
NEW = (
    b'{"messages": [{"role": "user", "content": "brand"}, {"role": "user", "content": "new"}, '
    b'{"role": "assistant", "content": "Certainly, both of them."}]}'
)

sound = strategies.spelled(strategies.records(strategies.wild))


@contextmanager
def placed(files: Mapping[str, bytes]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(os.path.realpath(name))
        (folder / "ftlint.yaml").write_text(CONFIG)
        write(folder, files)
        yield folder


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).write_bytes(data)


def update(folder: Path) -> bytes:
    config = configuration.load(folder / "ftlint.yaml")
    survey = accept.survey(str(folder), config, ALL)
    accept.save(survey.path, survey.update())
    return survey.path.read_bytes()


def check(folder: Path, **how: Any) -> Report:
    return api.check(str(folder), config=configuration.load(folder / "ftlint.yaml"), options=ALL, **how)


@given(strategies.files(), strategies.files(max_size=3), st.booleans())
@example(b"\xef\xbb\xbf\n\r\n{", b"[]", True)
def test_all_accepted_is_clean_and_twice_is_once(data: bytes, held_out: bytes, authored: bool) -> None:
    with placed({"train.jsonl": data, "valid.jsonl": held_out, **({"a.ft.yaml": YAML} if authored else {})}) as folder:
        before = check(folder)
        if before.unchecked:
            return
        first = update(folder)
        after = check(folder)
        assert not after.diagnostics
        assert not any(after.totals.values())
        assert after.exit_code(strict=True) == 0
        assert bool(after.accepted) == bool(before.diagnostics)
        assert update(folder) == first
        assert baseline.written(baseline.read(folder / FILE)) == first


def respelled(line: bytes, seed: int) -> bytes:
    """The same record with its keys in another order, and other white space."""

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            keys = list(value)
            random.Random(seed).shuffle(keys)
            return {key: turned(value[key]) for key in keys}
        return [turned(item) for item in value] if isinstance(value, list) else value

    return json.dumps(turned(json.loads(line)), indent=None, separators=(" ,", " : ")).encode()


lots = st.lists(sound, min_size=1, max_size=6)


@given(lots, st.lists(sound, max_size=2), st.data())
def test_no_move_rename_cut_or_spelling_changes_what_is_accepted(
    lines: list[bytes], held_out: list[bytes], data: st.DataObject
) -> None:
    lines += data.draw(st.lists(st.sampled_from(lines), max_size=2))
    moved = [respelled(line, data.draw(st.integers(0, 9))) for line in data.draw(st.permutations(lines))]
    with placed({"train.jsonl": joined(lines), "valid.jsonl": joined(held_out)}) as folder:
        update(folder)
        for name in ("train.jsonl", "valid.jsonl"):
            (folder / name).unlink()
        write(folder, {"z-train.jsonl": joined(moved), "z-valid.jsonl": joined(held_out)})
        for size in (1, 100, 1 << 20):
            assert not check(folder, shard_bytes=size).diagnostics


@given(lots, st.integers(0, 6))
def test_one_more_fault_is_told_alone(lines: list[bytes], place: int) -> None:
    with placed({"train.jsonl": joined(lines)}) as folder:
        update(folder)
        (folder / "train.jsonl").write_bytes(joined([*lines[:place], NEW, *lines[place:]]))
        told = [item for item in check(folder).diagnostics if item.name == "repeated-role"]
        assert [item.position.text for item in told] == [NEW.decode()]


@given(lots, st.integers(0, 5), st.integers(1, 3))
def test_of_more_than_was_accepted_the_rest_is_told(lines: list[bytes], place: int, more: int) -> None:
    lines.insert(place, NEW)
    with placed({"train.jsonl": joined(lines)}) as folder:
        update(folder)
        (folder / "train.jsonl").write_bytes(joined(lines + [NEW] * more))
        told = [item for item in check(folder).diagnostics if item.name == "repeated-role"]
        assert len(told) == more
