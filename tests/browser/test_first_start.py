"""From the address the console prints to the import page, with the keyboard alone, in both languages."""

from typing import Any

import pytest

from tests.browser.pages import violations, what_the_policy_would_stop
from tests.cli.houses import Served

PASSWORD = "a bicycle goes against the wind"
WORDS = {
    "en": {
        "go on": "Go on", "company": "Name of the company",
        "riders": "in English", "brand": "Brand", "accounts": "Your own accounts",
        "products": "Products", "name": "Your name", "email": "Your email address",
        "password": "Password", "open": "Open the house", "end": "Bring in what customers say",
        "customers": "riders", "home": "Nobody has been heard yet",
    },
    "nl": {
        "go on": "Verder", "company": "Naam van het bedrijf",
        "riders": "in het Nederlands", "brand": "Merk", "accounts": "Eigen accounts",
        "products": "Producten", "name": "Je naam", "email": "Je e-mailadres",
        "password": "Wachtwoord", "open": "Openroads openen", "end": "Importeer wat klanten zeggen",
        "customers": "rijders", "home": "Er is nog niets binnengekomen",
    },
}  # fmt: skip


def judged(page: Any) -> list[str]:
    faults = list(what_the_policy_would_stop(page.content()))
    for light in ("light", "dark"):
        for width in (1440, 320):
            page.emulate_media(color_scheme=light)
            page.set_viewport_size({"width": width, "height": 900})
            faults += [f"{light} {width}: {fault}" for fault in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults.append(f"{page.url} scrolls sideways at {width}")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    return faults


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_new_house_is_begun_with_the_keyboard_alone(
    visit: Any, new_house: Served, language: str
) -> None:
    words = WORDS[language]
    visitor = visit(new_house.address, language="en" if language == "nl" else "nl")
    page, keys = visitor.page, visitor.page.keyboard
    faults: list[str] = []

    page.goto(new_house.begin)
    faults += judged(page)
    visitor.tab_to("radio")
    for _radio in range(3):
        if page.evaluate("document.activeElement.value") == language:
            break
        keys.press("ArrowDown")
    keys.press("Space")
    keys.press("Enter")
    page.wait_for_url("**/welcome/company/")
    assert page.evaluate("document.documentElement.lang") == language

    faults += judged(page)
    visitor.tab_to(words["company"])
    keys.type("Windmee")
    visitor.tab_to(words["riders"])
    keys.type(words["customers"])
    keys.press("Enter")
    page.wait_for_url("**/welcome/names/")

    faults += judged(page)
    visitor.tab_to(words["brand"])
    keys.type("Windmee")
    visitor.tab_to(words["accounts"])
    keys.type("windmee, @windmee_service")
    visitor.tab_to(words["products"])
    keys.type("Kade: Windmee Kade")
    keys.press("Enter")
    keys.type("Gracht: =Windmee Gracht")
    visitor.tab_to(words["go on"])
    keys.press("Enter")
    page.wait_for_url("**/welcome/administrator/")

    faults += judged(page)
    visitor.tab_to(words["name"])
    keys.type("Ada Vermeer")
    visitor.tab_to(words["email"])
    keys.type("ada@windmee.example")
    visitor.tab_to(words["password"])
    keys.type(PASSWORD)
    visitor.tab_to(words["open"])
    keys.press("Enter")
    page.wait_for_url("**/listen/imports/")
    assert visitor.heading() == words["end"]
    assert page.evaluate("document.documentElement.lang") == language
    assert page.locator("input[type=file]").count() == 1
    assert faults + judged(page) == []

    page.goto("/company/")
    told = page.locator("main").inner_text()
    assert "windmee_service" in told and "Gracht" in told
    page.goto("/")
    assert visitor.heading() == words["home"]
    page.goto(new_house.begin)
    assert page.url == f"{new_house.address}/", "the address of the console begins nothing twice"


def test_a_mistake_in_the_wizard_is_said_at_its_field_and_a_step_back_keeps_the_answers(
    visit: Any, new_house: Served
) -> None:
    visitor = visit(new_house.address)
    visitor.expected |= {400, 403}
    page = visitor.page
    page.goto("/welcome/company/")
    assert visitor.heading() == "This house has not begun yet"
    page.goto(new_house.begin)
    page.get_by_role("button", name="Go on").click()
    assert page.locator(".errorlist").inner_text()
    assert violations(page) == []
    page.get_by_role("radio", name="English").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name of the company").fill("Windmee")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Brand", exact=True).fill("Windmee")
    page.get_by_label("Products").fill("Kade\nKade")
    page.get_by_role("button", name="Go on").click()
    field = page.get_by_label("Products")
    assert field.get_attribute("aria-invalid") == "true"
    told = page.locator(f"#{field.get_attribute('aria-describedby').split()[-1]}")
    assert "twice" in page.locator(".errorlist").inner_text() or "twice" in told.inner_text()
    assert violations(page) == []
    page.get_by_role("link", name="Back").click()
    assert page.get_by_label("Name of the company").input_value() == "Windmee"
