"""Objects behind URLs: the report of the local file, each range fetched once, and refusals without secrets."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import given
from hypothesis import strategies as st
from running import check, ftlint
from serving import LARGE, MESSY, Handler, Web, local, serving, told

from ftlint import api
from ftlint.executors import mapping
from ftlint.model import Shard, Source
from ftlint.sources import remote
from ftlint.sources.jsonl import cut, lines
from ftlint.sources.opening import is_url, shown
from ftlint.sources.remote import open_url

pytest.importorskip("aiohttp")
pytest.importorskip("fsspec.core")

GOOD = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]}\n'


@pytest.fixture(autouse=True)
def here(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return here


@pytest.fixture
def web() -> Iterator[Web]:
    with serving(Web()) as running:
        yield running


def test_the_report_is_that_of_the_local_file(web: Web) -> None:
    assert told(web.add("data.jsonl", MESSY)) == local(MESSY)


def test_a_large_object_is_fetched_once_by_ranges(web: Web) -> None:
    url = web.add("data.jsonl", LARGE)
    report = api.check([url], shard_bytes=1 << 20)
    assert len(report.diagnostics) > 60
    fetched = web.sent
    assert {ranged[:6] for _, ranged in web.asked if ranged} == {"bytes="}
    assert fetched < 2.2 * len(LARGE)  # once to be checked, and once in small pieces for lines that are shown
    assert told(url, shard_bytes=1 << 20) == local(LARGE)


def test_processes_together_fetch_an_object_once_more(web: Web) -> None:
    """Once to be cut here, and once by all of them; two refetch nothing of a block that they share."""
    url = web.add("data.jsonl", LARGE)
    source = Source(url, url)
    with mapping("process:3") as map_:
        sizes = list(map_(_bytes_read, cut(source, 1 << 18)))
    assert sum(sizes) == len(LARGE)
    assert web.sent < 2.05 * len(LARGE)


def _bytes_read(shard: Shard) -> int:
    return sum(line.length for line in lines(shard))


@given(st.binary(max_size=400), st.data())
def test_a_span_is_read_as_the_whole_is(data: bytes, draw: st.DataObject) -> None:
    whole = MemoryFileSystem()
    whole.pipe("/spans", data)
    start = draw.draw(st.integers(0, len(data)))
    stop = draw.draw(st.integers(start, len(data)))
    block = draw.draw(st.integers(1, 99))
    with patch.object(remote, "BLOCK", 1), open_url("memory://spans", block, (start, stop)) as file:
        for at in draw.draw(st.lists(st.integers(0, len(data)), max_size=5)):
            size = draw.draw(st.integers(0, 99))
            assert file.seek(at) == at
            assert file.read(size) == data[at : at + size]
    with pytest.raises(OSError, match="it changed while it was read"):
        open_url("memory://spans", span=(start, len(data) + 1))


@pytest.mark.parametrize("lengths", [True, False])
def test_a_server_without_ranges_is_read_from_the_start(lengths: bool) -> None:
    with serving(Web(ranges=False, lengths=lengths)) as web:
        url = web.add("data.jsonl", LARGE)
        assert len([*cut(Source(url, url), 4096)]) == 1
        assert told(url) == local(LARGE)
        assert told(web.add("small.jsonl", MESSY * 80)) == local(MESSY * 80)
        packed = web.add("data.jsonl.gz", gzip.compress(MESSY))
        assert told(packed) == local(MESSY)


def test_compressed_objects_are_one_shard_in_any_process(web: Web) -> None:
    url = web.add("data.jsonl.gz", gzip.compress(MESSY))
    assert told(url) == local(MESSY)
    assert len([*cut(Source(url, url), 16)]) == 1


def test_a_changed_object_is_read_anew(web: Web) -> None:
    url = web.add("data.jsonl", MESSY)
    told(url)
    web.add("data.jsonl", MESSY.replace(b"asistant", b"assitant"))
    assert "assitant" in told(url)


def test_globs_and_folders_are_listed(web: Web) -> None:
    for name in ("data/train.jsonl", "data/valid.jsonl.gz"):
        web.add(name, gzip.compress(MESSY) if name.endswith("gz") else MESSY)
    links = "".join(f'<a href="{name}">{name}</a>' for name in ("train.jsonl", "valid.jsonl.gz", "notes.txt", "../"))
    web.add("data/", links.encode())
    found = {item.position.path for item in api.check([f"{web.root}/data/"]).diagnostics}
    assert found == {f"{web.root}/data/train.jsonl", f"{web.root}/data/valid.jsonl.gz"}
    assert {item.position.path for item in api.check([f"{web.root}/data/*.jsonl"]).diagnostics} == {
        f"{web.root}/data/train.jsonl"
    }
    code, said = check(f"{web.root}/data/*.csv")
    assert code == 2
    assert f"nothing matches '{web.root}/data/*.csv'" in said


def test_the_configuration_names_urls(web: Web, here: Path) -> None:
    train, valid = web.add("train.jsonl", MESSY), web.add("valid.jsonl", MESSY)
    (here / "ftlint.yaml").write_text(f"datasets:\n  far:\n    train: {train}\n    validation: ['{valid}']\n")
    report = api.check()
    assert {item.position.path for item in report.diagnostics} == {train, valid}
    assert "split-leakage" in {item.name for item in report.diagnostics}


def test_a_dataset_elsewhere_is_not_asked_for(web: Web, here: Path) -> None:
    (here / "near.jsonl").write_bytes(MESSY)
    (here / "ftlint.yaml").write_text(f"datasets:\n  far: {web.root}/*.jsonl\n  near: near.jsonl\n")
    assert api.check(["near.jsonl"]).diagnostics
    assert web.asked == []


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "credentials"), (403, "access is denied (403)"), (404, "no such object (404)"), (500, "answered 500")],
)
def test_a_refusal_is_one_sentence_without_the_query(web: Web, status: int, words: str) -> None:
    url = web.add("data.jsonl", status).replace("http://", "http://me:hunter2@") + "?X-Amz-Signature=f00"
    code, said = check(url)
    assert code == 2
    assert said.splitlines()[0].startswith(f"{web.root}/data.jsonl: unchecked: it could not be read: ")
    assert words in said
    assert not any(secret in said for secret in ("hunter2", "Signature", "f00", "Traceback"))


def test_a_signed_url_shows_no_secret_in_any_output(web: Web) -> None:
    url = web.add("data.jsonl", MESSY).replace("http://", "http://me:hunter2@") + "?sig=f00ba4"
    for name in ("text", "concise", "json"):
        code, said = check(url, "--format", name)
        assert code == 1
        assert f"{web.root}/data.jsonl" in said
        assert not any(secret in said for secret in ("hunter2", "f00ba4"))


@pytest.mark.parametrize(
    ("words", "held", "told"),
    [
        ("import URL", GOOD, "wrote data.ft.yaml: 1 example"),
        ("import URL", 404, "ftlint: WEB/data.jsonl.gz: there is no such object (404)"),
        ("import URL", b"{}\n", "ftlint: WEB/data.jsonl.gz was not imported: "),
        ("fmt URL", GOOD, "ftlint: WEB/data.jsonl.gz: No such file or directory"),
        ("locate URL:1", GOOD, "does not say what WEB/data.jsonl.gz is built from"),
        ("submit URL --dry-run --target gpt-4.1", GOOD, "WEB/data.jsonl.gz: the service takes plain files"),
    ],
)
def test_no_command_shows_the_secret_of_a_url(web: Web, words: str, held: bytes | int, told: str) -> None:
    data = held if isinstance(held, int) else gzip.compress(held)
    url = web.add("data.jsonl.gz", data).replace("http://", "http://me:hunter2@") + "?sig=f00ba4"
    said = ftlint(*words.replace("URL", url).split()).output
    assert told.replace("WEB", web.root) in said
    assert not any(secret in said for secret in ("hunter2", "f00ba4"))


def test_objects_that_differ_in_their_query_are_told_apart(web: Web) -> None:
    url = web.add("get", MESSY)
    report = api.check([f"{url}?id=1", f"{url}?id=2", f"{url}?id=1"])
    assert {item.position.path for item in report.diagnostics} == {url, f"{url}#2"}


def test_a_server_that_is_not_there_is_named() -> None:
    with serving(Web()) as web:
        gone = web.root
    code, said = check(f"{gone}/data.jsonl")
    assert code == 2
    assert "the server cannot be reached" in said


def test_an_object_that_is_cut_short_is_no_clean_file(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    url = web.add("data.jsonl", MESSY)
    monkeypatch.setattr(Handler, "send", lambda self, part: self.wfile.write(part[: len(part) // 2]))
    code, said = check(url)
    assert code == 2
    assert "data.jsonl: unchecked: it could not be read:" in said


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("xyz://bucket/a.jsonl", "xyz:// is no kind of URL that fsspec knows"),
        ("https://host/a.ft.yaml?b=c", "'https://host/a.ft.yaml' is authored YAML"),
        ("simplecache::s3://bucket/a.jsonl", "'simplecache::s3://bucket/a.jsonl' is a chain of URLs"),
    ],
)
def test_what_cannot_be_read_is_refused(url: str, words: str) -> None:
    code, said = check(url)
    assert (code, words in said) == (2, True)


@pytest.mark.parametrize(
    ("url", "package", "extra"),
    [("s3://b/a.jsonl", "s3fs", "s3"), ("gs://b/a.jsonl", "gcsfs", "gs"), ("https://h/a.jsonl", "aiohttp", "http")],
)
def test_a_missing_package_names_its_extra(url: str, package: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, url.partition(":")[0], raising=False)
    code, said = check(url)
    assert code == 2
    assert f"{url}: unchecked: it could not be read" in said
    assert f"pip install 'ftlint[{extra}]'" in said


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("https://me:key@host:8/a.jsonl?sig=1#x", "https://host:8/a.jsonl"),
        ("https://token@host/a@b.jsonl", "https://host/a@b.jsonl"),
        ("abfs://container@account.dfs.core.windows.net/a.jsonl", None),
        ("simplecache::https://me:key@host/a.jsonl?x=http://u:p@h", "simplecache::https://host/a.jsonl"),
        ("s3://bucket/a#1.jsonl", None),
        ("data/a?b@c.jsonl", None),
    ],
)
def test_what_is_shown_of_a_url(file: str, said: str | None) -> None:
    assert shown(file) == (said or file)


def test_a_path_is_no_url() -> None:
    assert not any(map(is_url, ("a.jsonl", "C:\\data\\a.jsonl", "C:/data//a.jsonl", "./s3:/a", "://a", "-")))
