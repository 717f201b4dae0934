"""The catalogue is whole and in order: front matter, names, codes, sections, and the index."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from released import released

from ftlint.pages import Rule, build, catalogue
from ftlint.resources import PACKAGE, folder, schema_names, schema_text
from ftlint.settings import Settings
from ftlint.targets import resolve
from ftlint.testing import TODAY

RULES = folder("rules")
PAGES = sorted(path for path in RULES.rglob("*.md") if path.stem != "README")
FAMILIES = {
    "format": 0,
    "roles": 1,
    "system": 2,
    "tokens": 3,
    "cost": 4,
    "data": 5,
    "tools": 6,
    "content": 7,
    "authoring": 8,
    "ftlint": 9,
}
ABOUT = {
    "format": "bytes, JSON, and the shape of a record",
    "roles": "who speaks when, and what each message must hold",
    "system": "system prompts across a dataset",
    "tokens": "lengths, limits and special tokens",
    "cost": "budgets, prices and the life of the target",
    "data": "a dataset as a body of examples",
    "tools": "tool calls, tool messages and tool definitions",
    "content": "texts and images",
    "authoring": "conversations written as YAML",
    "ftlint": "comments that silence other rules",
}
NAMERS = {"Fault": 0, "_fault": 0, "_at_text": 1}
"""The functions that make faults, and which argument names the rule."""

INDEX = re.compile(r"(?<=<!-- index -->\n).*(?=<!-- /index -->)", re.DOTALL)


def front(page: Path) -> dict[str, Any]:
    text = page.read_text("utf-8")
    assert text.startswith("---\n"), page
    data: dict[str, Any] = yaml.safe_load(text.split("---\n", 2)[1])
    return data


def rule_words(value: Any) -> Iterator[str]:
    """Every rule that a schema names: one a failing part, and a table of those by keyword."""
    if isinstance(value, dict):
        if "x-ftlint-rule" in value:
            yield value["x-ftlint-rule"]
        yield from value.get("x-ftlint-rules", {}).values()
        for child in value.values():
            yield from rule_words(child)
    for child in value if isinstance(value, list) else ():
        yield from rule_words(child)


def fault_names() -> Iterator[tuple[str, str]]:
    """(file, rule) of every rule that the reader names: each text that looks like a name in or near a ``Fault``."""
    yield from authored_names()
    for path in (*PACKAGE.glob("*.py"), *PACKAGE.glob("sources/*.py")):
        name, tree = path.name, ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if isinstance(node, ast.Call) and called in NAMERS:
                first = node.args[NAMERS[called]]
                found: list[ast.expr] = [first] if isinstance(first, ast.Constant) else assigned(tree, first)
                assert found, f"{name}:{node.lineno}: no rule name can be read here"
                yield from ((name, text) for text in texts(found))


def authored_names() -> Iterator[tuple[str, str]]:
    """(file, rule) of the rules of the families authoring and ftlint whose names stand as text in the package."""
    authored = (page for page in PAGES if page.parent.name in ("authoring", "ftlint"))
    pages = {page.stem for page in authored if front(page)["check"] == "shape"}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and node.value in pages:
                yield path.name, str(node.value)


def assigned(tree: ast.AST, variable: ast.expr) -> list[ast.expr]:
    """What a variable is given in a module; what comes from a schema or an argument is looked at elsewhere."""
    if isinstance(variable, ast.Attribute):
        return [ast.Constant("wrong-type")]
    assert isinstance(variable, ast.Name)
    values = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.dump(node.targets[0]) == ast.dump(ast.Name(variable.id, ast.Store()))
    ]
    arguments = {arg.arg for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for arg in node.args.args}
    return values or ([ast.Constant("wrong-shape")] if variable.id in arguments else [])


def texts(values: list[ast.expr]) -> Iterator[str]:
    """The texts that an expression may give, both sides of a condition included but not its test."""
    for value in values:
        if isinstance(value, ast.IfExp):
            yield from texts([value.body, value.orelse])
        elif isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_front_matter_is_as_the_schema_says(page: Path) -> None:
    faults = [error.message for error in Draft202012Validator(json.loads(schema_text("rule"))).iter_errors(front(page))]
    assert not faults


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_is_named_and_laid_out_as_every_other(page: Path) -> None:
    data, text = front(page), page.read_text("utf-8")
    assert page.stem == data["name"]
    assert len(data["name"].split("-")) >= 2
    assert data["code"].startswith(f"FT{FAMILIES[page.parent.name]}")
    assert text.split("---\n", 2)[2].startswith(f"# {data['name']}\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Bad", "Good", "Fix"]
    assert data["summary"].endswith(".")


def test_names_and_codes_are_unique() -> None:
    fronts = [front(page) for page in PAGES]
    assert len({data["name"] for data in fronts}) == len({data["code"] for data in fronts}) == len(PAGES)


@pytest.mark.parametrize("rule", catalogue().values(), ids=lambda rule: rule.name)
def test_a_rule_has_a_check_that_takes_its_options(rule: Rule) -> None:
    build(rule, {}, Settings(target=resolve(None), today=TODAY))


@pytest.mark.parametrize("name", [name for name in schema_names() if "x-ftlint-rule" in schema_text(name)])
def test_rules_that_a_schema_names_have_pages(name: str) -> None:
    missing = {word for word in rule_words(json.loads(schema_text(name))) if not is_shape(word)}
    assert not missing


def test_rules_that_the_reader_names_have_pages() -> None:
    missing = {name for _, name in fault_names() if not is_shape(name)}
    assert not missing


def is_shape(name: str) -> bool:
    rules = catalogue()
    return name in rules and rules[name].check == "shape"


def test_every_shape_rule_is_named_somewhere() -> None:
    named = {word for name in schema_names() for word in rule_words(json.loads(schema_text(name)))}
    named |= {name for _, name in fault_names()}
    idle = {rule.name for rule in catalogue().values() if rule.check == "shape"} - named
    assert not idle


def index() -> str:
    """A table a family, a row a rule."""
    sections = []
    for family, about in ABOUT.items():
        rules = [rule for rule in released() if rule.family == family]
        rows = [
            f"| [{rule.code}]({family}/{rule.name}.md) | {rule.name} | {rule.severity if rule.enabled else 'off'} | "
            f"{rule.fix} | {rule.summary} |\n"
            for rule in rules
        ]
        head = f"### {family}: {about}\n\n| code | name | severity | fix | finds |\n|---|---|---|---|---|\n"
        sections.append(f"{head}{''.join(rows)}")
    return "\n" + "\n".join(sections)


def test_the_index_lists_exactly_the_released_pages(update: bool) -> None:
    readme = RULES / "README.md"
    text = readme.read_text("utf-8")
    if update:
        text = INDEX.sub(lambda _: index(), text)
        readme.write_text(text, "utf-8")
    found = INDEX.search(text)
    assert found is not None
    assert found[0] == index(), "the index is old: run pytest tests/test_catalogue.py --update"
