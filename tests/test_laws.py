"""The laws of the whole engine, over all rules at once: cuts, order, places, damage, pickles, silence."""

from __future__ import annotations

import json
import os
import pickle
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
import strategies
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from mending import joined
from running import ftlint

from ftlint import api
from ftlint import config as configuration
from ftlint.config import Config
from ftlint.engine import Plan, run, scan
from ftlint.model import Diagnostic, Source, show_route
from ftlint.plugins import rules
from ftlint.report import Report
from ftlint.session import Session
from ftlint.sources.jsonl import cut, opens_record
from ftlint.testing import TODAY

Files = Mapping[str, bytes]

CONFIG = "target: openai/gpt-4o\nbudget: {usd: 0, tokens: 1}\nrules: {over-token-limit: {limit: 30}}\n"
LONG = "rules: {over-token-limit: {limit: model}}\n"
"""Images are long: some hundred tokens each."""

ALL = api.Options(select=["ALL"], today=TODAY)
BODY_RULES = {
    "too-few-examples",
    "duplicate-example",
    "conflicting-answers",
    "split-leakage",
    "wrong-method",
    "missing-system-prompt",
    "mixed-system-prompts",
    "near-variant-system-prompt",
}
"""What may be said of sound records by what stands beside them."""


def write(folder: Path, files: Files) -> list[Path]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def check(files: Files, config: str = CONFIG, options: api.Options = ALL, **how: Any) -> Report:
    """The report on some files in a folder of their own, named without the folder."""
    with tempfile.TemporaryDirectory() as name:
        return check_in(Path(name), files, config, options, **how)


def check_in(folder: Path, files: Files, config: str = CONFIG, options: api.Options = ALL, **how: Any) -> Report:
    paths = write(folder, files)
    (folder / "ftlint.yaml").write_text(config)
    return api.check(paths, config=configuration.load(folder / "ftlint.yaml"), options=options, **how)


def both(data: bytes, held_out: bytes) -> Files:
    return {"train.jsonl": data, "valid.jsonl": held_out}


def fingerprints(report: Report) -> Counter[tuple[str, str]]:
    return Counter((item.name, item.fingerprint) for item in report.diagnostics)


@given(strategies.files(), strategies.files(max_size=3))
@example(b'{"messages": []}\n\n\n', b"")
@example(b"\xef\xbb\xbf{'a': 1}\n{\"messages\": [\n]}\n", b'{"prompt": "a", "completion": "b"}')
def test_no_cut_changes_the_report(data: bytes, held_out: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, files = Path(name), both(data, held_out)
        whole = check_in(folder, files)
        for size in (1, 7, 100):
            assert check_in(folder, files, shard_bytes=size) == whole


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield pool


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.files(), strategies.files(max_size=3))
def test_no_executor_changes_the_report(processes: ProcessPoolExecutor, data: bytes, held_out: bytes) -> None:
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(3) as threads:
        folder, files = Path(name), both(data, held_out)
        whole = check_in(folder, files)
        assert check_in(folder, files, shard_bytes=50, map_=threads.map) == whole
        assert check_in(folder, files, shard_bytes=50, map_=processes.map) == whole


sound_lines = strategies.spelled(strategies.records(strategies.wild))
any_lines = st.one_of(sound_lines, strategies.spelled(strategies.faulty()), st.just(b'{"messages": [}'))
openers = any_lines.filter(opens_record)


@given(st.lists(openers, min_size=1, max_size=6), st.lists(sound_lines, max_size=2), st.data())
def test_moving_lines_changes_no_fingerprint(lines: list[bytes], held_out: list[bytes], data: st.DataObject) -> None:
    """Each line opens a record here, as what follows a broken record without opening its own is a part of it."""
    lines.append(b'{"prompt": "a", "completion": "b"}')
    lines += data.draw(st.lists(st.sampled_from(lines), max_size=2))
    moved = data.draw(st.permutations(lines))
    before = check(both(joined(lines), joined(held_out)))
    after = check(both(joined(moved), joined(held_out)))
    assert fingerprints(after) == fingerprints(before)
    assert after.counts == before.counts


@given(strategies.files(sound_lines))
def test_renaming_a_file_changes_no_fingerprint(data: bytes) -> None:
    assert fingerprints(check({"a.jsonl": data})) == fingerprints(check({"b.jsonl": data}))


def values(value: Any, route: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Any, str | int]]:
    """Every value of a record by the way its route is shown, with its key or index."""
    yield show_route(route), value, route[-1] if route else ""
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in steps:
        yield from values(child, (*route, step))


