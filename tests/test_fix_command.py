"""``ftlint check --fix`` and its kin, as a user runs them: in real folders, with real git."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from mending import DAMAGES, fixed, joined
from running import ftlint

from ftlint.fixes import Seen
from ftlint.fixes.draft import Draft
from ftlint.fixes.mend import Mender, never
from ftlint.model import Finding, Source
from ftlint.pages import Rule, catalogue
from ftlint.record import Line
from ftlint.repair import Repair
from ftlint.testing import examples

GOOD = b'{"messages": [{"role": "user", "content": "Where is %d?"}, {"role": "assistant", "content": "At %d."}]}\n'

pytestmark = pytest.mark.usefixtures("here")


def good(number: int) -> bytes:
    return GOOD % (number, number)


def every_fault() -> list[bytes]:
    """The Bad examples of all pages with fixes whose fault is one of lines, a good line after each."""
    rows: list[bytes] = []
    whole = ("json-array-file", "pretty-printed-file", "python-repr-file", "byte-order-mark", "missing-final-newline")
    for rule in catalogue().values():
        for example in examples(rule.page.read_text("utf-8")) if rule.fix and rule.name not in whole else ():
            [(name, data)] = example.files.items()
            if not example.good and not example.config and b"\0" not in data and name.endswith(".jsonl"):
                rows += [data, good(len(rows))]
    return rows


def git(folder: Path, *arguments: str, **how: Any) -> str:
    command = ["git", "-c", "user.name=Fern", "-c", "user.email=fern@example.com", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, **how).stdout.decode("utf-8", "replace")


def run(*words: str, stdin: bytes | None = None) -> Result:
    return ftlint("check", *words, stdin=stdin)


def test_of_every_fixable_fault_only_the_unfixable_stay(tmp_path: Path) -> None:
    rows = every_fault()
    data = tmp_path / "train.jsonl"
    data.write_bytes(b"".join(rows))
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "data")
    report = json.loads(run("train.jsonl", "--fix", "--unsafe-fixes", "--format", "json").stdout)
    assert not [item for item in report["diagnostics"] if item["fix"]]
    assert sum(item["total"] for item in report["fixed"]) > 30
    removed = [row[1:] for row in git(tmp_path, "diff", "-U0").splitlines() if row.startswith("-{")]
    untouched = {row.decode().rstrip("\n") for row in rows[1::2]}
    assert removed
    assert not untouched & set(removed)
    assert all(row in data.read_bytes() for row in rows[1::2])


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_the_diff_is_what_fixing_does(tmp_path: Path, damage: Any) -> None:
    data = tmp_path / "train.jsonl"
    old = damage([good(number).rstrip() for number in range(900)])
    data.write_bytes(old)
    done = run("train.jsonl", "--diff", "--target", "openai/gpt-4o")
    assert done.exit_code == 1
    assert data.read_bytes() == old
    assert os.listdir(tmp_path) == ["train.jsonl"]
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=done.stdout_bytes, check=True)
    applied = data.read_bytes()
    data.write_bytes(old)
    assert run("train.jsonl", "--fix-only", "--target", "openai/gpt-4o").exit_code == 0
    assert data.read_bytes() == applied == joined([good(number).rstrip() for number in range(900)])
    assert run("train.jsonl", "--diff", "--target", "openai/gpt-4o").exit_code == 0


@pytest.mark.parametrize("name", ["two words.jsonl", "new\nline.jsonl", 'a "quote" and \\.jsonl', "ü\u202e名.jsonl"])
@pytest.mark.parametrize("change", [b"\n%s", b"%s\n", b"\n%s\n\n", b"\r\n%s"])
def test_git_and_the_diff_agree(tmp_path: Path, name: str, change: bytes) -> None:
    data = tmp_path / name
    data.write_bytes(old := change % b"".join(map(good, range(30))))
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    done = run(".", "--diff")
    assert done.exit_code == 1
    assert run(".", "--fix-only").exit_code == 0
    mended = data.read_bytes()
    assert done.stdout.splitlines()[2:] == git(tmp_path, "diff").splitlines()[4:]
    data.write_bytes(old)
    git(tmp_path, "apply", "-", input=done.stdout_bytes)
    assert data.read_bytes() == mended


def test_the_summary_and_the_list_say_what_was_fixed(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_bytes(good(1).replace(b"\n", b"\r\n") + b"\n" + good(2).replace(b"At", b" At"))
    before = run("train.jsonl").stdout
    assert "edge-whitespace] [*] 1 answer" in before
    assert before.endswith("[*] 3 fixable with --fix\n")
    done = run("train.jsonl", "--fix", "--show-fixes", "--ignore", "too-few-examples,conflicting-answers")
    assert done.stdout == "3 fixed; no findings in 2 examples.\n"
    assert done.stderr.splitlines() == [
        f"train.jsonl: fixed 1 × {name}" for name in ("blank-line", "crlf-line-end", "edge-whitespace")
    ]


def test_unsafe_fixes_are_offered_and_applied_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_bytes(good(1) * 2)
    assert run("train.jsonl").stdout.endswith("\n1 fixable with --fix --unsafe-fixes\n")
    assert "[duplicate-example] [*] " in run("train.jsonl", "--unsafe-fixes").stdout
    assert run("train.jsonl", "--fix-only").exit_code == 0
    assert (tmp_path / "train.jsonl").read_bytes() == good(1) * 2
    run("train.jsonl", "--fix-only", "--unsafe-fixes")
    assert (tmp_path / "train.jsonl").read_bytes() == good(1)


def test_repeats_are_looked_for_in_the_whole_split(tmp_path: Path) -> None:
    (tmp_path / "ftlint.yaml").write_text("datasets: {a: {train: [a.jsonl, b.jsonl], validation: c.jsonl}}\n")
    for name in "abc":
        (tmp_path / f"{name}.jsonl").write_bytes(good(1) + good(ord(name)))
    run("b.jsonl", "c.jsonl", "--fix-only", "--unsafe-fixes")
    found = [(tmp_path / f"{name}.jsonl").read_bytes() for name in "abc"]
    assert found == [good(1) + good(ord("a")), good(ord("b")), good(1) + good(ord("c"))]


def test_what_is_silenced_or_does_not_run_is_not_fixed(tmp_path: Path) -> None:
    (tmp_path / "ftlint.yaml").write_text("ignore: [{rule: crlf-line-end, paths: a.jsonl, reason: Windows}]\n")
    data = good(1).replace(b"\n", b"\r\n") + b"\n"
    (tmp_path / "a.jsonl").write_bytes(data)
    run("a.jsonl", "--fix-only", "--ignore", "blank-line")
    assert (tmp_path / "a.jsonl").read_bytes() == data
    run("a.jsonl", "--fix-only")
    assert (tmp_path / "a.jsonl").read_bytes() == data[:-1]


def test_what_the_baseline_accepts_is_not_fixed(tmp_path: Path) -> None:
    old = good(1).replace(b"At", b" At") * 2
    (tmp_path / "a.jsonl").write_bytes(old)
    accepted = ftlint("baseline", "--update", "a.jsonl")
    assert accepted.exit_code == 0, accepted.output
    (tmp_path / "a.jsonl").write_bytes(old + good(2).replace(b"At", b" At") + good(3) * 2)
    run("a.jsonl", "--fix-only", "--unsafe-fixes")
    assert (tmp_path / "a.jsonl").read_bytes() == old + good(2) + good(3)


@pytest.mark.parametrize("words", ["--diff --watch", "--fix-only --output a", "--fix --add-ignore FT008 --reason x"])
def test_what_contradicts_fixing_is_refused_before_anything_is_written(tmp_path: Path, words: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(good(1) + b"\n")
    done = run("a.jsonl", *words.split())
    assert (done.exit_code, "does not go with" in done.stderr) == (2, True)
    assert (tmp_path / "a.jsonl").read_bytes() == good(1) + b"\n"


def test_standard_input_and_compressed_files_are_told_not_fixed(tmp_path: Path) -> None:
    done = run("-", "--fix", stdin=good(1) + b"\n")
    assert "ftlint: standard input is not fixed" in done.stderr
    assert "blank-line" in done.stdout
    (tmp_path / "a.jsonl.gz").write_bytes(b"\x1f\x8b")
    assert "a compressed file is not fixed" in run("a.jsonl.gz", "--fix").stderr


def test_a_file_that_is_no_sound_array_is_left(tmp_path: Path) -> None:
    data = b"[" + good(1).rstrip() + b", oh, " + good(2).rstrip() + b"]"
    (tmp_path / "a.jsonl").write_bytes(data)
    assert "it was not fixed: something other than records stands in it" in run("a.jsonl", "--fix").stderr
    assert (tmp_path / "a.jsonl").read_bytes() == data
    assert os.listdir(tmp_path) == ["a.jsonl"]


def test_a_file_that_is_built_is_left(tmp_path: Path) -> None:
    (tmp_path / "ftlint.yaml").write_text("datasets: {a: {sources: a.ft.yaml, output: a.jsonl}}\n")
    (tmp_path / "a.ft.yaml").write_text("examples: [{user: Hi, assistant: Hello}]")
    (tmp_path / "a.jsonl").write_bytes(good(1) + b"\n")
    assert "it is built from YAML" in run("a.jsonl", "--fix").stderr
    assert (tmp_path / "a.jsonl").read_bytes() == good(1) + b"\n"


def test_a_file_that_nobody_may_write_is_left(tmp_path: Path) -> None:
    data = tmp_path / "a.jsonl"
    data.write_bytes(good(1) + b"\n")
    data.chmod(0o444)
    done = run("a.jsonl", "--fix")
    assert (done.exit_code, "it is write-protected" in done.stderr) == (2, True)
    assert data.read_bytes() == good(1) + b"\n"


@pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")
def test_mode_and_link_stay(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / "data.jsonl"
    real.write_bytes(good(1) + b"\n")
    real.chmod(0o640)
    (tmp_path / "train.jsonl").symlink_to(real)
    run("train.jsonl", "--fix-only")
    assert (tmp_path / "train.jsonl").is_symlink()
    assert real.read_bytes() == good(1)
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_file_that_changes_meanwhile_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "train.jsonl"
    data.write_bytes(good(1) + b"\n")
    close = Draft.close

    def appending(draft: Draft) -> bool:
        with data.open("ab") as file:
            file.write(good(2))
        return close(draft)

    monkeypatch.setattr(Draft, "close", appending)
    done = run("train.jsonl", "--fix-only")
    assert "it changed while it was fixed" in done.stderr
    assert data.read_bytes() == good(1) + b"\n" + good(2) * data.read_bytes().count(good(2))
    assert os.listdir(tmp_path) == ["train.jsonl"]


def test_fixes_that_undo_one_another_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train.jsonl").write_bytes(good(1))

    def never_done(repair: Repair, source: Any, mender: Any, draft: Draft) -> dict[str, int]:
        draft.change(0, [b"\n"])
        draft.keep(os.path.getsize(source.file))
        return {"blank-line": 1}

    monkeypatch.setattr(Repair, "_pass", never_done)
    assert "its fixes undo one another" in run("train.jsonl", "--fix-only").stderr
    assert (tmp_path / "train.jsonl").read_bytes() == good(1)
    assert os.listdir(tmp_path) == ["train.jsonl"]


UNSURE = [("żółć", "cp1250"), ("čas", "cp1250"), ("привет", "cp1251"), ("я", "cp1251"), ("Ωμέγα", "cp1253")]
UNSURE += [
    ("日本", "shift-jis"),
    ("あ", "shift-jis"),
    ("０", "shift-jis"),
    ("中", "gbk"),
    ("한", "euc-kr"),
    ("à", "cp1252"),
]
CERTAIN = ["It’s “fine” …", "für Öl", "créé", "café’s", "20 €", "– no —", "„Ja“"]


@pytest.mark.parametrize(("text", "encoding"), UNSURE)
def test_an_encoding_that_is_not_certain_is_left(text: str, encoding: str) -> None:
    data = good(1).replace(b"At", text.encode(encoding))
    assert fixed(data) == data


@pytest.mark.parametrize("text", CERTAIN)
def test_western_text_becomes_utf8(text: str) -> None:
    assert fixed(good(1).replace(b"At", text.encode("cp1252"))) == good(1).replace(b"At", text.encode())


def test_a_rule_that_is_silenced_in_a_line_mends_nothing_there() -> None:
    line = b'{"messages": [{"role": "User", "content": "Hi"}, {"role": "Assistant ", "content": "Hello."}]}'
    both = line.replace(b"User", b"user").replace(b"Assistant ", b"assistant")

    def silent(rule: Rule, finding: Finding) -> bool:
        return finding.values["value"] == '"User"'

    for silence, wanted in ((never, both), (silent, line)):
        mender = Mender({"unknown-role": catalogue()["unknown-role"]}, {}, silent=silence)
        assert mender.mend(Seen(Line(Source("a", "a"), 1, 0, line))).done == [wanted + b"\n"]
