"""Folders, patterns and .gitignore: what a search finds, held against git itself."""

from __future__ import annotations

import os
import string
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import discovery
import pytest
from discovery import Config, git, make, shown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ftlint.errors import UnreadableFile
from ftlint.sources.globs import Patterns, natural, search
from ftlint.sources.paths import Discovery, discover

here = discovery.here

# Folders


def test_without_anything_the_root_is_searched(here: Path) -> None:
    make("b.jsonl", "a/c.jsonl", "a/x.txt")
    assert shown(discover([], Config(root=here))) == ["a/c.jsonl", "b.jsonl"]


def test_an_empty_folder_gives_nothing() -> None:
    assert discover([], Config()) == Discovery(())


def test_folders_are_searched_in_natural_order_for_what_is_included() -> None:
    make("d/b.jsonl", "d/a/z.jsonl", "d/a10.jsonl", "d/a9.jsonl", "d/B.jsonl", "d/y.ndjson", "d/sub.jsonl/in.jsonl")
    assert shown(discover(["d"], Config(include=("**/*.{jsonl,ndjson}",)))) == [
        "d/B.jsonl", "d/a/z.jsonl", "d/a9.jsonl", "d/a10.jsonl", "d/b.jsonl", "d/sub.jsonl/in.jsonl", "d/y.ndjson",
    ]  # fmt: skip
    assert shown(discover(["d"], Config(include=("/d/*.jsonl",)))) == [
        "d/B.jsonl", "d/a9.jsonl", "d/a10.jsonl", "d/b.jsonl",
    ]  # fmt: skip


def test_hidden_and_installed_things_are_passed_over() -> None:
    make(".git/a.jsonl", ".venv/a.jsonl", "node_modules/p/a.jsonl", "._a.jsonl", "a.jsonl")
    assert shown(discover(["."], Config())) == ["a.jsonl"]
    assert shown(discover([".venv"], Config())) == [".venv/a.jsonl"]


def test_linked_folders_are_not_entered_so_loops_end() -> None:
    make("d/a.jsonl", "other/b.jsonl")
    os.symlink("..", "d/loop")
    os.symlink("../other", "d/other")
    os.symlink("d", "alias")
    assert shown(discover(["d"], Config())) == ["d/a.jsonl"]
    assert shown(discover(["alias"], Config())) == ["alias/a.jsonl"]


def test_a_dangling_link_among_the_data_is_not_passed_over_in_silence() -> None:
    make("d/a.jsonl")
    os.symlink("annex/object", "d/b.jsonl")
    assert shown(discover(["d"], Config())) == ["d/a.jsonl", "d/b.jsonl"]
    with pytest.raises(UnreadableFile, match="links to 'annex/object', which does not exist"):
        discover(["d/b.jsonl"], Config())
    assert shown(discover(["d"], Config(exclude=("b.jsonl",)))) == ["d/a.jsonl"]


def test_a_folder_that_cannot_be_listed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    make("d/shut/a.jsonl", "d/b.jsonl")
    listing = os.scandir

    def scandir(path: str) -> Iterator[os.DirEntry[str]]:
        if path.endswith("shut"):
            raise PermissionError(13, "Permission denied", path)
        return listing(path)

    monkeypatch.setattr("ftlint.sources.globs.os", SimpleNamespace(**{**vars(os), "scandir": scandir}))
    with pytest.raises(UnreadableFile) as error:
        discover(["d"], Config())
    assert str(error.value) == (
        "cannot search 'd/shut' (permission denied): give access to it or name it under `exclude`"
    )
    assert shown(discover(["d"], Config(exclude=("shut/",)))) == ["d/b.jsonl"]


# .gitignore

TREE = (
    "keep.jsonl", "top.jsonl", "deep/top.jsonl", "out/a.jsonl", "out/keep.jsonl", "raw/x/a.jsonl", "raw/x/b.jsonl",
    "deep/x/a.tmp.jsonl", "deep/x/kept.tmp.jsonl", "deep/x/y/a.jsonl", "a b.jsonl", "#x.jsonl", "!x.jsonl", "sp .jsonl",
)  # fmt: skip
IGNORES = {
    ".gitignore": "# comment\n\n/top.jsonl\nout/*\n!out/keep.jsonl\n*.tmp.jsonl\n"
    "\\#x.jsonl\n\\!x.jsonl\na b.jsonl   \n",
    "deep/.gitignore": "!kept.tmp.jsonl\r\nx/y/\r\n",
    "raw/x/.gitignore": "*\n!b.jsonl",
}
LEFT = ["deep/top.jsonl", "deep/x/kept.tmp.jsonl", "keep.jsonl", "out/keep.jsonl", "raw/x/b.jsonl", "sp .jsonl"]


def plant(base: str = "") -> None:
    make(*(base + name for name in TREE))
    for name, text in IGNORES.items():
        Path(base + name).write_bytes(text.encode())


