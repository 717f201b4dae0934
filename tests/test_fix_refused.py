"""What ``--fix`` leaves as it is has no mark, is in no count and has no fix in any format; all else has."""

from __future__ import annotations

import gzip
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ftlint.cli import cli
from ftlint.fixes import refused, whole
from ftlint.model import Source

DATA = (
    b'{"messages": [{"role": "User", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]}\r\n\r\n'
    b'{"messages": [{"role": "user", "content": "Hm"}, {"role": "assistant", "content": " Hello."}]}\r\n'
    b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}], "id": 1}\r\n'
)
BUILT = "datasets: {a: {sources: a.ft.yaml, output: train.jsonl}}\n"
CHAT = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]
AUTHORED = "examples: [{user: Hi, assistant: ' Hello'}]\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def check(*words: str, data: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["check", *words], input=data)


def packed() -> str:
    Path("train.jsonl.gz").write_bytes(gzip.compress(DATA))
    return "train.jsonl.gz"


def locked() -> str:
    Path("train.jsonl").write_bytes(DATA)
    Path("train.jsonl").chmod(0o444)
    return "train.jsonl"


def locked_yaml() -> str:
    Path("a.ft.yaml").write_text(AUTHORED)
    Path("a.ft.yaml").chmod(0o444)
    return "a.ft.yaml"


def built() -> str:
    """Built once, and edited by hand since."""
    Path("ftlint.yaml").write_text(BUILT)
    Path("a.ft.yaml").write_text(AUTHORED)
    Path("train.jsonl").write_bytes(DATA)
    return "train.jsonl"


def fresh() -> str:
    """Built just now: what is found stands in the YAML, which was not named."""
    Path("ftlint.yaml").write_text(BUILT)
    Path("a.ft.yaml").write_text(AUTHORED)
    assert CliRunner().invoke(cli, ["convert"]).exit_code == 0
    return "train.jsonl"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Tests say nothing."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "train.jsonl").write_bytes(DATA)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/train.jsonl"
    server.shutdown()
    server.server_close()
    thread.join()


def unmarked(*words: str, data: bytes | None = None) -> None:
    """Findings there are, but nothing says that any can be fixed."""
    shown = check(*words, "--unsafe-fixes", data=data).stdout
    assert "[*]" not in shown
    assert "fixable" not in shown
    assert "fixable" not in check(*words, "--statistics", data=data).stdout
    found = json.loads(check(*words, "--format", "json", data=data).stdout)["diagnostics"]
    assert {"edge-whitespace"} <= {item["name"] for item in found}
    assert not [item for item in found if item["fix"]]
    [run] = json.loads(check(*words, "--format", "sarif", data=data).stdout)["runs"]
    assert not [item for item in run["results"] if "fixes" in item]


@pytest.mark.parametrize("made", [packed, locked, locked_yaml, built, fresh], ids=lambda made: made.__name__)
def test_what_is_left_has_no_mark(made: Callable[[], str]) -> None:
    name = made()
    before = Path(name).read_bytes()
    unmarked(name)
    done = check(name, "--fix-only", "--unsafe-fixes")
    assert done.exit_code == (2 if "write-protected" in done.stderr else 0)
    assert ("write-protected" in done.stderr) == (made in (locked, locked_yaml))
    assert Path(name).read_bytes() == before


def test_what_could_not_be_fixed_is_no_success() -> None:
    """The others are fixed all the same; a file with nothing to fix may be protected."""
    locked()
    Path("b.jsonl").write_bytes(DATA)
    assert check(".", "--fix-only").exit_code == 2
    assert b"\r" not in Path("b.jsonl").read_bytes()
    assert check("-", "b.jsonl", "--fix-only", data=DATA).exit_code == 2
    assert check("-", "--fix-only", data=DATA).exit_code == 2
    Path("b.jsonl").chmod(0o444)
    assert check("b.jsonl", "--fix-only").exit_code == 0


