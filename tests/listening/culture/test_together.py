"""What a team does together: a listening hour, saved views by their link, and notes on their lines."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from openroads.changes.models import Insight
from openroads.directory.models import Department, Membership, TrailEntry
from openroads.listening.culture.actions import hours as actions
from openroads.listening.culture.models import Hour, HourPost
from openroads.listening.explore.actions import mark_event, save_view, share_view, unmark_event
from openroads.listening.explore.models import Event
from openroads.listening.explore.queries import events_between
from tests.conftest import on_the_payroll
from tests.listening import corpus
from tests.listening.culture.conftest import PERIOD, member

pytestmark = pytest.mark.django_db


def planned(by: Any, team: Any, *topics: Any) -> Hour:
    return actions.plan_hour(by=by, team=team, title="  Winter \n talk ", topics=list(topics))


def test_twenty_posts_are_drawn_in_turn_and_each_once(
    sanne_here: Any, topics: Any, webcare: Any
) -> None:
    battery, charger, both = topics["Battery"], topics["Charger"], topics["Both"]
    drawn = actions.draw([battery, charger])
    assert len(drawn) == 20 and len({post.id for post in drawn}) == 20
    assert ["battery" in post.text for post in drawn] == [True] * 10 + [False] * 10
    # Fourteen posts name the charger; the battery takes the turns they leave.
    assert sum("charger" in post.text for post in actions.draw([battery, charger], 36)) == 14
    assert len({post.id for post in actions.draw([both, charger])}) == 20
    hour = planned(sanne_here, webcare, battery)
    assert (hour.title, hour.posts.count()) == ("Winter talk", 20)


def test_an_hour_about_nothing_is_not_planned(sanne_here: Any, topics: Any, webcare: Any) -> None:
    with pytest.raises(ValidationError):
        planned(sanne_here, webcare, topics["Nothing"])
    with pytest.raises(PermissionDenied):
        planned(member("Ida"), webcare, topics["Battery"])
    assert not Hour.objects.exists()


def test_a_team_reads_marks_and_ends_with_an_insight(
    sanne_here: Any, topic: Any, webcare: Any, signed_in: Any
) -> None:
    hour, daan, joris = planned(sanne_here, webcare, topic), member("Daan"), member("Joris")
    service = Department.objects.create(name="Service")
    browser, other = signed_in(daan), signed_in(joris)
    page = browser.get(f"/listen/hours/{hour.pk}/1/").content.decode()
    assert "battery" in page and "Previous" not in page and f"/listen/hours/{hour.pk}/2/" in page
    for place in (1, 3):
        browser.post(f"/listen/hours/{hour.pk}/{place}/", {"talk": "1"})
    other.post(f"/listen/hours/{hour.pk}/3/", {"talk": "1"})
    browser.post(f"/listen/hours/{hour.pk}/1/", {"talk": "0"})
    assert "Joris" in other.get(f"/listen/hours/{hour.pk}/3/").content.decode()
    page = browser.get(f"/listen/hours/{hour.pk}/").content.decode()
    assert "Daan, Joris" in page
    start = page.split('href="/listen/insight/?')[1].split('"')[0].replace("&amp;", "&")
    assert start.count("post=") == 1 and f"hour={hour.pk}" in start
    answer = browser.post(f"/listen/insight/?{start}", {"title": "One page", "department": service.pk})  # fmt: skip
    assert answer.status_code == 302
    browser.post(f"/listen/hours/{hour.pk}/", {"outcome": "One page for all temperatures."})
    hour.refresh_from_db()
    assert hour.ended_at is not None and hour.insight == Insight.objects.get()
    assert {seat.person: seat.read_to for seat in hour.seats.all()} == {daan: 1, joris: 3}
    entry = TrailEntry.objects.get(verb="ended a listening hour")
    assert entry.facts["outcome"] == "One page for all temperatures."
    with pytest.raises(ValidationError):
        actions.mark_post(by=daan, item=hour.posts.get(place=1), marked=True)


def test_only_the_team_and_who_listens_sit_along(
    sanne_here: Any, topic: Any, webcare: Any, signed_in: Any
) -> None:
    hour = planned(sanne_here, webcare, topic)
    fleur = on_the_payroll("Fleur", "fleur@windmee.example", "editor")
    assert signed_in(fleur).get(f"/listen/hours/{hour.pk}/").status_code == 404
    assert signed_in(member("Ida")).get(f"/listen/hours/{hour.pk}/").status_code == 403
    with pytest.raises(PermissionDenied):
        actions.read_along(by=fleur, hour=hour, place=1)
    assert signed_in(sanne_here).get(f"/listen/hours/{hour.pk}/99/").status_code == 404
    assert "You are in no team yet" in signed_in(fleur).get("/listen/hours/").content.decode()


def test_an_erased_post_leaves_the_agenda_and_an_hour_nobody_began_is_called_off(
    sanne_here: Any, topic: Any, webcare: Any, signed_in: Any
) -> None:
    hour = planned(sanne_here, webcare, topic)
    gone = hour.posts.get(place=5)
    assert actions.forget_posts(posts=[gone.post]) == 1
    assert signed_in(sanne_here).get(f"/listen/hours/{hour.pk}/5/").status_code == 404
    assert signed_in(sanne_here).post(f"/listen/hours/{hour.pk}/call-off/").status_code == 302
    assert not Hour.objects.exists() and not HourPost.objects.exists()
    begun = planned(sanne_here, webcare, topic)
    actions.read_along(by=sanne_here, hour=begun, place=1)
    begun.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.call_off(by=sanne_here, hour=begun)


@pytest.fixture
def view(sanne_here: Any) -> Any:
    return save_view(by=sanne_here, name="Plug", query=f"brand=0&q=battery&{PERIOD}", shared=False)


def test_a_link_opens_for_whom_it_is_shared_with_and_for_nobody_else(
    sanne_here: Any, webcare: Any, view: Any, signed_in: Any
) -> None:
    link, daan, ida = f"/listen/views/{view.pk}/", member("Daan"), member("Ida")
    assert signed_in(daan).get(link).status_code == 404
    share = f"/listen/views/{view.pk}/share/"
    assert signed_in(daan).post(share, {"shared": "on"}).status_code == 404
    assert signed_in(sanne_here).post(share, {"part": f"team-{webcare.pk}"}).status_code == 302
    assert signed_in(daan).get(link).status_code == 200
    assert signed_in(ida).get(link).status_code == 403, "in the team, but without the right to read"
    assert signed_in(daan).post(share, {"shared": "on"}).status_code == 403
    service = Department.objects.create(name="Service")
    share_view(by=sanne_here, view=view, shared=False, department=service, team=None)
    assert signed_in(daan).get(link).status_code == 404
    Membership.objects.create(person=daan, department=service)
    assert signed_in(daan).get(link).status_code == 200
    with pytest.raises(PermissionDenied):
        share_view(by=daan, view=view, shared=True, department=None, team=None)


def test_a_note_stands_on_the_lines_of_its_view_only(
    sanne_here: Any, webcare: Any, view: Any, signed_in: Any
) -> None:
    daan = member("Daan")
    with pytest.raises(PermissionDenied):
        mark_event(by=daan, on=corpus.FIRST, what="Frost", view=view)
    share_view(by=sanne_here, view=view, shared=False, department=None, team=webcare)
    told = {"on": "2026-06-10", "until": "2026-06-12", "what": "Frost", "note": "Not the plug."}
    assert signed_in(daan).post(f"/listen/views/{view.pk}/", told).status_code == 302
    note = Event.objects.get()
    span = (corpus.FIRST, corpus.LAST, 0)
    assert events_between(*span) == [] and events_between(*span, view) == [note]
    query = f"{view.query}&view={view.pk}"
    with_view = signed_in(daan).get(f"/listen/explore/?{query}").content.decode()
    assert "Not the plug." in with_view and "to 12 June 2026" in with_view
    without = signed_in(daan).get(f"/listen/explore/?{view.query}").content.decode()
    assert "Not the plug." not in without
    assert "Frost" not in signed_in(daan).get("/listen/events/").content.decode()
    with pytest.raises(PermissionDenied):
        unmark_event(by=member("Joris"), event=note)
    assert signed_in(daan).post(f"/listen/events/{note.pk}/unmark/").status_code == 302


def test_a_period_ends_after_it_begins(sanne_here: Any, view: Any, signed_in: Any) -> None:
    with pytest.raises(ValidationError):
        mark_event(by=sanne_here, on=corpus.LAST, until=corpus.FIRST, what="x", view=view)
    told = {"on": "2026-06-10", "until": "2026-06-09", "what": "x"}
    assert signed_in(sanne_here).post(f"/listen/views/{view.pk}/", told).status_code == 400
    assert not Event.objects.exists()
