"""Placeholders, refusals and images, and the laws of all rules about texts."""

from __future__ import annotations

import pickle
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saying import HELD, SECRETS, TRAIN, found, marked, record, said

from ftlint.checks.content import AssistantRefusal, PlaceholderText, TooManyImages
from ftlint.checks.damage import EatenEscape, MojibakeText
from ftlint.checks.secrets import (
    EmailInText,
    SecretInText,
    secrets,
)
from ftlint.record import Line, Record


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("TODO: write this", "TODO"),
        ("TODO", "TODO"),
        ("Fine.\n[TODO]", "TODO"),
        ("Yes. FIXME: check", "FIXME"),
        ("Lorem ipsum dolor sit", "Lorem ipsum dolor"),
        ("Dear <insert name here>,", "<insert name here>"),
        ("See [INSERT LINK]", "[INSERT LINK]"),
        ("Regards, [YOUR NAME]", "[YOUR NAME]"),
        ("Hello {{name}}!", "{{name}}"),
        ("Call xxx-xxx-xxxx.", "xxx-xxx-xxxx"),
        ("On XX/XX/XXXX you wrote", "XX/XX/XXXX"),
        ("xxx", "xxx"),
    ],
)
def test_placeholders_are_seen(text: str, mark: str) -> None:
    assert marked(PlaceholderText(), said(text)) == [mark]
    assert found(PlaceholderText(), said("Fine.", asked=text)) == []
    assert found(PlaceholderText(roles=("user",)), said("Fine.", asked=text))


@pytest.mark.parametrize(
    "text",
    [
        "Todo está listo; TODO ESTÁ LISTO. Me gusta TODO.",
        "Te lo doy TODO: casa y coche.",
        "{{{ FUNCTION }}}",
        "def f(name):\n    # TODO: more\n    return f'Hello {{name}}'\n",
        'print(f"{{literal}} {value}")',
        "```jinja\nHello {{ name }} <insert here> xxx\nTODO\n```",
        "Write `{{name}}` or `TODO:` there.",
        "{% for a in b %}{{ a }}{% endfor %}",
        "${{ secrets }} and \\frac{{a}}{{b}}",
        "Use Jinja: {{ name }}",
        "Love you xxx",
        "XXX-large shirt xxx, or XXXX-large",
        "| *xxxxxxxx* | masked |",
        "I keep a TODO list. Super Bowl XXX was in 1996; see xxx.com",
        "[insert mode](https://example.com) and <insert id='x'>",
        "Call 202-555-0143.",
    ],
)
def test_code_templates_and_spanish_are_left_alone(text: str) -> None:
    assert found(PlaceholderText(), said(text)) == []


def test_a_placeholder_of_the_prompt_is_the_subject() -> None:
    assert found(PlaceholderText(), said("{{name}} is filled in later.", asked="What does {{name}} do?")) == []
    assert marked(PlaceholderText(also=("[Your Name]", "")), said("I am [Your Name]")) == ["[Your Name]"]


REFUSALS = [
    "I'm sorry, but I can't help with that.",
    "I’m very sorry, but I cannot assist you.",
    "Sorry, I can't do that.",
    "As an AI language model, I have no taste.",
    "I apologize, but I am unable to provide that.",
    "I cannot fulfill this request.",
    [{"type": "refusal", "refusal": "No."}],
    [{"type": "text", "text": "I can't help with that."}],
]


@pytest.mark.parametrize("answer", REFUSALS)
def test_refusals_are_known(answer: Any) -> None:
    assert found(AssistantRefusal(least=1), said(answer))


@pytest.mark.parametrize(
    "answer",
    [
        "I'm sorry, but we can't ship to Norway.",
        "I'm sorry to hear that! Let me look.",
        "I can help with that.",
        "As an AI researcher, she earns well.",
        "Unfortunately, I can't find your order.",
        [{"type": "text", "text": "Fine."}],
        None,
    ],
)
def test_polite_answers_are_no_refusals(answer: Any) -> None:
    assert found(AssistantRefusal(least=1), said(answer)) == []


def test_refusals_count_from_a_share_and_a_number() -> None:
    no, yes = said(REFUSALS[0]), said("Yes.")
    assert found(AssistantRefusal(), *[no] * 2) == []
    assert found(AssistantRefusal(), *[no] * 3, *[yes] * 57) == []
    (finding,) = found(AssistantRefusal(), *[yes] * 2, *[no] * 3)
    assert finding.values == {"refusals": 3, "answers": 5, "share": "60"}
    assert (finding.at.route, finding.at.span) == (("messages", 1, "content"), (0, 27))
    assert found(AssistantRefusal(least=1), said(REFUSALS[0], weight=0)) == []
    held = Record(Line(HELD, 1, 0, b""), no.data, "chat")
    assert found(AssistantRefusal(least=1), held) == []


