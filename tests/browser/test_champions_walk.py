"""The walk of a compliment: from a case to a success, to a colleague's yes, to the front page, in both languages."""

import re
from typing import Any

import pytest

from tests.browser.pages import AGENT, LISTENER, violations

WORDS = {
    "en": ("Make it a success", "What happened, in one sentence", "Write it down", "Became success",
           "Put a colleague in the spotlight", "Ask your colleague", "Yes, show it", "Step out of the spotlight"),
    "nl": ("Maak er een succes van", "Wat er gebeurde, in één zin", "Opschrijven", "Werd succes",
           "Zet een collega in het zonnetje", "Vraag het je collega", "Ja, laat maar zien", "Stap uit het zonnetje"),
}  # fmt: skip
WHOSE = {"en": "Daan Kuipers", "nl": "Merel Kuin"}


def opened(page: Any, who: str) -> None:
    page.goto("/answer/inbox/?queue=all")
    page.locator(".queue > li > a", has_text=who).first.click()
    page.wait_for_url(re.compile(r"/answer/cases/\d+/"))


@pytest.mark.parametrize("language", WORDS)
def test_a_compliment_becomes_a_success_by_the_keyboard(enter: Any, language: str) -> None:
    make, title, deed, became = WORDS[language][:4]
    visitor = enter(AGENT, language=language)
    page = visitor.page
    opened(page, "Sofia Marquez")
    case = page.url
    assert violations(page) == []
    visitor.tab_to(make, most=200)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/champions/add/\?origin=webcare"))
    assert "Sofia" not in page.locator("main").inner_text()
    assert violations(page) == []
    visitor.tab_to(title)
    page.keyboard.type(f"A customer praised how we helped, {language}")
    page.locator("#id_owner").select_option(label=WHOSE[language])
    visitor.tab_to(deed)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/champions/\d+/$"))
    assert visitor.heading() == f"A customer praised how we helped, {language}"
    assert violations(page) == []
    page.goto(case)
    page.locator(".about a", has_text=became).first.wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("language", WORDS)
def test_a_colleague_is_shown_after_their_yes_and_steps_out_again(
    enter: Any, language: str
) -> None:
    _make, _title, _deed, _became, put, ask, yes, out = WORDS[language]
    agent = enter(AGENT, language=language).page
    opened(agent, "Sofia Marquez")
    agent.get_by_role("link", name=put).first.click()
    agent.wait_for_url(re.compile(r"/champions/spotlight/ask/"))
    agent.locator("#id_person").select_option(label="Ilse Brouwer")
    agent.locator("#id_why").fill(f"She tested in the rain for all of us, {language}")
    agent.get_by_role("button", name=ask).click()
    agent.wait_for_url(re.compile(r"/champions/spotlight/\d+/$"))
    address = agent.url
    listener = enter(LISTENER, language=language).page
    assert f"in the rain for all of us, {language}" not in listener.content()
    ilse = enter("Ilse Brouwer", language=language).page
    ilse.goto(address)
    assert violations(ilse) == []
    ilse.get_by_role("button", name=yes).click()
    ilse.get_by_role("button", name=out).wait_for()
    listener.goto("/")
    listener.locator(".spotlight", has_text=f"in the rain for all of us, {language}").wait_for()
    assert violations(listener) == []
    ilse.get_by_role("button", name=out).click()
    ilse.wait_for_url(re.compile(r"/champions/spotlight/$"))
    listener.goto("/")
    assert listener.locator(".spotlight", has_text=f"for all of us, {language}").count() == 0
    assert violations(ilse) == []
