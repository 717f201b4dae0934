"""Readers of every output format: each holds a text to its contract, and gives back what it says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from jsonschema import Draft4Validator, Draft202012Validator
from lxml import etree
from markdown_it import MarkdownIt

from ftlint.render.parts.places import OPTIONS
from ftlint.resources import schema_text

DATA = Path(__file__).parent / "data"
Found = tuple[str, int, str]
"""Path, line and rule of a finding."""

LEVELS = ("error", "warning", "notice")
Command = tuple[str, dict[str, str], str]


@cache
def schema(name: str) -> Any:
    content = json.loads((DATA / name).read_text("utf-8"))
    return (Draft4Validator if "draft-04" in content["$schema"] else Draft202012Validator)(content)


@cache
def xsd() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(DATA / "junit-10.xsd"))


def commands(text: str) -> list[Command]:
    """The workflow commands of a log, as GitHub's runner reads them; other lines must not look like one."""
    read = []
    for line in text.split("\n"):
        if not line.lstrip().startswith("::"):
            assert "##[" not in line, "the older grammar is read anywhere in a line"
            continue
        head, separator, data = line.lstrip()[2:].partition("::")
        assert separator
        name, _, rest = head.partition(" ")
        assert name in LEVELS
        pairs = [pair.partition("=") for pair in rest.split(",") if pair]
        assert all(equals for _, equals, _ in pairs)
        read.append((name, {key: _unescape(value, ":,") for key, _, value in pairs}, _unescape(data)))
    return read


def _unescape(text: str, more: str = "") -> str:
    for char in f"\r\n{more}":
        text = text.replace(f"%{ord(char):02X}", char)
    return text.replace("%25", "%")


def github(text: str) -> Iterator[Found]:
    for _, properties, data in commands(text):
        name = properties["title"].rpartition(" (")[0]
        if "line" in properties:
            yield properties["file"], int(properties["line"]), name
        elif "file" not in properties:
            yield data.partition(": ")[0], 1, name


def sarif(text: str) -> Iterator[Found]:
    log = json.loads(text)
    schema("sarif-2.1.0.schema.json").validate(log)
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        places = [place["physicalLocation"] for place in (*result["locations"], *result.get("relatedLocations", ()))]
        for place in places:
            assert re.fullmatch(
                r"(?:[\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-F]{2})*", place["artifactLocation"]["uri"], re.ASCII
            )
        artifact = places[0]["artifactLocation"]
        assert ("uriBaseId" in artifact) != bool(urlsplit(artifact["uri"]).scheme)
        yield unquote(artifact["uri"]), places[0]["region"]["startLine"], result["ruleId"]


def gitlab(text: str) -> Iterator[Found]:
    entries = json.loads(text)
    schema("gitlab.schema.json").validate(entries)
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    for entry in entries:
        if entry["check_name"] not in ("could-not-check", "unlisted-findings"):
            yield entry["location"]["path"], entry["location"]["lines"]["begin"], entry["check_name"]


def junit(text: str) -> Iterator[Found]:
    root = etree.fromstring(text.encode())
    xsd().assertValid(root)
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == len(cases)
        assert int(suite.get("failures")) == sum(case.find("failure") is not None for case in cases)
        assert int(suite.get("errors")) == sum(case.find("error") is not None for case in cases)
        for case in cases:
            if place := re.fullmatch(r"(.+) at (\d+):\d+", case.get("name"), re.DOTALL):
                yield case.get("classname"), int(place[2]), place[1]
            elif case.get("classname") in OPTIONS and ", not listed" not in case.get("name"):
                yield case.get("classname"), 1, case.get("name")


def rdjsonl(text: str) -> Iterator[Found]:
    for line in text.splitlines():
        item = json.loads(line)
        schema("rdjsonl.schema.json").validate(item)
        if "code" in item:
            place = item["location"]
            assert ("range" in place) != (place["path"] in OPTIONS)
            yield place["path"], place["range"]["start"]["line"] if "range" in place else 1, item["code"]["value"]


def tables(text: str) -> Iterator[tuple[str, list[list[str]]]]:
    """The tables of a Markdown page as they are shown, each with the heading above it."""
    heading, rows, kind = "", [[""]], ""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        kind = token.type if token.nesting == 1 else kind
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            yield heading, rows[1:]
        elif token.type == "inline":
            assert not {child.type for child in token.children or ()} & {
                "html_inline",
                "image",
                "em_open",
                "code_inline",
            }
            words = "".join(child.content for child in token.children or ())
            if kind == "heading_open":
                heading = words
            elif kind in ("th_open", "td_open"):
                rows[-1].append(words)


def markdown(text: str) -> Iterator[Found]:
    for heading, rows in tables(text):
        for row in rows:
            if place := re.fullmatch(r"(\d+):\d+", row[0]):
                yield heading, int(place[1]), row[1].split(" ")[1]
            elif row[0] == "–":
                yield heading, 1, row[1].split(" ")[1]


def json_(text: str) -> Iterator[Found]:
    report = json.loads(text)
    Draft202012Validator(json.loads(schema_text("report"))).validate(report)
    yield from ((item["path"], item["line"], item["name"]) for item in report["diagnostics"])


def text(text: str) -> Iterator[Found]:
    for path, line, name in re.findall(r"(?m)^(.+?)(?::(\d+):\d+)?:? (?:error|warning|note)\[(.+?)\] ", text):
        assert bool(line) != (path in OPTIONS)
        yield path, int(line or 1), name


READERS: dict[str, Callable[[str], Iterator[Found]]] = {
    "concise": text,
    "github": github,
    "gitlab": gitlab,
    "json": json_,
    "junit": junit,
    "markdown": markdown,
    "rdjsonl": rdjsonl,
    "sarif": sarif,
    "text": text,
}
