"""``ftlint init`` writes files that are valid and clean, and never touches what is there already."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from running import ftlint

from ftlint import __version__, api, config, targets, triage
from ftlint.config import NAMES
from ftlint.resources import PACKAGE, schema_text
from ftlint.starter import DATASET, HOOKS, start

TEMPLATE = (PACKAGE / "templates" / "ftlint.yaml").read_text("utf-8")
OFF = re.compile(r"^( *)#(?=[^ #\n])", re.MULTILINE)
SCHEMA = json.loads(schema_text("config"))
SETTINGS = [key for key in SCHEMA["properties"] if key != "datasets"]

pytestmark = pytest.mark.usefixtures("here")


def switched_on() -> str:
    """The template with every setting un-commented: the lines of a block, too, stand behind a "#" in column 1."""
    lines = OFF.sub(r"\1", TEMPLATE).split("\n")
    return "\n".join(re.sub(r"^#(?=  +\S)", "", line) for line in lines)


def only(key: str) -> str:
    """The template with one setting un-commented."""
    block = re.compile(rf"^#{key}:.*\n(?:#  .*\n)*", re.MULTILINE)
    text, count = block.subn(lambda found: re.sub(r"^#", "", found.group(), flags=re.MULTILINE), TEMPLATE)
    assert count == 1, key
    return text


def test_a_start_is_clean_at_once(here: Path) -> None:
    done = ftlint("init")
    assert done.exit_code == 0
    assert done.output.splitlines() == [f"wrote {name}" for name in ("ftlint.yaml", *DATASET, HOOKS)]
    checked = ftlint("check", "--strict")
    assert (checked.exit_code, checked.output) == (0, "No findings in 22 examples.\n")
    assert all(len(Path(name).read_text("utf-8").splitlines()) >= 10 for name in DATASET)


@pytest.mark.parametrize("target", ["openai", "azure", "together", "fireworks", "mistral", "generic"])
def test_the_example_pleases_every_provider(target: str) -> None:
    start(Path())
    report = api.check(options=api.Options(target=f"{target}/mine"))
    assert [item.name for item in report.diagnostics if item.name != "unknown-price"] == []


def test_every_setting_is_shown_and_valid_when_switched_on(here: Path) -> None:
    data = yaml.safe_load(switched_on().replace("2026-11-23", '"2026-11-23"'))
    assert set(data) == set(SCHEMA["properties"])
    Draft202012Validator(SCHEMA).validate(data)
    (here / "ftlint.yaml").write_text(switched_on(), "utf-8")
    assert config.load(here / "ftlint.yaml").budget_tokens == 2_000_000


@pytest.mark.parametrize("key", SETTINGS)
def test_one_setting_may_be_switched_on(here: Path, key: str) -> None:
    (here / "ftlint.yaml").write_text(only(key), "utf-8")
    loaded = config.load(here / "ftlint.yaml")
    if key not in ("rules-from", "plugins"):
        targets.resolve(loaded.target, loaded.models)
        catalogue = api.rules(loaded)
        assert triage.choose(catalogue, loaded)
        triage.suppressions(catalogue, loaded)
        for name, options in triage.options(catalogue, loaded).items():
            assert options.keys() <= catalogue[name].options.keys()


def test_the_target_that_is_shown_is_known() -> None:
    target = targets.resolve(yaml.safe_load(switched_on())["target"], {})
    assert target.max_tokens


def test_nothing_is_overwritten(here: Path) -> None:
    (here / "data").mkdir()
    own = {here / name: f"# my own {name}\n" for name in ("ftlint.yaml", HOOKS, *DATASET)}
    for path, text in own.items():
        path.write_text(text, "utf-8")
    done = ftlint("init")
    assert done.exit_code == 0
    assert [line for line in done.output.splitlines() if line.startswith(("wrote", "kept"))] == [
        f"kept {name} (exists)" for name in ("ftlint.yaml", *DATASET, HOOKS)
    ]
    assert {path: path.read_text("utf-8") for path in own} == own


def test_a_link_into_nowhere_is_kept(here: Path) -> None:
    (here / HOOKS).symlink_to(here / "elsewhere.yaml")
    assert f"kept {HOOKS} (exists)" in ftlint("init").output
    assert not (here / "elsewhere.yaml").exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_configuration_of_another_name_stays_the_only_one(here: Path, name: str) -> None:
    (here / name).write_text("epochs: 3\n", "utf-8")
    assert f"kept {name} (exists)" in ftlint("init").output
    assert [known for known in NAMES if (here / known).exists()] == [name]


def test_a_second_time_changes_nothing(here: Path) -> None:
    ftlint("init")
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    assert ftlint("init").output.splitlines() == [f"kept {name} (exists)" for name in ("ftlint.yaml", *DATASET, HOOKS)]
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


def test_the_hook_is_one_that_pre_commit_reads(here: Path) -> None:
    ftlint("init")
    [repo] = yaml.safe_load((here / HOOKS).read_text("utf-8"))["repos"]
    assert repo["rev"] == f"v{__version__}"
    assert repo["hooks"] == [{"id": "ftlint"}]


@pytest.mark.parametrize(
    "text", ["repos: []\n", "", "- a list\n", "repos: [\n", "repos:\n- repo: local\n  hooks: [{id: x}]\n"]
)
def test_the_entry_for_a_file_that_exists_is_printed(here: Path, text: str) -> None:
    (here / HOOKS).write_text(text, "utf-8")
    output = ftlint("init").output
    assert f"add this below `repos:` in {HOOKS}:" in output
    assert yaml.safe_load("repos:" + output.partition(f"in {HOOKS}:")[2])["repos"][0]["hooks"] == [{"id": "ftlint"}]


def test_a_folder_below_the_top_of_a_repository_gets_an_entry_of_its_own(here: Path) -> None:
    (here / ".git").mkdir()
    done = start(here / "a+b" / "tone's")
    assert [placed.path.name for placed in done.files] == ["ftlint.yaml", "train.jsonl", "validation.jsonl"]
    assert done.hooks == here / HOOKS
    assert not done.hooks.exists()
    [hook] = yaml.safe_load("repos:\n" + done.entry)["repos"][0]["hooks"]
    assert hook["args"] == ["--config=a+b/tone's/ftlint.yaml"]
    assert re.search(hook["files"], "a+b/tone's/data/train.jsonl")
    assert not re.search(hook["files"], "aab/tone's/data/train.jsonl")


@pytest.mark.parametrize(("taken", "words"), [("new", "new: the folder"), ("new/data", "data: the folder")])
def test_a_file_in_the_way_of_a_folder_is_named(here: Path, taken: str, words: str) -> None:
    (here / taken).parent.mkdir(exist_ok=True)
    (here / taken).write_text("", "utf-8")
    done = ftlint("init", "new")
    assert done.exit_code == 2
    assert words in done.output
