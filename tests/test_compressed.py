"""Compressed files: read as what is in them, in bounded memory, and damage told in one sentence."""

from __future__ import annotations

import gzip
import io
import random
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import check
from serving import MESSY, told

from ftlint import api
from ftlint.sources.opening import is_local_plain, open_source, read_lines

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACK = {".gz": gzip.compress, ".zst": zstd.compress}

pytestmark = pytest.mark.usefixtures("here")


def write(name: str, data: bytes) -> str:
    Path(name).write_bytes(data)
    return name


@pytest.mark.parametrize("ending", PACK)
def test_the_report_is_that_of_the_plain_file(ending: str) -> None:
    plain = told(write("data.jsonl", MESSY * 20))
    assert told(write(f"data.jsonl{ending}", PACK[ending](MESSY * 20))) == plain


@pytest.mark.parametrize("ending", PACK)
def test_what_was_compressed_in_pieces_is_read_whole(ending: str) -> None:
    half = MESSY.index(b"\n", len(MESSY) // 2) - 5
    pieces = PACK[ending](MESSY[:half]) + PACK[ending](MESSY[half:])
    assert told(write(f"data.jsonl{ending}", pieces)) == told(write("data.jsonl", MESSY))


@pytest.mark.parametrize("ending", PACK)
def test_a_plain_file_of_that_name_is_read_as_it_is(ending: str) -> None:
    assert told(write(f"data.jsonl{ending}", MESSY)) == told(write("data.jsonl", MESSY))


@pytest.mark.parametrize("ending", PACK)
def test_a_file_that_was_cut_off_is_named_and_not_passed(ending: str) -> None:
    write(f"data.jsonl{ending}", PACK[ending](MESSY)[:-9])
    code, said = check(f"data.jsonl{ending}")
    assert code == 2
    assert f"data.jsonl{ending}" in said
    assert "its compressed data end early" in said


@pytest.mark.parametrize("ending", PACK)
@given(data=st.data())
def test_damage_never_gives_a_traceback(ending: str, data: st.DataObject) -> None:
    packed = bytearray(PACK[ending](MESSY))
    at = data.draw(st.integers(4, len(packed) - 1))
    packed[at] ^= data.draw(st.integers(1, 255))
    code, said = check(write(f"data.jsonl{ending}", packed), "--quiet")
    assert code in (1, 2)
    assert "data.jsonl" in said
    assert "Traceback" not in said


def test_damage_in_the_middle_is_named() -> None:
    texts = (random.Random(number).randbytes(20_000).hex().encode() for number in range(100))
    rows = b"".join(b'{"messages": [{"role": "user", "content": "%s"}]}\n' % text for text in texts)
    packed = bytearray(gzip.compress(rows))
    packed[len(packed) // 2 : len(packed) // 2 + 20] = bytes(20)
    code, said = check(write("data.jsonl.gz", packed))
    assert code == 2
    assert "data.jsonl.gz: it could not be read: its compressed data are damaged" in said


@pytest.mark.parametrize("ending", PACK)
def test_a_bomb_is_read_in_bounded_pieces(ending: str) -> None:
    bomb = PACK[ending](bytes(64 << 20))
    assert len(bomb) < 1 << 18
    largest = 0
    with open_source(write(f"bomb.jsonl{ending}", bomb)) as stream:
        while piece := stream.read1():  # type: ignore[attr-defined]
            largest = max(largest, len(piece))
    assert largest <= 1 << 20
    assert check(f"bomb.jsonl{ending}")[0] == 1


def test_a_window_that_memory_would_not_hold_is_refused() -> None:
    options = {zstd.CompressionParameter.window_log: 30, zstd.CompressionParameter.enable_long_distance_matching: 1}
    out = io.BytesIO()
    with zstd.ZstdFile(out, "w", options=options) as file:
        file.write(MESSY)
    code, said = check(write("data.jsonl.zst", out.getvalue()))
    assert code == 2
    assert "write it without --long" in said


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("backports.zstd", "compression.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    module = sys.modules.get("backports" if sys.version_info < (3, 14) else "compression")
    monkeypatch.delattr(module, "zstd", raising=False)
    write("good.jsonl", MESSY)
    code, said = check(write("data.jsonl.zst", zstd.compress(MESSY)), "good.jsonl")
    assert code == 2
    assert "data.jsonl.zst: unchecked: it could not be read: Zstandard files need one more package" in said
    assert "pip install 'ftlint[zst]'" in said
    assert "good.jsonl:2:" in said


def test_folders_hold_compressed_files_too() -> None:
    write("a.jsonl.gz", gzip.compress(MESSY))
    write("b.ndjson.zst", zstd.compress(MESSY))
    write("c.csv.gz", gzip.compress(b"a,b\n"))
    report = api.check(["."])
    assert {item.position.path for item in report.diagnostics} == {"a.jsonl.gz", "b.ndjson.zst"}


def test_the_splits_of_a_dataset_are_paired_by_name() -> None:
    write("train.jsonl.gz", gzip.compress(MESSY))
    write("valid.jsonl.gz", gzip.compress(MESSY))
    assert "split-leakage" in {item.name for item in api.check(["."]).diagnostics}


def test_standard_input_of_that_name_is_decompressed() -> None:
    code, said = check("-", "--stdin-filename", "data.jsonl.gz", stdin=gzip.compress(MESSY))
    assert code == 1
    assert "data.jsonl.gz:2:174: error[unknown-role]" in said


def test_the_first_look_sees_what_is_inside() -> None:
    code, said = check(write("data.jsonl.gz", gzip.compress(b'[{"messages": []}]\n')))
    assert code == 1
    assert "json-array-file" in said


@given(st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"").replace(b"\r", b"")), min_size=1))
def test_lines_are_read_again_by_their_offsets(rows: list[bytes]) -> None:
    text = b"".join(row + b"\n" for row in rows)
    offsets = [sum(len(row) + 1 for row in rows[:n]) for n in range(len(rows))]
    for name, data in (("data.jsonl", text), ("data.jsonl.gz", gzip.compress(text))):
        write(name, data)
        found = dict(read_lines(name, [*reversed(offsets), *offsets], 1 << 20))
        assert [found[offset] for offset in offsets] == rows


def test_a_compressed_file_is_read_once_for_its_places(monkeypatch: pytest.MonkeyPatch) -> None:
    row = b'{"messages": [{"role": "user", "content": "a"}, {"role": "assistnat", "content": "b"}]}\n'
    write("data.jsonl.gz", gzip.compress(row * 1200))
    inflated = 0
    plain = gzip.GzipFile.read

    def read(self: gzip.GzipFile, size: int | None = -1) -> bytes:
        nonlocal inflated
        data = plain(self, size)
        inflated += len(data)
        return data

    monkeypatch.setattr(gzip.GzipFile, "read", read)
    assert len(api.check(["data.jsonl.gz"]).diagnostics) >= 1000
    assert inflated < 5 * 1200 * len(row)


def test_what_may_be_written_in_place() -> None:
    assert is_local_plain("data/train.jsonl")
    assert not any(map(is_local_plain, ("a.jsonl.gz", "a.jsonl.zst", "s3://b/a.jsonl", "https://h/a.jsonl?b=c")))
