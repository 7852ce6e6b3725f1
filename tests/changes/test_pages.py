"""The pages of insights: what the list finds, the thread of one, and what is said when nothing waits."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from openroads.changes import pages
from openroads.changes.models import Insight
from tests.changes.test_insights import opened

pytestmark = pytest.mark.django_db


def waited(insight: Insight, days: float) -> Insight:
    at = timezone.now() - timedelta(days=days)
    Insight.objects.filter(pk=insight.pk).update(opened_at=at)
    insight.opened_at = at
    return insight


def test_the_list_says_how_many_wait_and_which_is_late(
    sanne: Any, product: Any, service: Any, signed_in: Any
) -> None:
    waited(opened(sanne, product, "Winter halves the range"), 8)
    waited(opened(sanne, service, "Nobody says when"), 16)
    told = signed_in(sanne).get("/changes/insights/").content.decode()
    assert "2 insights wait for a decision; the oldest has waited 16 days" in told
    assert "8 of 14 days" in told and "2 days late" in told
    assert told.index("Product") < told.index("Service")
    only = signed_in(sanne).get(f"/changes/insights/?department={product.pk}").content.decode()
    assert "1 insight waits for a decision" in only and "Nobody says when" not in only


def test_a_list_without_insights_says_the_next_step(sanne: Any, omar: Any, signed_in: Any) -> None:
    told = signed_in(sanne).get("/changes/insights/").content.decode()
    assert "No insight waits for a decision" in told
    assert "Look at what people say" in told
    reader = signed_in(omar).get("/changes/insights/?state=joined").content.decode()
    assert "No insight was joined to another" in reader and "Look at what people say" not in reader


def test_the_thread_has_six_steps_and_waits_at_the_third(
    sanne: Any, product: Any, signed_in: Any
) -> None:
    insight = waited(opened(sanne, product), 8)
    page = pages.insight_page(insight, [], timezone.now())
    assert [step.state for step in page.steps] == ["", "", "stuck", "todo", "todo", "todo"]
    assert page.steps[1].days == "8 days so far"
    told = signed_in(sanne).get("/changes/insights/1/").content.decode()
    assert "438 posts by 300 people" in told and "−61 to −44" in told
    assert "Bij 2 graden haal ik" in told and "opened an insight" in told
    with translation.override("nl"):
        assert pages.insight_page(insight, [], timezone.now()).steps[0].name == "Gesprek"


def test_the_clock_turns_before_and_after_its_day(sanne: Any, product: Any) -> None:
    insight, now = opened(sanne, product), timezone.now()
    seen = []
    for days in (1, 11.5, 14.5):
        wait = pages.wait_of(waited(insight, days), now)
        assert wait is not None
        seen.append((wait.how, wait.part))
    assert seen == [("", 7), ("soon", 82), ("late", 100)]


def test_too_few_posts_have_no_net_sentiment(sanne: Any, product: Any) -> None:
    insight = opened(sanne, product, rated=29)
    assert pages.net_words(insight.evidence.get()) == ("too few to say", "")
    unknown = opened(sanne, product, posts=None, people=None, net=None, rated=None)
    assert pages.counted(list(unknown.evidence.all())) == "not counted"


def test_forms_do_what_they_say_and_refuse_with_a_sentence(
    sanne: Any, product: Any, service: Any, signed_in: Any
) -> None:
    opened(sanne, product)
    browser = signed_in(sanne)
    answer = browser.post(
        "/changes/insights/1/hand/", {"department": service.pk, "owner": sanne.pk}
    )
    assert answer.status_code == 400
    answer = browser.post("/changes/insights/1/hand/", {"department": service.pk})
    assert answer.status_code == 302 and Insight.objects.get().department == service
    assert browser.post("/changes/insights/1/withdraw/", {"why": " "}).status_code == 400
    assert browser.post("/changes/insights/1/withdraw/", {"why": "Not so."}).status_code == 302
    assert "Not so." in browser.get("/changes/insights/1/").content.decode()


def test_the_pages_ask_the_database_as_often_with_more_insights(
    ada: Any, product: Any, service: Any, signed_in: Any
) -> None:
    browser = signed_in(ada)

    def asked(address: str) -> int:
        for cache in caches.all(initialized_only=True):
            cache.clear()
        with CaptureQueriesContext(connection) as told:
            assert browser.get(address).status_code == 200
        # Where processes share a cache it is a table; noting a reader there is no question of the page.
        return sum("openroads_cache" not in q["sql"] and "SAVEPOINT" not in q["sql"] for q in told)

    opened(ada, product)
    asked("/changes/insights/")
    few = asked("/changes/insights/"), asked("/changes/insights/1/")
    for n in range(12):
        opened(ada, (product, service)[n % 2], f"More {n}")
    assert (asked("/changes/insights/"), asked("/changes/insights/1/")) == few
    assert few[0] <= 11 and few[1] <= 15
