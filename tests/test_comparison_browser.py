"""The page of a comparison in a real browser: nothing of a text runs, nothing is fetched, all of it can be used."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, browsing, needs_browser
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from test_comparison_page import side

from ftlint.render.comparison import render
from ftlint.submit.comparison import Comparison, Row
from ftlint.submit.examples import Conversation
from ftlint.submit.judge import Verdict

pytestmark = needs_browser
EVIL = (
    """</div></section></article></main><script>document.title = "EVIL"</script>"""
    """<img src="http://127.0.0.1:9/x" onerror="document.title = 'EVIL'"><svg onload="document.title = 'EVIL'"></svg>"""
    """<style>body { display: none }</style><link rel="stylesheet" href="http://127.0.0.1:9/y"><base href="//x/">"""
    """<iframe srcdoc="<script>top.document.title = 'EVIL'</script>"></iframe><!-- ]]> " ' &lt;b&gt; \u202e"""
)
LONG = "\n".join(f"{number}. A line of a long answer." for number in range(200))
ASKED: tuple[tuple[str, str, str, str], ...] = (
    ("A river?", "Rhine", "Well, the Rhine", "Rhine"),
    (EVIL, EVIL + "1", EVIL, EVIL + "2"),
    ("Long?", LONG, "No.", LONG.replace("150.", "151.")),
    ('{"as": "JSON"}', '{"river": "Rhine"}', "Rhine", '{"river": "Elbe"}'),
    ("ما هي عاصمة مصر؟", "القاهرة", "Cairo", "القاهرة 🏔️"),
    ("世界上最高的山是什么？", "珠穆朗玛峰", "K2", ""),
    ("x" * 4000, "a" * 900, "Filtered.", "b" * 900),
)
WINNERS = ("tuned", "tuned", "tie", "base", "", "base")


def comparison() -> Comparison:
    rows = []
    for number, (asked, wanted, base, tuned) in enumerate(ASKED, 1):
        messages = [{"role": "system", "content": EVIL}, {"role": "user", "content": asked}]
        case = Conversation(f"{'far/' * 30}test.jsonl:{number}", messages, wanted)
        refused = side("", wanted, base) if base == "Filtered." else side(base, wanted)
        verdict = Verdict(WINNERS[number - 1], EVIL) if number <= len(WINNERS) else None  # type: ignore[arg-type]
        rows.append(Row(case, refused, side(tuned, wanted), verdict))
    return Comparison("gpt-4.1-mini", f"ft:gpt-4.1-mini:{EVIL}", EVIL, rows, None)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "comparison.html"
    path.write_text("".join(render(comparison(), "html")), "utf-8")
    return path


@pytest.fixture(scope="module")
def one_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def browser(one_browser: Browser, page: Path) -> Iterator[Browser]:
    """The page; at its end nothing was logged, and nothing asked for but the page itself."""
    one_browser.open(page)
    yield one_browser
    assert one_browser.logged() == []
    assert one_browser.asked() == [page.as_uri()]
    assert one_browser.run("return document.title") != "EVIL"


def shown(browser: Browser) -> list[int]:
    """The numbers of the conversations that can be seen, in order."""
    articles = browser.driver.find_elements(By.TAG_NAME, "article")
    return [int(one.get_attribute("id")[1:]) for one in articles if one.is_displayed()]


def choose(browser: Browser, name: str, words: str) -> None:
    """Choose from a menu by keys, as a person does."""
    menu = browser.driver.find_element(By.ID, name)
    texts = [option.text.partition(" (")[0] for option in menu.find_elements(By.TAG_NAME, "option")]
    menu.send_keys(Keys.HOME + Keys.DOWN * texts.index(words))


