"""The laws of fixes: a finding goes, none comes, nothing else changes, and twice is once."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import mending
import pytest
import strategies
from hypothesis import assume, example, given
from hypothesis import strategies as st
from mending import DAMAGES, PLANTS, Data, Place, fixed, joined, planted

from ftlint.model import Source
from ftlint.report import Report
from ftlint.sources.jsonl import opens_record
from ftlint.sources.sniff import look

sound_lines = strategies.spelled(strategies.records(strategies.wild))
BODY = {"duplicate-example", "conflicting-answers", "mixed-system-prompts", "missing-system-prompt"}
BODY |= {"near-variant-system-prompt", "wrong-method", "split-leakage", "assistant-refusal"}
"""What is said of records by what stands beside them: two answers may be alike once they are trimmed."""


@given(strategies.files(), st.booleans())
@example(b"[" * 100, True)
@example(b"{'messages': [{'role': 'user'}]}\n", False)
@example(b'[{"messages": []}\n,{"messages": []}]', True)
@example(b'\xff\xfe{\x00"\x00', False)
def test_any_bytes_are_fixed_once_and_for_all(data: bytes, unsafe: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name), {"train.jsonl": data})
        first = place.fix(unsafe=unsafe)
        once = place.read()
        assert bool(first.fixed) == (once["train.jsonl"] != data)
        assert not place.fix(unsafe=unsafe).fixed
        assert place.read() == once
        assert not first.left or not first.fixed


@given(strategies.files(), st.booleans())
@example(b'{"prompt":"0","completion":"a"}\n\xa4\n\x00\n', False)
@example(b"\xa4\n\xff\xff\xff\n", False)
@example(b'\x80\n\x80\n\xff\xff\xff\n{"prompt":"a","completion":"b"}\n', False)
@example(b'{"prompt":"a","completion":"b"}\n\0\r\r\n', False)
@example(b"\xef\xbb\xbf{", False)
def test_no_fix_is_left_that_was_promised(data: bytes, unsafe: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name), {"train.jsonl": data})
        place.fix(unsafe=unsafe)
        report = place.check()
        assert not [item for item in report.diagnostics if item.fix and (item.fix.safe or unsafe)]


@given(st.lists(st.one_of(sound_lines, strategies.spelled(strategies.faulty())).filter(opens_record), max_size=5))
def test_a_line_is_fixed_by_itself(lines: list[bytes]) -> None:
    data = joined(lines)
    assume(lines and all(no_fault_of_a_file(text) for text in (data, *(line + b"\n" for line in lines))))
    assert fixed(data) == b"".join(fixed(line + b"\n") for line in lines)


def no_fault_of_a_file(data: bytes) -> bool:
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        file.write(data)
        file.flush()
        seen = look(Source(file.name, file.name))
    return not (seen.fault or seen.log or seen.unchecked)


def told(report: Report) -> Counter[tuple[int, str]]:
    return Counter((item.position.line, item.name) for item in report.diagnostics if item.name not in BODY)


@given(st.lists(sound_lines, min_size=1, max_size=5), st.booleans())
def test_fixes_of_sound_records_add_no_finding(lines: list[bytes], crlf: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        data = joined(lines).replace(b"\n", b"\r\n") if crlf else joined(lines)
        place = Place(Path(name), {"train.jsonl": data})
        before = told(place.check())
        place.fix()
        assert not told(place.check()) - before


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
@given(data=st.one_of(strategies.chats(), strategies.preferences()), ascii_=st.booleans())
def test_what_a_fault_changed_comes_back(plant: Callable[[Data], None], data: Data, ascii_: bool) -> None:
    spoilt = planted(data, plant)
    line = json.dumps(spoilt, ensure_ascii=ascii_).encode() + b"\n"
    assert json.loads(fixed(line)) == data
    assert spoilt == data or fixed(line) != line


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@given(lines=st.lists(strategies.spelled(strategies.chats()), min_size=2, max_size=4, unique=True))
def test_damage_is_undone_to_the_byte(damage: Callable[[list[bytes]], bytes], lines: list[bytes]) -> None:
    assert fixed(damage(lines)) == joined(lines)


@given(st.lists(strategies.chats(), min_size=1, max_size=4))
def test_indented_and_printed_records_come_back(records: list[Data]) -> None:
    wanted = [json.dumps(record, ensure_ascii=False) for record in records]
    indented = "\n".join(json.dumps(record, ensure_ascii=False, indent=2) for record in records)
    printed = "".join(f"{record!r}\n" for record in records)
    for text in (indented, printed):
        found = [json.loads(line) for line in fixed(text.encode()).splitlines()]
        assert found == [json.loads(line) for line in wanted]


@given(st.lists(strategies.chats(), min_size=1, max_size=4))
def test_repeated_records_go_and_their_first_stays(records: list[Data]) -> None:
    lines = [json.dumps(record).encode() for record in records]
    assert fixed(joined(lines + lines), unsafe=True) == fixed(joined(lines), unsafe=True)


def test_every_plant_is_a_fault() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    data = {
        "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "tool_calls": [call], "content": "A"}]
    }
    assert all(planted(data, plant) != data for plant in mending.PLANTS)
