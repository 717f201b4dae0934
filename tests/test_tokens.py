"""Tests of the counts of records: the published figures, images, and the law that a bound is one."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftlint.targets import resolve
from ftlint.tokens import bound, count_records, count_tokens
from ftlint.tokens.images import image_size, image_tokens, patches

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "token_vectors.json").read_text("utf-8"))
ENCODINGS = ("cl100k_base", "o200k_base")
MODEL = {"cl100k_base": "openai/gpt-3.5-turbo", "o200k_base": "openai/gpt-4o"}


@pytest.mark.parametrize("encoding_name", ENCODINGS)
def test_published_functions(encoding_name: str) -> None:
    group = VECTORS[f"functions_prompt_{encoding_name.removesuffix('_base')}"]
    assert [count_tokens(case, MODEL[encoding_name]).total for case in group["cases"]] == [
        case["tokens"] for case in group["cases"]
    ]
    assert len(group["cases"]) == group["n"]


@pytest.mark.parametrize("case", [VECTORS["chat_prompt"][0], *VECTORS["tools_prompt"]], ids=lambda case: case["id"])
def test_published_prompts(case: dict[str, Any]) -> None:
    assert {model: count_tokens(case, model).total for model in case["counts"]} == case["counts"]
    for encoding, expected in case.get("messages_only", {}).items():
        assert count_tokens({"messages": case["messages"]}, MODEL[encoding]).total == expected


def test_the_bill_of_a_real_job() -> None:
    job = VECTORS["billed_training_tokens"][0]
    counts = count_records(job["examples"], job["model"])
    billed = sum(count.billed for count in counts)
    assert billed == job["per_epoch"]
    assert billed * job["n_epochs"] == job["trained_tokens_published"]
    assert sum(count.total for count in counts) == job["cookbook_estimate_per_epoch"]
    assert all(count.exact for count in counts)


def toy_examples() -> list[dict[str, Any]]:
    def text(content: Any) -> str:
        return content if isinstance(content, str) else content["repeat"] * content["times"]

    examples = VECTORS["data_prep_notebook"]["examples"]
    return [{"messages": [{"role": role, "content": text(c)} for role, c in example]} for example in examples]


def test_the_notebooks_distribution() -> None:
    expected = VECTORS["data_prep_notebook"]["recomputed"]
    for encoding, key in zip(ENCODINGS, ("tokens_per_example_cl100k", "tokens_per_example_o200k"), strict=True):
        assert [count.total for count in count_records(toy_examples(), MODEL[encoding])] == expected[key]
    counts = count_records(toy_examples(), MODEL["cl100k_base"])
    assert [count.by_role["assistant"] for count in counts] == expected["assistant_cl100k"]
    published = VECTORS["data_prep_notebook"]["published"]
    assert sum(min(count.total, 4096) for count in counts) == published["billing_tokens_at_limit_4096"]
    assert sum(min(count.total, 16385) for count in counts) == expected["billing_tokens_at_limit_16385"]


def test_what_roles_say_and_the_framing_make_the_total() -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "name": "ann", "content": [{"type": "text", "text": "hello world"}, {"type": "text"}]},
        {"role": "assistant", "content": None, "refusal": "No.", "weight": 0},
    ]
    count = count_tokens({"messages": messages}, "gpt-4o")
    assert count.by_role == {"system": 3, "user": 2, "assistant": 2}
    assert count.total - sum(count.by_role.values()) == 3 * (3 + 1) + (1 + 1) + 3
    assert count.billed == count.total - 2


def test_weight_is_not_counted() -> None:
    message = {"role": "assistant", "content": "hi"}
    assert count_tokens({"messages": [message | {"weight": 0}]}) == count_tokens({"messages": [message]})


def test_tool_calls_are_an_estimate() -> None:
    call = {"name": "do_stuff", "arguments": '{"foo": "bar", "baz": 1.5}'}
    old = count_tokens({"messages": [{"role": "assistant", "content": "", "function_call": call}]}, "gpt-4o")
    calls = [{"id": "1", "type": "function", "function": call}]
    new = count_tokens({"messages": [{"role": "assistant", "content": None, "tool_calls": calls}]}, "gpt-4o")
    assert (old.total, old.exact) == (27, True)
    assert (new.total, new.exact) == (27, False)


def test_completions() -> None:
    plain = count_tokens({"prompt": "hello", "completion": " world"}, "davinci-002")
    assert (plain.total, plain.billed, plain.exact, plain.by_role) == (2, 2, True, {"user": 1, "assistant": 1})
    spoken = count_tokens({"prompt": [{"role": "user", "content": "hello"}], "completion": []}, "gpt-4o")
    assert spoken.total == 8


def test_preferences_count_the_prompt_and_both_outputs() -> None:
    record = {
        "input": {"messages": [{"role": "user", "content": "hello"}]},
        "preferred_output": [{"role": "assistant", "content": "hello world"}],
        "non_preferred_output": [{"role": "assistant", "content": "hello"}],
    }
    assert count_tokens(record, "gpt-4o").total == 3 + (3 + 1) * 3 + 1 + 2 + 1
    assert not count_tokens(record, "gpt-4o").exact


def test_an_unknown_vocabulary_is_an_estimate() -> None:
    record = {"messages": [{"role": "user", "content": "hello"}]}
    assert count_tokens(record).exact
    assert not count_tokens(record, "meta-llama/Llama-3.1-8B").exact


# Images


def png(width: int, height: int) -> str:
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)
    return "data:image/png;base64," + base64.b64encode(head).decode()


@pytest.mark.parametrize("case", [case for case in VECTORS["images"] if "model" in case], ids=str)
def test_published_tiles(case: dict[str, Any]) -> None:
    rule = resolve(case["model"]).images
    assert image_tokens(rule, png(case["w"], case["h"]), case["detail"]) == (case["tokens"], True)


@pytest.mark.parametrize("case", [case for case in VECTORS["images"] if "patches" in case], ids=str)
def test_published_patches(case: dict[str, Any]) -> None:
    assert patches(case["w"], case["h"], case["patch_budget"]) == case["patches"]


def test_sizes_of_all_kinds_of_image() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2\x00\x11\x08" + struct.pack(">HH", 30, 20) + b"\x03"
    heads = {
        "gif": b"GIF89a" + struct.pack("<HH", 20, 30),
        "jpeg": jpeg,
        "webp": b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + b"\x13\0\0\x1d\0\0",
        "webp;lossless": b"RIFF\0\0\0\0WEBPVP8L" + b"\0" * 4 + b"\x2f" + (19 | 29 << 14).to_bytes(4, "little"),
        "webp;lossy": b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 10 + struct.pack("<HH", 20, 30),
    }
    for kind, head in heads.items():
        url = f"data:image/{kind.partition(';')[0]};base64," + base64.b64encode(head + b"\0\0").decode()
        assert image_size(url) == (20, 30), kind


@pytest.mark.parametrize(
    "url", ["https://example.com/a.png", "data:image/png;base64,", "data:image/png;base64,!!!!", ""]
)
def test_images_that_cannot_be_read_are_estimates(url: str) -> None:
    assert image_size(url) is None
    part = {"type": "image_url", "image_url": {"url": url}}
    count = count_tokens({"messages": [{"role": "user", "content": [part]}]}, "gpt-4o")
    assert (count.total, count.exact) == (765 + 3 + 3 + 1, False)


@given(
    st.binary(max_size=60),
    st.sampled_from([b"", b"\xff\xd8\xff\xc0", b"RIFF\0\0\0\0WEBPVP8L", b"\x89PNG\r\n\x1a\n", b"GIF89a"]),
)
def test_any_image_gives_a_bounded_count(tail: bytes, head: bytes) -> None:
    url = "data:image/png;base64," + base64.b64encode(head + tail).decode()
    for model in ("gpt-4o", "gpt-4.1-mini", "gpt-4o-mini"):
        target = resolve(model)
        tokens, _ = image_tokens(target.images, url, "high")
        assert 0 < tokens <= bound(b"image_url", target)


# Anything at all

# fmt: off
WORDS = st.sampled_from(
    [
        "messages", "role", "content", "system", "user", "assistant", "function", "name", "tools",
        "functions", "parameters", "properties", "type", "object", "array", "string", "number", "enum",
        "anyOf", "items", "required", "description", "tool_calls", "function_call", "arguments", "image_url",
        "url", "text", "input", "prompt", "completion", "refusal",
    ]
)
# fmt: on
TEXTS = st.text() | st.text(st.characters(codec=None)) | st.text("a1 \n|语é😀\x00\\", max_size=20)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS, st.text(max_size=5))
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=30
)
SCHEMAS = st.recursive(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["string", "number", "boolean", "array"])}, optional={"enum": st.lists(LEAVES)}
    ),
    lambda inner: (
        st.fixed_dictionaries({"type": st.just("object"), "properties": st.dictionaries(st.text(), inner)})
        | st.fixed_dictionaries({"anyOf": st.lists(inner)})
    ),
    max_leaves=8,
)
FUNCTIONS = st.lists(
    st.fixed_dictionaries({"name": st.text()}, optional={"parameters": SCHEMAS, "description": st.text()})
)
MESSAGES = st.lists(
    st.fixed_dictionaries(
        {"role": WORDS}, optional={"content": TEXTS | JSON, "name": TEXTS, "tool_calls": JSON, "function_call": JSON}
    )
)
RECORDS = st.dictionaries(WORDS, JSON, max_size=5) | st.fixed_dictionaries(
    {"messages": MESSAGES}, optional={"functions": FUNCTIONS, "tools": JSON, "function_call": JSON}
)


@settings(max_examples=400, deadline=None)
@given(RECORDS)
def test_any_json_is_counted_within_its_bound(record: dict[str, Any]) -> None:
    for model in ("gpt-4o-mini", "gpt-3.5-turbo"):
        target = resolve(model)
        count = count_tokens(record, target)
        assert 0 <= count.billed <= count.total
        for ascii in (False, True):
            line = json.dumps(record, ensure_ascii=ascii, separators=(",", ":")).encode("utf-8", "surrogatepass")
            assert count.total <= bound(line, target) <= bound(line)


def test_a_very_deep_schema_is_counted() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for depth in range(400):
        schema = {"anyOf": [schema]} if depth % 3 else {"type": "object", "properties": {"a": schema}}
    assert count_tokens({"messages": [], "functions": [{"name": "f", "parameters": schema}]}).total > 50


def test_ordinary_records_stay_within_their_bytes() -> None:
    for record in [*toy_examples(), *VECTORS["billed_training_tokens"][0]["examples"]]:
        assert count_tokens(record).total <= len(json.dumps(record, separators=(",", ":")))