@pytest.mark.parametrize("repository", [True, False])
def test_gitignore_files_are_respected(repository: bool) -> None:
    plant()
    if repository:
        git("init")
        listed = git("-c", "core.quotePath=off", "ls-files", "-co", "--exclude-standard", "*.jsonl")
        assert sorted(listed.split("\n")[:-1], key=natural) == LEFT
    assert shown(discover([], Config())) == LEFT


def test_rules_above_a_searched_folder_hold_up_to_the_repository() -> None:
    plant("repo/")
    Path(".gitignore").write_text("*.jsonl\n")
    git("init", "repo")
    assert shown(discover(["repo/deep"], Config())) == ["repo/deep/top.jsonl", "repo/deep/x/kept.tmp.jsonl"]
    assert shown(discover(["repo/deep/x/y"], Config())) == ["repo/deep/x/y/a.jsonl"]  # named, so searched


def test_rules_above_a_searched_folder_hold_up_to_the_root_outside_of_a_repository(here: Path) -> None:
    make("root/d/a.jsonl", "root/d/b.jsonl")
    Path("root/.gitignore").write_text("b.jsonl\n")
    Path(".gitignore").write_text("*\n")
    assert shown(discover(["root/d"], Config(root=here / "root"))) == ["root/d/a.jsonl"]


def test_an_explicit_file_is_checked_though_ignored() -> None:
    plant()
    assert shown(discover(["out/a.jsonl"], Config())) == ["out/a.jsonl"]


NAMES = st.sampled_from(["a", "b", "ab", "a.b"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
PIECES = st.sampled_from(["a", "b", "ab", "*", "a*", "?", "**", "[ab]", "[!a]", "*.b", r"\a"])
PATTERNS = st.builds(
    lambda no, start, pieces, end: no + start + "/".join(pieces) + end,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "/"]),
    st.lists(PIECES, min_size=1, max_size=3),
    st.sampled_from(["", "", "/"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paths=st.sets(PATHS, min_size=1), patterns=st.lists(PATTERNS, max_size=4), inner=st.lists(PATTERNS, max_size=2))
def test_git_leaves_the_same_files(
    tmp_path_factory: pytest.TempPathFactory, paths: set[str], patterns: list[str], inner: list[str]
) -> None:
    here = tmp_path_factory.mktemp("git").resolve()
    for path in paths:
        if not (here / path).exists() and not any(parent.is_file() for parent in (here / path).parents):
            (here / path).parent.mkdir(parents=True, exist_ok=True)
            (here / path).touch()
    (here / ".gitignore").write_text("\n".join(patterns))
    if (here / "a").is_dir():
        (here / "a" / ".gitignore").write_text("\n".join(inner))
    git("init", str(here))
    listed = git("-C", str(here), "ls-files", "-o", "--exclude-standard").split("\n")
    mine = [
        os.path.relpath(path, here) for path in search(str(here), Patterns(("*",), str(here)), Patterns((), str(here)))
    ]
    assert sorted(mine) == sorted(path for path in listed if path and not path.endswith(".gitignore"))


@given(st.lists(st.text(string.ascii_letters + string.digits + "-./ ", max_size=8)))
def test_natural_order_is_total(paths: list[str]) -> None:
    assert sorted(paths, key=natural) == sorted(sorted(paths), key=natural)


# exclude


def test_exclude_is_seen_from_the_root_and_holds_for_explicit_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    make("p/drafts/a.jsonl", "p/x/drafts/b.jsonl", "p/x/c.jsonl", "p/c.jsonl", "p/keep/drafts.jsonl")
    config = Config(root=Path("p").resolve(), exclude=("/drafts", "x/*.{jsonl,txt}", "!x/keep.jsonl"))
    monkeypatch.chdir("p/x")
    found = discover(["../drafts/a.jsonl", "c.jsonl", "drafts/b.jsonl", "../drafts", ".."], config)
    assert shown(found) == ["drafts/b.jsonl", "../c.jsonl", "../keep/drafts.jsonl"]
    assert found.excluded == ("../drafts/a.jsonl", "c.jsonl", "../drafts")


def test_exclude_does_not_name_the_root_or_what_is_outside() -> None:
    make("p/a.jsonl", "q/a.jsonl", "q/p/a.jsonl")
    config = Config(root=Path("p"), exclude=("p", "q"))
    assert shown(discover(["p", "q"], config)) == ["p/a.jsonl", "q/a.jsonl", "q/p/a.jsonl"]


def test_exclude_sees_a_link_by_its_own_name() -> None:
    make("real.jsonl", "d/link.jsonl")
    os.symlink("real.jsonl", "link.jsonl")
    found = discover(["link.jsonl", "real.jsonl", "d"], Config(exclude=("./link.jsonl",)))
    assert shown(found) == ["real.jsonl", "d/link.jsonl"]
