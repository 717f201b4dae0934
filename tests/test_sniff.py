"""Files that are no JSON Lines at all: each gives one clear finding, or exit code 2."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftlint import api
from ftlint.api import Options
from ftlint.config import Config, default
from ftlint.model import Source
from ftlint.pages import catalogue
from ftlint.report import Report
from ftlint.sources.sniff import HEAD_BYTES, look

RECORD = {"messages": [{"role": "user", "content": "Where?"}, {"role": "assistant", "content": "Here."}]}
ROW = json.dumps(RECORD)
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 48213\n"


def config(folder: Path) -> Config:
    return default(folder)


def check(folder: Path, data: bytes, name: str = "train.jsonl") -> Report:
    """The report on one file, by the rules of its format alone."""
    (folder / name).write_bytes(data)
    options = Options(select=["format"], today=date(2026, 11, 23))
    return api.check([folder / name], config=config(folder), options=options)


def found(report: Report) -> list[str]:
    return [f"{item.position.line}:{item.position.column} {item.name}" for item in report.diagnostics]


FILES: dict[str, tuple[bytes, str, str]] = {
    "array": (json.dumps([RECORD, RECORD]).encode(), "json-array-file", ""),
    "indented array": (json.dumps([RECORD] * 500, indent=1).encode(), "json-array-file", ""),
    "array of rows": (f"[\n{ROW},\n{ROW}\n]\n".encode(), "json-array-file", ""),
    "array on the first row": (f"[{ROW},\n{ROW}]\n".encode(), "json-array-file", ""),
    "array of messages": (json.dumps(RECORD["messages"]).encode(), "json-array-file", ""),
    "pretty": (json.dumps(RECORD, indent=2).encode() + b"\n", "pretty-printed-file", ""),
    "pretty records": ("\n".join([json.dumps(RECORD, indent=2)] * 1000).encode(), "pretty-printed-file", ""),
    "pretty, with whole messages": (
        b'{\n  "messages": [\n  {"role": "user", "content": "a"},\n  {"role": "assistant", "content": "b"}\n  ]\n}\n',
        "pretty-printed-file",
        "",
    ),
    "one large pretty record": (
        json.dumps({"messages": RECORD["messages"] * 2000}, indent=2).encode(),
        "pretty-printed-file",
        "",
    ),
    "repr": (f"{RECORD}\n{RECORD}\n".encode(), "python-repr-file", ""),
    "one repr": (f"{RECORD}\n".encode(), "python-repr-file", ""),
    "repr of a list": (f"{[RECORD]}\n".encode(), "python-repr-file", ""),
    "text": (b"Where is my parcel?\nIt left.\n", "wrong-shape", "plain text"),
    "much text": (b"Where is my parcel?\n" * 9000, "wrong-shape", "plain text"),
    "text log": (b"[2026-11-23 10:00] started\n[2026-11-23 10:01] stopped\n", "wrong-shape", "plain text"),
    "numbered lines": (
        b'1: {"a": 1, "b": 2}\n2: {"a": 3, "b": 4}\n',
        "wrong-shape",
        "something before each object",
    ),
    "a diff": (b'+{"a": 1, "b": 2}\n+{"a": 3, "b": 4}\n', "wrong-shape", "or the mark of a diff"),
    "csv": (b"prompt,completion\nWhere?,Here.\nWho?,I.\n", "wrong-shape", "CSV"),
    "tsv": (b"prompt\tcompletion\nWhere?\tHere.\n", "wrong-shape", "TSV"),
    "html": (b"<!DOCTYPE html>\n<html></html>\n", "wrong-shape", "HTML"),
    "yaml": (b"messages:\n  - role: user\n", "wrong-shape", "YAML"),
    "gzip": (gzip.compress(ROW.encode() * 9), "wrong-shape", "gzip"),
    "zip": (b"PK\x03\x04" + bytes(range(256)), "wrong-shape", "zip"),
    "parquet": (b"PAR1" + bytes(range(256)), "wrong-shape", "Parquet"),
    "binary": (bytes(range(256)) * 9 + bytes(500), "wrong-shape", "binary"),
    "utf-16": (ROW.encode("utf-16"), "not-utf8", "UTF-16"),
    "utf-16 little": (ROW.encode("utf-16-le"), "not-utf8", "UTF-16 (little-endian)"),
    "utf-16 big": (ROW.encode("utf-16-be"), "not-utf8", "UTF-16 (big-endian)"),
    "utf-16 cyrillic": (
        json.dumps({"messages": "Здравствуйте" * 99}, ensure_ascii=False).encode("utf-16-le"),
        "not-utf8",
        "UTF-16",
    ),
    "utf-32": (ROW.encode("utf-32"), "not-utf8", "UTF-32"),
    "utf-32 little": (ROW.encode("utf-32-le"), "not-utf8", "UTF-32"),
    "empty": (b"", "empty-file", ""),
    "mark only": (b"\xef\xbb\xbf", "empty-file", ""),
    "white space": (b" \n\t\n\r\n", "empty-file", ""),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_kind_is_one_finding(tmp_path: Path, name: str) -> None:
    data, rule, words = FILES[name]
    report = check(tmp_path, data)
    assert found(report) == [f"1:1 {rule}"]
    assert words in report.diagnostics[0].message
    assert report.exit_code() == 1


def test_a_pointer_of_git_lfs_cannot_be_checked(tmp_path: Path) -> None:
    for text in (POINTER, POINTER.replace("\n", "\r\n")):
        report = check(tmp_path, text.encode())
        assert found(report) == ["1:1 git-lfs-pointer"]
        assert "48213" in report.diagnostics[0].message
        assert report.exit_code() == 2


def test_a_pointer_is_not_forgotten_when_its_rule_is_off(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(POINTER)
    report = api.check([tmp_path / "a.jsonl"], config=config(tmp_path), options=Options(ignore=["git-lfs-pointer"]))
    assert (report.diagnostics, report.exit_code()) == ((), 2)
    assert "git lfs pull" in report.unchecked[0][1]


LOG: tuple[dict[str, Any], ...] = (
    {"type": "start", "version": 1},
    {"timestamp": "2026-11-23T10:00:00Z", "level": "info", "msg": "started"},
    {"timestamp": "2026-11-23T10:00:01Z", "trace_id": "a", "prompt": "Where?", "response": "Here."},
    {"timestamp": "2026-11-23T10:00:02Z", "level": "warn", "message": "slow", "text": "x"},
)


def rows(*values: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


@pytest.mark.parametrize("data", [rows(*LOG), rows(*LOG) + b'{"timestamp": "20', rows(LOG[1]), rows(*LOG * 2000)])
def test_logs_are_skipped(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "trace.jsonl").write_bytes(data)
    report = api.check([tmp_path], config=config(tmp_path), options=Options(select=["format"]))
    assert (report.diagnostics, report.exit_code(), len(report.skipped)) == ((), 0, 1)


def test_records_with_a_time_are_no_log(tmp_path: Path) -> None:
    assert found(check(tmp_path, rows({**RECORD, "timestamp": "2026", "level": "a"}))) == [
        "1:98 extra-key",
        "1:119 extra-key",
    ]
    assert found(check(tmp_path, rows(LOG[1], RECORD, LOG[1]))) == ["1:1 wrong-shape"]


@pytest.mark.parametrize(
    "value",
    [
        {
            "messages": [{"role": "developer", "content": "Be kind."}, {"role": "user", "content": "Where?"}],
            "answer": 1,
            "item": {"a": []},
        },
        {"prompt": "Where?", "completion": "Here.", "label": False},
        {
            "messages": [
                {"role": "user", "content": "a"},
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [
                        {"id": name, "type": "function", "function": {"name": "a", "arguments": "{}"}} for name in "ab"
                    ],
                },
                {"role": "tool", "tool_call_id": "a", "content": "1"},
                {"role": "tool", "tool_call_id": "b", "content": "2"},
            ]
        },
        {
            "messages": [
                {"role": "user", "content": "a"},
                {
                    "role": "assistant",
                    "tool_calls": [{"id": "a", "type": "function", "function": {"name": "a", "arguments": "{}"}}],
                },
            ]
        },
        {
            "messages": [
                {"role": "user", "content": "¿Y todo? {{{ FUNCTION }}}"},
                {"role": "assistant", "content": "x = {'a': 1}\n"},
            ]
        },
    ],
)
def test_sound_files_stay_silent(tmp_path: Path, value: dict[str, Any]) -> None:
    assert found(check(tmp_path, rows(value))) == []
    assert found(check(tmp_path, rows(*[value] * 3))) == []


def test_a_sound_line_beside_damage_is_not_a_file_of_another_kind(tmp_path: Path) -> None:
    for damage in (json.dumps(RECORD, indent=2), str(RECORD), "text", "{", "[", "a,b"):
        for data in (f"{ROW}\n{damage}\n", f"{damage}\n{ROW}\n"):
            names = {item.partition(" ")[2] for item in found(check(tmp_path, data.encode()))}
            assert names <= {"invalid-json", "json-array-file"}, (damage, names)


def test_the_first_look_takes_white_space_and_one_long_line(tmp_path: Path) -> None:
    for data in (b" " * HEAD_BYTES * 2 + b"{", b"\n" * HEAD_BYTES * 2, b'{"messages": "' + b"a" * HEAD_BYTES * 2):
        (tmp_path / "a").write_bytes(data)
        assert look(Source("a", str(tmp_path / "a"))).fault is None


@given(data=st.binary(max_size=200) | st.text(alphabet="{}[]\":,' \n\r\t\0abN1,", max_size=80).map(str.encode))
def test_any_bytes_can_be_looked_at(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "bytes"
    file.write_bytes(data)
    seen = look(Source("bytes", str(file)))
    assert not (seen.log and seen.fault)
    assert seen.fault is None or seen.fault.rule in catalogue()
