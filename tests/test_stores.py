"""An object store on loopback: buckets are read as files and folders are, by range and in any process."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from running import check
from serving import LARGE, MESSY, local, told

from ftlint import api
from ftlint.sources.jsonl import SHARD_BYTES

moto = pytest.importorskip("moto.server")
s3fs = pytest.importorskip("s3fs")
botocore = pytest.importorskip("botocore.session")

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrEXAMPLEKEY",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = moto.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def bucket(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": endpoint, "AWS_EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.chdir(tmp_path)
    s3fs.S3FileSystem.clear_instance_cache()
    client = botocore.Session().create_client("s3")
    client.create_bucket(Bucket="bucket")
    yield lambda key, data: client.put_object(Bucket="bucket", Key=key, Body=data) and f"s3://bucket/{key}"
    for item in client.list_objects_v2(Bucket="bucket").get("Contents", ()):
        client.delete_object(Bucket="bucket", Key=item["Key"])
    client.close()
    s3fs.S3FileSystem.clear_instance_cache()


def paths(*named: str) -> list[str]:
    return list(dict.fromkeys(item.position.path for item in api.check(named).diagnostics))


def test_the_report_is_that_of_the_local_file(bucket: Any) -> None:
    assert told(bucket("data.jsonl", MESSY)) == local(MESSY)
    assert told(bucket("data.jsonl.gz", gzip.compress(MESSY))) == local(MESSY)


def test_workers_read_ranges_of_their_own(bucket: Any) -> None:
    url = bucket("data.jsonl", LARGE)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert told(url, pool.map, shard_bytes=SHARD_BYTES) == local(LARGE)


def test_globs_and_folders_mean_objects(bucket: Any) -> None:
    names = ("data/part-2.jsonl", "data/part-10.jsonl", "data/deep/more.jsonl", "data/.hidden.jsonl", "data/notes.txt")
    two, ten, deep, _, _ = (bucket(name, MESSY) for name in names)
    assert paths("s3://bucket/data/*.jsonl") == [two, ten]
    assert paths("s3://bucket/data/**/*.jsonl") == [deep, two, ten]
    assert paths("s3://bucket/data/") == paths("s3://bucket/data") == [deep, two, ten]


def test_include_and_exclude_hold_in_a_folder(bucket: Any) -> None:
    bucket("data/a.jsonl", MESSY)
    other = bucket("data/b.jl", MESSY)
    Path("ftlint.yaml").write_text("include: ['*.jl', '*.jsonl']\nexclude: [a.jsonl]\n")
    assert paths("s3://bucket/data/") == [other]


def test_the_configuration_names_a_bucket(bucket: Any) -> None:
    urls = [bucket(f"{name}.jsonl", MESSY) for name in ("train-1", "train-2", "valid")]
    Path("ftlint.yaml").write_text(
        "datasets:\n  far:\n    train: s3://bucket/train-*.jsonl\n    validation: s3://bucket/valid.jsonl\n"
        "ignore:\n  - {rule: special-token-text, paths: ['s3://bucket/valid.jsonl'], reason: old}\n"
    )
    assert paths() == urls
    told_of = {(item.position.path, item.name) for item in api.check().diagnostics}
    assert (urls[0], "special-token-text") in told_of
    assert (urls[2], "special-token-text") not in told_of
    assert "split-leakage" in {item.name for item in api.check([urls[2]]).diagnostics}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("s3://bucket/none.jsonl", "s3://bucket/none.jsonl: unchecked: it could not be read: there is no such object"),
        ("s3://nowhere/a.jsonl", "s3://nowhere/a.jsonl: unchecked: it could not be read: there is no such object"),
        ("s3://bucket/none/", "nothing matches 's3://bucket/none/'"),
        ("s3://bucket/*.none", "nothing matches 's3://bucket/*.none'"),
        ("s3://bucket/none", "cannot look up 's3://bucket/none': there is no such object"),
    ],
)
def test_what_is_not_there_is_named(url: str, words: str) -> None:
    code, said = check(url)
    assert code == 2
    assert words in said


def test_no_key_is_shown_where_access_is_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    async def denied(*_: object, **__: object) -> None:
        raise PermissionError(f"Forbidden: {KEYS['AWS_SECRET_ACCESS_KEY']}")

    monkeypatch.setattr(s3fs.S3FileSystem, "_info", denied)
    code, said = check("s3://bucket/data.jsonl")
    assert code == 2
    assert "access is denied (403)" in said
    assert not any(value in said for name, value in KEYS.items() if "KEY" in name)


def test_missing_credentials_are_named(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    url = bucket("data.jsonl", MESSY)
    for name in KEYS:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "none")
    s3fs.S3FileSystem.clear_instance_cache()
    code, said = check(url)
    assert code == 2
    assert "credentials are missing" in said
