"""The walk of the main job: open the gap, choose a word, read the people, change the sentence, take it along."""

import csv
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.pages import LISTENER, too_wide, violations

FIGURES = {"people", "posts", "z", "q"}


def asked(page: Any) -> dict[str, list[str]]:
    """The sentence as the address bar holds it."""
    return parse_qs(urlsplit(page.url).query)


@pytest.fixture
def at_the_gap(enter: Any) -> Any:
    visitor = enter(LISTENER)
    visitor.page.goto("/listen/gap/")
    return visitor


def test_a_word_of_the_axis_leads_to_the_people_who_say_it(at_the_gap: Any) -> None:
    page = at_the_gap.page
    word = page.locator(".exhibit-wide a").first
    shown = word.text_content().strip()
    word.click()
    page.wait_for_url("**word=*")
    drill = page.get_by_role("complementary", name=shown)
    assert drill.locator("blockquote").count() >= 1
    drill.get_by_role("link", name=re.compile("Read (all|the)")).click()
    page.wait_for_url("**/listen/posts/**")
    said = re.search(r"([\d,]+) posts? says? “(.+)”", at_the_gap.heading())
    assert said, at_the_gap.heading()
    assert said[2] == shown
    quotes = page.locator("main article.voice").count()
    assert quotes == min(20, int(said[1].replace(",", "")))
    page.get_by_role("link", name=re.compile(f"word “{shown}”")).click()
    assert "word" not in asked(page)


def test_every_word_of_the_axis_can_be_clicked_and_stands_in_a_list_or_in_the_grey(
    at_the_gap: Any,
) -> None:
    page = at_the_gap.page
    axis = page.locator(".exhibit-wide a")
    assert axis.count() >= 20
    for link in axis.all():
        assert "word=" in link.get_attribute("href")
    listed = {link.inner_text() for link in page.locator(".gap-lists a.term").all()}
    sides = page.locator(".exhibit-wide a").evaluate_all(
        "all => all.map(a => [a.textContent.trim(), getComputedStyle(a.querySelector('text') || a).fill])"
    )
    told_apart = {colour for _word, colour in sides}
    assert len(told_apart) >= 2
    assert listed & {word for word, _colour in sides}


def test_the_sentence_changes_product_language_and_period(at_the_gap: Any) -> None:
    page = at_the_gap.page
    counted = page.locator(".score .meta").last.inner_text()

    page.locator(".ask summary").nth(1).click()
    page.locator(".ask").get_by_role("link", name="Kade").click()
    page.wait_for_url("**product=*")
    assert page.locator(".ask summary").nth(1).inner_text() == "Kade"
    assert page.locator(".score .meta").last.inner_text() != counted

    page.locator(".ask summary").nth(2).click()
    page.locator(".ask").get_by_role("link", name="Dutch").click()
    page.wait_for_url("**lang=nl*")
    assert page.locator(".ask summary").nth(2).inner_text() == "Dutch"

    page.locator(".ask summary").nth(3).click()
    page.locator(".ask").get_by_role("link", name="the last year").click()
    page.wait_for_url("**since=*")
    told = asked(page)
    assert set(told) >= {"brand", "product", "lang", "since", "until"}

    page.locator(".ask summary").nth(3).click()
    page.get_by_label("From", exact=True).fill("2026-09-05")
    page.get_by_label("To", exact=True).fill("2026-10-31")
    page.get_by_role("button", name="Show this period").click()
    page.wait_for_url("**since=2026-09-05*")
    now = asked(page)
    assert (now["since"], now["until"]) == (["2026-09-05"], ["2026-10-31"])
    assert (now["product"], now["lang"]) == (told["product"], told["lang"])
    assert page.locator(".ask summary").nth(3).inner_text() == "5 September to 31 October 2026"


def test_another_brand_is_one_click_away_and_the_address_brings_it_back(at_the_gap: Any) -> None:
    page = at_the_gap.page
    page.locator(".ask summary").first.click()
    brands = page.locator(".ask details").first.locator("a")
    assert brands.first.get_attribute("aria-current") == "true"
    address = page.url
    page.locator(".score tbody a").first.click()
    page.wait_for_url("**product=*")
    narrowed = page.url
    heading = at_the_gap.heading()
    page.goto(address)
    page.goto(narrowed)
    assert at_the_gap.heading() == heading
    page.go_back()
    assert page.url == address


