"""The walk of the golden thread: decided, live, told back, measured, by four people and in both languages."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from tests.browser.pages import LISTENER, too_wide, violations

WORDS = {
    "en": ("Decide", "Say it is live", "Make the drafts", "Measure again now", "to be read and sent", "Too early to say."),
    "nl": ("Besluit", "Zeg dat het live is", "Maak de concepten", "Meet nu opnieuw", "te lezen en te versturen", "Te vroeg om te zeggen."),
}  # fmt: skip


def right(page: Any) -> None:
    assert violations(page) == [] and too_wide(page) == []


@pytest.mark.parametrize("language", WORDS)
def test_from_an_insight_to_what_it_did(enter: Any, language: str) -> None:
    decide, live, drafts, measure, waits, early = WORDS[language]
    head = enter("Tom Hendriks", language=language)
    page = head.page
    page.goto("/changes/insights/")
    ours = page.locator("section", has=page.locator("h2", has_text="Product"))
    ours.locator("tbody th a").first.click()
    page.locator("main").get_by_role("link", name=decide, exact=True).click()
    page.wait_for_url("**/decide/")
    right(page)
    page.locator("[name=answer][value=yes]").check()
    page.fill("[name=reason]", "It costs more than it saves.")
    page.fill("[name=title]", f"A sturdier part, {language}")
    page.fill("[name=due_on]", (date.today() + timedelta(days=40)).isoformat())
    page.fill("[name=cost_ceiling]", "45000")
    page.locator("main form .btn.go").click()
    page.wait_for_url(re.compile(r"/changes/$"))
    right(page)
    page.get_by_role("link", name=f"A sturdier part, {language}").click()
    page.wait_for_url(re.compile(r"/changes/\d+/$"))
    change = page.url
    assert page.locator(".story > li").count() == 6
    assert page.locator(".story > li.stuck").count() == 1
    right(page)
    page.get_by_role("link", name=live).first.click()
    page.fill("[name=what]", "A sturdier part on every new bike.")
    page.fill("[name=proof]", "Service bulletin 26-30")
    right(page)
    page.locator("main form .btn.go").click()
    page.wait_for_url(change)

    webcare = enter("Daan Kuipers", language=language).page
    webcare.goto(f"{change}telling/")
    webcare.wait_for_url("**/telling/texts/")
    right(webcare)
    webcare.get_by_role("button", name=drafts).click()
    webcare.wait_for_url(re.compile(r"/telling/$"))
    assert waits in webcare.locator("main").inner_text()
    right(webcare)

    listener = enter(LISTENER, language=language).page
    listener.goto(change)
    listener.get_by_role("button", name=measure).click()
    listener.wait_for_url(change)
    assert early in listener.locator(".story").inner_text()
    right(listener)


@pytest.mark.parametrize("language", WORDS)
def test_the_change_that_went_all_the_way_and_the_public_page(enter: Any, language: str) -> None:
    page = enter("Tom Hendriks", language=language).page
    page.goto("/changes/14/")
    assert page.locator(".story > li.stuck, .story > li.todo").count() <= 1
    assert page.locator("svg.before-after").count() == 1
    page.locator("details.as-table summary").click()
    assert page.locator("details.as-table tbody tr").count() > 10
    right(page)
    page.goto("/changes/clocks/")
    right(page)
    page.goto("/you-said/")
    assert page.locator("article.said-and-done").count() >= 3
    assert "Tom Hendriks" not in page.locator("main").inner_text()
    right(page)
