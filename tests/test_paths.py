"""What users name, as datasets: on real folders, real repositories and real standard input."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import discovery
import pytest
from discovery import Config, layout, make, shown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ftlint.errors import ConfigError, UnreadableFile
from ftlint.model import Split
from ftlint.sources.paths import Discovery, discover

here = discovery.here

# Paths


def test_a_file_is_itself_whatever_its_suffix() -> None:
    make("notes.txt")
    found = discover(["notes.txt"], Config())
    assert layout(found) == {"notes.txt": ["train notes.txt"]}
    assert Path(found.datasets[0].sources[0].file).samefile("notes.txt")


def test_a_file_without_patterns_imports_no_pattern_library() -> None:
    make("train.jsonl")
    program = (
        "import sys; from pathlib import Path; from ftlint.config import Config\n"
        "from ftlint.sources.paths import discover\n"
        "discover(['train.jsonl'], Config(None, Path(), datasets={'d': {'train': ('train.jsonl',)}}, "
        "include=('*.jsonl',)))\nprint({'wcmatch', 'bracex', 'tempfile', 'difflib'} & set(sys.modules))"
    )
    path = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("spelling", ["a.jsonl", "./a.jsonl", "sub//../a.jsonl", "ABSOLUTE"])
def test_one_file_under_two_spellings_is_checked_once(here: Path, spelling: str) -> None:
    make("a.jsonl", "sub/b.jsonl")
    other = str(here / "a.jsonl") if spelling == "ABSOLUTE" else spelling
    assert shown(discover(["a.jsonl", other], Config())) == ["a.jsonl"]


def test_an_absolute_path_is_shown_from_the_current_folder(here: Path) -> None:
    make("data/a.jsonl", "../elsewhere/b.jsonl")
    outside = here.parent / "elsewhere" / "b.jsonl"
    assert shown(discover([str(here / "data" / "a.jsonl"), str(outside)], Config())) == [
        "data/a.jsonl",
        outside.as_posix(),
    ]
    assert shown(discover(["../elsewhere"], Config())) == ["../elsewhere/b.jsonl"]


def test_links_are_the_file_that_they_lead_to() -> None:
    make("a.jsonl")
    os.symlink("a.jsonl", "b.jsonl")
    os.link("a.jsonl", "c.jsonl")
    assert shown(discover(["b.jsonl", "a.jsonl", "c.jsonl"], Config())) == ["b.jsonl"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("data/trian.jsonl", "no such file or folder: 'data/trian.jsonl'; did you mean 'data/train.jsonl'?"),
        ("dta/train.jsonl", "no such file or folder: 'dta/train.jsonl'; did you mean 'data'?"),
        ("data/train.jsonl/x", "no such file or folder: 'data/train.jsonl/x'"),
        ("zzz", "no such file or folder: 'zzz'"),
        ("", "no such file or folder: ''"),
        ("data/*.csv", "nothing matches 'data/*.csv'"),
        ("link.jsonl", "'link.jsonl' links to 'gone', which does not exist"),
        ("a\0b", r"cannot read 'a\x00b' (its name holds a NUL character)"),
        ("x" * 300, f"cannot read '{'x' * 300}' (file name too long)"),
        ("ring", "cannot read 'ring' (too many levels of symbolic links)"),
    ],
)
def test_what_is_not_there_is_said_with_a_suggestion(wrong: str, message: str) -> None:
    make("data/train.jsonl")
    os.symlink("gone", "link.jsonl")
    os.symlink("ring", "ring")
    with pytest.raises(UnreadableFile) as error:
        discover([wrong], Config())
    assert str(error.value) == message


def test_pipes_and_devices_are_refused_when_named_and_passed_over_when_found() -> None:
    make("data/a.jsonl")
    os.mkfifo("data/pipe.jsonl")
    for special in ("data/pipe.jsonl", os.devnull):
        with pytest.raises(UnreadableFile, match="is a pipe or a device, not a file"):
            discover([special], Config())
    assert shown(discover(["data"], Config())) == ["data/a.jsonl"]


def test_odd_names_are_found_and_shown_on_one_line() -> None:
    make("d/two words.jsonl", "d/new\nline.jsonl", "d/é.jsonl")
    Path(os.fsdecode(b"d/caf\xe9.jsonl")).write_text("{}\n")
    found = discover(["d"], Config())
    assert shown(found) == [r"d/caf\udce9.jsonl", r"d/new\nline.jsonl", "d/two words.jsonl", "d/é.jsonl"]
    assert all(Path(source.file).is_file() for dataset in found.datasets for source in dataset.sources)
    "".join(shown(found)).encode()


def test_a_quoted_glob_is_expanded_unless_a_file_has_that_name() -> None:
    make("data/part-10.jsonl", "data/part-2.jsonl", "data/deep/x.jsonl", "data/[1].jsonl", "data/notes.txt")
    assert shown(discover(["data/part-*.jsonl"], Config())) == ["data/part-2.jsonl", "data/part-10.jsonl"]
    assert shown(discover(["data/[1].jsonl"], Config())) == ["data/[1].jsonl"]
    assert shown(discover(["data/{notes.txt,de*}"], Config())) == ["data/deep/x.jsonl", "data/notes.txt"]
    assert shown(discover(["**/x.jsonl"], Config())) == ["data/deep/x.jsonl"]


def test_a_glob_that_stands_for_too_many_is_refused() -> None:
    with pytest.raises(ConfigError, match="cannot use the pattern"):
        discover(["{1..99999}*.jsonl"], Config())


# Datasets of the configuration


def support(root: Path, **splits: tuple[str, ...]) -> Config:
    chosen: dict[Split, tuple[str, ...]] = {
        "validation": splits.get("validation", ("data/valid.jsonl",)),
        "train": splits.get("train", ("data/*.jsonl",)),
    }
    return Config(
        root=root, datasets={"support": chosen, "other": {"test": ("t/{a,b}.jsonl",)}}, path=root / "ftlint.yaml"
    )


def test_without_paths_the_configured_datasets_are_checked(here: Path) -> None:
    make("data/2.jsonl", "data/10.jsonl", "data/valid.jsonl", "t/b.jsonl", "stray.jsonl")
    assert layout(discover([], support(here))) == {
        "support": ["train data/2.jsonl", "train data/10.jsonl", "validation data/valid.jsonl"],
        "other": ["test t/b.jsonl"],
    }


def test_a_file_brings_the_rest_of_its_dataset_unasked(here: Path) -> None:
    make("data/a.jsonl", "data/b.jsonl", "data/valid.jsonl", "t/b.jsonl", "stray.jsonl")
    found = discover(["stray.jsonl", str(here / "data" / "b.jsonl")], support(here))
    assert layout(found) == {
        "stray.jsonl": ["train stray.jsonl"],
        "support": ["[train data/a.jsonl]", "train data/b.jsonl", "[validation data/valid.jsonl]"],
    }


def test_completion_leaves_out_what_is_excluded_or_missing(here: Path) -> None:
    make("data/a.jsonl", "data/b.jsonl")
    config = support(here)
    config = Config(root=here, datasets=config.datasets, exclude=("a.jsonl",))
    found = discover(["data/b.jsonl"], config)
    assert layout(found) == {"support": ["train data/b.jsonl"]}
    assert found.excluded == ()


def test_a_configured_folder_is_searched_and_paths_are_shown_from_here(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make("data/train/a.jsonl", "v.jsonl", "t/a.jsonl", "sub/x.txt")
    monkeypatch.chdir("sub")
    assert layout(discover([], support(here, train=("data/train",), validation=("v.jsonl",)))) == {
        "support": ["train ../data/train/a.jsonl", "validation ../v.jsonl"],
        "other": ["test ../t/a.jsonl"],
    }
    monkeypatch.chdir("../data/train")
    here_first = layout(discover([], support(here, train=("data/train",), validation=("v.jsonl",))))
    assert here_first["support"] == ["train a.jsonl", "validation ../../v.jsonl"]


def test_a_way_through_a_link_is_shown_as_given(here: Path) -> None:
    make("far/deep/x.txt", "far/a.jsonl")
    os.symlink("far/deep", "link")
    assert shown(discover(["link/../a.jsonl"], Config())) == ["link/../a.jsonl"]


@pytest.mark.parametrize(
    ("train", "message"),
    [
        ("data/valdi.jsonl", "no such file or folder: 'data/valdi.jsonl'; did you mean 'data/valid.jsonl'?"),
        ("x/*.jsonl", "nothing matches 'x/*.jsonl'"),
    ],
)
def test_what_the_configuration_names_must_exist(here: Path, train: str, message: str) -> None:
    make("data/valid.jsonl", "t/a.jsonl")
    with pytest.raises(UnreadableFile) as error:
        discover([], support(here, train=(train,)))
    assert str(error.value) == f"ftlint.yaml:1:1: datasets.support.train: {message}"


# Splits by name


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("train.jsonl valid.jsonl", {"{train,valid}.jsonl": "train validation"}),
        ("d/x_dev.jsonl d/x_trn.jsonl", {"d/x_{trn,dev}.jsonl": "train validation"}),
        (
            "Train-1.jsonl test-1.jsonl eval-2.jsonl",
            {"{Train,test}-1.jsonl": "train test", "eval-2.jsonl": "validation"},
        ),
        ("d/train/x.jsonl d/val/x.jsonl", {"d/{train,val}/x.jsonl": "train validation"}),
        ("train/train.jsonl test/test.jsonl", {"{train,test}/{train,test}.jsonl": "train test"}),
        ("train.jsonl training.jsonl", {"{train,training}.jsonl": "train train"}),
        ("training2024.jsonl val2024.jsonl", {"{training,val}2024.jsonl": "train validation"}),
        ("a/train.jsonl b/valid.jsonl", {"a/train.jsonl": "train", "b/valid.jsonl": "validation"}),
        ("train.jsonl valid.ndjson", {"train.jsonl": "train", "valid.ndjson": "validation"}),
        ("d/val/y.jsonl", {"d/val/y.jsonl": "validation"}),
        ("test.jsonl", {"test.jsonl": "test"}),
        ("latest.jsonl trainer.jsonl", {"latest.jsonl": "train", "trainer.jsonl": "train"}),
    ],
)
def test_files_that_differ_in_a_split_word_are_one_dataset(names: str, expected: dict[str, str]) -> None:
    make(*names.split())
    found = discover(names.split(), Config())
    assert {each.name: " ".join(source.split for source in each.sources) for each in found.datasets} == expected
    assert all(source.dataset == each.name for each in found.datasets for source in each.sources)


def test_the_folder_that_one_stands_in_gives_no_split(monkeypatch: pytest.MonkeyPatch) -> None:
    make("test/a.jsonl")
    monkeypatch.chdir("test")
    assert layout(discover(["a.jsonl"], Config())) == {"a.jsonl": ["train a.jsonl"]}


@given(st.permutations(["train.jsonl", "valid.jsonl", "x.jsonl", "test.jsonl"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_arguments_does_not_change_datasets(names: list[str]) -> None:
    make(*names)
    assert layout(discover(names, Config())) == layout(discover(sorted(names), Config()))


# Standard input


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"a": "\xff"}\n')))


@pytest.mark.usefixtures("piped")
def test_standard_input_is_copied_and_removed() -> None:
    with discover(["-", "-"], Config()) as found:
        assert layout(found) == {"<stdin>": ["train <stdin>"]}
        copy = Path(found.datasets[0].sources[0].file)
        assert copy.read_bytes() == b'{"a": "\xff"}\n'
    assert not copy.exists()
    found.cleanup()


@pytest.mark.usefixtures("piped")
def test_standard_input_stands_for_the_file_that_it_is_named_after(here: Path) -> None:
    make("data/a.jsonl", "data/valid.jsonl")
    with discover(["-", "data/a.jsonl"], support(here), stdin_filename="data/a.jsonl") as found:
        assert layout(found) == {"support": ["train data/a.jsonl", "[validation data/valid.jsonl]"]}
        assert found.datasets[0].sources[0].file == found.spooled != ""


@pytest.mark.usefixtures("piped")
def test_standard_input_obeys_exclude() -> None:
    found = discover(["-"], Config(exclude=("drafts",)), stdin_filename="drafts/new.jsonl")
    assert found == Discovery((), excluded=("drafts/new.jsonl",))


@pytest.mark.usefixtures("piped")
def test_the_copy_is_removed_when_discovery_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "spool").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spool"))
    with pytest.raises(UnreadableFile):
        discover(["-", "gone.jsonl"], Config())
    assert list((tmp_path / "spool").iterdir()) == []


def test_closed_standard_input_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UnreadableFile, match="there is no standard input"):
        discover(["-"], Config())


def test_a_file_called_dash_can_be_named() -> None:
    make("-")
    assert shown(discover(["./-"], Config())) == ["-"]