def test_what_looks_like_markup_is_text(browser: Browser) -> None:
    texts = browser.run(
        "return [...document.querySelectorAll('#c2 .sides .said')].map((one) => [...one.childNodes]"
        ".filter((node) => node.nodeName !== 'DEL').map((node) => node.textContent).join(''))"
    )
    assert texts == [EVIL + "1", EVIL, EVIL + "2"]
    assert browser.run("return document.title") == f"ft:gpt-4.1-mini:{EVIL} beside gpt-4.1-mini".replace("\n", " ")
    assert browser.run("return document.querySelectorAll('img, svg, iframe, link, base, form').length") == 0
    assert browser.run("return [document.scripts.length, document.styleSheets.length]") == [1, 1]
    assert shown(browser) == [1, 2, 3, 4, 5, 6, 7]


def test_the_policy_stops_what_would_become_markup(one_browser: Browser, page: Path, tmp_path: Path) -> None:
    hurt = tmp_path / "hurt.html"
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        nobody.setblocking(False)
        evil = EVIL.replace(":9/", f":{nobody.getsockname()[1]}/")
        hurt.write_text(page.read_text("utf-8").replace("<main>", f"<main><article>{evil}</article>"), "utf-8")
        one_browser.open(hurt)
        title = one_browser.run("return document.title")
        with pytest.raises(BlockingIOError):
            nobody.accept()
    assert title.startswith("ft:")
    assert one_browser.run("return getComputedStyle(document.body).display") == "block"
    told = one_browser.logged()
    assert len(told) > 4
    assert all("Content Security Policy" in words for words in told)


@pytest.mark.parametrize(("width", "columns"), [(1400, 3), (900, 2), (420, 1)])
def test_answers_stand_side_by_side(browser: Browser, width: int, columns: int) -> None:
    browser.resize(width)
    for number in range(1, len(ASKED) + 1):
        boxes = [one.rect for one in browser.driver.find_elements(By.CSS_SELECTOR, f"#c{number} .sides section")]
        wanted, base, tuned = boxes
        assert (base["y"] == tuned["y"]) == (columns > 1)
        assert (base["x"] < tuned["x"]) == (columns > 1)
        assert (wanted["y"] == base["y"]) == (columns == 3)
        assert abs(base["width"] - tuned["width"]) < 1
    assert browser.run("return document.documentElement.scrollWidth") <= width


def test_conversations_are_picked_out(browser: Browser) -> None:
    choose(browser, "kind", "base judged better")
    assert shown(browser) == [4, 6]
    assert browser.driver.find_element(By.ID, "shown").text == "2 of 7"
    choose(browser, "kind", "refused")
    assert shown(browser) == [7]
    choose(browser, "kind", "all")
    find = browser.driver.find_element(By.ID, "text")
    find.send_keys("rHiNe")
    assert shown(browser) == [1, 4]
    choose(browser, "kind", "base judged better")
    assert shown(browser) == [4]
    find.send_keys("\b" * 5)
    assert shown(browser) == [4, 6]


def test_conversations_are_sorted(browser: Browser) -> None:
    found = comparison().rows
    far = [row.tuned.measures.distance or 0 for row in found]
    choose(browser, "order", "tuned farthest from what is wanted")
    assert shown(browser) == sorted(range(1, 8), key=lambda number: (-round(far[number - 1], 4), number))
    choose(browser, "order", "longest answers")
    assert shown(browser)[0] == 3
    choose(browser, "order", "place")
    assert shown(browser) == [1, 2, 3, 4, 5, 6, 7]


def test_keys_walk_through_what_is_shown(browser: Browser) -> None:
    def press(keys: str) -> str:
        ActionChains(browser.driver).send_keys(keys).perform()
        return str(browser.run("return document.activeElement.id"))

    assert [press("j"), press("j"), press("k"), press("k")] == ["c1", "c2", "c1", "c1"]
    choose(browser, "kind", "base judged better")
    browser.run("document.activeElement.blur()")
    assert [press("j"), press("j"), press("j")] == ["c4", "c6", "c6"]
    top = browser.run("return document.activeElement.getBoundingClientRect().top")
    bar = browser.run("return document.querySelector('#tools').getBoundingClientRect().bottom")
    assert top >= bar
    browser.driver.find_element(By.ID, "text").click()
    assert press("j") == "text"


