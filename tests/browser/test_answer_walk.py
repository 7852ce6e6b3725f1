"""The walk of an answer: from the inbox to somebody outside and back again, by keys, in both languages."""

import re
from typing import Any

import pytest

from tests.browser.pages import AGENT, violations

WORDS = {
    "en": ("Send reply", "leaves in", "Kept as a draft.", "Save note", "only colleagues see this"),
    "nl": ("Antwoord versturen", "gaat weg over", "Bewaard als concept.", "Notitie bewaren", "alleen collega’s zien dit"),
}  # fmt: skip


def opened(page: Any, who: str) -> None:
    page.goto("/answer/inbox/?queue=all")
    page.locator(".queue > li > a", has_text=who).first.click()
    page.wait_for_url(re.compile(r"/answer/cases/\d+/"))


@pytest.mark.parametrize("language", WORDS)
def test_an_answer_is_written_sent_and_taken_back_by_keys(enter: Any, language: str) -> None:
    send, leaves, kept, save, colleagues = WORDS[language]
    visitor = enter(AGENT, language=language)
    page = visitor.page
    page.goto("/answer/inbox/")
    assert violations(page) == []
    page.keyboard.press("j")
    assert "/answer/cases/" in page.evaluate("document.activeElement.href")
    opened(page, "dikewind")
    assert violations(page) == []
    page.keyboard.press("r")
    page.keyboard.type(f"Hi, in the app: {language}")
    page.locator("#count", has_text=kept).wait_for()  # kept while one types
    page.reload()
    assert page.locator("#text").input_value() == f"Hi, in the app: {language}"
    page.locator("#text").focus()
    page.keyboard.press("Control+Enter")
    page.locator(".ours .state", has_text=leaves).wait_for()
    assert violations(page) == []
    page.keyboard.press("z")
    page.locator(".ours", has_text=f"the app: {language}").wait_for(state="detached")
    assert page.locator("#text").input_value() == f"Hi, in the app: {language}"
    page.keyboard.press("n")
    page.wait_for_url(re.compile("write=note"))
    page.locator("#text").fill(f"Ask Tom, {language}")
    page.get_by_role("button", name=save).click()
    page.locator(".note", has_text=f"Ask Tom, {language}").wait_for()
    assert colleagues in page.locator(".note").last.inner_text()
    assert violations(page) == []
    page.locator(".reply .tabs a").first.click()
    page.locator("#text").fill("")
    page.locator("#count", has_text=kept).wait_for(state="detached")


def test_what_a_case_fills_in_by_itself_takes_no_focus_and_on_a_phone_words_and_box_are_in_sight(
    enter: Any,
) -> None:
    page = enter(AGENT, language="nl").page
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, "dikewind")
    page.locator(".beside h2", has_text="Zo antwoorden we hierop").wait_for()
    assert page.evaluate("document.activeElement === document.body")
    assert page.evaluate("scrollY") == 0
    for part in (".talk-body .their .said", "#text", ".reply .btn.go"):
        box = page.locator(part).last.bounding_box()
        assert box["y"] + box["height"] <= 844 - 52, part
    ways = page.locator(".tabbar a").evaluate_all(
        "all => all.map(one => [one.scrollWidth, one.clientWidth])"
    )
    assert all(needs <= has for needs, has in ways)


def test_two_who_open_one_case_see_each_other_and_the_second_must_take_it_over(enter: Any) -> None:
    daan, merel = enter(AGENT), enter("Bram Postma")
    opened(daan.page, "Aylin")
    case = daan.page.url.split("?")[0]
    daan.page.locator("[data-key=a]").click()
    daan.page.locator(".talk-top", has_text="Claimed by you").wait_for()
    merel.page.goto(case)
    merel.page.get_by_role("button", name="Take it over").wait_for()
    daan.page.reload()
    daan.page.locator("#there", has_text="Bram Postma").wait_for()
    merel.page.get_by_role("button", name="Take it over").click()
    merel.page.locator(".talk-top", has_text="Claimed by you").wait_for()
    daan.page.reload()
    assert "Bram Postma" in daan.page.locator(".reply").inner_text()
    assert violations(daan.page) == []


def test_without_a_script_one_answers_snoozes_and_closes(enter: Any) -> None:
    page = enter(AGENT, script=False).page
    page.goto("/answer/inbox/")
    page.locator(".queue a", has_text="Thuiszorg Noord").first.click()
    page.locator("#text").fill("Graag, we bellen vandaag.")
    page.get_by_role("button", name="Send reply").click()
    assert "leaves in" in page.locator(".ours .state").inner_text()
    page.locator(".talk-top a", has_text="Snooze").click()
    page.get_by_label("tomorrow morning").check()
    page.get_by_role("button", name="Snooze it").click()
    page.goto("/answer/inbox/?queue=snoozed")
    page.locator(".queue a", has_text="Thuiszorg Noord").first.click()
    page.locator(".talk-top button", has_text="Close").click()
    page.goto("/answer/inbox/?queue=closed")
    assert page.locator(".queue a", has_text="Thuiszorg Noord").count() >= 1


def test_the_inbox_on_a_phone_is_a_list_and_then_a_page(enter: Any) -> None:
    page = enter(AGENT, width=390).page
    page.goto("/answer/inbox/")
    assert page.locator(".talk").is_hidden()
    page.locator(".queue > li > a").first.click()
    page.wait_for_url(re.compile(r"/answer/cases/"))
    assert page.locator(".queue-pane").is_hidden()
    assert page.locator("#text").is_visible()
    assert violations(page) == []
