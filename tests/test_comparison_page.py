"""The page and the table of a comparison: built as they should be, and nothing of a text becomes markup."""

from __future__ import annotations

import json
from decimal import Decimal
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from ftlint.render.comparison import FORMATS, render
from ftlint.render.comparison.marking import marked
from ftlint.submit.chat import Answer
from ftlint.submit.comparison import Comparison, Row, Side
from ftlint.submit.examples import Conversation
from ftlint.submit.judge import Verdict
from ftlint.submit.measure import measure

EVIL = """</div></section><script>alert(1)</script><img src=x onerror="alert(2)"> & ' " <mark>"""
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40) | st.just(EVIL)
TAGS = set(
    "details summary main article section header div span p a b h1 h2 h3 ul li mark del bdi kbd table thead tbody "
    "tr th td meter label select option input output html head body meta title style script".split()
)
EMPTY = {"meta", "input"}
ATTRIBUTES = set(
    "lang charset http-equiv content name class id href scope value type role hidden tabindex aria-hidden aria-label "
    "data-kinds data-far data-lost data-long".split()
)


def side(text: str, wanted: str, refused: str = "") -> Side:
    return Side(Answer(text, "stop", 3, 4, refused), measure(text, wanted))


def comparison(wanted: str, base: str, tuned: str, said: str = "Hi", why: str = "") -> Comparison:
    case = Conversation(
        f"{said[:9]}.jsonl:1", [{"role": "system", "content": said}, {"role": "user", "content": said}], wanted
    )
    row = Row(case, side(base, wanted), side(tuned, wanted), Verdict("tuned", why))
    refused = Row(case, side("", wanted, base), side(tuned, wanted))
    return Comparison(base[:20], tuned[:20], why, [row, refused], Decimal(1))


class Tags(HTMLParser):
    """The tags and attributes of a page, and whether each is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(texts, texts, texts, texts, texts)
def test_no_text_becomes_markup(wanted: str, base: str, tuned: str, said: str, why: str) -> None:
    page = "".join(render(comparison(wanted, base, tuned, said, why), "html"))
    tags = Tags()
    tags.feed(page)
    tags.close()
    assert tags.open == []
    assert tags.seen <= TAGS
    assert tags.attributes <= ATTRIBUTES
    assert page.count("<script>") == page.count("<style>") == page.count(" hidden>") == 1


@given(texts, texts)
def test_marks_lose_nothing(text: str, wanted: str) -> None:
    shown = lxml_html.fromstring(f"<div>{marked(text, wanted)}</div>")
    for gone in shown.findall("del"):
        gone.drop_tag() if gone.text is None else gone.drop_tree()
    assert shown.text_content() == text
    assert marked(text, text) == escape(text)


@pytest.mark.parametrize(
    ("text", "wanted", "html"),
    [
        ("海拔8848米。", "海拔8848.86米。", '海拔8848<del class="gap">.86</del>米。'),
        ("حصة اليوم", "درس اليوم", "<del>درس</del><mark>حصة</mark> اليوم"),
        ("👩‍👩‍👧🙃🇳🇴", "👩‍👩‍👧🙂🇳🇴", "👩‍👩‍👧<del>🙂</del><mark>🙃</mark>🇳🇴"),
        ("Rain", "Rain, I know", 'Rain<del class="gap">, I know</del>'),
        (
            "So it is, my dear friends",
            "What is it to you?",
            "<del>What is it to you?</del><mark>So it is, my dear friends</mark>",
        ),
        ("", "Oslo", '<del class="gap">Oslo</del>'),
    ],
)
def test_what_differs_is_marked_by_words(text: str, wanted: str, html: str) -> None:
    assert marked(text, wanted) == html


def test_what_differs_is_marked_side_by_side() -> None:
    page = lxml_html.fromstring(
        "".join(render(comparison("Oslo, of course.", "It is Oslo.", "Oslo, of course."), "html"))
    )
    first = page.get_element_by_id("c1")
    sections = first.xpath(".//div[@class='sides']/section")
    assert [section.findtext("header/h3") for section in sections] == ["wanted", "base", "tuned"]
    assert [mark.text for mark in sections[1].iter("mark")] == ["It is"]
    assert not [*sections[2].iter("mark")]
    assert [mark.text for mark in sections[2].iter("li")] == ["judged better", "16 characters", "exact"]


def test_the_page_is_self_contained_dark_and_light() -> None:
    page = "".join(render(comparison("a", "b", "c"), "html"))
    assert "default-src &#x27;none&#x27;" in page
    assert "prefers-color-scheme: dark" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "src=" not in page
    assert "url(" not in page
    assert " style=" not in page


def test_every_format_tells_every_row() -> None:
    found = comparison("Oslo", "It is Oslo", "Oslo")
    for name in FORMATS:
        assert "".join(render(found, name, 80)).count("Hi.jsonl:1") == 2
    one, two = (json.loads(line) for line in render(found, "jsonl"))
    assert one["judge"]["winner"] == "tuned"
    assert two["base"] == {"model": "It is Oslo", "refused": "It is Oslo"}


@given(st.integers(40, 200), st.text("a/.", min_size=1, max_size=90))
def test_a_table_fits_its_terminal(width: int, path: str) -> None:
    found = comparison("Oslo", "It is Oslo", "Oslo", said="x")
    case = Conversation(path, [{"role": "user", "content": "x"}], "Oslo")
    rows = [Row(case, row.base, row.tuned, row.verdict) for row in found.rows]
    table = "".join(render(Comparison("a", "b", "", rows, None), "text", width)).partition("\n\n")[0]
    assert max(map(len, table.splitlines())) <= max(width, 20 + 2 * 8 + 60)


@given(st.text(max_size=60), st.text(min_size=1, max_size=60))
def test_measures(text: str, wanted: str) -> None:
    one = measure(text, wanted)
    assert one.characters == len(text)
    assert one.distance is not None
    assert 0 <= one.distance <= 1
    assert (one.distance == 0) == (text == wanted)
    assert not one.exact or text.strip() == wanted.strip()
    assert measure(wanted, wanted).distance == 0
    assert measure(text, "").distance is None