def test_words_that_are_missing_are_shown_on_demand(browser: Browser) -> None:
    gap, replaced = (browser.driver.find_element(By.CSS_SELECTOR, f"{at} del") for at in ("#c2 .base", "#c4 .tuned"))
    assert gap.rect["width"] < 5
    assert not replaced.is_displayed()
    browser.driver.find_element(By.ID, "missing").click()
    assert gap.rect["width"] > 5
    assert (gap.text, replaced.text) == ("1", "Rhine")


def test_what_is_long_scrolls_on_a_screen_and_not_on_paper(browser: Browser) -> None:
    heights = "const one = document.querySelector('#c3 .sides'); return [one.clientHeight, one.scrollHeight]"
    seen, whole = browser.run(heights)
    assert seen < 900 < whole
    browser.run("document.querySelector('#c3 .sides').focus()")
    assert browser.run("return document.activeElement.className") == "sides tall"
    browser.media("print")
    seen, whole = browser.run(heights)
    assert seen == whole
    assert not browser.driver.find_element(By.ID, "tools").is_displayed()
    assert browser.run("return document.querySelector('#c1 details .said').checkVisibility()")


def test_a_page_of_many_is_whole_where_it_is_looked_at(one_browser: Browser, tmp_path: Path) -> None:
    found = comparison()
    page = tmp_path / "many.html"
    rows = [*found.rows] * 100
    page.write_text("".join(render(Comparison(found.base, found.tuned, "", rows, None), "html")), "utf-8")
    one_browser.open(page)
    menu = one_browser.driver.find_element(By.ID, "kind")
    menu.send_keys(Keys.DOWN)
    assert len(shown(one_browser)) == 200
    one_browser.run("document.getElementById('c694').scrollIntoView()")
    said = one_browser.driver.find_element(By.CSS_SELECTOR, "#c694 .base .said")
    assert said.text == "Well, the Rhine"
    one_browser.media("print")
    assert one_browser.run("return document.getElementById('c100').getBoundingClientRect().height") > 100
    assert one_browser.logged() == []


def test_texts_run_as_they_are_written(browser: Browser) -> None:
    left, right = browser.run(MARGINS, "#c5 .wanted .said")
    assert left > right
    left, right = browser.run(MARGINS, "#c5 .base .said")
    assert left < right
    assert "mono" in browser.run("return getComputedStyle(document.querySelector('#c4 .wanted .said')).fontFamily")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read(browser: Browser, scheme: str) -> None:
    browser.media(scheme=scheme)
    contrasts = browser.run(CONTRASTS)
    assert len(contrasts) > 50
    assert {words: ratio for words, ratio in contrasts if ratio < 4.5} == {}


MARGINS = """
const box = document.querySelector(arguments[0]), range = document.createRange()
range.selectNodeContents(box)
const [outer, inner] = [box, range].map((one) => one.getBoundingClientRect())
return [inner.left - outer.left, outer.right - inner.right]
"""
CONTRASTS = """
const numbers = (color) => color.match(/[\\d.]+/g).map(Number)
const light = (color) => numbers(color).slice(0, 3).map((part) => part / 255)
  .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0)
const behind = (one) => {
  const color = getComputedStyle(one).backgroundColor
  return numbers(color)[3] === 0 ? behind(one.parentElement) : color
}
const found = []
for (const one of document.querySelectorAll("body *:not(script, meter, option, .gap)")) {
  if (!one.checkVisibility() || ![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue
  const [high, low] = [light(getComputedStyle(one).color), light(behind(one))].sort((a, b) => b - a)
  found.push([one.tagName + " " + one.textContent.trim().slice(0, 20), (high + 0.05) / (low + 0.05)])
}
return found
"""
