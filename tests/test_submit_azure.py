"""Where requests go and with which key: Azure OpenAI, of both kinds of endpoint, OpenAI, and what a key may not do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai_server import KEY, Server
from submitting import assert_no_key, endpoint_of, ftlint, plan_of, submit, write

from ftlint.errors import FtlintError
from ftlint.submit import connection
from ftlint.submit.connection import Connection, Endpoint, connect, settle_endpoint
from ftlint.submit.files import Uploader
from ftlint.submit.ledger import Ledger
from ftlint.submit.remote import RemoteFile
from ftlint.submit.service import Service
from ftlint.targets import resolve

AZURE = "azure/gpt-4.1-mini"
ENDPOINT = "https://acme.openai.azure.com"
VERSION = "2025-04-01-preview"


@pytest.fixture(autouse=True)
def here(here: Path) -> Iterator[Path]:
    write(here)
    yield here
    assert_no_key(here)


def azure(server: Server, path: str = "", **more: str) -> dict[str, str]:
    """The environment of a user of Azure, whose endpoint ends in ``path``."""
    env = {**dict.fromkeys(server.env, ""), **server.azure_env}
    return {**env, "AZURE_OPENAI_ENDPOINT": env["AZURE_OPENAI_ENDPOINT"] + path, **more}


@pytest.mark.parametrize(
    ("endpoint", "version", "base"),
    [
        (ENDPOINT, VERSION, "/openai/"),
        (f"{ENDPOINT}/", VERSION, "/openai/"),
        (f"{ENDPOINT}/openai", VERSION, "/openai/"),
        (f"{ENDPOINT}/openai/v1/", "", "/openai/v1/"),
        (f"{ENDPOINT}/openai/v1", VERSION, "/openai/v1/"),
    ],
)
def test_an_endpoint_is_taken_as_it_is_copied(endpoint: str, version: str, base: str) -> None:
    environ = {"AZURE_OPENAI_ENDPOINT": endpoint, "OPENAI_API_VERSION": version}
    found = settle_endpoint(Connection(), resolve(AZURE), environ)
    assert (found.is_azure, found.key_env) == (True, "AZURE_OPENAI_API_KEY")
    with connect(found, KEY) as client:
        assert str(client.base_url) == ENDPOINT + base
        assert client.default_query == ({"api-version": VERSION} if found.api_version else {})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "set AZURE_OPENAI_ENDPOINT, or --azure"),
        ({"azure": ENDPOINT}, "set OPENAI_API_VERSION, or --api-version"),
        (
            {"azure": f"{ENDPOINT}/openai/deployments/a?api-version={VERSION}"},
            "without user and password, and without a query",
        ),
        ({"azure": "acme.openai.azure.com"}, "is to look like https://host/v1"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(FtlintError) as raised:
        settle_endpoint(Connection(**given), resolve(AZURE), {})
    assert message in str(raised.value)


@pytest.mark.parametrize("path", ["", "/openai", "/openai/v1"])
def test_both_kinds_of_endpoint_train_and_answer(server: Server, path: str) -> None:
    env = azure(server, path, OPENAI_API_VERSION="" if "v1" in path else VERSION)
    done = submit(server, "train.jsonl", target=AZURE, env=env)
    assert done.exit_code == 0, done.output
    assert len(server.state.jobs) == 1
    server.state.add_model("marv")
    asked = ftlint(server, "try", "azure/marv", "Hi", "--azure", env["AZURE_OPENAI_ENDPOINT"], env=env)
    assert asked.stdout == "marv hears: Hi\n", asked.output
    deployed = "" if "v1" in path else "/deployments/marv"
    assert [one.path for one in server.asked("POST *chat*")] == [f"{deployed}/chat/completions"]
    assert not server.wrong


def test_a_dry_run_shows_where_requests_go(server: Server) -> None:
    env = azure(server, AZURE_OPENAI_ENDPOINT=ENDPOINT)
    shown = submit(server, "train.jsonl", "--dry-run", target=AZURE, env=env).stdout
    assert f"service     {ENDPOINT}/openai, version {VERSION}, with the key in AZURE_OPENAI_API_KEY\n" in shown
    env["AZURE_OPENAI_ENDPOINT"] += "/openai/v1/"
    shown = submit(server, "train.jsonl", "--dry-run", "--key-env", "MINE", target=AZURE, env=env).stdout
    assert f"service     {ENDPOINT}/openai/v1, with the key in MINE\n" in shown
    shown = submit(server, "train.jsonl", "--dry-run", env={"OPENAI_BASE_URL": ""}).stdout
    assert "service     https://api.openai.com/v1, with the key in OPENAI_API_KEY\n" in shown


def test_a_key_that_azure_refuses_is_not_shown(server: Server) -> None:
    secret = "0123456789abcdef0123456789abcdef"
    done = submit(server, "train.jsonl", target=AZURE, env=azure(server, AZURE_OPENAI_API_KEY=secret))
    assert done.exit_code == 2
    assert "refuses the key" in done.stderr
    assert secret not in done.output


@pytest.mark.parametrize(
    ("url", "is_openai"),
    [
        ("https://api.openai.com/v1", True),
        ("https://eu.api.openai.com/v1", True),
        ("https://api.openai.com.evil.example/v1", False),
        ("http://127.0.0.1:8000/v1", False),
    ],
)
def test_openai_is_known_in_all_regions(url: str, is_openai: bool) -> None:
    assert Endpoint(url, is_azure=False, key_env="K").is_openai is is_openai


def test_a_key_without_any_job_is_told_so_before_the_upload(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "OPENAI_HOST", f"127.0.0.1:{server.port}")
    server.closed = True
    first = submit(server, "train.jsonl")
    assert first.exit_code == 2
    assert "this key shows no job so far" in first.stdout
    assert "2026-05-07" in first.stdout
    server.closed = False
    assert submit(server, "train.jsonl").exit_code == 0
    assert "no job so far" not in submit(server, "validation.jsonl").output


def test_a_file_that_azure_cannot_process_ends_the_wait(
    server: Server, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    payload = plan_of(here, server).files["train"]
    failed = RemoteFile("file-1", status="failed", status_details="Line 3 is no JSON")
    with Service(endpoint_of(server)) as service:
        uploader = Uploader(service, Ledger(here), ("digest", 1))
        with pytest.raises(FtlintError, match=r"train.jsonl: .*: Line 3 is no JSON"):
            uploader.wait(failed, payload)
