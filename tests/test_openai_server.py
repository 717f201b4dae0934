"""The OpenAI server of the tests, through the openai package: what it keeps, what it refuses, how it fails."""

from __future__ import annotations

from collections.abc import Iterator

import openai
import pytest
from openai_server import KEY, Server

ROWS = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]}\n' * 10


@pytest.fixture
def client(server: Server) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(api_key=KEY, base_url=server.url, max_retries=0, timeout=5) as client:
        yield client


def submitted(client: openai.OpenAI) -> str:
    file = client.files.create(file=("train.jsonl", ROWS), purpose="fine-tune")
    return client.fine_tuning.jobs.create(model="gpt-4.1-mini-2025-04-14", training_file=file.id, suffix="marv").id


def test_a_job_goes_its_way(server: Server, client: openai.OpenAI) -> None:
    job = submitted(client)
    seen = []
    while (now := client.fine_tuning.jobs.retrieve(job)).status != "succeeded":
        seen.append(now.status)
    assert seen == ["queued", "running", "running"]
    assert now.fine_tuned_model
    assert now.fine_tuned_model.startswith("ft:gpt-4.1-mini-2025-04-14:acme:marv:")
    events = list(client.fine_tuning.jobs.list_events(job, limit=3))
    assert len(events) == len(server.state.events[job])
    assert [point.step_number for point in client.fine_tuning.jobs.checkpoints.list(job)] == [6, 3]
    assert client.models.retrieve(now.fine_tuned_model).id == now.fine_tuned_model
    answer = client.chat.completions.create(model=now.fine_tuned_model, messages=[{"role": "user", "content": "Hi"}])
    assert answer.choices[0].message.content == f"{now.fine_tuned_model} hears: Hi"
    further = client.fine_tuning.jobs.create(model=now.fine_tuned_model, training_file=now.training_file)
    assert len(list(client.fine_tuning.jobs.list(limit=1))) == 2
    client.fine_tuning.jobs.cancel(further.id)
    assert not server.wrong


def test_large_files_come_in_parts(server: Server, client: openai.OpenAI) -> None:
    name = "train.jsonl"
    client.uploads.upload_file_chunked(
        file=ROWS, filename=name, bytes=len(ROWS), mime_type="application/jsonl", purpose="fine-tune", part_size=100
    )
    (file,) = client.files.list(purpose="fine-tune")
    assert client.files.content(file.id).read() == ROWS
    assert client.files.wait_for_processing(file.id, poll_interval=0.01).status == "processed"
    assert not server.wrong


def test_texts_are_moderated(server: Server, client: openai.OpenAI) -> None:
    server.scores = lambda text: {"violence": 0.9} if "kill" in text else {}
    results = client.moderations.create(model="omni-moderation-latest", input=["Hi", "I kill"]).results
    assert [(one.flagged, one.categories.violence) for one in results] == [(False, False), (True, True)]


def test_headers_tell_what_is_left(client: openai.OpenAI) -> None:
    headers = client.models.with_raw_response.list().headers
    assert headers["x-ratelimit-remaining-requests"] == "499"


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("429", openai.RateLimitError),
        ("429-after", openai.RateLimitError),
        ("500", openai.InternalServerError),
        ("503", openai.InternalServerError),
        ("401", openai.AuthenticationError),
        ("training_not_available", openai.PermissionDeniedError),
        ("reset-before", openai.APIConnectionError),
        ("reset-after", openai.APIConnectionError),
        ("500-after", openai.InternalServerError),
        ("truncated", openai.APIConnectionError),
        ("malformed", ValueError),
    ],
)
def test_a_planned_fault_comes_once(server: Server, client: openai.OpenAI, kind: str, error: type[Exception]) -> None:
    file = client.files.create(file=("train.jsonl", ROWS), purpose="fine-tune").id
    server.plan("POST /fine_tuning/jobs", kind, seconds=1)
    with pytest.raises(error):
        client.fine_tuning.jobs.create(model="gpt-4.1-mini-2025-04-14", training_file=file)
    done = kind in ("reset-after", "500-after", "truncated", "malformed")
    assert len(server.state.jobs) == done
    client.fine_tuning.jobs.create(model="gpt-4.1-mini-2025-04-14", training_file=file)
    assert [one.ok for one in server.asked("POST /fine_tuning/jobs")] == [False, True]


def test_jobs_fail_as_planned(server: Server, client: openai.OpenAI) -> None:
    server.state.failure = ("invalid_file_format", "Example 2, message 1 Discriminator 'role' is missing in value")
    job = submitted(client)
    failed = client.fine_tuning.jobs.retrieve(job)
    assert (failed.status, failed.error and failed.error.code) == ("failed", "invalid_file_format")


def test_wrong_requests_are_refused(server: Server, client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError):
        client.fine_tuning.jobs.create(model="gpt-4.1", training_file="f", extra_body={"n_epoch": 3})
    assert "n_epoch" in server.wrong.pop()
    with openai.OpenAI(api_key="sk-other", base_url=server.url) as other, pytest.raises(openai.AuthenticationError):
        other.models.list()


def test_azure_is_spoken_too(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in server.azure_env.items():
        monkeypatch.setenv(name, value)
    with openai.AzureOpenAI() as client:
        assert submitted(client)
        answer = client.chat.completions.create(
            model="gpt-4.1-mini-2025-04-14", messages=[{"role": "user", "content": "Hi"}]
        )
        assert "hears: Hi" in (answer.choices[0].message.content or "")
