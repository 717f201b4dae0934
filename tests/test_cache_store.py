"""The folder of the cache: what it is on disk, whom it lets in, and what becomes of it when things go wrong."""

from __future__ import annotations

import errno
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from running import ftlint

from ftlint.cache import entries, store
from ftlint.cache.entries import NOWHERE, unpack, unpack_found
from ftlint.cache.store import Store, clean, is_cache
from ftlint.engine import Plan

ROW = (
    '{{"messages": [{{"role": "user", "content": "What is {0}? {1}"}}, '
    '{{"role": "assistant", "content": "It is {0}. {1}"}}]}}\n'
)
COMMAND = [sys.executable, "-m", "ftlint", "check", "train.jsonl"]


@pytest.fixture
def here(here: Path) -> Path:
    """A folder with a dataset of more than a megabyte, in which the test stands."""
    (here / "train.jsonl").write_text("".join(ROW.format(number, "word " * 100) for number in range(1200)))
    return here


def output(*arguments: str) -> tuple[int, str]:
    done = ftlint("check", "train.jsonl", *arguments)
    return done.exit_code, done.output


def test_the_folder_says_what_it_is(here: Path) -> None:
    plain = output("--no-cache")
    assert not (here / ".ftlint_cache").exists()
    assert output() == output() == plain
    folder = here / ".ftlint_cache"
    assert (folder / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")
    assert (folder / ".gitignore").read_text().splitlines()[-1] == "*"
    assert list(folder.glob("*.entry"))
    assert not any(b"word word" in entry.read_bytes() for entry in folder.iterdir())


def test_the_folder_is_beside_the_configuration_or_where_one_says(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "ftlint.yaml").write_text("epochs: 3\n")
    (here / "below").mkdir()
    (here / "train.jsonl").rename(here / "below" / "train.jsonl")
    monkeypatch.chdir(here / "below")
    output()
    assert is_cache(here / ".ftlint_cache")
    output("--cache-dir", "mine")
    assert is_cache(here / "below" / "mine")
    monkeypatch.setenv("FTLINT_CACHE_DIR", "theirs")
    output()
    assert is_cache(here / "below" / "theirs")


def test_a_folder_of_something_else_is_refused(here: Path) -> None:
    code, text = output("--cache-dir", ".")
    assert code == 2
    assert "name a new folder with --cache-dir" in text
    assert sorted(path.name for path in here.iterdir()) == ["train.jsonl"]
    (here / ".ftlint_cache").mkdir()
    (here / ".ftlint_cache" / "thesis.txt").write_text("mine")
    assert output() == output("--no-cache")
    assert [path.name for path in (here / ".ftlint_cache").iterdir()] == ["thesis.txt"]


def test_clean_takes_only_what_is_ours(here: Path) -> None:
    def cleaned(*arguments: str) -> tuple[int, str]:
        done = ftlint("clean", *arguments)
        return done.exit_code, done.output

    assert cleaned() == (0, "there is no cache\n")
    output()
    (here / ".ftlint_cache" / "mine.txt").write_text("mine")
    assert cleaned()[1].startswith("deleted ")
    assert [path.name for path in (here / ".ftlint_cache").iterdir()] == ["mine.txt"]
    code, text = cleaned()
    assert code == 2
    assert "was not made by ftlint" in text
    (here / ".ftlint_cache" / "mine.txt").unlink()
    output()
    assert cleaned()[0] == 0
    assert not (here / ".ftlint_cache").exists()
    assert cleaned("--cache-dir", ".")[0] == 2
    assert (here / "train.jsonl").exists()


def test_two_may_clean_at_once(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output()
    listed = store._entries

    def raced(folder: Path) -> list[os.DirEntry[str]]:
        found = listed(folder)
        os.unlink(found[0].path)
        return found

    monkeypatch.setattr(store, "_entries", raced)
    assert ftlint("clean").exit_code == 0
    assert not (here / ".ftlint_cache").exists()


def test_two_processes_at_once_give_the_report_of_one(here: Path) -> None:
    def text(*more: str) -> bytes:
        return subprocess.run([*COMMAND, *more], capture_output=True, check=False).stdout

    expected = text("--no-cache")
    for _ in range(2):
        both = [subprocess.Popen(COMMAND, stdout=subprocess.PIPE) for _ in range(3)]
        assert [process.communicate()[0] for process in both] == [expected] * 3
    assert not list((here / ".ftlint_cache").glob("*.unfinished"))
    assert text() == expected


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_folder_that_takes_nothing_is_as_none(here: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    expected = output("--no-cache")
    tried: list[str] = []

    def refuse(file: str, data: bytes) -> None:
        tried.append(file)
        raise OSError(code, os.strerror(code), file)

    monkeypatch.setattr(store, "_replace", refuse)
    assert output() == expected
    assert len(tried) == 1


def test_a_full_disk_leaves_no_half_of_an_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Store(tmp_path / "kept")
    kept.save("a", b"first")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    kept.save("b", b"second")
    assert not kept.writable
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == [".gitignore", "CACHEDIR.TAG", "a.entry"]


def test_a_file_in_the_place_of_the_folder_is_as_none(here: Path) -> None:
    (here / ".ftlint_cache").write_text("a file")
    assert output() == output("--no-cache")
    assert (here / ".ftlint_cache").read_text() == "a file"


def test_only_what_was_saved_is_loaded(tmp_path: Path) -> None:
    kept = Store(tmp_path / "kept")
    assert kept.load("a") is None
    kept.save("a", b"payload")
    assert kept.load("a") == b"payload"
    whole = (tmp_path / "kept" / "a.entry").read_bytes()
    (tmp_path / "kept" / "b.entry").write_bytes(whole)
    (tmp_path / "kept" / "c.entry").symlink_to("/dev/zero")
    (tmp_path / "kept" / "d.entry").mkdir()
    assert [kept.load(key) for key in "bcd"] == [None, None, None]
    for stop in range(len(whole)):
        (tmp_path / "kept" / "a.entry").write_bytes(whole[:stop])
        assert kept.load("a") is None


def test_what_was_used_longest_ago_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LIMIT", 3500)
    kept = Store(tmp_path / "kept")
    for age, key in enumerate("abcd"):
        kept.save(key, b"x" * 960)
        os.utime(tmp_path / "kept" / f"{key}.entry", (1000 + age, 1000 + age))
    (tmp_path / "kept" / "old.entry.0.unfinished").write_bytes(b"")
    os.utime(tmp_path / "kept" / "old.entry.0.unfinished", (1, 1))
    assert kept.load("a")
    kept.trim()
    assert [key for key in "abcd" if kept.has(key)] == ["a", "c", "d"]
    assert not list((tmp_path / "kept").glob("*.unfinished"))


class Hostile:
    """What would run something when it is unpickled."""

    def __init__(self, what: Any, *arguments: Any) -> None:
        self.what, self.arguments = what, arguments

    def __reduce__(self) -> Any:
        return self.what, self.arguments


def test_no_pickle_runs_anything(tmp_path: Path) -> None:
    mark = str(tmp_path / "ran")
    attacks = [
        (os.mkdir, mark),
        (eval, f"open({mark!r}, 'w')"),
        (subprocess.call, ["touch", mark]),
        (getattr, {}, "get"),
    ]
    for what, *arguments in attacks:
        for data in (pickle.dumps(([], {"x": Hostile(what, *arguments)})), pickle.dumps(Hostile(what, *arguments))):
            assert unpack(Plan({}), data, NOWHERE) is None
            assert unpack_found(Plan({}), data) is None
    assert not os.path.exists(mark)


def test_no_pickle_changes_a_class() -> None:
    """Byte by byte: a class by its name, then the opcode that sets attributes of what it is given."""
    for kind in entries._KINDS:
        name = f"c{kind.__module__}\n{kind.__qualname__}\n".encode()
        data = b"\x80\x05" + name + b"(N}(\x8c\x06gotchaK\x01utb."
        before = dict(vars(kind))
        assert unpack_found(Plan({}), data) is None
        assert dict(vars(kind)) == before
    assert clean(Path("nowhere")) is None