def test_of_a_pair_only_the_preferred_answer_counts() -> None:
    bad, good = ({"role": "assistant", "content": text} for text in (REFUSALS[0], "Yes."))
    prompt = {"messages": [{"role": "user", "content": "Hi"}]}
    pair = {"input": prompt, "preferred_output": [good], "non_preferred_output": [bad]}
    assert found(AssistantRefusal(least=1), record(pair, "preference")) == []
    pair = {"input": prompt, "preferred_output": [bad], "non_preferred_output": [good]}
    (finding,) = found(AssistantRefusal(least=1), record(pair, "preference"))
    assert finding.at.route == ("preferred_output", 0, "content")
    assert found(AssistantRefusal(least=1), record({"prompt": "Hi", "completion": REFUSALS[0]}, "completion"))


@given(st.lists(st.booleans(), max_size=12), st.integers(0, 12))
def test_tallies_of_refusals_merge_in_order(refuses: list[bool], cut: int) -> None:
    items = [said(REFUSALS[0] if refusing else "Yes.") for refusing in refuses]
    for number, item in enumerate(items):
        item.line = Line(TRAIN, number + 1, 0, b"")
    early, late = AssistantRefusal(least=1).start(), AssistantRefusal(least=1).start()
    early.add(items[:cut])
    late.add(items[cut:])
    early.merge(pickle.loads(pickle.dumps(late)))
    assert early.found().kept == found(AssistantRefusal(least=1), *items)


def pictures(count: int) -> Record:
    image = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    return record(
        {"messages": [{"role": "user", "content": [image] * count}, {"role": "assistant", "content": "Nice."}]}
    )


def test_images_are_counted_against_the_target_or_the_limit() -> None:
    target: Any = SimpleNamespace(max_images=10)
    assert found(TooManyImages(target), pictures(10)) == []
    (finding,) = found(TooManyImages(target), pictures(12))
    assert finding.values == {"images": 12, "limit": 10}
    assert finding.at.route == ("messages", 0, "content", 10)
    assert found(TooManyImages(target, limit=12), pictures(12)) == []
    assert found(TooManyImages(target, limit=1), pictures(2))
    nothing: Any = SimpleNamespace(max_images=None)
    assert found(TooManyImages(nothing), pictures(99)) == found(TooManyImages(), pictures(99)) == []


PIECES = [secret for _, secret in SECRETS]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text("\a\b\t\n\v\f\rabceghimnrtux{}$\\:C_ ", max_size=60),
    st.text("ÂÃâï€™œ\xa0»¿½Ÿð\ufffdaA …", max_size=30),
    st.text("TODFIXMEx{}<[]> :-/insertYOUR\n`", max_size=60),
    st.text("0123456789 -GBDE", max_size=60),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=4).map("".join),
)
CHECKS = [
    *(EatenEscape(), MojibakeText(), PlaceholderText(), PlaceholderText(also=("a", ""))),
    *(AssistantRefusal(0, 1), SecretInText(), EmailInText(), TooManyImages(limit=1)),
]


@given(TEXTS, TEXTS)
def test_any_text_gives_findings_inside_it(asked: str, answer: str) -> None:
    items = [
        said(answer, asked),
        said([{"type": "text", "text": answer}, {"type": "refusal", "refusal": asked}], asked),
        record({"prompt": asked, "completion": answer}, "completion"),
        record({"prompt": [{"role": "user", "content": asked}], "completion": [{"role": "assistant"}]}, "completion"),
    ]
    for item in items:
        texts = {at.route: text for at, _, text in item.texts()}
        for check in CHECKS:
            for finding in found(check, item):
                start, stop = finding.at.span or (0, 0)
                assert 0 <= start < stop <= len(texts[finding.at.route])
                assert pickle.loads(pickle.dumps(finding)) == finding


@given(TEXTS, TEXTS)
def test_the_quick_look_sees_every_text(asked: str, answer: str) -> None:
    item = said([{"type": "text", "text": answer}, {"type": "refusal", "refusal": asked}], asked)
    assert item.plain == "\0".join(text for _, _, text in item.texts())
    if secrets(asked):
        assert found(SecretInText(), item)


def test_sound_conversations_are_left_alone() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "get", "arguments": '{"id": "A1002"}'}}
    messages = [
        {"role": "user", "content": "¿Dónde está todo? Llame al +34 912 345 678."},
        {"role": "assistant", "content": None, "tool_calls": [call, call | {"id": "c2"}]},
        {"role": "tool", "tool_call_id": "c1", "content": "Entregado"},
        {"role": "tool", "tool_call_id": "c2", "content": [{"type": "text", "text": "No"}]},
        {"role": "assistant", "content": "```python\nfor n in x:\n\tprint(f'{n}')\n```"},
    ]
    items = [
        record({"messages": messages}),
        record({"messages": messages[:1], "answer": "TODO: xxx", "n": 3}, "reinforcement"),
        record({"prompt": "todo", "completion": "Sí, todo.", "label": True}, "completion"),
    ]
    assert [found(check, item) for check in CHECKS[:3] for item in items] == [[]] * 9
    assert [found(check, item) for check in CHECKS[4:] for item in items] == [[]] * 12