def test_standard_input_has_no_mark() -> None:
    unmarked("-", data=DATA)
    unmarked("-", "--stdin-filename", "train.jsonl", data=DATA)


def test_what_is_behind_a_url_has_no_mark(address: str) -> None:
    unmarked(address)


def test_the_same_file_where_it_can_be_written_has_marks() -> None:
    locked()
    Path("train.jsonl").chmod(0o644)
    assert check("train.jsonl").stdout.count("[*]") >= 4
    report = json.loads(check("train.jsonl", "--format", "json").stdout)
    assert {item["name"] for item in report["diagnostics"] if item["fix"]} >= {"extra-key", "unknown-role"}


def test_a_file_whose_folder_cannot_be_written_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("train.jsonl").write_bytes(DATA)
    here = str(Path.cwd())
    monkeypatch.setattr(refused.os, "access", lambda path, _: str(path) != here)
    assert "its folder is write-protected" in refused.refused(Source("train.jsonl", f"{here}/train.jsonl"), None)
    assert "its folder is write-protected" in check("train.jsonl", "--fix").stderr
    unmarked("train.jsonl")


ROW = b'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}'
PRETTY = b"{\n" + ROW[1:-1] + b"\n}\n"
WHOLE = b"[" + ROW + b",\n" + ROW + b"]\n"


@pytest.mark.parametrize("probed", [whole.PROBED, 0])
@pytest.mark.parametrize(
    ("data", "sound"),
    [(WHOLE, True), (WHOLE[:-9], False), (PRETTY, True), (PRETTY[:-9], False)],
)
def test_a_file_that_is_cut_off_has_no_mark(
    monkeypatch: pytest.MonkeyPatch, data: bytes, sound: bool, probed: int
) -> None:
    """However large it is."""
    monkeypatch.setattr(whole, "PROBED", probed)
    monkeypatch.setattr(whole, "TAIL", 8)
    Path("train.jsonl").write_bytes(data)
    assert ("-file] [*] " in check("train.jsonl").stdout) is sound
    assert ("it was not fixed" in check("train.jsonl", "--fix").stderr) is not sound
    assert (Path("train.jsonl").read_bytes() == data) is not sound


@pytest.mark.parametrize(
    "data",
    [
        b"[" + ROW + b", oh, " + ROW + b"]",
        b"[" + ROW[:-1] + b', "a": \xff}]',
        b"[" + ROW + b', {"a": NaN}]',
        b"[" + ROW + b', {"a": ' + b"[" * 501 + b"]" * 501 + b"}]",
        WHOLE.decode().encode("utf-16")[:-1],
        b"{'messages': {1, 2}}\n",
    ],
)
def test_what_cannot_be_made_into_lines_has_no_mark_and_stays(data: bytes) -> None:
    Path("train.jsonl").write_bytes(data)
    found = check("train.jsonl", "--unsafe-fixes", "--select", "FT0").stdout
    assert ": error[" in found
    assert "[*]" not in found
    done = check("train.jsonl", "--fix-only", "--unsafe-fixes")
    assert (done.exit_code, "it was not fixed: " in done.stderr) == (0, True)
    assert Path("train.jsonl").read_bytes() == data


@pytest.mark.parametrize(
    ("prompt", "messages"),
    [
        ("Be brief.", [{"role": "system", "content": "Be kind."}, *CHAT]),
        ([{"type": "text", "text": "Be brief."}], CHAT),
        ("", CHAT),
        ("Be brief.", []),
    ],
)
def test_a_system_prompt_that_cannot_be_the_first_message_stays(prompt: object, messages: list[object]) -> None:
    Path("train.jsonl").write_text(json.dumps({"system": prompt, "messages": messages}) + "\n")
    found = json.loads(check("--unsafe-fixes", "--format", "json", "train.jsonl").stdout)["diagnostics"]
    assert [item["fix"] for item in found if item["name"] == "extra-key"] == [None]
