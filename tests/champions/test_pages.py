"""The pages of successes and spotlights: what stands in them for whom, how they go on, and what they ask."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from openroads.champions import queries
from openroads.champions.actions.spotlights import answer_spotlight, ask_for_spotlight
from openroads.champions.actions.successes import let_tell
from openroads.champions.models import Spotlight, Success
from openroads.web.menu import commands_for, road_for

pytestmark = pytest.mark.django_db
EUROS = {"low": Decimal(900), "base": Decimal(1_234), "high": Decimal(1_500)}


def shown(browser: Any, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def spotlight_on(person: Any, by: Any) -> Spotlight:
    today = timezone.localdate()
    asked = ask_for_spotlight(
        by=by, person=person, why="She helped in the rain.", since=today,
        until=today + timedelta(days=3),
    )  # fmt: skip
    return answer_spotlight(by=person, spotlight=asked, yes=True)


def test_a_list_without_successes_says_what_one_is_and_the_next_step(
    ilse: Any, ida: Any, fleur: Any, signed_in: Any
) -> None:
    for person, may in ((ilse, True), (ida, False)):
        page = shown(signed_in(person), "/champions/")
        assert "No success stands here yet" in page and "a good conversation" in page
        assert ('href="/champions/add/"' in page) is may
    assert "No success like that" in shown(signed_in(ida), "/champions/?kind=hire")
    assert "Nobody waits for you" in shown(signed_in(fleur), "/champions/?view=waiting")


def test_the_list_is_narrowed_and_addresses_that_make_no_sense_ask_nothing(
    ilse: Any, recorded: Any, signed_in: Any
) -> None:
    recorded(ilse, title="A tender", kind="quote")
    recorded(ilse, title="An old lead", on=timezone.localdate() - timedelta(days=90), level="D")
    browser = signed_in(ilse)
    assert "An old lead" not in shown(browser, "/champions/?kind=quote")
    assert "A tender" not in shown(browser, "/champions/?level=D")
    since = timezone.localdate() - timedelta(days=9)
    assert "An old lead" not in shown(browser, f"/champions/?since={since}")
    assert "A tender" not in shown(browser, f"/champions/?until={since}")
    for odd in ("view=x&kind=x&level=Z", "since=2026-02-31", "after=x.y", "after=2026-01-01.²"):
        assert "2 successes" in shown(browser, f"/champions/?{odd}"), odd


def test_a_long_list_goes_on_where_it_ended(ilse: Any, recorded: Any, signed_in: Any) -> None:
    today = timezone.localdate()
    for n in range(queries.PAGE + 5):
        recorded(ilse, title=f"Lead {n:02}", on=today - timedelta(days=n // 2))
    browser, address, seen = signed_in(ilse), "/champions/?kind=lead", list[str]()
    for _page in range(2):
        page = browser.get(address)
        seen += [row.title for row in page.context["page"].rows]
        address = f"/champions/{page.context.get('next', '')}"
    assert len(seen) == len(set(seen)) == queries.PAGE + 5 and "next" not in page.context
    every = Success.objects.order_by("-on", "-pk").values_list("title", flat=True)
    assert seen == list(every)


def test_euros_are_for_who_may_see_them(
    ilse: Any, ida: Any, omar: Any, recorded: Any, signed_in: Any
) -> None:
    recorded(ilse, **EUROS)
    for person, sees in ((ilse, False), (ida, False), (omar, True)):
        assert ("1,234" in shown(signed_in(person), "/champions/")) is sees, person
    assert "1,234" in shown(signed_in(ilse), "/champions/?view=mine")
    for person, sees in ((ilse, True), (ida, False), (omar, True)):
        browser = signed_in(person)
        assert ("1,234" in shown(browser, "/champions/1/")) is sees, person
        rows = b"".join(browser.get("/champions/successes.csv").streaming_content).decode()
        assert ("1234.00" in rows) is sees and "A rider asked for a test ride" in rows


def test_a_decision_maker_reads_how_many_more_there_are(
    ilse: Any, omar: Any, ida: Any, recorded: Any, signed_in: Any
) -> None:
    recorded(ilse, tell="nobody", title="Quiet")
    page = shown(signed_in(omar), "/champions/")
    assert "1 more is not told" in page and "Quiet" not in page
    assert "is not told" not in shown(signed_in(ida), "/champions/")
    assert signed_in(omar).get("/champions/1/").status_code == 404


def test_forms_say_what_is_wrong_and_keep_what_was_written(
    ilse: Any, fleur: Any, signed_in: Any
) -> None:
    browser = signed_in(ilse)
    told = {
        "title": "A municipality ordered", "kind": "deal", "on": timezone.localdate(), "level": "A",
        "owner": ilse.pk, "tell": "colleagues", "currency": "EUR", "base": "1200.50",
    }  # fmt: skip
    refused = browser.post("/champions/add/", told)
    assert refused.status_code == 400
    assert "Level A stands in the books" in refused.content.decode()
    assert "A municipality ordered" in refused.content.decode()
    assert browser.post("/champions/add/", told | {"proof": "CRM 7"}).status_code == 302
    editor = signed_in(fleur)
    assert "Confirm level A" in shown(editor, "/champions/1/")
    editor.post("/champions/1/confirm/", {"seen": "1"})
    assert "confirmed by Fleur" in shown(editor, "/champions/1/")
    changed = told | {"proof": "CRM 8", "seen": 1}
    assert browser.post("/champions/1/correct/", changed).status_code == 302
    assert browser.post("/champions/1/correct/", changed).status_code == 400  # read another version
    assert "not confirmed yet" in shown(browser, "/champions/1/")
    assert browser.post("/champions/1/tell/", {"tell": "outside"}).status_code == 400
    assert browser.post("/champions/1/tell/", {"tell": "nobody"}).status_code == 302
    assert browser.post("/champions/1/withdraw/", {"why": "It was cancelled."}).status_code == 302
    page = shown(browser, "/champions/1/")
    assert "It was cancelled." in page and "/champions/1/correct/" not in page
    assert "It counts nowhere" in shown(browser, "/champions/1/withdraw/")
    assert "Withdrawn" in shown(browser, "/champions/?view=withdrawn")


def test_the_front_page_shows_a_colleague_to_everybody_who_works_here(
    ilse: Any, ida: Any, sanne: Any, marloes: Any, daan: Any, signed_in: Any
) -> None:
    spotlight_on(ilse, daan)
    for person, sees in ((ida, True), (sanne, True), (marloes, False)):
        assert ("She helped in the rain." in shown(signed_in(person), "/")) is sees, person
    assert "She helped in the rain." in shown(signed_in(ida), "/champions/spotlight/")
    signed_in(ilse).post(f"/champions/spotlight/{Spotlight.objects.get().pk}/step-out/")
    assert "She helped" not in shown(signed_in(ida), "/")
    assert "Nobody stands in the spotlight" in shown(signed_in(ida), "/champions/spotlight/")


def test_a_spotlight_shows_its_success_to_who_may_hear_of_it(
    ilse: Any, daan: Any, ida: Any, recorded: Any, signed_in: Any
) -> None:
    success, spotlight = recorded(ilse, tell="nobody"), spotlight_on(ilse, daan)
    Spotlight.objects.update(success=success)
    address = f"/champions/spotlight/{spotlight.pk}/"
    assert "S-001" not in shown(signed_in(ida), address)
    let_tell(by=ilse, success=success, tell="colleagues")
    assert "S-001" in shown(signed_in(ida), address)


def test_a_spotlight_is_asked_from_a_success_and_answered_on_its_page(
    ilse: Any, daan: Any, recorded: Any, signed_in: Any
) -> None:
    recorded(ilse)
    browser = signed_in(daan)
    assert "/champions/spotlight/ask/?success=1" in shown(browser, "/champions/1/")
    for odd in ("9", "x", "²", "9" * 30):
        assert browser.get(f"/champions/spotlight/ask/?success={odd}").status_code == 404
    told = {"person": ilse.pk, "why": "Rain.", "since": "2020-01-01", "last": "2020-01-02"}
    address = "/champions/spotlight/ask/?success=1"
    assert browser.post(address, told).status_code == 400
    today = timezone.localdate()
    assert browser.post(address, told | {"since": today, "last": today}).status_code == 302
    one = Spotlight.objects.get()
    assert one.success is not None and one.until == today + timedelta(days=1)
    hers = signed_in(ilse)
    assert "would like to put you in the spotlight" in shown(
        hers, f"/champions/spotlight/{one.pk}/"
    )
    hers.post(f"/champions/spotlight/{one.pk}/answer/", {"answer": "no"})
    hers.post(f"/champions/spotlight/{one.pk}/answer/", {"answer": "yes"})
    assert queries.shown_spotlights() == []


def test_each_role_finds_the_way_and_its_deeds(cast: dict[str, Any]) -> None:
    def way(name: str) -> list[str]:
        road = road_for(cast[name], "/champions/")
        return [page.label for way in road if way.key == "v" for page in way.pages]

    def deeds(name: str) -> set[str]:
        return {one.url for one in commands_for(cast[name]) if one.url.startswith("/champions/")}

    for name in ("noor", "fleur", "ilse", "daan", "tom", "omar", "ida"):
        assert way(name) == ["Successes", "Spotlight"], name
    assert way("sanne") == way("ada") == way("marloes") == [] and deeds("marloes") == set()
    assert "/champions/" in deeds("sanne") and "/champions/add/" not in deeds("ida")
    assert {"/champions/add/", "/champions/?view=waiting"} <= deeds("fleur")
    assert "/champions/?view=waiting" not in deeds("ilse")
    with translation.override("nl"):
        assert [one.label for one in road_for(cast["ilse"], "/") if one.key == "v"] == [
            "Voorlopers"
        ]


def test_the_pages_ask_the_database_as_often_with_more_successes(
    noor: Any, ilse: Any, daan: Any, recorded: Any, signed_in: Any
) -> None:
    browser = signed_in(noor)

    def asked(address: str) -> int:
        for cache in caches.all(initialized_only=True):
            cache.clear()
        with CaptureQueriesContext(connection) as told:
            assert browser.get(address).status_code == 200
        return sum("openroads_cache" not in q["sql"] and "SAVEPOINT" not in q["sql"] for q in told)

    pages = ("/champions/", "/champions/1/", "/champions/spotlight/")
    recorded(ilse, **EUROS)
    spotlight_on(ilse, daan)
    asked(pages[0])
    few = [asked(address) for address in pages]
    for n in range(12):
        recorded(ilse, title=f"More {n}", kind=("deal", "lead")[n % 2], **EUROS)
    assert [asked(address) for address in pages] == few
    assert few[0] <= 10 and few[1] <= 9 and few[2] <= 9
