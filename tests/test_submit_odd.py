"""What users may give by mistake: names that are no UTF-8, addresses, proxies, numbers, an edited ledger."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from openai_server import Server
from submitting import TRAIN, assert_no_key, ftlint, submit, write

from ftlint.submit.ledger import Ledger
from ftlint.submit.openai_errors import failure_of
from ftlint.submit.redaction import Redactor

HALF = "\udcff"
COMPARE = ("compare", "--base", "gpt-4.1-mini", "--tuned", "gpt-4.1", "--yes", "--dataset", "train.jsonl")


@pytest.fixture(autouse=True)
def here(here: Path) -> Iterator[Path]:
    write(here)
    yield here
    assert_no_key(here)


def test_a_name_that_is_no_text_is_submitted_and_found_again(server: Server, here: Path) -> None:
    try:
        (here / f"tr{HALF}.jsonl").write_text(TRAIN, "utf-8")
    except OSError:
        pytest.skip("the file system has no such names")
    assert submit(server, f"tr{HALF}.jsonl").exit_code == 0
    assert "submitted before" in submit(server, f"tr{HALF}.jsonl").stderr
    assert ftlint(server, "jobs", "show", f"tr{HALF}").exit_code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--suffix", HALF), "the suffix is not UTF-8 text"),
        (("--metadata", f"a={HALF}"), "the metadata is not UTF-8 text"),
        (("--wandb", HALF), "the name of the project is not UTF-8 text"),
        (("--base-url", "http://[::1/v1"), "is to look like https://host/v1"),
        (("--base-url", "http://127.0.0.1:99999/v1"), "is to look like https://host/v1"),
        (("--base-url", "http://:80/v1"), "is to look like https://host/v1"),
        (("--patience", "nan"), "nan is no number"),
        (("--timeout", "1e300"), "is not in the range"),
        (("--epochs", "9" * 5000), 'is neither a number nor "auto"'),
    ],
)
def test_what_cannot_be_is_refused_before_the_first_request(
    server: Server, words: tuple[str, ...], message: str
) -> None:
    done = submit(server, "train.jsonl", *words)
    assert (done.exit_code, server.requests) == (2, [])
    assert message in done.stderr
    assert len(done.stderr) < 400


@pytest.mark.parametrize("name", ["-", os.devnull])
def test_what_is_no_plain_file_is_not_submitted(server: Server, name: str) -> None:
    done = submit(server, name)
    assert (done.exit_code, server.requests) == (2, [])
    assert ("is no plain file" if name == os.devnull else "does not exist") in done.stderr


@pytest.mark.parametrize(
    "env",
    [{"HTTP_PROXY": "foo://me:pass@host"}, {"SSL_CERT_FILE": "/no/such/file"}, {"ALL_PROXY": "foo://me:pass@host"}],
)
def test_an_environment_without_a_connection_is_told_without_its_passwords(server: Server, env: dict[str, str]) -> None:
    done = submit(server, "train.jsonl", env=env)
    assert (done.exit_code, server.requests) == (2, [])
    assert "look at HTTPS_PROXY" in done.stderr
    assert "pass@" not in done.output


def test_what_is_no_text_is_not_asked_again_and_again(server: Server) -> None:
    done = ftlint(server, "try", "gpt-4.1-mini", HALF)
    assert (done.exit_code, server.requests) == (2, [])
    assert "is not UTF-8 text" in done.stderr
    unnamed = ftlint(server, "try", "", "Hi")
    assert (unnamed.exit_code, "which model is to be asked?" in unnamed.stderr) == (2, True)


def test_an_address_without_the_api_is_told(server: Server) -> None:
    done = submit(server, "train.jsonl", "--base-url", server.url.removesuffix("/v1"))
    assert done.exit_code == 2
    assert "knows no such path (404): see whether the address is right" in done.stderr
    assert "<" not in done.stderr


def test_a_header_that_cannot_be_sent_is_told(server: Server) -> None:
    done = submit(server, "train.jsonl", env={"OPENAI_ORG_ID": "org\n"})
    assert (done.exit_code, server.requests) == (2, [])
    assert "look at OPENAI_ORG_ID" in done.stderr


def test_a_comparison_that_could_not_be_written_is_not_asked_for(server: Server) -> None:
    done = ftlint(server, *COMPARE, "--output", "no/such/x.html")
    assert (done.exit_code, server.requests) == (2, [])
    assert "the folder no/such does not exist" in done.stderr


def test_an_edited_ledger_is_read_as_far_as_it_goes(server: Server, here: Path) -> None:
    assert submit(server, "train.jsonl").exit_code == 0
    ledger = Ledger(here)
    lines: list[object] = [{**ledger.entries()[-1], "at": "yesterday"}, [], 5, {"at": 5}]
    lines += [{"at": "2026-11-23", "step": step, "digest": "d", "run": 1} for step in ("created", "started", "part")]
    with ledger.path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    assert ftlint(server, "jobs", "list").exit_code == 0
    assert ftlint(server, "jobs", "show", "train").exit_code == 0
    assert "submitted before" in submit(server, "train.jsonl").stderr
    assert len(server.state.jobs) == 1


DATE = "Wed, 21 Oct {} 07:28:00 GMT"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("nan", None, None), ("inf", None, None), ("soon", None, None), ("-3", 0, 0), ("1.5", 1.5, 1.5)]
    + [(DATE.format(2000), 0, 0), (DATE.format(2999), 10**9, 10**11)],
)
def test_a_wait_that_is_asked_for_is_a_number_or_a_date(
    server: Server, text: str, least: float | None, most: float | None
) -> None:
    server.plan("GET /models", "429")
    client = openai.OpenAI(api_key=server.key, base_url=server.url, max_retries=0)
    with client, pytest.raises(openai.RateLimitError) as raised:
        client.models.list()
    raised.value.response.headers["Retry-After"] = text
    after = failure_of(raised.value, server.url, Redactor()).after
    assert (after is None) if least is None or most is None else least <= (after or 0) <= most
