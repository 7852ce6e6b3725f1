"""Two choices side by side: both sentences in one address, figures of each, words that tell them apart."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from openroads.listening.explore import comparing
from tests.listening import corpus

PERIOD = {"since": str(corpus.FIRST), "until": str(corpus.LAST)}
SECOND = {f"with.{name}": value for name, value in PERIOD.items()}


@pytest.fixture(scope="module")
def house(lasting_house: Any) -> Any:
    """A house that has heard the corpus."""
    from openroads.delivery.runner import work_off
    from openroads.listening.actions import imports

    brand, sanne = lasting_house
    content = [corpus.posts_csv().encode()]
    item = imports.receive_file(by=sanne, name="posts.csv", content=content, brand=brand)
    imports.start_import(by=sanne, item=item)
    work_off()
    return brand, sanne


@pytest.fixture
def browser(house: Any, db: None) -> Client:
    client = Client()
    client.force_login(house[1])
    return client


def compared(browser: Client, **asked: Any) -> Any:
    address = f"{reverse('listening:compare')}?{urlencode(PERIOD | SECOND | asked, doseq=True)}"
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.context


def test_each_side_has_its_own_figures_and_words(browser: Client) -> None:
    shown = compared(browser, q="battery", **{"with.q": "saddle"})
    assert shown["page"].finding.startswith(f"{corpus.BATTERY} posts against 30")
    posts = shown["page"].lines[0]
    assert posts.first.startswith("40, 1.4 a day")
    assert posts.second.startswith("30, 1.1 a day")


def test_words_that_tell_two_choices_apart_stand_on_their_side(archive_here: Any) -> None:
    from openroads.archive.queries.choice import Sieve
    from openroads.archive.scope import Scope
    from openroads.directory.conversations import archive
    from tests.archive.saying import land, said

    land(
        archive(),
        *(said(f"a{n}", f"accu leeg fiets n{n}", date(2026, 6, 2), language="nl") for n in range(300)),
        *(said(f"b{n}", f"brake squeals fiets n{n}", date(2026, 6, 2), language="en") for n in range(300)),
    )  # fmt: skip
    scope = Scope(date(2026, 6, 1), date(2026, 6, 29))
    sieves = [Sieve(replace(scope, languages=(code,))) for code in ("nl", "en")]
    sides, words = comparing.read_both(archive(), (sieves[0], sieves[1]), ())
    assert [(side.posts, side.people.people, side.days) for side in sides] == [(300, 300, 28)] * 2
    assert {word.key for word in comparing.of_side(words, "first")} == {"accu", "leeg"}
    assert {word.key for word in comparing.of_side(words, "second")} == {"brake", "squeals"}
    assert [word.key for word in comparing.of_side(words, "both")] == ["fiets"]
    battery = next(word for word in words if word.key == "accu")
    assert (battery.first, battery.second, battery.first_rate, battery.second_rate) == (
        300,
        0,
        1000,
        0,
    )


def test_the_words_are_turned_about_when_the_sides_are_swapped(browser: Client) -> None:
    shown = compared(browser, q="battery", **{"with.q": "saddle"})
    swapped = browser.get(f"{reverse('listening:compare')}?{shown['compared'].swapped}").context
    words = {word.key: word.z for word in shown["compared"].words}
    turned = {word.key: -word.z for word in swapped["compared"].words}
    assert turned == pytest.approx(words)


def test_links_of_one_sentence_keep_the_other_side(browser: Client) -> None:
    shown = compared(browser, q="battery", **{"with.q": "saddle", "with.tone": "negative"})
    sides = shown["compared"].first, shown["compared"].second
    for side, other in ((sides[0], 1), (sides[1], 0)):
        for part in [*side.parts.values(), *side.more]:
            for choice in part.choices:
                told = comparing.split(QueryDict(choice.query))
                assert told[other].get("q") == ("saddle" if other else "battery"), part.name
    assert [chip.label for chip in sides[1].chips] == ["negative"]


def test_without_a_second_choice_the_days_before_stand_beside(browser: Client) -> None:
    answer = browser.get(f"{reverse('listening:compare')}?{urlencode(PERIOD)}")
    first, second = (
        answer.context["compared"].first.filter,
        answer.context["compared"].second.filter,
    )
    assert (first.since - second.until).days == 1
    assert first.days == second.days == 28


def test_two_choices_that_are_the_same_differ_in_no_word(browser: Client) -> None:
    shown = compared(browser)
    assert all(word.side == "both" for word in shown["compared"].words)
    assert not any(each.rows for each in shown["page"].lists)


def test_a_faulty_query_has_no_comparison(browser: Client) -> None:
    address = f"{reverse('listening:compare')}?{urlencode(PERIOD | {'q': '(battery'})}"
    assert browser.get(address).status_code == 404
