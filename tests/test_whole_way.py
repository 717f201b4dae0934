"""The whole way in one test: YAML, converted, checked, trained, followed, tried, compared, and tuned further."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from openai_server import openai_server
from submitting import FAST, assert_no_key, ftlint

ROOT = Path(__file__).parents[1]
CONFIG = """target: openai/gpt-4.1-mini
datasets:
  marv:
    sources: marv.ft.yaml
    output: {train: build/marv.jsonl}
"""
TEST = ROOT / "examples" / "marv.jsonl"


def sarcastic(model: str, messages: list[dict[str, Any]]) -> str:
    """What Marv was taught, for a model that was tuned."""
    rows = [json.loads(line)["messages"] for line in TEST.read_text("utf-8").splitlines()]
    taught = {str(row[:-1][-1]["content"]): str(row[-1]["content"]) for row in rows}
    question = messages[-1]["content"]
    return taught[question] if model.startswith("ft:") else f"You asked: {question}"


def test_from_yaml_to_a_model_tried_compared_and_tuned_further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples" / "marv.ft.yaml", tmp_path)
    shutil.copy(TEST, tmp_path / "test.jsonl")
    (tmp_path / "ftlint.yaml").write_text(CONFIG)
    with openai_server(reply=sarcastic) as server:
        for words in (("convert",), ("check", "build/marv.jsonl"), ("moderate", "build/marv.jsonl")):
            assert ftlint(server, *words).exit_code == 0, words
        started = ftlint(server, "submit", "--yes", "--moderate", "--no-wait", "--suffix", "marv", *FAST)
        assert started.exit_code == 0, started.output
        followed = ftlint(server, "jobs", "follow", "marv", *FAST)
        assert followed.exit_code == 0, followed.output
        (job,) = server.state.jobs.values()
        assert server.state.contents[job["training_file"]] == (tmp_path / "build" / "marv.jsonl").read_bytes()
        model = job["fine_tuned_model"]
        assert f'model="{model}"' in followed.stdout

        tried = ftlint(server, "try", model, "What's the capital of Norway?")
        assert tried.stdout.startswith("Oslo.")
        given = ("compare", "--base", "gpt-4.1-mini", "--tuned", model, "--dataset", "test.jsonl")
        compared = ftlint(server, *given, "--yes")
        assert compared.exit_code == 0, compared.output
        assert "exact               0 of 12  12 of 12" in compared.stdout
        page = ftlint(server, *given, "--format", "html", "--output", "comparison.html")
        assert page.exit_code == 0, page.output
        assert (tmp_path / "comparison.html").read_text("utf-8").count("<article") == 12

        further = ftlint(server, "submit", "marv", "--yes", "--target", model, "--suffix", "again", *FAST)
        assert further.exit_code == 0, further.output
        _, second = server.state.jobs.values()
        assert second["model"] == model
        assert second["training_file"] == job["training_file"]
        assert second["fine_tuned_model"].startswith("ft:gpt-4.1-mini-2025-04-14:acme:again:")
        assert "Oslo." in ftlint(server, "try", second["fine_tuned_model"], "What's the capital of Norway?").stdout
        assert (len(server.state.files), len(server.state.jobs)) == (1, 2)
        assert not server.wrong
    assert_no_key(tmp_path)
