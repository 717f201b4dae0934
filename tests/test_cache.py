"""The law of the cache: whatever was kept, and whatever was done to it, a report is what it would be without."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ftlint import api, cache
from ftlint import config as configuration
from ftlint.cache import runs
from ftlint.cache.entries import Unstorable, pack, unpack
from ftlint.cache.keys import Keys
from ftlint.checks.base import FindingTally, RecordCheck
from ftlint.engine import Plan, Tallies, run, scan
from ftlint.model import Finding, Shard, Source
from ftlint.record import Record
from ftlint.report import Report
from ftlint.sources.jsonl import cut
from ftlint.testing import TODAY

CONFIGS = (
    "",
    "target: openai/gpt-4o\nbudget: {usd: 0, tokens: 1}\nrules: {over-token-limit: {limit: 30}}\n",
    "target: mistral/open-mistral-7b\nrules: {too-few-examples: {min: 3}, oversize-file: {limit: 9}}\n",
)
ALL = api.Options(select=["ALL"], today=TODAY)
GOOD = (
    '{{"messages": [{{"role": "user", "content": "What is {0}?"}}, '
    '{{"role": "assistant", "content": "It is {0}."}}]}}\n'
)
YAML = "examples:\n- system: {file: system.md}\n  user: What is it?\n  assistant: It is a cat.\n"


@pytest.fixture(autouse=True)
def _however_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LEAST", 0)


def check(folder: Path, config: str = CONFIGS[1], options: api.Options = ALL, **how: Any) -> Report:
    (folder / "ftlint.yaml").write_text(config)
    names = sorted(path for path in folder.iterdir() if path.name.endswith((".jsonl", ".ft.yaml")))
    return api.check(names, config=configuration.load(folder / "ftlint.yaml"), options=options, **how)


def same(folder: Path, **how: Any) -> Report:
    """The report with the cache, which is that without it."""
    report = check(folder, cache=folder / "kept", **how)
    assert report == check(folder, **how)
    return report


@st.composite
def edits(draw: st.DrawFn) -> list[list[bytes]]:
    """A file's lines, and what they become by insertions, removals and changes."""
    lines = draw(st.lists(strategies.lines, max_size=8))
    versions = [list(lines)]
    for _ in range(draw(st.integers(1, 3))):
        at, count = draw(st.integers(0, len(lines))), draw(st.integers(0, 2))
        lines[at : at + count] = draw(st.lists(strategies.lines, max_size=2))
        versions.append(list(lines))
    return versions


