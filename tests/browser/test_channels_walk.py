"""An administrator adds an answering channel, tries it and switches it off; the pages are for everybody."""

from typing import Any

import pytest

from tests.browser.pages import ADMINISTRATOR, LOOKS, judged


@pytest.mark.parametrize("language", LOOKS)
def test_an_administrator_adds_a_channel_and_switches_it_off(enter: Any, language: str) -> None:
    page, faults = enter(ADMINISTRATOR, language=language).page, []
    page.goto("/channels/add/")
    page.locator('a[href="/channels/add/hook/"]').click()
    page.locator('[name="name"]').fill(f"Flow {language}")
    page.locator('[name="way_address"]').fill("https://flow.invalid/answers")
    page.locator('[name="way_secret"]').fill("whsec_" + "c2VjcmV0" * 4)
    page.locator("form.narrow button.go").click()
    faults += judged(page, language)
    page.locator("main table a", has_text=f"Flow {language}").click()
    faults += judged(page, language)
    assert page.locator('[name="way_secret"]').input_value() == ""
    page.locator('form[action$="/try/"] button').click()
    page.locator('[name="is_on"]').uncheck()
    page.locator("form.narrow button.go").click()
    assert not page.locator('[name="is_on"]').is_checked()
    page.goto("/leaving/")
    faults += judged(page, language)
    assert faults == []
