"""A listening hour: drawing posts, reading one at a time, marking, and what came of it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from openroads.changes.models import Insight
from openroads.directory.models import Department, TrailEntry
from openroads.listening.culture.actions import hours as actions
from openroads.listening.culture.models import Hour, HourPost
from openroads.listening.topics.actions import define_topic
from openroads.listening.topics.filing import file_topic
from tests.conftest import on_the_payroll
from tests.listening.culture.conftest import member

pytestmark = pytest.mark.django_db


def planned(by: Any, team: Any, *topics: Any) -> Hour:
    return actions.plan_hour(by=by, team=team, title="  Winter \n talk ", topics=list(topics))


def test_twenty_posts_are_drawn_in_turn_and_each_once(sanne_here: Any, topic: Any, webcare: Any) -> None:  # fmt: skip
    charger = define_topic(by=sanne_here, name="Charger", text="charger")
    both = define_topic(by=sanne_here, name="Both", text="battery OR charger")
    for one in (charger, both):
        file_topic(topic_id=one.pk)
    drawn = actions.draw([topic, charger])
    assert len(drawn) == 20 and len({post.id for post in drawn}) == 20
    assert ["battery" in post.text for post in drawn] == [True] * 10 + [False] * 10
    # Fourteen posts name the charger; the battery takes the turns they leave.
    assert sum("charger" in post.text for post in actions.draw([topic, charger], 36)) == 14
    assert len({post.id for post in actions.draw([both, charger])}) == 20
    hour = planned(sanne_here, webcare, topic)
    assert (hour.title, hour.posts.count()) == ("Winter talk", 20)


def test_an_hour_about_nothing_is_not_planned(sanne_here: Any, webcare: Any) -> None:
    nothing = define_topic(by=sanne_here, name="Nothing", text="xylophone")
    file_topic(topic_id=nothing.pk)
    with pytest.raises(ValidationError):
        planned(sanne_here, webcare, nothing)
    with pytest.raises(PermissionDenied):
        planned(member("Ida"), webcare, nothing)
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