def damage(folder: Path, choices: list[int], junk: bytes) -> None:
    """Cut, overwrite or swap some entries."""
    entries = sorted(folder.glob("*.entry"))
    first = entries[0].read_bytes() if entries else b""
    for index, choice in zip(range(len(entries)), choices, strict=False):
        entry, data = entries[index], entries[index].read_bytes()
        if choice == 1:
            entry.write_bytes(data[: len(data) // 2])
        elif choice == 2:
            entry.write_bytes(data[:-3] + junk)
        elif choice == 3:
            entry.write_bytes(first)
        elif choice == 4:
            entry.unlink()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    edits(),
    strategies.files(max_size=3),
    st.lists(st.tuples(st.sampled_from([1, 60, 400, 1 << 20]), st.sampled_from(CONFIGS)), min_size=4, max_size=4),
    st.lists(st.integers(0, 8), max_size=40),
    st.binary(max_size=8),
)
def test_the_cache_changes_no_report(
    versions: list[list[bytes]], other: bytes, ways: list[tuple[int, str]], choices: list[int], junk: bytes
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "other.jsonl").write_bytes(other)
        for lines, (size, config) in zip(versions, ways, strict=False):
            (folder / "train.jsonl").write_bytes(b"\n".join(lines))
            same(folder, shard_bytes=size, config=config)
            damage(folder / "kept", choices, junk)
        (folder / "train.jsonl").write_bytes(b"\n".join(versions[0]))
        with ThreadPoolExecutor(2) as threads:
            same(folder, shard_bytes=ways[0][0], config=ways[0][1], map_=threads.map)


def test_what_is_unchanged_is_not_scanned(tmp_path: Path, scans: list[Shard]) -> None:
    (tmp_path / "train.jsonl").write_text("".join(GOOD.format(number) for number in range(400)))
    report = check(tmp_path, cache=tmp_path / "kept", shard_bytes=4000)
    assert len(scans) > 8
    scans.clear()
    assert check(tmp_path, cache=tmp_path / "kept", shard_bytes=4000) == report
    assert scans == []


@pytest.mark.parametrize("edit", ["change", "insert", "remove", "insert many"])
def test_an_edit_has_few_shards_scanned_again(tmp_path: Path, scans: list[Shard], edit: str) -> None:
    lines = [GOOD.format(number) for number in range(2000)]
    (tmp_path / "train.jsonl").write_text("".join(lines))
    check(tmp_path, cache=tmp_path / "kept", shard_bytes=8000)
    shards = len(scans)
    new = {"change": ["new"], "insert": ["new", "newer"], "remove": [], "insert many": list(map(str, range(40)))}[edit]
    lines[1000:1001] = [GOOD.format(f"a {word} thing") for word in new]
    (tmp_path / "train.jsonl").write_text("".join(lines))
    scans.clear()
    report = check(tmp_path, cache=tmp_path / "kept", shard_bytes=8000)
    again = len(scans)
    assert report == check(tmp_path)
    assert 0 < again < shards / 3


def test_what_was_scanned_after_an_edit_is_kept_too(tmp_path: Path, scans: list[Shard]) -> None:
    lines = [GOOD.format(number) for number in range(2000)]
    for at in (None, 1000, 300):
        if at is not None:
            lines[at] = GOOD.format("a thing")
        (tmp_path / "train.jsonl").write_text("".join(lines))
        scans.clear()
        check(tmp_path, cache=tmp_path / "kept", shard_bytes=8000)
    assert len(scans) == 1


def test_tomorrow_scans_nothing_again(tmp_path: Path, scans: list[Shard]) -> None:
    (tmp_path / "train.jsonl").write_text(GOOD.format(1) * 20)
    config = "target: openai/gpt-3.5-turbo\n"
    for day, expected in ((TODAY, 1), (date(2031, 1, 1), 0)):
        scans.clear()
        options = api.Options(select=["ALL"], today=day)
        report = check(tmp_path, config, options, cache=tmp_path / "kept")
        assert len(scans) == expected
        assert report == check(tmp_path, config, options)


def test_authored_files_depend_on_what_they_include(tmp_path: Path, scans: list[Shard]) -> None:
    (tmp_path / "a.ft.yaml").write_text(YAML)
    (tmp_path / "system.md").write_text("Answer well.\n")
    same(tmp_path)
    scans.clear()
    check(tmp_path, cache=tmp_path / "kept")
    assert scans == []
    (tmp_path / "system.md").write_text("Contact: jo@ftlint.dev\n")
    assert {item.name for item in same(tmp_path).diagnostics} >= {"email-in-text"}
    (tmp_path / "system.md").unlink()
    assert {item.name for item in same(tmp_path).diagnostics} >= {"missing-file"}
    (tmp_path / "system.md").symlink_to(tmp_path / "other.md")
    (tmp_path / "other.md").write_text("Answer well.\n")
    assert not {item.name for item in same(tmp_path).diagnostics} & {"missing-file", "email-in-text"}


def test_a_file_that_changes_while_it_is_read_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "train.jsonl"
    file.write_text(GOOD.format(1) * 20)

    def late(plan: Plan, shard: Shard) -> Tallies:
        seen, text = file.stat(), file.read_text()
        file.write_text(text.replace("What", "WHAT"))
        os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))
        return scan(plan, shard)

    with monkeypatch.context() as patch:
        patch.setattr("ftlint.engine.scan", late)
        check(tmp_path, cache=tmp_path / "kept")
    assert not list((tmp_path / "kept").glob("*.entry"))
    same(tmp_path)


