"""Whatever colour a company has, what stands in it can be read in light and dark; and its stylesheet is served."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openroads.directory.actions.company import change_company
from openroads.directory.company import COMPANY, Company
from openroads.directory.models import TrailEntry
from openroads.ui import colours

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")
TOKENS = Path(colours.__file__).parent / "static/ui/tokens.css"


def test_contrast_is_that_of_wcag() -> None:
    assert colours.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert colours.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert colours.contrast("#E4572E", "#E4572E") == 1


@given(COLOURS)
@settings(deadline=None)
@example("#FFFFFF")
@example("#000000")
@example("#FFFF00")
@example("#0000FF")
def test_text_in_any_colour_and_on_it_can_be_read_on_every_ground(accent: str) -> None:
    for shades, grounds in ((colours.on_light(accent), colours.LIGHT), (colours.on_dark(accent), colours.DARK)):  # fmt: skip
        for ground in (*grounds, shades.chosen):
            assert colours.contrast(shades.action, ground) >= colours.LEAST
            assert colours.contrast(shades.hover, ground) >= colours.LEAST
        assert colours.contrast(shades.action, shades.on_action) >= colours.LEAST
        assert colours.contrast(shades.hover, shades.on_action) >= colours.LEAST


@given(COLOURS)
@settings(deadline=None)
def test_a_colour_is_changed_no_further_than_it_must(accent: str) -> None:
    for shades, grounds in ((colours.on_light(accent), colours.LIGHT), (colours.on_dark(accent), colours.DARK)):  # fmt: skip
        grounds = (*grounds, shades.chosen)
        reads = all(colours.contrast(accent, ground) >= colours.LEAST for ground in grounds)
        assert (shades.action == accent) is reads


@given(COLOURS)
@settings(deadline=None)
def test_words_in_what_is_chosen_can_be_read(accent: str) -> None:
    ink = re.search(r"--ink: light-dark\((#\w+), (#\w+)\)", TOKENS.read_text(encoding="utf-8"))
    assert ink is not None
    assert colours.contrast(ink[1], colours.on_light(accent).chosen) >= 2 * colours.LEAST
    assert colours.contrast(ink[2], colours.on_dark(accent).chosen) >= 2 * colours.LEAST


@given(st.text(max_size=9))
@settings(deadline=None)
def test_what_is_no_colour_is_none(told: str) -> None:
    found = colours.read(told)
    assert found is None or re.fullmatch(r"#[0-9A-F]{6}", found)
    assert colours.read(" #f80 ") == "#FF8800" and colours.read("e4572e") == "#E4572E"


def test_the_grounds_are_those_of_the_tokens() -> None:
    tokens = TOKENS.read_text(encoding="utf-8")
    for name, light, dark in zip(("paper", "surface", "sunken", "hover", "chosen"), colours.LIGHT, colours.DARK, strict=True):  # fmt: skip
        assert f"--{name}: light-dark({light}, {dark});" in tokens
    for name in re.findall(r"--[a-z-]+(?=:)", colours.stylesheet("#E4572E")):
        assert f"{name}: light-dark(" in tokens, "it says names again that are there"


def test_the_stylesheet_is_served_to_everybody_and_asked_for_once(db: None) -> None:
    answer = Client().get("/colours/e4572e.css")
    assert answer["Content-Type"] == "text/css; charset=utf-8" and not answer.cookies
    assert answer.content.decode() == colours.stylesheet("#E4572E")
    assert "max-age" in answer["Cache-Control"]
    again = Client().get("/colours/e4572e.css", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    for odd in ("E4572E", "e4572", "e4572g", "e4572e;"):
        assert Client().get(f"/colours/{odd}.css").status_code == 404


@pytest.fixture
def windmee(db: None) -> Company:
    return Company.objects.create(pk=COMPANY, name="Windmee", accent="#E4572E")


OUTSIDE = ("/you-said/", "/you-said/embedded/", "/help/", "/notice/", "/notice/ask/")


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_pages_everybody_may_read_have_the_colour_and_the_others_have_not(
    windmee: Company, ada: Any, signed_in: Any, address: str
) -> None:
    page = Client().get(address).content.decode()
    assert page.index("ui/tokens.css") < page.index('href="/colours/e4572e.css"'), address
    assert "style=" not in page
    assert "/colours/" not in signed_in(ada).get("/company/change/").content.decode()
    Company.objects.update(accent="")
    assert "/colours/" not in Client().get(address).content.decode()


def told(**more: Any) -> dict[str, Any]:
    return {"name": "Windmee", "languages": ["nl"], "customers_en": "", "customers_nl": "", **more}


def test_a_colour_is_kept_in_one_form_with_its_line_on_the_trail(windmee: Company, ada: Any) -> None:  # fmt: skip
    change_company(by=ada, **told(accent="0a8"))
    windmee.refresh_from_db()
    assert windmee.accent == "#00AA88"
    assert TrailEntry.objects.get(verb="changed company").facts["accent"] == {"was": "#E4572E", "now": "#00AA88"}  # fmt: skip
    change_company(by=ada, **told())
    windmee.refresh_from_db()
    assert windmee.accent == "#00AA88", "who says nothing of it leaves it"
    with pytest.raises(ValidationError) as problem:
        change_company(by=ada, **told(accent="red; }"))
    assert "accent" in problem.value.message_dict


def test_the_page_of_the_company_takes_and_shows_it(windmee: Company, ada: Any, signed_in: Any) -> None:  # fmt: skip
    browser = signed_in(ada)
    form = browser.get("/company/change/").content.decode()
    assert "#E4572E" in form
    assert browser.post("/company/change/", told(accent="purple")).status_code == 400
    assert browser.post("/company/change/", told(accent="#8e44ad")).status_code == 302
    page = browser.get("/company/").content.decode()
    for shown in ("#8E44AD", colours.on_light("#8E44AD").action, colours.on_dark("#8E44AD").action):
        assert shown in page
    assert browser.post("/company/change/", told(accent="")).status_code == 302
    assert Company.objects.get().accent == ""
