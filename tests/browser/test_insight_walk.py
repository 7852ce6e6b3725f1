"""The walk of an insight: from posts to a department by the keyboard alone, in both languages."""

import re
from typing import Any

import pytest

from tests.browser.pages import LISTENER, violations

WORDS = {
    "en": ("Start an insight", "The insight in one sentence", "Department that decides",
           "Send it to the department", "waits for"),
    "nl": ("Begin een inzicht", "Het inzicht in één zin", "Afdeling die besluit",
           "Stuur het naar de afdeling", "wacht nu op"),
}  # fmt: skip


@pytest.mark.parametrize("language", WORDS)
def test_an_insight_is_started_by_the_keyboard(enter: Any, language: str) -> None:
    start, title, department, send, waits = WORDS[language]
    visitor = enter(LISTENER, language=language)
    page = visitor.page
    page.goto("/listen/explore/posts/?q=app")
    visitor.tab_to(start, most=200)
    page.keyboard.press("Enter")
    page.wait_for_url("**/listen/insight/**")
    assert violations(page) == []
    visitor.tab_to(title)
    page.keyboard.press("Control+A")
    page.keyboard.type(f"The app forgets the bike, {language}")
    visitor.tab_to(department)
    page.keyboard.press("ArrowDown")
    visitor.tab_to(send)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/changes/insights/\d+/$"))
    assert visitor.heading() == f"The app forgets the bike, {language}"
    assert waits in page.locator("#toasts").inner_text()
    assert page.locator(".story > li").count() == 6
    assert page.locator(".quoted").count() == 5
    page.wait_for_selector(".set .now b")  # what the same question finds now
    assert violations(page) == []
    page.goto("/changes/insights/")
    assert violations(page) == []
    page.locator(".insight-list a", has_text=f"The app forgets the bike, {language}").wait_for()


def test_without_a_script_the_set_is_counted_by_a_link(enter: Any) -> None:
    page = enter(LISTENER, script=False).page
    page.goto("/changes/insights/")
    page.locator(".insight-list tbody th a").last.click()
    page.get_by_role("link", name="Count it again now").first.click()
    assert page.locator("main h1").inner_text() == "Counted again"


def test_a_team_reads_by_keys(enter: Any) -> None:
    visitor = enter(LISTENER)
    page = visitor.page
    page.goto("/listen/hours/")
    page.get_by_role("link", name="Before the press day").click()
    page.get_by_role("link", name=re.compile("Begin to read|Read on")).click()
    page.wait_for_url(re.compile(r"/listen/hours/\d+/\d+/$"))
    page.goto(re.sub(r"\d+/$", "1/", page.url))  # others may have read on before
    first = page.url
    page.keyboard.press("n")
    page.wait_for_url(lambda url: url != first)
    with page.expect_navigation():
        page.keyboard.press("t")
    assert "Sanne de Wit" in page.locator(".talk-names").inner_text()
    with page.expect_navigation():
        page.keyboard.press("t")
    assert "Sanne de Wit" not in page.locator(".talk-names").inner_text()
    page.keyboard.press("p")
    page.wait_for_url(first)
    assert violations(page) == []
