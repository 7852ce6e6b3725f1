"""How many questions a page may ask the database: measured, written down, and the same with more rows."""

from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openroads.delivery.models import ApiKey, Channel, Endpoint
from openroads.delivery.notices import notify
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.listening.models import (
    AlertRule,
    BrandText,
    Filing,
    Import,
    MonthTheme,
    Pattern,
    Promise,
    Source,
    SteeringAction,
    Topic,
    TopicVersion,
)
from tests.conftest import on_the_payroll
from tests.listening import corpus

PERIOD = f"?since={corpus.FIRST}&until={corpus.LAST}"
# One of each is how many notices wait, for the bar.
BUDGETS = {
    "web:home": 21,  # who asks about their data, how sure we are of tone, whether a sample waits, what is loud, who is in the spotlight
    "listening:gap": 14,  # the same; whether names are seen, and the company’s own handles, as below
    "listening:posts": 17,  # what was said of the posts and their topics, and what to choose from
    "listening:explore": 20,  # the same, and which topics can be chosen
    "listening:explore_posts": 17,
    "listening:topics": 17,
    "reputation:reputation": 23,  # which topics there are, what was done to steer, and whether names are seen
    "reputation:steering": 20,
    "signals:signals": 20,
    "themes:themes": 20,
    "listening:views": 16,  # with whom each is shared
    "language_model:language_model": 11,
    "listening:events": 7,
    "listening:imports": 8,  # how many there are for the pages
    "listening:sources": 9,  # visits, deaf spells and what was rejected
    "listening:register": 13,  # the house’s rule, the company, and what platforms deleted
    "listening:dpia": 12,
    "requests:requests": 9,
    "sight:names": 9,
    "notice:notice": 9,
    "listening:texts": 8,  # and how many were taken out
    "culture:subscriptions": 9,
    "culture:hours": 12,
    "culture:reach": 10,
    "changes:insights": 11,  # whether somebody stands in for a head
    "labels:report": 14,
    "labels:read": 13,  # which topics there are, and what was said of them
    "directory:company": 9,
    "directory:departments": 7,
    "erasing:erasures": 6,
    "keeping:keeping": 9,  # and how long the words of rooms outside the archive are kept, with how many are past it
    "directory:people": 9,  # how many there are for the pages, and where each belongs
    "directory:trail": 9,  # who and which deeds can be chosen, and the last number
    "ui:menu": 5,
    "patterns:patterns": 13,
    "patterns:measured": 9,
    "patterns:rules": 14,  # every series by its name
    "delivery:notices": 6,
    "delivery:leaving": 7,
    "delivery:endpoints": 6,
    "delivery:keys": 6,
    "delivery:channels": 6,
}
"""Measured with cold caches, session and sign-in included. A page that needs more gets a reason here."""


ASKED_AGAIN = {
    "web:home": 1,
    "listening:gap": 2,  # what they say and what we say
    "listening:posts": 1,
    "listening:explore": 1,
    "listening:explore_posts": 1,
    "listening:topics": 0,
    "reputation:reputation": 1,
    "signals:signals": 1,
    "themes:themes": 2,
    "patterns:patterns": 1,
    "listening:sources": 0,
}
"""Questions to the archive when nothing was written since a page was read: figures are remembered, and
where posts stand; what people say is read afresh."""


@pytest.fixture(scope="module")
def house(lasting_house: Any) -> Any:
    """A house that has heard the corpus, and its administrator."""
    from openroads.delivery.runner import work_off
    from openroads.listening.actions import imports

    brand, sanne = lasting_house
    content = [corpus.posts_csv().encode()]
    item = imports.receive_file(by=sanne, name="posts.csv", content=content, brand=brand)
    imports.start_import(by=sanne, item=item)
    work_off()
    ada = on_the_payroll("Ada Vermeer", "ada@windmee.example", "administrator")
    many_more(brand, ada, 1)
    return ada, brand


def questions(browser: Client, name: str) -> int:
    for cache in caches.all(initialized_only=True):
        cache.clear()
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(reverse(name) + PERIOD).status_code == 200
    return len(asked)


@pytest.fixture
def browser(house: Any, db: None) -> Client:
    client = Client()
    client.force_login(house[0])
    return client


def many_more(brand: Any, ada: Any, more: int) -> None:
    """So many more of everything a page lists."""
    for n in range(more):
        notify(to=ada, deed=f"{n} of {more}", title="Something", mail=True)
        Endpoint.objects.create(name=f"Tracker {n}", address="https://tracker.example/", by=ada)
        ApiKey.objects.create(name=f"P {n}", person=ada, digest=f"{n} of {more}", made_by=ada)
        Channel.objects.create(kind="mastodon", name=f"Channel {n} of {more}", by=ada)
        topic = Topic.objects.create(name=f"Topic {n} of {more}", by=ada, brand=brand)
        version = TopicVersion.objects.create(
            topic=topic, number=1, text="battery", canonical="battery", by=ada
        )
        Filing.objects.create(version=version, state=Filing.State.DONE)
        topic.in_force = version
        topic.save()
        SteeringAction.objects.create(
            on=corpus.FIRST, what=f"Deed {n}", brand=brand, topic=topic, hope="more", by=ada
        )
        Promise.objects.create(
            name=f"Promise {n} of {more}", text="battery", canonical="battery", brand=brand, by=ada
        )
        MonthTheme.objects.create(
            brand=brand, month=corpus.FIRST.replace(day=1), place=100 * more + n, line=n, words=[],
            posts=1, of=2, coherence=0.5, made_at=timezone.now(),
        )  # fmt: skip
        source = Source.objects.create(
            kind="feed", name=f"Feed {n}", address=f"https://f{n}.example/{more}"
        )
        Import.objects.create(
            name=f"{n}.csv", state=Import.State.DONE, source=source, brand=brand, by=ada
        )
        BrandText.objects.create(brand=brand, source=source, title=f"Page {n}", text="Words", digest=str(n), valid_from=timezone.localdate())  # fmt: skip
        person = on_the_payroll(
            f"Person {n}", f"p{n}.{more}@windmee.example", "employee", "champion"
        )
        trail.record(ada, "looked at", person)
        moment = timezone.now()
        Pattern.objects.create(
            series=f"brand:{brand.pk}", what="brand", brand=brand, state=Pattern.State.ENDED, since=moment, until=moment
        )  # fmt: skip
        AlertRule.objects.create(person=ada, series=f"brand:{brand.pk}", by=ada)


@pytest.mark.parametrize("name", BUDGETS)
def test_a_page_asks_no_more_than_it_did(house: Any, browser: Client, name: str) -> None:
    questions(browser, name)
    assert questions(browser, name) <= BUDGETS[name]


def archive_questions() -> int:
    """How many the engine has answered so far, this one included."""
    asked = "SELECT value FROM system.events WHERE event = 'Query'"
    return int(archive().table(asked, {})["value"][0].as_py())


@pytest.mark.parametrize("name", ASKED_AGAIN)
def test_a_page_asked_again_asks_the_archive_for_texts_alone(
    house: Any, browser: Client, name: str
) -> None:
    for _ in range(2):
        assert browser.get(reverse(name) + PERIOD).status_code == 200
    before = archive_questions()
    browser.get(reverse(name) + PERIOD)
    assert archive_questions() - before - 1 <= ASKED_AGAIN[name]


def test_more_rows_are_no_more_questions(house: Any, browser: Client) -> None:
    ada, brand = house
    few = {name: questions(browser, name) for name in BUDGETS}
    many_more(brand, ada, 30)
    assert {name: questions(browser, name) for name in BUDGETS} == few
