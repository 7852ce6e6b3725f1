"""The ledger: what is asked is counted before it is asked, sources with one key share what it may, and what is
spent makes a source rest and no source deaf."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openroads.connectors.http import Guarded
from openroads.connectors.metering import Allowance, Period, UsedUp
from openroads.connectors.youtube import UNITS
from openroads.listening.actions.sources import visit_source
from openroads.listening.models import Source, Spending
from openroads.listening.spending import queries
from openroads.listening.spending.metering import SourceMeter
from tests.connectors.conftest import Server
from tests.connectors.visiting import says
from tests.listening.spending.conftest import CHANNEL, EX, TUBE, Clock, follow

MONEY = Allowance("posts", "posts", Period.MONTH, money=Decimal(25))


def threads(server: Server, clock: Clock, *numbers: str) -> None:
    items = [
        {"snippet": {"videoId": "kadeRIDEday", "totalReplyCount": 0, "topLevelComment": {
            "id": number, "snippet": {
                "videoId": "kadeRIDEday", "textDisplay": f"De Kade rijdt fijn {number}", "authorDisplayName": "@ilse",
                "publishedAt": (clock.now - timedelta(hours=1)).isoformat()}}}}
        for number in numbers
    ]  # fmt: skip
    says(server, "/commentThreads", {"items": items})


def test_a_visit_is_counted_in_the_ledger(
    windmee: Any, sanne: Any, server: Server, at_test: Guarded, clock: Clock
) -> None:
    source = follow(sanne, "youtube", TUBE)
    threads(server, clock, "c1", "c2")
    visit_source(by=sanne, source=source, client=at_test)
    row = Spending.objects.get(allowance="units")
    assert (row.source_id, row.units, row.calls, row.limit_units) == (source.pk, 1, 1, 10_000)
    assert "a-key" not in repr(Spending.objects.values())


def test_sources_with_one_key_share_what_it_may(windmee: Any, sanne: Any, clock: Clock) -> None:
    first = follow(sanne, "youtube", TUBE)
    second = follow(sanne, "youtube", {**TUBE, "topic": "@windmee"})
    other = follow(sanne, "youtube", {**TUBE, "topic": "@kade", "key": "another"})
    SourceMeter(first).spend(UNITS, 6_000)
    SourceMeter(second).spend(UNITS, 4_000)
    for source in (first, second):
        with pytest.raises(UsedUp, match="10,000 units"):
            SourceMeter(source).spend(UNITS)
    SourceMeter(other).spend(UNITS)
    units, _searches = queries.used_now(first, clock.now)
    assert (units.units, units.others, units.together, units.left) == (6_000, 4_000, 10_000, 0)


def test_what_is_refused_is_not_counted_and_the_next_day_begins_anew(
    windmee: Any, sanne: Any, clock: Clock
) -> None:
    source = follow(sanne, "youtube", TUBE)
    meter = SourceMeter(source)
    meter.spend(UNITS, 9_999)
    with pytest.raises(UsedUp) as used_up:
        meter.spend(UNITS, 2)
    assert Spending.objects.get().units == 9_999
    clock.now = used_up.value.until
    meter.spend(UNITS, 2)
    assert [row.units for row in Spending.objects.all()] == [2, 9_999]


def test_a_budget_in_money_is_a_source_s_own(windmee: Any, sanne: Any, clock: Clock) -> None:
    first = follow(sanne, "x", EX)
    second = follow(sanne, "x", {**EX, "topic": "kade"})
    SourceMeter(first).spend(MONEY, 5_000, Decimal(25))
    with pytest.raises(UsedUp, match=r"\$ 25.00"):
        SourceMeter(first).spend(MONEY, 1, Decimal("0.005"))
    SourceMeter(second).spend(MONEY, 1, Decimal("0.005"))
    SourceMeter(first).give_back(MONEY, 100, Decimal("0.50"))
    SourceMeter(first).spend(MONEY, 100, Decimal("0.50"))
    assert SourceMeter(first).used(MONEY).money == Decimal(25)


def test_what_is_used_up_makes_a_source_rest_and_not_deaf(
    windmee: Any, sanne: Any, server: Server, at_test: Guarded, clock: Clock, signed_in: Any
) -> None:
    source = follow(sanne, "youtube", TUBE)
    SourceMeter(source).spend(UNITS, 10_000)
    visit_source(by=sanne, source=source, client=at_test)
    source.refresh_from_db()
    assert source.last_error == "" and source.next_at == UNITS.renews_at(clock.now)
    assert "10,000 units of the YouTube API of today are used up. It goes on" in source.note
    assert server.asked == []
    shown = signed_in(sanne).get(reverse("listening:sources"))
    assert "are used up" in shown.content.decode()
    assert [row.urgency for row in shown.context["rows"] if row.state == "deaf"] == []


def test_what_came_before_it_was_used_up_is_kept(
    windmee: Any, sanne: Any, server: Server, at_test: Guarded, clock: Clock
) -> None:
    from tests.listening.test_networks import heard

    source = follow(sanne, "youtube", {**TUBE, "topic": f"{CHANNEL}, @windmee"})
    threads(server, clock, "c1", "c2")
    SourceMeter(source).spend(UNITS, 9_999)
    visit_source(by=sanne, source=source, client=at_test)
    source.refresh_from_db()
    assert heard(source) == 2 and "used up" in source.note


def test_a_network_that_asks_to_be_left_alone_is_by_every_source_with_the_key(
    windmee: Any, sanne: Any, clock: Clock
) -> None:
    first = follow(sanne, "youtube", TUBE)
    second = follow(sanne, "youtube", {**TUBE, "topic": "@windmee"})
    SourceMeter(first).close(UNITS, 60)
    with pytest.raises(UsedUp):
        SourceMeter(second).spend(UNITS)
    clock.now += timedelta(seconds=61)
    SourceMeter(second).spend(UNITS)
    SourceMeter(first).close(UNITS, 60)
    SourceMeter(first).close(UNITS, 0)
    SourceMeter(second).spend(UNITS)


def test_the_page_of_a_source_shows_used_limit_and_when_it_is_renewed(
    windmee: Any, sanne: Any, clock: Clock, signed_in: Any
) -> None:
    source = follow(sanne, "youtube", TUBE, name="Tube")
    page = reverse("spending:source", args=[source.pk])
    browser = signed_in(sanne)
    assert "Tube has asked nothing yet in this period" in browser.get(page).content.decode()
    SourceMeter(source).spend(UNITS, 1_234)
    SourceMeter(source).note(UNITS, 77)
    shown = browser.get(page).content.decode()
    assert "Tube has used 1,234 of 10,000 units of the YouTube API today" in shown
    assert "Left, the network says" in shown and ">77<" in shown
    assert "within 25 days" in shown and "for 30 days goes" in shown
    assert page in browser.get(reverse("listening:source", args=(source.pk,))).content.decode()


def test_a_longer_ledger_is_no_more_questions(
    windmee: Any, sanne: Any, clock: Clock, signed_in: Any
) -> None:
    source, browser = follow(sanne, "youtube", TUBE), signed_in(sanne)
    page = reverse("spending:source", args=[source.pk])

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(page).status_code == 200
        return len(asked)

    questions()
    few = questions()
    for back in range(1, 20):
        SourceMeter(source).spend(UNITS, back)
        clock.now -= timedelta(days=1)
    clock.now += timedelta(days=19)
    assert questions() == few <= 18


def test_every_network_has_its_page(windmee: Any, sanne: Any, signed_in: Any) -> None:
    for network, told in (("hackernews", {"topic": "a"}), ("stackexchange", {"topic": "a"})):
        source = follow(sanne, network, told)
        assert signed_in(sanne).get(reverse("spending:source", args=[source.pk])).status_code == 200


def test_how_often_a_source_is_visited_is_its_network_s(windmee: Any, sanne: Any) -> None:
    assert follow(sanne, "youtube", TUBE).every_minutes == 60
    assert follow(sanne, "hackernews", {"topic": "a"}).every_minutes == 15
    assert Source.objects.count() == 2
