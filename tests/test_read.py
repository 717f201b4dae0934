"""Reading line by line: damage stays where it is, cuts change nothing, and long lines cost little."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftlint import api
from ftlint.api import Options
from ftlint.config import default
from ftlint.model import Source
from ftlint.report import Report
from ftlint.sources import jsonl
from ftlint.sources import read as reading
from ftlint.sources.jsonl import cut, lines, opens_record
from ftlint.sources.read import read

MARK = b"\xef\xbb\xbf"


def record(number: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "messages": [
            {"role": "user", "content": f"Where is parcel {number}?"},
            {"role": "assistant", "content": "Here."},
        ],
        **more,
    }


def row(number: int = 0, **more: Any) -> str:
    return json.dumps(record(number, **more))


def check(file: Path) -> Report:
    return api.check([file], config=default(file.parent), options=Options(today=date(2026, 11, 23)))


def seen(source: Source, size: int | None = None) -> list[tuple[int, int, tuple[str, ...], bool]]:
    """Line numbers, offsets, rules, and whether a record came of it."""
    shards = cut(source) if size is None else cut(source, size)
    found = []
    for block in (block for shard in shards for block in read(shard)):
        sound = {record.line.offset for record in block.records}
        for line in block.lines:
            rules = tuple(fault.rule for fault in block.faults if fault.finding.at.offset == line.offset)
            found.append((line.number, line.offset, rules, line.offset in sound))
    return found


def pretty(number: int) -> str:
    return json.dumps(record(number, tools=[{"type": "function", "function": {"name": "a"}}]), indent=2)


def with_raw_newlines(number: int) -> str:
    answer = 'First\n\n{ not a record }\n{"role": "user", "content": "x"},\n  \n* last\n{"name": "a"}'
    return row(number).replace("Here.", answer)


def half_pretty(number: int) -> str:
    message = json.dumps(record(number)["messages"][0])
    return "{\n" + f'"messages": [\n{message},\n\n{message.replace("user", "assistant")}\n]\n' + "}"


def truncated_pretty(number: int) -> str:
    return "\n".join(pretty(number).split("\n")[:12])


def python(number: int) -> str:
    return str(record(number)).replace("'assistant'", "'assistant'\n\n\n").replace("{'role'", "\n{'role'")


DAMAGE = (pretty, with_raw_newlines, half_pretty, truncated_pretty, python)


@pytest.mark.parametrize("kinds", [DAMAGE, *[(kind,) for kind in DAMAGE]])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_600_damaged_lines_of_49_records_are_at_most_49_findings(
    tmp_path: Path, kinds: tuple[Any, ...], ending: str
) -> None:
    broken = [kinds[index % len(kinds)](index) for index in range(49)]
    while sum(text.count("\n") + 1 for text in broken) < 600:
        shortest = min(range(49), key=lambda index: broken[index].count("\n"))
        broken[shortest] = broken[shortest].replace("\n", "\n" * 3, 1)
    blocks = [row(0)]
    for number, text in enumerate(broken, 1):
        blocks += [text, row(number)]
    file = tmp_path / "train.jsonl"
    file.write_text("\n".join(blocks) + "\n", "utf-8", newline=ending)
    report = check(file)
    damage = {key: total for key, total in report.totals.items() if key[1] != "crlf-line-end"}
    assert damage == {(str(file), "invalid-json"): 49}
    assert sum(report.totals.values()) <= 50
    assert report.summary.examples == 50


def test_truncated_records_are_one_finding_each(tmp_path: Path) -> None:
    file = tmp_path / "train.jsonl"
    file.write_text("\n".join(text for number in range(49) for text in (row(number), row(number)[:-20])) + "\n")
    report = check(file)
    assert report.totals[str(file), "invalid-json"] == 49
    assert report.summary.examples == 49


def test_damage_without_sound_records_between_is_one_finding(tmp_path: Path) -> None:
    file = tmp_path / "train.jsonl"
    file.write_text("".join(f"line {number} of a story\n" if number else '{"messages": [\n' for number in range(600)))
    report = check(file)
    assert sum(report.totals.values()) == 1


def test_a_spread_record_says_how_many_lines_it_takes(tmp_path: Path) -> None:
    file = tmp_path / "train.jsonl"
    file.write_text(f"{row()}\n{pretty(1)}\n\n\n{row(2)}\n")
    (item,) = [item for item in check(file).diagnostics if item.name == "invalid-json"]
    assert (item.position.line, item.message) == (2, f"a record is spread over {len(pretty(1).splitlines())} lines")


def test_damage_in_a_later_line_says_how_far_down(tmp_path: Path) -> None:
    file = tmp_path / "train.jsonl"
    file.write_text(f'{row()}\n{{\n"messages": [\n{{"role": user}}]}}\n{row(2)}\n')
    (item,) = [item for item in check(file).diagnostics if item.name == "invalid-json"]
    assert (item.position.line, item.position.column) == (2, 1)
    assert item.message == "user has no quotes (2 lines further down)"


def test_bad_bytes_in_a_spread_record_are_one_finding(tmp_path: Path) -> None:
    file = tmp_path / "train.jsonl"
    file.write_bytes(
        f"{row()}\n".encode()
        + b'{"messages": [{"role": "user", "content": "caf\xe9\n\nx"}]}\n'
        + f"{row(1)}\n".encode()
    )
    assert [rules for _, _, rules, _ in seen(Source("a", str(file)))] == [(), ("not-utf8",), ()]


PIECES = [
    row(1),
    row(2),
    row(3, id=4),
    pretty(5),
    with_raw_newlines(6),
    truncated_pretty(7),
    row(8)[:-9],
    str(record(9)),
    "",
    " ",
    "}",
    "]",
    '{"conversations": []}',
    '{"a": 1}',
    '"x"',
    "[1]",
    "text",
    row(1) + row(2),
    '{"role": "user", "content": "x"}',
    "é🌙\u2028",
    "\x00\x0c\x1e",
    '{"messages": ' + "[" * 900,
    ' {"messages": 1}',
    "{'messages': 1}",
    row(3)[:30] + "\ud83d" + row(3)[30:],
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=12),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
    st.sampled_from([b"", MARK]),
    st.integers(1, 400),
)
def test_cuts_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], ending: str, mark: bytes, size: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "cut.jsonl"
    text = ending.join(pieces)
    file.write_bytes(mark + text.encode("utf-8", "surrogatepass"))
    source = Source("cut.jsonl", str(file))
    shards = list(cut(source, size))
    assert [shard.start for shard in shards] == [0, *(shard.stop for shard in shards[:-1])]
    assert seen(source, size) == seen(source)


def test_every_record_can_start_a_shard(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("".join(row(number) + "\n" for number in range(20)))
    assert len(list(cut(Source("a", str(file)), 1))) == 20
    assert len(seen(Source("a", str(file)), 1)) == 20


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        (row(), True),
        ("  " + row(), True),
        ("{'messages': []}", True),
        (row()[:-9], True),
        ('{"id": 1, "messages": []', True),
        ('{"prompt": "a", "completion": "b"}', True),
        ('{"input": {"messages": []}}', True),
        ("{", False),
        ("", False),
        ('{"role": "user", "content": "messages: a"},', False),
        ('{"role": "user", "content": "{\\"messages\\": 1}"},', False),
        ('   {"id": "c", "type": "function", "messages": 1}', False),
        ('"messages": [', False),
        ('{"messages" is a key}', False),
    ],
)
def test_what_opens_a_record(text: str, opens: bool) -> None:
    assert opens_record(text.encode()) is opens


def test_a_line_that_is_too_long_is_one_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE_BYTES", 5000)
    monkeypatch.setattr(reading, "MAX_LINE_BYTES", 5000)
    monkeypatch.setattr(jsonl, "BLOCK", 700)
    file = tmp_path / "train.jsonl"
    for ending in ("\n", "\r\n", ""):
        long = json.dumps(record()).replace("Here.", "a" * 20_000)
        file.write_text(row() + "\n" + long + ending + (row(1) + "\n" if ending else ""), newline="")
        options = Options(select=["format"], today=date(2026, 11, 23))
        config = default(tmp_path)
        monkeypatch.setattr("ftlint.checks.files.MAX_LINE_BYTES", 5000)
        report = api.check([file], config=config, options=options)
        names = [item.name for item in report.diagnostics if item.name != "crlf-line-end"]
        assert names == ["oversize-line"] + ["missing-final-newline"] * (not ending)
        assert report.diagnostics[0].position.line == 2
        assert report.summary.examples == 1 + bool(ending)
        assert max(len(line.data) for shard in cut(Source("a", str(file))) for line in lines(shard)) <= 5001


def test_a_line_of_just_the_limit_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE_BYTES", len(row()) + 1)
    monkeypatch.setattr(reading, "MAX_LINE_BYTES", len(row()) + 1)
    file = tmp_path / "a.jsonl"
    file.write_text(row() + "\n" + row() + " \n")
    assert [sound for *_, sound in seen(Source("a", str(file)))] == [True, False]


def test_lines_carry_their_bytes(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(MARK + b"{}\r\n\n\xe2\x80\xa8\r\n\r\r\nx")
    read_lines = [line for shard in cut(Source("a", str(file))) for line in lines(shard)]
    assert [(line.number, line.offset, line.data, line.ending, line.length) for line in read_lines] == [
        (1, 0, MARK + b"{}", b"\r\n", 7),
        (2, 7, b"", b"\n", 1),
        (3, 8, b"\xe2\x80\xa8", b"\r\n", 5),
        (4, 13, b"\r", b"\r\n", 3),
        (5, 16, b"x", b"", 1),
    ]


def test_random_bytes_give_a_report(tmp_path: Path) -> None:
    source = random.Random(1)
    file = tmp_path / "a.jsonl"
    for _ in range(40):
        text = bytearray("\n".join(source.choices(PIECES, k=6)).encode("utf-8", "surrogatepass"))
        for _ in range(source.randrange(9)):
            text[source.randrange(len(text))] = source.randrange(256)
        file.write_bytes(bytes(text))
        assert check(file).exit_code() in (0, 1)