def leads_home(item: Diagnostic) -> bool:
    """Whether the columns of a diagnostic spell the value at its route, its key, or some characters of it."""
    text = item.position.text
    shown = text[item.position.column - 1 : item.position.end_column - 1]
    found = [
        (value, key) for route, value, key in values(json.loads(text.removeprefix("\ufeff"))) if route == item.route
    ]
    try:
        spelled = json.loads(shown)
    except ValueError:
        spelled = None
    inner = json.loads(f'"{shown}"', strict=False) if '"' not in shown.replace('\\"', "") else shown
    return any(spelled in (value, key) or (isinstance(value, str) and inner in value) for value, key in found)


@given(st.lists(strategies.spelled(st.one_of(strategies.records(strategies.wild), strategies.faulty())), max_size=6))
def test_a_route_leads_to_its_value(lines: list[bytes]) -> None:
    for item in check({"train.jsonl": joined(lines)}).diagnostics:
        if item.route:
            assert leads_home(item), item


@given(st.one_of(st.binary(max_size=200), strategies.files()))
@example(b"[" * 100_000)
@example(b'{"a":' * 3000 + b"1" + b"}" * 3000)
@example(b'{"messages": ' + b"[" * 2000 + b"]" * 2000 + b"}")
@example(b'{"messages": [{"role": "user", "content": ' + b"9" * 5000 + b"}]}")
@example(b'{"messages": [{"role": "user", "content": 1e400}]}')
@example(b"\xff\xfe{\x00}\x00")
@example(b"\x00" * 100)
def test_any_bytes_give_a_report(data: bytes) -> None:
    assert check({"train.jsonl": data}).exit_code() in (0, 1, 2)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        yield Path(name)
        os.chdir(before)


@given(strategies.files(), st.sampled_from(["text", "concise", "json"]))
def test_the_command_never_gives_a_traceback(folder: Path, data: bytes, format_: str) -> None:
    (folder / "train.jsonl").write_bytes(data)
    done = ftlint("check", "train.jsonl", "--select", "ALL", "--format", format_)
    assert done.exit_code in (0, 1, 2), done.output
    assert "the check of" not in done.stderr
    if format_ == "json":
        json.loads(done.stdout)


def config_of(folder: Path, text: str = CONFIG) -> Config:
    (folder / "ftlint.yaml").write_text(text)
    return configuration.load(folder / "ftlint.yaml")


@settings(max_examples=10)
@given(strategies.files())
def test_rules_findings_and_tallies_pickle(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        [path] = write(Path(name), {"train.jsonl": data})
        source = Source("train.jsonl", str(path))
        session = Session(config_of(Path(name)), ALL, [source])
        plan = Plan(session.checks)
        tallies = run(plan, cut(source, 30))
        again = run(pickle.loads(pickle.dumps(plan)), cut(source, 30), pickled(scan))
        assert {key: tally.found() for key, tally in again.items()} == {key: t.found() for key, t in tallies.items()}
        assert pickle.loads(pickle.dumps(session.rules)) == session.rules
        report = check({"train.jsonl": data})
        assert pickle.loads(pickle.dumps(report)) == report


def pickled(_: Callable[..., Any]) -> Callable[..., Iterator[Any]]:
    """A ``map`` of which the function, its arguments and its results all travel as bytes."""

    def mapped(function: Any, shards: Any) -> Iterator[Any]:
        for shard in shards:
            job, argument = pickle.loads(pickle.dumps((function, shard)))
            yield pickle.loads(pickle.dumps(job(argument)))

    return mapped


@given(st.lists(strategies.spelled(strategies.records()), min_size=1, max_size=6))
def test_sound_records_stay_clean(lines: list[bytes]) -> None:
    """Of plain sound records, whatever their shape, only what they are together may be said."""
    report = check({"train.jsonl": joined(lines)}, LONG)
    assert {item.name for item in report.diagnostics} <= BODY_RULES


ABOUT_TEXT = {"format", "roles", "tools"}


@given(st.lists(sound_lines, min_size=1, max_size=8))
def test_no_text_makes_a_sound_record_unsound(lines: list[bytes]) -> None:
    known = rules(api.load_config(folder=tempfile.gettempdir()))
    report = check({"train.jsonl": joined(lines)}, "")
    odd = {item.name for item in report.diagnostics if known[item.name].family in ABOUT_TEXT}
    assert odd <= {"empty-content"}
