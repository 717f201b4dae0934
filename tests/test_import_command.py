"""``ftlint import`` as a command: where it writes, what it never overwrites, and what it says."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from test_import import built, chat, rows

from ftlint.cli import cli


def test_the_command_writes_beside_and_never_over(tmp_path: Path) -> None:
    source, target = tmp_path / "train.jsonl", tmp_path / "train.ft.yaml"
    source.write_bytes(rows(chat("Hi", "Hello")))
    run = CliRunner().invoke
    assert run(cli, ["import", str(source)]).exit_code == 0
    text = target.read_text("utf-8")
    assert built(text) == [chat("Hi", "Hello")]
    target.write_text("mine")
    again = run(cli, ["import", str(source)])
    assert (again.exit_code, "exists" in again.stderr) == (2, True)
    assert target.read_text() == "mine"
    assert run(cli, ["import", str(source), "--force"]).exit_code == 0
    assert target.read_text("utf-8") == text
    assert run(cli, ["import", str(source), "-o", "-"]).stdout == text
    assert run(cli, ["import", "-"], input=source.read_bytes()).stdout == text


def test_the_command_gives_the_words_of_the_rule() -> None:
    record = {"messages": [{"role": "usr", "content": "a"}]}
    done = CliRunner().invoke(cli, ["import", "-"], input=rows(record))
    assert 'line 1: messages[0].role: unknown role "usr"' in done.stderr


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"a": "\xe9"}\n', "0xE9 (é in Windows-1252), not UTF-8 (1 place)\n"),
        (b'{"object": 1}\n', 'the keys "object"\n'),
    ],
)
def test_words_for_many_are_words_for_one(data: bytes, words: str) -> None:
    assert words in CliRunner().invoke(cli, ["import", "-"], input=data).stderr


def test_a_compressed_file_is_read_as_what_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("train.jsonl.gz").write_bytes(gzip.compress(rows(chat("Hi", "Hello"))))
    assert CliRunner().invoke(cli, ["import", "train.jsonl.gz"]).exit_code == 0
    assert built(Path("train.ft.yaml").read_text("utf-8")) == [chat("Hi", "Hello")]
    Path("broken.jsonl.gz").write_bytes(Path("train.jsonl.gz").read_bytes()[:-9])
    broken = CliRunner().invoke(cli, ["import", "broken.jsonl.gz"])
    assert (broken.exit_code, "its compressed data end early" in broken.stderr) == (2, True)


@pytest.mark.parametrize(
    ("args", "words"),
    [(["no.jsonl"], "No such file"), (["a.jsonl", "-o", "b.json"], ".ft.yaml"), (["."], ". is a folder")],
)
def test_the_command_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: Any, words: str) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["import", *args])
    assert done.exit_code == 2
    assert words in done.stderr


RECORD = rows(chat("Hé", "Hello"))
FIX = "or let `ftlint check --fix 'a b.jsonl'` do it"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (RECORD.decode().encode("utf-16"), f"the file is UTF-16, not UTF-8 (1 place); save the file as UTF-8, {FIX}"),
        (RECORD.decode().encode("utf-32-le"), "the file is UTF-32 (little-endian), not UTF-8"),
        (b"prompt,completion\nHi,Hello\n", 'this is comma-separated values (CSV); write {"messages": ['),
        (b"PAR1" + bytes(99), "this is a Parquet file; write "),
        (b"PK\3\4" + bytes(99), "this is a zip file (perhaps an .xlsx); write "),
        (b"{\n" + RECORD[1:-2] + b"\n}", f"spread over several lines; write each record on one line, {FIX}"),
        (b"version https://git-lfs.github.com/spec/v1\nsize 9\n", "(9 bytes); run `git lfs pull`"),
        (b'{"level": "info", "msg": "x", "time": "2020"}\n' * 4, "it reads as a log or trace: name a file of examples"),
    ],
)
def test_what_is_wrong_with_the_whole_file_is_one_sentence(here: Path, data: bytes, words: str) -> None:
    Path("a b.jsonl").write_bytes(data)
    done = CliRunner().invoke(cli, ["import", "a b.jsonl"])
    assert done.exit_code == 2
    assert done.stderr.startswith("ftlint: a b.jsonl was not imported: ")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    piped = CliRunner().invoke(cli, ["import", "-"], input=data).stderr
    assert piped.startswith("ftlint: standard input was not imported: ")
    assert "--fix" not in piped
    assert not Path("a b.ft.yaml").exists()


def test_a_byte_order_mark_and_an_array_are_no_hindrance(here: Path) -> None:
    Path("a.json").write_bytes(b"\xef\xbb\xbf[" + RECORD.strip() + b"]")
    assert built(CliRunner().invoke(cli, ["import", "a.json", "-o", "-"]).stdout) == [chat("Hé", "Hello")]
    assert "holds no records" in CliRunner().invoke(cli, ["import", "-"], input=b"\n\n").stderr


@pytest.mark.skipif(os.name == "nt", reason="no such names")
@pytest.mark.parametrize("words", [["import"], ["fmt"], ["locate", ":1"]])
def test_a_name_gives_no_orders_to_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a\x1b[31m\u202eb.jsonl").write_bytes(b"{}\n")
    command, *end = words
    done = CliRunner().invoke(cli, [command, "".join(["a\x1b[31m\u202eb.jsonl", *end])], color=True)
    assert done.exit_code == 2
    assert "a␛[31m<U+202E>b.jsonl" in done.stderr
    assert "\x1b[31m" not in done.stderr
    assert "\u202e" not in done.stderr
