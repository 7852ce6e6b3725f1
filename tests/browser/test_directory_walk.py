"""The company, its parts, and an author who is looked up: every page judged, the deeds by keyboard."""

from typing import Any

import pytest

from tests.browser.pages import ADMINISTRATOR, LOOKS
from tests.browser.test_access import judged, one_of

languages = pytest.mark.parametrize("language", LOOKS)
INNER = (
    ("/company/", r"/company/brands/\d+/"),
    ("/company/", r"/company/products/\d+/"),
    ("/company/", r"/company/brands/\d+/products/"),
    ("/company/", r"/company/accounts/\d+/"),
    ("/departments/", r"/departments/department/\d+/"),
    ("/departments/", r"/departments/team/\d+/"),
)


@languages
def test_the_inner_pages_of_the_directory_are_for_everybody(enter: Any, language: str) -> None:
    page, faults = enter(ADMINISTRATOR, language=language).page, []
    places = [one_of(page, listing, pattern) for listing, pattern in INNER]
    account, team = places[3], places[5]
    for place in (*places, f"{account}remove/", f"{team}change/", f"{team}end/"):
        page.goto(place)
        faults += judged(page, language)
    assert faults == []


@languages
def test_an_author_is_looked_up_by_keyboard_and_nothing_is_erased_by_mistake(
    enter: Any, language: str
) -> None:
    visitor = enter(ADMINISTRATOR, language=language)
    visitor.expected |= {400}
    page, keys = visitor.page, visitor.page.keyboard
    page.goto("/erasing/")
    visitor.tab_to("select-one")
    keys.type("Bluesky")
    visitor.tab_to("handle")
    keys.type("@Marloes.Fietst")
    keys.press("Enter")
    page.get_by_text("marloes.fietst").first.wait_for()
    assert "handle=" not in page.url, "who is looked up stands in no address"
    faults = judged(page, language)
    assert "Marloes de Groot" in page.locator("main").inner_text()
    with page.expect_download() as download:
        visitor.tab_to("JSON Lines")
        keys.press("Enter")
    assert download.value.suggested_filename.endswith(".jsonl")
    visitor.tab_to("again")
    keys.type("somebody.else")
    keys.press("Enter")
    page.locator("[aria-invalid=true]").wait_for()
    faults += judged(page, language)
    page.goto("/erasing/")
    assert page.locator("main tbody tr").count() == 0
    assert faults == []


def test_a_team_is_made_and_ended_by_keyboard(enter: Any) -> None:
    visitor = enter(ADMINISTRATOR)
    page, keys = visitor.page, visitor.page.keyboard
    page.goto("/departments/")
    visitor.tab_to("Add a team")
    keys.press("Enter")
    page.wait_for_url("**/add-team/")
    visitor.tab_to("input text Name")
    keys.type("Night watch")
    keys.press("Enter")
    page.wait_for_url("**/departments/team/*/")
    visitor.tab_to("person")
    keys.type("Ida")
    visitor.tab_to("Add this person here")
    keys.press("Enter")
    page.get_by_text("1 person belongs here").wait_for()
    visitor.tab_to("End Night watch")
    keys.press("Enter")
    page.wait_for_url("**/end/")
    visitor.tab_to("End Night watch")
    keys.press("Enter")
    page.wait_for_url("**/departments/")
    visitor.tab_to("Bring back")
    assert "Night watch" in visitor.focused()
