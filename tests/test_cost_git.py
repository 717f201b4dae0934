"""Tests of --base in repositories as people have them: submodules, subfolders, shallow clones, no commit."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from costing import chat, commit, cost, git, write

from ftlint.errors import FtlintError
from ftlint.estimate.difference import Delta
from ftlint.render import Options
from ftlint.render.costs import render


def against(folder: Path, *paths: Path | str, base: str = "HEAD") -> Delta:
    found = cost(folder, *paths, base=base).delta
    assert found is not None
    return found


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    """A repository whose datasets are its own and a submodule's."""
    write(tmp_path / "inner/train.jsonl", [chat("a", "b")] * 40)
    commit(tmp_path / "inner")
    folder = tmp_path / "outer"
    write(folder / "own.jsonl", [chat("c", "d")] * 5)
    commit(folder)
    git(folder, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tmp_path / "inner"), "data")
    commit(folder)
    return folder


def test_a_submodule_has_the_commit_that_is_recorded(parent: Path) -> None:
    assert against(parent).is_empty
    write(parent / "data/train.jsonl", [chat("a", "b")] * 40 + [chat("e", "f")])
    for paths in ((), (parent / "data",), (parent,)):
        assert [(change.added, change.removed) for change in against(parent, *paths).changes] == [(1, 0)]
    commit(parent / "data")
    commit(parent)
    assert against(parent).is_empty
    assert [change.added for change in against(parent, base="HEAD~1").changes] == [1]
    assert git(parent, "status", "--porcelain") == ""


def test_a_submodule_of_which_the_commit_is_not_here_is_left_out(parent: Path, tmp_path: Path) -> None:
    write(parent / "data/train.jsonl", [chat("a", "b")] * 3)
    recorded = git(parent / "data", "rev-parse", "HEAD").strip()
    shutil.rmtree(parent / ".git/modules/data")
    (parent / "data/.git").unlink()
    commit(parent / "data")
    found = against(parent)
    assert found.changes == ()
    (note,) = found.notes
    assert f"data is left out on both sides: the commit {recorded[:10]} of this submodule is not here" in note
    assert not found.is_empty


def test_names_are_those_that_the_user_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "data/ü ä/train.jsonl", [chat("a", "b")] * 9)
    write(tmp_path / "data/gone.jsonl", [chat("g", "h")] * 2)
    (tmp_path / "deeper").mkdir()
    commit(tmp_path)
    (tmp_path / "data/gone.jsonl").unlink()
    write(tmp_path / "data/ü ä/train.jsonl", [chat("a", "c")] * 9)
    monkeypatch.chdir(tmp_path / "deeper")
    for paths in (["../data"], ["../data/*/*.jsonl", "../data"], [str(tmp_path / "data")], [tmp_path], []):
        changes = against(tmp_path, *paths).changes
        assert [(change.changed, change.removed) for change in changes] == [(9, 0), (0, 2)]
        top = Path(*Path(changes[0].dataset).parts[:-3])
        assert changes[1].dataset == f"{top}/data/gone.jsonl"


def test_what_the_base_alone_lacks_is_told(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text(
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 9\n"
    )
    write(tmp_path / "other.jsonl", [chat("a", "b")])
    commit(tmp_path)
    pointer = cost(tmp_path, base="HEAD")
    text = "".join(render(pointer, "text", Options(width=500)))
    assert text.startswith("  · ")
    assert text.endswith("train.jsonl is not counted: a Git LFS pointer stands in its place: run `git lfs pull`\n")
    write(tmp_path / "train.jsonl", [chat("a", "b")])
    assert "is left out on both sides" in "".join(render(cost(tmp_path, base="HEAD"), "text", Options(width=200)))


def test_advice_where_there_is_no_such_commit(tmp_path: Path) -> None:
    folder = tmp_path / "full"
    write(folder / "train.jsonl", [chat("a", "b")])
    git(folder, "init", "-q", "-b", "main")
    with pytest.raises(FtlintError, match=r'"HEAD" here: the repository has no commit yet$'):
        cost(folder, base="HEAD")
    commit(folder)
    commit(folder)
    with pytest.raises(FtlintError, match=r'; did you mean "main"\?$'):
        cost(folder, base="mian")
    with pytest.raises(FtlintError, match=r'git knows no commit "\^HEAD" here'):
        cost(folder, base="^HEAD")
    with pytest.raises(FtlintError, match=r": fetch it first, or name a branch, a tag or the digits of one$"):
        cost(folder, base="HEAD~7")
    git(tmp_path, "clone", "-q", folder.as_uri(), "whole")
    git(tmp_path / "whole", "checkout", "-q", "--detach")
    git(tmp_path / "whole", "branch", "-q", "-D", "main")
    with pytest.raises(FtlintError, match=r'"main" here; did you mean "origin/main"\?$'):
        cost(tmp_path / "whole", base="main")
    assert against(tmp_path / "whole", base="origin/main").is_empty
    git(tmp_path, "clone", "-q", "--depth", "1", folder.as_uri(), "shallow")
    with pytest.raises(FtlintError, match=r"only a part of its history was cloned; .*`fetch-depth: 0`"):
        cost(tmp_path / "shallow", base="HEAD~1")


def test_what_a_sparse_checkout_leaves_out_is_not_removed(tmp_path: Path) -> None:
    for name in ("here.jsonl", "there/same.jsonl", "there/other.jsonl"):
        write(tmp_path / name, [chat(name, "b")] * 3)
    commit(tmp_path)
    write(tmp_path / "there/other.jsonl", [chat("c", "d")])
    commit(tmp_path)
    git(tmp_path, "sparse-checkout", "set", "--no-cone", "/here.jsonl")
    assert not (tmp_path / "there").exists()
    assert against(tmp_path).is_empty
    found = against(tmp_path, base="HEAD~1")
    (note,) = found.notes
    assert found.changes == ()
    assert note.endswith("there/other.jsonl is left out on both sides: a sparse checkout leaves it out here")
    (tmp_path / "here.jsonl").unlink()
    write(tmp_path / "new.jsonl", [chat("e", "f")])
    assert [(change.added, change.removed) for change in against(tmp_path).changes] == [(1, 0), (0, 3)]


def test_what_a_hook_sets_does_not_lead_elsewhere(parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(parent / "data/train.jsonl", [chat("e", "f")])
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, str(parent / "nowhere"))
    assert [change.removed for change in against(parent).changes] == [40, 0]


def test_a_configuration_that_could_not_be_used_is_told_even_where_nothing_changed(tmp_path: Path) -> None:
    write(tmp_path / "train.jsonl", [chat("a", "b")] * 9)
    (tmp_path / "ftlint.yaml").write_text("target: [\n")
    commit(tmp_path)
    (tmp_path / "ftlint.yaml").write_text("target: gpt-4o\n")
    report = cost(tmp_path, tmp_path, configured=True, base="HEAD")
    assert report.delta is not None
    assert report.delta.changes == ()
    for name in ("text", "markdown"):
        text = "".join(render(report, name, Options(width=200)))
        assert "its ftlint.yaml cannot be used: today's stands in for it" in text
