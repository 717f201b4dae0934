"""``ftlint submit`` and ``ftlint jobs`` against a server: the whole way, what stops it, and what it says."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from openai_server import KEY, Server
from submitting import ASKED, FAST, MODEL, TRAIN, VALIDATION, assert_no_key, ftlint, submit, write

from ftlint.submit.ledger import Ledger

ROOT = Path(__file__).parents[1]
CONFIG = """target: openai/gpt-4.1-mini
epochs: 4
datasets:
  marv:
    sources: marv.ft.yaml
    output: {train: build/marv.jsonl}
"""


@pytest.fixture(autouse=True)
def here(here: Path) -> Iterator[Path]:
    write(here)
    yield here
    assert_no_key(here)


def tuned(server: Server) -> str:
    """The model of the last job."""
    return str(list(server.state.jobs.values())[-1]["fine_tuned_model"])


def test_from_yaml_to_a_model_and_further(server: Server, here: Path) -> None:
    shutil.copy(ROOT / "examples" / "marv.ft.yaml", here)
    (here / "ftlint.yaml").write_text(CONFIG)
    done = ftlint(server, "submit", "--yes", "--suffix", "marv", "--metadata", "by=me", *FAST)
    assert done.exit_code == 0, done.output
    (job,) = server.state.jobs.values()
    assert job["hyperparameters"]["n_epochs"] == 4
    assert job["metadata"]["by"] == "me"
    model = tuned(server)
    assert model.startswith("ft:gpt-4.1-mini-2025-04-14:acme:marv:")
    for part in (f'model="{model}"', "$0.01136", ":ckpt-step-3", "loss        █"):
        assert part in done.stdout
    assert (here / "build" / "marv.jsonl").read_bytes() == server.state.contents[job["training_file"]]
    assert not list((here / ".ftlint" / "outgoing").iterdir())
    further = ftlint(server, "submit", "marv", "--yes", "--target", model, *FAST)
    assert further.exit_code == 0, further.output
    assert [job["model"] for job in server.state.jobs.values()] == ["gpt-4.1-mini-2025-04-14", model]
    assert len(server.state.files) == 1
    assert not server.wrong


def test_a_second_call_finds_the_job(server: Server, here: Path) -> None:
    first, second = (submit(server, "train.jsonl", "--validation", "validation.jsonl") for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "submitted before" in second.stderr
    assert len(server.state.jobs) == 1
    assert len(server.state.files) == 2
    again = submit(server, "train.jsonl", "--validation", "validation.jsonl", "--again")
    assert again.exit_code == 0
    assert [job["metadata"]["ftlint"][-2:] for job in server.state.jobs.values()] == [":1", ":2"]
    other = submit(server, "train.jsonl", "--validation", "validation.jsonl", "--seed", "7")
    assert other.exit_code == 0
    assert (len(server.state.jobs), len(server.state.files)) == (3, 2)
    (here / ".ftlint" / "submissions.jsonl").unlink()
    found = submit(server, "train.jsonl", "--validation", "validation.jsonl")
    assert "submitted before: " + list(server.state.jobs)[1] in found.stderr
    submit(server, "train.jsonl", "--validation", "validation.jsonl", "--again", "--no-wait")
    assert list(server.state.jobs.values())[-1]["metadata"]["ftlint"].endswith(":3")


def test_a_dry_run_sends_nothing(server: Server, here: Path) -> None:
    words = ("train.jsonl", "--validation", "validation.jsonl", "--epochs", "3")
    dry = submit(server, *words, "--dry-run", env={"OPENAI_API_KEY": ""})
    assert dry.exit_code == 0
    assert not server.requests
    assert not (here / ".ftlint" / "submissions.jsonl").exists()
    submit(server, *words, "--no-wait")
    for asked in server.asked("POST *"):
        assert f"POST {asked.path}" in dry.stdout
    body = json.loads(dry.stdout.partition("POST /fine_tuning/jobs  ")[2].partition("\n")[0])
    sent = server.asked("POST /fine_tuning/jobs")[0].data
    assert {**sent, "training_file": "", "validation_file": ""} == {**body, "training_file": "", "validation_file": ""}


def test_errors_of_the_data_stop_it(server: Server, here: Path) -> None:
    (here / "bad.jsonl").write_text(TRAIN.replace('"assistant"', '"assistnat"', 1))
    done = submit(server, "bad.jsonl")
    assert (done.exit_code, server.requests) == (1, [])
    assert "unknown-role" in done.stderr
    (here / "edgy.jsonl").write_text(TRAIN + ASKED.format("How far is home", "Not far").replace("far.", "far. "))
    assert (submit(server, "edgy.jsonl", "--strict").exit_code, server.requests) == (1, [])
    assert submit(server, "edgy.jsonl", "--no-wait").exit_code == 0


def test_errors_of_the_yaml_stop_it_at_their_place(server: Server, here: Path) -> None:
    (here / "x.ft.yaml").write_text("examples:\n  - user: Hi\n    assistnat: Hello\n")
    done = submit(server, "x.ft.yaml")
    assert (done.exit_code, server.requests) == (1, [])
    assert "x.ft.yaml:3:5" in done.stderr


def test_nobody_is_asked_in_a_pipe(server: Server) -> None:
    done = ftlint(server, "submit", "train.jsonl", "--target", MODEL)
    assert (done.exit_code, server.requests) == (2, [])
    assert "--yes" in done.stderr


WRONG = {
    ("--suffix", "x" * 65): "the suffix has 65 characters",
    ("--suffix", ""): "the suffix has 0 characters",
    ("--seed", "-1"): "the seed is -1",
    tuple(word for n in range(17) for word in ("--metadata", f"k{n}=v")): "the metadata has 17 pairs",
    ("--metadata", "k" * 65 + "=v"): "has 65 characters",
    ("--metadata", "k=" + "v" * 513): "has 513 characters",
    ("--metadata", "ftlint=1"): "is ftlint's own",
    ("--epochs", "51"): "n_epochs is 51",
    ("--epochs", "0"): "n_epochs is 0",
    ("--batch-size", "257"): "batch_size is 257",
    ("--learning-rate", "0"): "learning_rate_multiplier is 0",
    ("--learning-rate", "nan"): "learning_rate_multiplier is nan",
    ("--beta", "3"): "beta is 3",
    ("--beta", "1"): "beta belongs to dpo",
    ("--wandb", ""): "names no project",
    ("--method", "dpo"): "holds chat records",
    ("--validation", "train.jsonl"): "the validation file is the training file",
    ("--validation", "copy.jsonl"): "the validation file is the training file",
    ("--validation", "none.jsonl"): "none.jsonl does not exist",
    ("--key-env", KEY): "the name of an environment variable",
    ("--base-url", f"http://user:{KEY}@127.0.0.1/v1"): "without user and password",
    ("--target", "together/meta-llama/Llama-3.3-70B"): "give the server's address",
}


@pytest.mark.parametrize(("words", "message"), WRONG.items(), ids=WRONG.values())
def test_wrong_parameters_are_refused_before_the_first_request(
    server: Server, here: Path, words: tuple[str, ...], message: str
) -> None:
    (here / "copy.jsonl").write_text(TRAIN)
    env = {"OPENAI_BASE_URL": ""} if "--target" in words else {}
    done = submit(server, "train.jsonl", *words, env=env)
    if "--target" in words:
        done = ftlint(server, "submit", "train.jsonl", "--yes", *words, env=env)
    assert (done.exit_code, server.requests) == (2, [])
    assert message in done.stderr


def test_all_that_is_wrong_is_said_at_once(server: Server) -> None:
    done = submit(server, "train.jsonl", "--seed", "-1", "--epochs", "51")
    assert "the seed is -1" in done.stderr
    assert "n_epochs is 51" in done.stderr


@pytest.mark.parametrize(("key", "message"), [("", "there is no key"), (f"{KEY}\u00e9", "no key has")])
def test_the_key_is_looked_at_first(server: Server, key: str, message: str) -> None:
    done = submit(server, "train.jsonl", env={"OPENAI_API_KEY": key})
    assert (done.exit_code, server.requests) == (2, [])
    assert message in done.stderr


def test_a_refused_key_is_not_shown(server: Server) -> None:
    done = submit(server, "train.jsonl", "--key-env", "OTHER", env={"OTHER": "sk-wrong-98765432"})
    assert done.exit_code == 2
    assert "refuses the key" in done.stderr
    assert "98765432" not in done.output


def test_a_closed_organisation_is_told_so_with_dates(server: Server) -> None:
    server.closed = True
    done = submit(server, "train.jsonl")
    assert done.exit_code == 2
    assert "your organisation may start no new training jobs" in done.stderr
    assert "2027-01-06" in done.stderr


def test_an_unknown_model_is_found_out_before_an_upload(server: Server) -> None:
    done = submit(server, "train.jsonl", target="openai/gpt-4o")
    assert done.exit_code == 2
    assert "gpt-4o-2024-08-06 is no model that this key may use" in done.stderr
    assert not server.state.files


def test_nobody_at_home(server: Server) -> None:
    done = submit(server, "train.jsonl", "--base-url", "http://127.0.0.1:9/v1", "--patience", "0.05")
    assert done.exit_code == 2
    assert "127.0.0.1:9 could not be reached" in done.stderr


def test_a_disk_that_cannot_be_written_is_no_matter_of_the_network(server: Server, here: Path) -> None:
    (here / ".ftlint").write_text("in the way")
    done = submit(server, "train.jsonl")
    assert (done.exit_code, server.requests) == (2, [])
    assert "could not be written" in done.stderr


def test_a_failed_job_is_explained_at_its_line(server: Server, here: Path) -> None:
    server.state.failure = ("invalid_file_format", "Example 3, message 2 Discriminator 'role' is missing in value")
    done = submit(server, "train.jsonl", "--notify", "echo $FTLINT_STATUS >told")
    assert done.exit_code == 1
    assert "train.jsonl:3:" in done.stdout
    assert (here / "told").read_text() == "failed\n"
    repeated = submit(server, "train.jsonl")
    assert repeated.exit_code == 1
    assert "--again" in repeated.stderr
    assert len(server.state.jobs) == 1
    assert ftlint(server, "jobs", "show", "train").exit_code == 1
    assert submit(server, "train.jsonl", "--again").exit_code == 0


@pytest.mark.parametrize("config", ["", CONFIG])
def test_a_failed_job_is_explained_in_the_yaml(server: Server, here: Path, config: str) -> None:
    shutil.copy(ROOT / "examples" / "marv.ft.yaml", here)
    (here / "ftlint.yaml").write_text(config or "target: openai/gpt-4.1-mini")
    server.state.failure = ("invalid_file_format", "Example 2, message 1 Discriminator 'role' is missing in value")
    done = ftlint(server, "submit", "marv" if config else "marv.ft.yaml", "--yes", *FAST)
    assert done.exit_code == 1
    assert "line 2 is marv.ft.yaml:" in done.stdout
    assert "line 2 is marv.ft.yaml:" in ftlint(server, "jobs", "show", "marv").stdout


def test_preference_data_is_trained_with_dpo(server: Server, here: Path) -> None:
    def row(n: int) -> str:
        answers = ([{"role": "assistant", "content": f"{word} {n}."}] for word in ("Yes", "No"))
        asked = {"messages": [{"role": "user", "content": f"Is {n} odd?"}]}
        return json.dumps(
            dict(zip(("input", "preferred_output", "non_preferred_output"), (asked, *answers), strict=True))
        )

    (here / "pairs.jsonl").write_text("".join(f"{row(n)}\n" for n in range(12)))
    assert submit(server, "pairs.jsonl", "--beta", "0.1").exit_code == 0
    (job,) = server.state.jobs.values()
    assert job["method"] == {"type": "dpo", "dpo": {"hyperparameters": {"beta": 0.1}}}
    assert not server.wrong


def test_azure_is_asked_with_its_own_key(server: Server) -> None:
    env = {**server.azure_env, "OPENAI_API_KEY": "", "OPENAI_BASE_URL": ""}
    done = submit(server, "train.jsonl", target="azure/gpt-4.1-mini", env=env)
    assert done.exit_code == 0, done.output
    assert len(server.state.jobs) == 1


def test_jobs_are_listed_followed_and_turned(server: Server, here: Path) -> None:
    server.state.stages = ("validating_files", "running")
    assert submit(server, "train.jsonl", "--no-wait").exit_code == 0
    (name,) = server.state.jobs
    assert name in ftlint(server, "jobs").stdout
    for verb, status in (("pause", "paused"), ("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        assert f"{name} {status}" in ftlint(server, "jobs", verb, "train").stdout
    assert ftlint(server, "jobs", "follow", "train", "--poll", "0.01").exit_code == 1
    assert Ledger(here).entries()[-1]["status"] == "cancelled"
    assert "Created fine-tuning job" in ftlint(server, "jobs", "events", name).stderr
    assert 'did you mean "train"' in ftlint(server, "jobs", "show", "tran").stderr
    assert ftlint(server, "jobs", "show", "ftjob-none").exit_code == 2


def test_the_reset_of_a_limit_that_is_used_up_is_waited_for(server: Server) -> None:
    server.limits = {"requests": (500, 0, "2s"), "tokens": (200_000, 0, "1ms")}
    server.plan("POST /files", "429")
    assert "trying again in 2 s" in submit(server, "train.jsonl", "--no-wait").stderr


def test_a_dataset_that_is_misspelt(server: Server, here: Path) -> None:
    (here / "ftlint.yaml").write_text("datasets:\n  towns: {train: train.jsonl, validation: validation.jsonl}\n")
    assert 'did you mean "towns"' in submit(server, "twons").stderr
    done = submit(server, "towns")
    assert "training    228 tokens" in done.stdout
    assert "train       train.jsonl: 12 examples" in done.stdout
    assert len(server.state.files) == 2


def test_limits_are_told(server: Server) -> None:
    assert "499 of 500 left" in ftlint(server, "limits").stdout


def test_a_changed_file_is_another_submission(server: Server, here: Path) -> None:
    submit(server, "train.jsonl")
    (here / "train.jsonl").write_text(TRAIN + VALIDATION)
    submit(server, "train.jsonl")
    assert (len(server.state.jobs), len(server.state.files)) == (2, 2)
