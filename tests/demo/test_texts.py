"""The demo's brand texts, people and phrase files."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from openroads.demo import people
from openroads.demo.company import BRANDS, MAIL_DOMAIN, PRODUCTS
from openroads.demo.grammar import (
    HERE,
    Phrase,
    compile_phrase,
    phrases,
    say,
    sections,
    sentence,
    slots_of,
)  # fmt: skip
from openroads.demo.scene import SLOTS
from openroads.demo.season import THEMES
from openroads.demo.texts import BrandPage, windmee_texts

TODAY = date(2026, 11, 24)
FILES = sorted(
    (folder.name, path.parent.name, path.stem)
    for folder in (HERE / "voices", HERE / "brand")
    for path in folder.glob("*/*.txt")
    if path.stem not in {"words", "hostile", "releases"}
)


@pytest.fixture(scope="module")
def texts() -> list[BrandPage]:
    return windmee_texts(TODAY)


def test_the_texts_are_the_same_every_time(texts: list[BrandPage]) -> None:
    assert windmee_texts(TODAY) == texts


def test_there_are_about_two_hundred_and_a_thousand_passages(texts: list[BrandPage]) -> None:
    assert 120 <= len(texts) <= 255
    assert 900 <= sum(page.text.count("\n\n") + 1 for page in texts) <= 2_000


def test_a_new_version_takes_over_on_the_day_the_old_one_ends(texts: list[BrandPage]) -> None:
    for url in {page.url for page in texts}:
        versions = [page for page in texts if page.url == url]
        for old, new in zip(versions, versions[1:], strict=False):
            assert old.valid_to == new.valid_from
        assert versions[-1].valid_to is None
        assert all(page.valid_from < TODAY for page in versions)


@pytest.mark.parametrize(("language", "old", "new"), [
    ("nl", "Tot 120 km op één lading.", "Tot 140 km op één lading."),
    ("en", "Up to 120 km on one charge.", "Up to 140 km on one charge."),
])  # fmt: skip
def test_the_kade_page_promises_140_km_since_3_march(
    texts: list[BrandPage], language: str, old: str, new: str
) -> None:
    versions = [page for page in texts if page.url.endswith(f"/{language}/kade")]
    assert versions[0].text.startswith(old)
    assert versions[1].text.startswith(new)
    assert versions[1].valid_from == date(2026, 3, 3)


def test_the_brand_says_freedom_and_never_cold_or_waiting(texts: list[BrandPage]) -> None:
    ours = " ".join(page.text.lower() for page in texts)
    for word in ("vrijheid", "design", "duurzaam", "made in holland", "vakmanschap", "premium",
                 "riemaandrijving", "moeiteloos", "freedom", "lifestyle", "innovatie", "beleving"):  # fmt: skip
        assert ours.count(word) >= 20, word
    for word in ("winterbereik", "winter range", " kou ", "vorst", "frost", "monteur", "kapot"):
        assert word not in ours, word
    for word in ("actieradius", "service aan huis", " app ", "prijs", "verzekering", "onderhoud"):
        assert word in ours, word


def test_no_line_is_said_twice_in_one_text(texts: list[BrandPage]) -> None:
    for page in texts:
        for paragraph in page.text.split("\n\n"):
            assert "{" not in paragraph and "  " not in paragraph
            assert 8 <= len(paragraph.split()) <= 110


@pytest.mark.parametrize(("folder", "language", "name"), FILES)
def test_every_phrase_file_can_be_said(folder: str, language: str, name: str) -> None:
    known = {*SLOTS, "boss", "kop"}
    for section, lines in phrases(folder, language, name).items():
        assert lines, f"{name}: section {section} is empty"
        for line in lines:
            assert slots_of(line) <= known, line
            said = sentence(line, lambda slot: "x", lambda: 0.99)
            assert said and not {"[", "]", "{", "}"} & set(said), said


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_phrase_stands_twice_in_a_section(language: str) -> None:
    for theme in (*THEMES, "shared"):
        path = HERE / "voices" / language / f"{theme}.txt"
        for section, lines in sections(path.read_text(encoding="utf-8").splitlines()).items():
            assert len(lines) == len(set(lines)), f"{path.name} == {section}"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "theme", ["winter", "wait", "weight", "plug", "broken", "app", "range", "ride"]
)
def test_the_main_themes_have_sixty_sentences_of_their_own(theme: str, language: str) -> None:
    book = phrases("voices", language, theme)
    said = sum(len(lines) for section, lines in book.items() if not section.startswith("title"))
    assert said >= 60, said


def test_alternatives_and_slots_are_told_apart() -> None:
    phrase: Phrase = compile_phrase("Bij {graden} graden [haal ik|is het] {km}.")
    said = say(phrase, {"graden": "2", "km": "48"}.__getitem__, lambda: 0.0)
    assert said == "Bij 2 graden haal ik 48."


def test_an_unclosed_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="unclosed"):
        compile_phrase("Bij [twee|drie graden")


def test_everybody_has_an_address_of_their_own() -> None:
    addresses = [row.email for row in people.PEOPLE]
    assert len(set(addresses)) == len(addresses) >= 50
    inside = [row for row in people.PEOPLE if row.role != "customer"]
    assert all(row.email.endswith("@" + MAIL_DOMAIN) for row in inside)
    assert {row.department for row in inside} == set(people.DEPARTMENTS)


def test_owners_and_teams_are_people_of_the_house() -> None:
    known = {row.email for row in people.PEOPLE} | {""}
    for account in people.ACCOUNTS:
        assert account.owner in known and account.backup in known
    assert all(team.members and set(team.members) <= known for team in people.TEAMS)


def test_the_bare_name_of_a_bike_is_not_a_form() -> None:
    for bike in PRODUCTS:
        assert bike.name not in bike.forms and bike.name.lower() not in bike.forms
    assert [brand.name for brand in BRANDS if brand.own] == ["Windmee"]


def test_phrase_files_travel_with_the_package() -> None:
    assert isinstance(HERE, Path) and (HERE / "voices" / "nl" / "winter.txt").is_file()
    assert windmee_texts(TODAY + timedelta(days=40))
