"""Exploring, as an analyst does it: the sentence, the figures counted by hand, queries, what is kept."""

import csv
import io
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from openroads.directory.models import TrailEntry
from openroads.listening.explore.models import Event, SavedView
from tests.listening import corpus

PERIOD = {"since": str(corpus.FIRST), "until": str(corpus.LAST)}


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


def page(browser: Client, **asked: Any) -> Any:
    answer = browser.get(f"{reverse('listening:explore')}?{urlencode(PERIOD | asked, doseq=True)}")
    assert answer.status_code == 200
    return answer.context["page"]


def test_the_figures_are_those_of_the_corpus(browser: Client) -> None:
    shown = page(browser)
    assert shown.finding.startswith(f"{corpus.POSTS} posts about Windmee")
    assert f"{corpus.PEOPLE} people" in shown.counted
    assert sum(int(posts) for _day, posts, _expected in shown.days) == corpus.POSTS
    assert len(shown.days) == 28


def test_a_word_a_query_and_a_product_let_through_what_they_say(browser: Client) -> None:
    for asked in ({"word": "battery"}, {"q": "battery"}, {"q": "BATTERY"}, {"q": "batter*"}):
        shown = page(browser, **asked)
        assert shown.finding.startswith(f"{corpus.BATTERY} posts fit"), asked
    assert page(browser, q='"the kade" OR kade').finding.startswith("12 posts fit")
    assert page(browser, q="battery NOT kade").finding.startswith("28 posts fit")
    assert page(browser, word=["battery", "Kade"]).finding.startswith("12 posts fit")
    assert page(browser, word="nobodysaidthis").finding == "No post fits this sentence"


def test_a_choice_shows_the_words_it_says_more_than_the_rest(browser: Client) -> None:
    words = [row.shown for row in page(browser, q="battery OR charger").words]
    assert words[0] == "battery"
    assert "saddle" not in words


def test_a_faulty_query_is_pointed_at_and_nothing_is_counted(browser: Client) -> None:
    answer = browser.get(f"{reverse('listening:explore')}?{urlencode({'q': 'battery AND (kade'})}")
    assert answer.status_code == 400
    told = answer.content.decode()
    assert "This query cannot be searched yet" in told
    assert "<mark>" in told
    assert answer.context["query"].faults
    assert "page" not in answer.context


def test_a_query_is_checked_while_it_is_written(browser: Client) -> None:
    check = reverse("listening:check_query")
    wrong = browser.get(f"{check}?{urlencode({'q': 'likes:many'})}").content.decode()
    assert "<mark>likes:many</mark>" in wrong or "<mark>many</mark>" in wrong
    right = browser.get(f"{check}?{urlencode({'q': 'accu  winter'})}").content.decode()
    assert "accu AND winter" in right
    hostile = browser.get(f"{check}?{urlencode({'q': '(<script>alert(1)</script>'})}")
    assert "<script>" not in hostile.content.decode()


def test_posts_are_read_in_pages_without_a_gap(browser: Client) -> None:
    address, seen = f"{reverse('listening:explore_posts')}?{urlencode(PERIOD)}", []
    while address:
        answer = browser.get(address)
        seen += [card.post.id for card in answer.context["cards"]]
        older = answer.context["older"]
        address = f"{reverse('listening:explore_posts')}?{older}" if older else ""
    assert len(seen) == len(set(seen)) == corpus.POSTS


def test_both_tables_leave_as_csv_with_the_figures_of_the_page(browser: Client) -> None:
    def rows(what: str) -> list[dict[str, str]]:
        answer = browser.get(f"{reverse('listening:explore_csv', args=[what])}?{urlencode(PERIOD)}")
        text = b"".join(answer).decode("utf-8-sig")  # type: ignore[arg-type]
        return list(csv.DictReader(io.StringIO(text)))

    days = rows("days")
    assert sum(int(row["posts"]) for row in days) == corpus.POSTS
    assert days[0]["expected from"] == ""
    assert browser.get(reverse("listening:explore_csv", args=["else"])).status_code == 404
    rows("words")


def test_the_address_holds_the_whole_view(browser: Client) -> None:
    asked = {
        "tone": ["negative", "unknown"], "kind": "complaint", "authors": "few", "lang": "en",
        "q": "battery", "word": "kade", "voice": "brand",
    }  # fmt: skip
    answer = browser.get(f"{reverse('listening:explore')}?{urlencode(PERIOD | asked, doseq=True)}")
    again = browser.get(f"{reverse('listening:explore')}?{answer.context['query_string']}")
    assert again.context["filter"] == answer.context["filter"]
    labels = [chip.label for chip in answer.context["asked"].chips]
    assert len(labels) == 5
    for chip in answer.context["asked"].chips:
        fewer = browser.get(f"{reverse('listening:explore')}?{chip.query}").context["asked"].chips
        assert chip.label not in [each.label for each in fewer]


