"""The walk of labelling: one key says what a post is, one takes it back; five minutes of reading; who reads."""

import re
from typing import Any

from tests.browser.pages import LISTENER, violations

IN_CARD = "() => document.activeElement.closest('[data-card]')?.id || ''"


def pressed(page: Any, key: str, where: str) -> None:
    """Press a key and wait for its answer and for what the answer puts in the page."""
    with page.expect_response(f"**/{where}/") as answer:
        page.keyboard.press(key)
    assert answer.value.status == 200
    page.wait_for_function(
        "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"
    )


def test_a_post_is_corrected_and_taken_back_by_one_key_each(enter: Any) -> None:
    visitor = enter(LISTENER)
    page = visitor.page
    page.goto("/listen/explore/posts/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    card = page.locator(f"#{page.evaluate(IN_CARD)}")
    before = card.locator(".read-as a").inner_text()
    wanted, said = ("3", "positive") if before.startswith("negative") else ("1", "negative")
    pressed(page, wanted, "say")
    assert card.locator(".read-as a").inner_text().startswith(said)
    assert card.locator("[data-say]").inner_text() == f"Tone is {said} now"
    page.wait_for_function(
        f"() => document.getElementById('announcer').textContent === 'Tone is {said} now'"
    )
    assert page.evaluate(IN_CARD) == card.get_attribute("id"), "the next key is for the same post"
    page.keyboard.press("c")
    assert "negative" in visitor.focused()
    assert violations(page) == []
    pressed(page, "z", "take-back")
    assert card.locator(".read-as a").inner_text() == before
    first = card.get_attribute("id")
    page.keyboard.press("j")
    assert page.evaluate(IN_CARD) not in ("", first)

    card.locator(".read-as a").click()
    page.wait_for_url(re.compile(r"/listen/posts/[\d.]+-\d+/"))
    assert "Sanne de Wit" in page.locator("main table").inner_text()
    assert "ended" in page.locator("main table").inner_text()
    assert violations(page) == []


def test_a_sample_is_read_by_keys_and_the_report_says_how_well_we_read(enter: Any) -> None:
    visitor = enter(LISTENER)
    page = visitor.page
    page.goto("/listen/reading/")
    assert re.fullmatch(r"Tone is read right \d+ times in a hundred", visitor.heading())
    page.get_by_role("link", name="Read for five minutes").click()
    page.wait_for_url("**/listen/reading/read/**")
    shown = page.locator("#turn blockquote").inner_text()
    pressed(page, "2", "read")
    assert page.locator("#turn blockquote").inner_text() != shown
    assert "you said neutral" in page.locator(".last-said").inner_text()
    pressed(page, "z", "read")
    assert page.locator("#turn blockquote").inner_text() == shown
    page.get_by_role("link", name="Stop for now").click()
    page.locator("main").get_by_role("link", name="Dutch").click()
    page.wait_for_url("**/listen/reading/tone/nl/")
    assert "Tone in Dutch is read by" in visitor.heading()
    assert violations(page) == []


def test_without_a_script_the_buttons_do_the_same(enter: Any) -> None:
    visitor = enter(LISTENER, script=False)
    page = visitor.page
    page.goto("/listen/explore/posts/")
    card = page.locator(".post-card").nth(4)
    card.get_by_role("button", name="Right").click()
    assert "Confirmed: tone and kind were read right" in page.locator("#toasts").inner_text()
    card.get_by_role("button", name="Take it back").click()
    assert "Taken back" in page.locator("#toasts").inner_text()


def test_a_post_is_put_in_a_topic_and_taken_out_by_keys(enter: Any) -> None:
    visitor = enter(LISTENER)
    page = visitor.page
    page.goto("/listen/explore/posts/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    card = page.locator(f"#{page.evaluate(IN_CARD)}")
    read_as = card.locator(".read-as a").inner_text()
    page.keyboard.press("t")
    assert visitor.focused().startswith("button submit"), "the first topic"
    # Other walks make topics of their own in this house, so it need not be the first.
    topic = card.locator('button[name="says"]', has_text="Battery in winter")
    key = str(topic.get_attribute("data-key"))
    was_in = str(topic.get_attribute("value")).endswith(":out")
    said = ("Not in", "In") if was_in else ("In", "Not in")
    assert violations(page) == []
    pressed(page, key, "topics")
    assert card.locator("[data-say]").inner_text() == f"{said[0]} “Battery in winter” now"
    assert card.locator(".read-as a").inner_text() == read_as, (
        "a number is the topic's while these are open"
    )
    assert page.evaluate(IN_CARD) == card.get_attribute("id")
    pressed(page, key, "topics")
    assert card.locator("[data-say]").inner_text() == f"{said[1]} “Battery in winter” now"
    assert violations(page) == []
    page.keyboard.press("t")
    pressed(page, "z", "take-back")
    assert card.locator("details[data-own-keys][open]").count() == 0

    page.goto("/listen/topics/")
    page.locator("main").get_by_role("link", name="Battery in winter").first.click()
    page.wait_for_url(re.compile(r"/listen/topics/\d+/"))
    told = page.locator(".rightness").inner_text()
    assert re.search(r"Of what it finds, people looked at \d+: \d+ rightly found", told)
    page.locator(".rightness").get_by_role("link", name="Belongs, of what it finds").click()
    assert "Wilson" in page.locator("#right-figures").inner_text()
    assert violations(page) == []
    page.get_by_role("link", name="See the posts people looked at").click()
    page.wait_for_url("**/said/")
    assert "People looked at" in visitor.heading()
    assert violations(page) == []


def test_without_a_script_a_post_is_put_in_a_topic_by_a_plain_form(enter: Any) -> None:
    visitor = enter(LISTENER, script=False)
    page = visitor.page
    page.goto("/listen/explore/posts/")
    card = page.locator(".post-card").nth(5)
    card.locator("summary", has_text="Topics").click()
    card.get_by_role("button", name="Theft").click()
    assert "“Theft” now" in page.locator("#toasts").inner_text()
    card.get_by_role("button", name="Take it back").click()
    assert "Taken back" in page.locator("#toasts").inner_text()