def test_the_words_and_the_page_can_be_taken_along(at_the_gap: Any, tmp_path: Path) -> None:
    page = at_the_gap.page
    with page.expect_download() as got:
        page.get_by_role("link", name="Download the words, CSV").click()
    got.value.save_as(tmp_path / "words.csv")
    text = (tmp_path / "words.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert set(rows[0]) >= FIGURES
    in_file = {row["word"]: row for row in rows}
    shown = page.locator(".they-list tbody tr").first
    word = shown.locator("th").inner_text()
    assert in_file[word]["side"] == "they"
    rate = float(in_file[word]["customers per 10,000 words"])
    assert shown.locator("td").first.inner_text() == str(round(rate)), "the page rounds the file"
    assert re.fullmatch(
        r"brand-gap-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv", got.value.suggested_filename
    )

    with page.expect_download() as got:
        page.get_by_role("link", name="Download the page, PDF").click()
    got.value.save_as(tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-")


def test_the_gap_is_reached_and_read_with_the_keyboard_alone(enter: Any) -> None:
    visitor = enter(LISTENER)
    page = visitor.page
    page.keyboard.press("Control+K")
    page.locator("dialog[open]").wait_for()
    assert "Type what you look for" in visitor.focused()
    page.keyboard.type("brand g")
    page.keyboard.press("Enter")
    page.wait_for_url("**/listen/gap/")
    page.keyboard.press("Tab")
    assert "Skip to the content" in visitor.focused()
    page.keyboard.press("Enter")

    visitor.tab_to("Windmee")
    visitor.tab_to("everything")
    page.keyboard.press("Enter")
    visitor.tab_to("Polder")
    page.keyboard.press("Enter")
    page.wait_for_url("**product=*")

    page.locator("#main").focus()
    visitor.tab_to(page.locator(".exhibit-wide a").first.text_content().strip())
    page.keyboard.press("Enter")
    page.wait_for_url("**word=*")
    page.locator(".drill").focus()
    every = page.locator(".drill a.go").text_content()
    visitor.tab_to(every.strip(), most=160)
    page.keyboard.press("Enter")
    page.wait_for_url("**/listen/posts/**")
    assert page.locator("main article.voice").count() >= 1


def test_single_keys_walk_the_house_and_can_be_switched_off(enter: Any) -> None:
    visitor = enter(LISTENER)
    page = visitor.page
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/listen/gap/")
    page.keyboard.press("/")
    assert "Find a page" in visitor.focused()
    page.keyboard.type("g l")
    assert page.url.endswith("/listen/gap/"), "keys do nothing inside a field"
    page.keyboard.press("Escape")
    page.locator("#main").focus()
    page.keyboard.press("j")
    first = visitor.focused()
    page.keyboard.press("j")
    assert visitor.focused() not in (first, "(body)")
    page.keyboard.press("?")
    page.locator("#keys-dialog[open]").wait_for()
    page.keyboard.press("Escape")

    page.goto("/menu/")
    page.get_by_role("button", name="Switch the single keys off").click()
    page.get_by_role("button", name="Switch the single keys on").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_timeout(300)
    assert page.url.endswith("/menu/")


def _next_theme(page: Any) -> None:
    """Press the button of the theme and wait until the server remembers it."""
    with page.expect_response("**/theme/"):
        page.locator(".top form.theme button").click()


def test_language_and_light_switch_and_stay(at_the_gap: Any) -> None:
    page = at_the_gap.page
    with page.expect_navigation(wait_until="load"):
        page.locator(".top").get_by_role("button", name="NL, Nederlands").click()
    assert page.evaluate("document.documentElement.lang") == "nl"
    assert page.url.endswith("/listen/gap/"), "the reader stays on the page"
    assert "rijders" in at_the_gap.heading()
    ink = "getComputedStyle(document.body).color"
    light = page.evaluate(ink)
    looks = set()
    for _press in range(3):
        _next_theme(page)
        looks.add(
            (page.evaluate("document.documentElement.dataset.theme || ''"), page.evaluate(ink))
        )
    assert {theme for theme, _colour in looks} == {"", "light", "dark"}
    dark = next(colour for theme, colour in looks if theme == "dark")
    assert dark != light
    while page.evaluate("document.documentElement.dataset.theme") != "dark":
        _next_theme(page)
    page.goto("/listen/posts/")
    assert page.evaluate(ink) == dark, "the choice holds on the next page"
    assert page.evaluate("document.documentElement.lang") == "nl"
    assert violations(page) == []


def test_the_gap_is_one_to_read_on_a_phone(enter: Any) -> None:
    visitor = enter(LISTENER, width=320)
    page = visitor.page
    page.locator(".tabbar").get_by_role("link", name="Listen").click()
    page.wait_for_url("**/listen/gap/")
    assert page.locator(".exhibit-narrow").is_visible()
    assert not page.locator(".exhibit-wide").is_visible()
    assert not page.locator("nav.road").is_visible()
    page.locator(".ask summary").nth(3).click()
    assert too_wide(page) == []


def test_what_is_counted_later_joins_the_page_by_itself_or_by_a_link(enter: Any) -> None:
    """A sentence nobody asked before: its months, products and the people of a word come after it."""
    page = enter(LISTENER).page
    page.goto("/listen/gap/?since=2026-08-03&until=2026-10-18")
    page.locator(".score .trend svg").wait_for()
    page.locator(".score tbody a").first.wait_for()
    page.locator(".drill blockquote").first.wait_for()
    assert page.locator(".gap-later").count() == 0 and page.locator(".drill").count() == 1
    assert violations(page) == []
    page = enter(LISTENER, script=False).page
    page.goto("/listen/gap/?since=2026-08-04&until=2026-10-19")
    assert page.locator(".score .trend").count() == 0
    page.get_by_role("link", name="Show who says it").click()
    page.locator(".drill blockquote").first.wait_for()
    page.get_by_role("link", name="Show the months and the products too").click()
    page.locator(".score .trend svg").wait_for()
    assert page.locator(".score tbody a").count() >= 2


def test_what_people_said_is_wide_enough_to_read_on_every_desk(enter: Any) -> None:
    visitor = enter(LISTENER)
    page = visitor.page
    page.goto("/listen/gap/")
    for width in (1024, 1280, 1366, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        drill = page.locator(".drill").bounding_box()
        assert drill["width"] >= 280, (width, drill)
        assert too_wide(page) == [], width


def test_without_a_script_the_gap_says_the_same(enter: Any) -> None:
    visitor = enter(LISTENER, script=False)
    page = visitor.page
    page.goto("/listen/gap/")
    with_script = enter(LISTENER)
    with_script.page.goto("/listen/gap/")
    assert visitor.heading() == with_script.heading()
    page.locator(".ask summary").nth(1).click()
    page.locator(".ask").get_by_role("link", name="Kade").click()
    assert "product" in asked(page)
    page.locator(".they-list th a").first.click()
    page.locator(".drill blockquote").first.wait_for()
    page.locator(".find input").fill("gap")
    page.keyboard.press("Enter")
    page.wait_for_url("**/menu/**")
    assert "Found for" in visitor.heading()
    page.locator("main").get_by_role("link", name="Brand gap").click()
    assert urlsplit(page.url).path == "/listen/gap/"
    page.locator(".top form.theme button").click()
    assert page.locator("html").get_attribute("data-theme") in ("light", "dark")


@pytest.mark.parametrize(
    "place", ["/", "/listen/gap/", "/listen/posts/?word=accu", "/listen/texts/"]
)
def test_paper_shows_the_findings_and_no_navigation(enter: Any, place: str) -> None:
    page = enter(LISTENER, light="dark").page
    page.goto(place)
    page.emulate_media(media="print", color_scheme="light")
    assert page.locator("main h1").is_visible()
    for part in ("nav.road", "header.top", "nav.tabbar", "a.skip", "main .btn", "dialog"):
        assert not any(each.is_visible() for each in page.locator(part).all()), part
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF-")