def test_nonsense_in_the_address_falls_back(browser: Client) -> None:
    asked = (
        "since=yesterday&until=2026-02-31&brand=x&source=0&tone=mauve&kind=&authors=all&before=x"
    )
    for name in ("listening:explore", "listening:explore_posts"):
        assert browser.get(f"{reverse(name)}?{asked}").status_code == 200


def test_the_same_name_once_more_replaces_the_view(browser: Client) -> None:
    for word in ("battery", "charger"):
        query = urlencode(PERIOD | {"q": word})
        browser.post(f"{reverse('listening:views')}?{query}", {"name": "Power"})
    assert "q=charger" in SavedView.objects.get().query


def test_an_event_stands_on_the_line_until_it_is_taken_away(browser: Client) -> None:
    asked = {"on": "2026-06-10", "what": "First   frost"}
    assert browser.post(reverse("listening:events"), asked).status_code == 302
    event = Event.objects.get()
    assert (event.on, event.what) == (date(2026, 6, 10), "First frost")
    assert "First frost" in page(browser).line
    assert browser.post(reverse("listening:events"), {"on": "soon", "what": ""}).status_code == 400
    browser.post(reverse("listening:unmark_event", args=[event.pk]))
    assert "First frost" not in page(browser).line


def test_an_event_has_a_kind_that_stands_on_the_line_and_can_be_said_later(browser: Client) -> None:
    asked = {"on": "2026-06-10", "what": "Spring sale", "kind": "campaign"}
    browser.post(reverse("listening:events"), asked)
    event = Event.objects.get()
    assert event.kind == Event.Kind.CAMPAIGN
    assert "Spring sale (campaign)" in page(browser).line
    kind = reverse("listening:event_kind", args=[event.pk])
    assert browser.post(kind, {"kind": "outage"}).status_code == 302
    assert "Spring sale (outage)" in page(browser).line
    browser.post(kind, {"kind": "party"})
    event.refresh_from_db()
    assert event.kind == Event.Kind.OUTAGE, "what is no kind changes nothing"
    shown = browser.get(reverse("listening:events")).content.decode()
    assert '<option value="outage" selected>' in shown
    entry = TrailEntry.objects.get(verb="said the kind of an event")
    assert entry.facts["kind"] == {"was": "campaign", "now": "outage"}
    asked |= {"what": "Fair", "kind": "party"}
    assert browser.post(reverse("listening:events"), asked).status_code == 400
    plain = {"on": "2026-06-11", "what": "First frost"}
    browser.post(reverse("listening:events"), plain)
    assert Event.objects.get(what="First frost").marked == "First frost", "no kind said is no word"


def test_who_only_reads_sees_the_kind_and_cannot_change_it(browser: Client, omar: Any) -> None:
    browser.post(reverse("listening:events"), {"on": "2026-06-10", "what": "Sale", "kind": "campaign"})  # fmt: skip
    event, reader = Event.objects.get(), Client()
    reader.force_login(omar)
    shown = reader.get(reverse("listening:events")).content.decode()
    assert "campaign" in shown and "<select" not in shown
    kind = reverse("listening:event_kind", args=[event.pk])
    assert reader.post(kind, {"kind": "outage"}).status_code == 403


def test_words_of_a_small_choice_are_counted_one_by_one_in_a_large_rest(
    house: Any, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which words they are is found by a draw of the rest; what is said of them is exact."""
    from openroads.archive.queries import choice, explore
    from openroads.archive.queries.gap import term_ids
    from openroads.archive.scope import Scope
    from openroads.directory.conversations import archive
    from openroads.listening.explore.reading import key_words

    (battery,) = term_ids(archive(), ["battery"]).values()
    scope = Scope(corpus.FIRST, corpus.LAST + timedelta(days=1))
    about = choice.Condition("has(post.terms, {asked:UInt32})", {"asked": battery})
    said = choice.Sieve(scope, condition=about)
    posts = explore.size_of(archive(), said)
    exact = {word.key: (word.posts, word.rest) for word in key_words(archive(), said, posts)}
    monkeypatch.setattr(explore, "DRAWN", posts)
    found = {word.key: (word.posts, word.rest) for word in key_words(archive(), said, posts)}
    assert "battery" in found
    assert {key: exact[key] for key in found} == found
