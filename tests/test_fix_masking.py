"""The law of diffs: no secret is shown, however it is spelt, on lines that go, come or stay; and no dot is applied."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import authored
import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st
from mending import DAMAGES, Place, joined
from saying import SECRETS

from ftlint.cli import cli
from ftlint.fixes.change import Change, change
from ftlint.fixes.masking import DOT, Mask, Row, masked
from ftlint.model import Edit

WORDS = [secret for _, secret in SECRETS]
MAIL = "maria.k@posteo.de"
secrets = st.sampled_from([*WORDS, MAIL])
KEY = WORDS[3]
PEM = next(secret for secret in WORDS if "-----END" in secret)


def plain(text: str) -> str:
    """A text without escapes, zeros of UTF-16, signs of the diff and white space: what somebody could put together."""
    text = re.sub(r"\\+u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text.replace("\0", ""))
    return re.sub(r"(?:\\+(?:[nrt\n]|(?=[\"/]))|\n[-+ ]|\s)+", "", text)


def shown(place: Place, *, unsafe: bool) -> str:
    texts: list[str] = []
    before = place.read()
    fixes = place.fix(unsafe=unsafe, show=texts.append)
    assert place.read() == before
    assert bool(fixes.masked) == (DOT in "".join(texts))
    return "".join(texts)


def conceals(text: str, secret: str) -> bool:
    if "PRIVATE KEY" in secret:
        secret = secret.partition("\n")[2].partition("\n")[0] or secret.partition("\\n")[2]
    return plain(secret) not in plain(text)


@st.composite
def lines(draw: st.DrawFn, secret: str) -> list[bytes]:
    """Records that hold a secret, alone or among other things, some with faults beside."""
    before, after = (
        draw(st.sampled_from(["", "My card: ", "a\n", "a\t", "\\", '"'])),
        draw(st.sampled_from(["", ".", "\n"])),
    )
    said = f"{before}{secret}{after}"
    edge = draw(st.sampled_from(["", " "]))
    call = authored.calls(authored.call("call_1", "f", json.dumps({"a": said})))
    talks: list[Any] = [
        [authored.user(said), authored.assistant(f"ok{edge}")],
        [authored.user("Hm"), authored.assistant(f"{edge}{said}")],
        [authored.user("Go"), call, authored.result("call_1", said), authored.assistant(f"Done{edge}")],
        [authored.user("Hi"), authored.assistant(f"Hello{edge}")],
    ]
    chosen = draw(st.lists(st.sampled_from(talks), min_size=1, max_size=5))
    rows = [json.dumps({"messages": talk}, ensure_ascii=draw(st.booleans())) for talk in chosen]
    if draw(st.booleans()):
        rows = [re.sub("[A4@]", lambda match: f"\\u{ord(match[0]):04x}", row).replace("/", "\\/") for row in rows]
    return [row.encode() for row in rows]


@pytest.mark.parametrize("damage", [joined, *DAMAGES.values()], ids=["none", *DAMAGES])
@given(data=st.data(), secret=secrets, unsafe=st.booleans())
def test_no_diff_of_json_shows_a_secret(damage: Any, data: st.DataObject, secret: str, unsafe: bool) -> None:
    rows = data.draw(lines(secret))
    with tempfile.TemporaryDirectory() as name:
        text = shown(Place(Path(name), {"train.jsonl": damage(rows)}), unsafe=unsafe)
    assert conceals(text, secret)


@given(data=st.data(), secret=secrets, unsafe=st.booleans(), wide=st.booleans())
def test_no_diff_of_printed_python_shows_a_secret(data: Any, secret: str, unsafe: bool, wide: bool) -> None:
    text = "".join(f"{json.loads(row)!r}\n" for row in data.draw(lines(secret)))
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name), {"train.jsonl": text.encode("utf-16" if wide else "utf-8")})
        assert conceals(shown(place, unsafe=unsafe), secret)


@given(data=st.data(), secret=secrets, unsafe=st.booleans(), crlf=st.booleans())
def test_no_diff_of_yaml_shows_a_secret(data: Any, secret: str, unsafe: bool, crlf: bool) -> None:
    said = data.draw(st.sampled_from([secret, f"a\n{secret}", f"My card: {secret} a"]))
    way = data.draw(st.sampled_from(["block", "folded", *range(4)]))
    pad = "\n" + " " * 8
    if way == "block":
        value = "|" + "".join(pad + row for row in said.split("\n"))
    elif way == "folded":
        value = ">" + "".join(pad + row for row in re.sub("[\n ]", "\n", said).split("\n"))
    else:
        value = data.draw(authored.spelled(said, 8))
    turns = [f"user: Hm\n    assistant: {value}", "user: Why\n    assistant: ' Because. '"]
    order = data.draw(st.permutations([*turns, "user: Who\n    assistant: 'Me. '"]))
    text = "examples:\n" + "".join(f"  - {turn}\n" for turn in order)
    with tempfile.TemporaryDirectory() as name:
        place = Place(Path(name), {"a.ft.yaml": (text.replace("\n", "\r\n") if crlf else text).encode()})
        assert conceals(shown(place, unsafe=unsafe), secret)


@given(st.sampled_from(WORDS), st.text(), st.text())
@example(KEY, "\n", "")
def test_what_is_masked_holds_no_secret_and_is_as_long(secret: str, before: str, after: str) -> None:
    text = f"{before} ({secret}), {after}"
    said = masked(text)
    assert len(said) == len(text)
    assert secret not in said
    assert masked(said) == said
    assert {old for old, new in zip(text, said, strict=True) if old != new} & {"\n"} == set()


@pytest.mark.parametrize("start", range(8))
def test_a_private_key_on_many_lines_is_hidden_wherever_the_diff_begins(start: int, tmp_path: Path) -> None:
    body = [f"{number}{'QmFzZTY0Cg' * 6}" for number in range(10, 10 + 3 * start)]
    key = ["-----BEGIN PRIVATE KEY-----", *body, "c2hvcnQ=", "-----END PRIVATE KEY-----"]
    text = "examples:\n  - user: |\n" + "".join(f"      {row}\n" for row in key) + "    assistant: ' ok'\n"
    diff = shown(Place(tmp_path, {"a.ft.yaml": text.encode()}), unsafe=False)
    assert diff
    assert not [row for row in (*body, "c2hvcnQ=") if row in diff]


def test_where_only_what_comes_is_masked_nothing_can_be_applied() -> None:
    rows = [Row(" ", "a\n"), Row("-", "b\n"), Row("+", f"{KEY}\n")]
    for some in (rows, [rows[0], rows[2]]):
        hidden = Mask().hide(some)
        assert all(DOT in row.text for row in hidden if row.tag != " " or len(some) == 2)


@pytest.mark.parametrize("unsafe", [False, True])
def test_git_refuses_what_is_masked_and_one_line_says_so(unsafe: bool, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    old = joined([json.dumps({"messages": [authored.user(KEY), authored.assistant(" ok")]}).encode()])
    Path("a.jsonl").write_bytes(old)
    done = CliRunner().invoke(cli, ["check", "--diff", "a.jsonl", *["--unsafe-fixes"] * unsafe])
    assert done.exit_code == 1
    assert conceals(done.output, KEY)
    number = "1 line" if unsafe else "2 lines"
    assert done.stderr == f"ftlint: {number} of the diff cannot be applied: dots stand for what is secret there\n"
    applied = subprocess.run(["git", "apply", "-"], input=done.stdout_bytes, capture_output=True, check=False)
    assert applied.returncode
    assert Path("a.jsonl").read_bytes() == old


def test_addresses_are_hidden_where_the_rule_runs_and_does_not_allow_them(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ftlint.yaml").write_text(
        "rules: {email-in-text: {allow: [our.net]}}\nignore: [{rule: FT706, paths: b.jsonl, reason: public}]\n"
    )
    row = {"messages": [authored.user(MAIL), authored.assistant(" Or me@our.net?")]}
    for name in "ab":
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row) + "\n")
    diff = CliRunner().invoke(cli, ["check", "--diff", "a.jsonl"])
    assert MAIL not in diff.output
    assert diff.stdout.count("me@our.net") == diff.stdout.count(DOT * len(MAIL)) == 2
    for words in (["b.jsonl"], ["a.jsonl", "--ignore", "email-in-text"], ["a.jsonl", "--no-config"]):
        assert CliRunner().invoke(cli, ["check", "--diff", *words]).stdout.count(MAIL) == 2


def test_what_a_fix_writes_is_not_told_where_it_is_a_secret() -> None:
    said = json.dumps({"a": f"\n{KEY}"})
    old = json.dumps({"arguments": json.loads(said), "name": "f"})
    assert change(old, [Edit(("arguments",), said)]) is None
    assert change(old, [Edit(("name",), "g")]) == Change(old.index('"f"') + 2, old.index('"f"') + 3, "g")


def test_a_diff_of_style_is_masked_too(tmp_path: Path) -> None:
    data = tmp_path / "a.ft.yaml"
    data.write_text(f"examples:\n- user: {KEY}\n  assistant: ok\n")
    done = CliRunner().invoke(cli, ["fmt", "--diff", str(data)])
    assert DOT in done.output
    assert conceals(done.output, KEY)