class Foreign(RecordCheck):
    """A check as a plugin has it, which notes the numbers of lines."""

    kind = "foreign"
    note: Any = ""

    def examine(self, record: Record) -> Iterator[Finding]:
        yield record.finding(line=record.line.number)


def test_the_notes_of_a_plugin_are_kept_for_their_place_alone(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text(GOOD.format(1) * 3)
    source = Source("train.jsonl", str(tmp_path / "train.jsonl"))
    plan = Plan({"foreign": Foreign()})
    first, second, _ = cut(source, 1)
    assert Keys(plan).shard(first, "digest") != Keys(plan).shard(second, "digest")
    with_own = Plan({"own": FindingRule()})
    assert Keys(with_own).shard(second, "x") == Keys(with_own).shard(Shard(source, 999, 1200, 9), "x")


class FindingRule(RecordCheck):
    """A check that passes for one of ftlint's own."""


FindingRule.__module__ = "ftlint.checks.own"


def test_what_no_entry_can_hold_is_not_cached(tmp_path: Path) -> None:
    file = tmp_path / "train.jsonl"
    file.write_text(GOOD.format(1))
    source = Source("train.jsonl", str(file))
    odd = Plan({"foreign": Foreign(note=object())})
    with pytest.raises(Unstorable):
        Keys(odd)
    found = runs.run(odd, [source], cut(source), folder=tmp_path / "kept")
    assert found["foreign", "train.jsonl"].found() == run(odd, cut(source))["foreign", "train.jsonl"].found()
    assert not (tmp_path / "kept").exists()


def test_places_move_with_their_shard(tmp_path: Path) -> None:
    file = tmp_path / "train.jsonl"
    file.write_text("x\n" * 5 + GOOD.format(1))
    source = Source("train.jsonl", str(file))
    plan = Plan({"foreign": Foreign()})
    shard = Shard(source, 10, file.stat().st_size, 6)
    data = pack(plan, scan(plan, shard), shard)
    restored = unpack(plan, data, Shard(source, 110, 200, 56))
    assert restored is not None
    tally = restored[0]["foreign"]
    assert isinstance(tally, FindingTally)
    assert [(finding.at.line, finding.at.offset) for finding in tally.result.kept] == [(56, 110)]


def test_small_datasets_leave_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LEAST", 1_000_000)
    (tmp_path / "train.jsonl").write_text(GOOD.format(1))
    check(tmp_path, cache=tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_secrets_are_not_kept(tmp_path: Path) -> None:
    secret = "ghp_" + "".join("aB3xY9kLmN0pQrStUvWz7cDeFgHiJ8")
    import zlib

    digits, value = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", zlib.crc32(secret[4:].encode())
    tail = ""
    for _ in range(6):
        value, digit = divmod(value, 62)
        tail = digits[digit] + tail
    (tmp_path / "train.jsonl").write_text(GOOD.format(secret + tail))
    report = same(tmp_path)
    assert "secret-in-text" in {item.name for item in report.diagnostics}
    entries = list((tmp_path / "kept").glob("*.entry"))
    assert entries
    assert not any(secret.encode() in entry.read_bytes() for entry in entries)


def test_what_other_processes_found_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train.jsonl").write_text("".join(GOOD.format(number) for number in range(40)))
    first = check(tmp_path, cache=tmp_path / "kept", executor="process:2", shard_bytes=400)
    (tmp_path / "more.jsonl").write_text(GOOD.format(99))
    seen: list[Shard] = []
    monkeypatch.setattr("ftlint.engine.scan", lambda plan, shard: seen.append(shard) or scan(plan, shard))
    check(tmp_path, cache=tmp_path / "kept", shard_bytes=400)
    assert [shard.source.path.rpartition("/")[2] for shard in seen] == ["more.jsonl"]
    (tmp_path / "more.jsonl").unlink()
    assert check(tmp_path, cache=tmp_path / "kept", shard_bytes=400) == first
