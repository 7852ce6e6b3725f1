"""Programs of others are told what becomes of cases: once, when it stands, and no word or name of people outside."""

import json
import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from openroads.delivery.hooks import EVENTS, add_endpoint
from openroads.delivery.models import Delivery, Endpoint
from openroads.directory.models import Team
from openroads.webcare import schedule  # noqa: F401 (declares the events)
from openroads.webcare.actions.moving import close_case, hand_case
from openroads.webcare.actions.replying import take_back
from openroads.webcare.actions.taking_in import take_in
from openroads.webcare.telling import tell_cases
from tests.webcare.test_replying import replied, sent

pytestmark = pytest.mark.django_db
ALL = ["case.answered", "case.closed", "case.opened"]


@pytest.fixture
def listener(ada: Any) -> Endpoint:
    """A program of Windmee that wants to hear of cases."""
    made = add_endpoint(by=ada, name="Planning", address="https://plan.windmee.example/", events=ALL)  # fmt: skip
    Endpoint.objects.filter(pk=made.pk).update(made_at=timezone.now() - timedelta(hours=1))
    made.refresh_from_db()
    return made


def told() -> list[dict[str, Any]]:
    """What was put in the tray for programs, oldest first."""
    rows = Delivery.objects.filter(kind=Delivery.Kind.HOOK).order_by("pk")
    return [json.loads(one.text) for one in rows]


def look() -> int:
    return tell_cases(now=timezone.now())


def test_the_three_events_can_be_asked_for() -> None:
    assert set(ALL) <= set(EVENTS)


def test_opened_answered_and_closed_are_told_once_each(
    listener: Endpoint, case: Any, daan: Any
) -> None:
    assert (look(), look()) == (1, 0)
    replied(case, daan, then="closed")
    assert look() == 0  # it can still be taken back
    sent()
    assert (look(), look()) == (2, 0)
    assert [one["type"] for one in told()] == ["case.opened", "case.answered", "case.closed"]
    case.refresh_from_db()
    closed = told()[-1]["data"]
    assert (closed["case"], closed["ending"], closed["network"], closed["kind"]) == (
        case.pk, "answered", "bluesky", "public",
    )  # fmt: skip
    assert closed["closed_at"] == closed["at"] == case.closed_at.isoformat()
    assert closed["url"].endswith(f"/answer/cases/{case.pk}/")


def test_an_answer_that_was_taken_back_is_never_told(
    listener: Endpoint, case: Any, daan: Any
) -> None:
    look()
    take_back(by=daan, message=replied(case, daan, then="closed"))
    sent()
    assert look() == 0
    assert [one["type"] for one in told()] == ["case.opened"]


def test_no_word_and_no_name_of_people_outside_is_told(
    listener: Endpoint, case: Any, daan: Any
) -> None:
    hand_case(by=daan, case=case, team=Team.objects.create(name="Service"), person=None)
    replied(case, daan, "Hoi Marloes, onder de 5 graden is dat gewoon.")
    sent()
    case.refresh_from_db()
    close_case(by=daan, case=case)
    assert look() == 3
    assert {one["data"]["team"] for one in told()} == {"Service"}
    everything = json.dumps(told())
    for word in ("marloes", "Marloes", "graden", "48 km", "Kade", "Daan", "winter"):
        assert word not in everything
    assert set(told()[0]["data"]) == {
        "case", "cycle", "network", "kind", "team", "at", "opened_at", "first_reply_at", "closed_at",
        "ending", "url",
    }  # fmt: skip


def test_a_case_that_opens_again_is_told_as_its_next_cycle(
    listener: Endpoint, case: Any, daan: Any, lands: Any
) -> None:
    close_case(by=daan, case=case, ending="no_answer")
    look()
    lands("En nu doet hij het niet meer!", native="again", reply_to="winter", thread="winter")
    take_in()
    assert look() == 1
    assert [(one["type"], one["data"]["cycle"]) for one in told()] == [
        ("case.opened", 1), ("case.closed", 1), ("case.opened", 2),
    ]  # fmt: skip


def test_who_asks_for_one_thing_is_told_that_and_nothing_from_before(
    case: Any, daan: Any, ada: Any, lands: Any
) -> None:
    add_endpoint(by=ada, name=secrets.token_hex(4), address="https://a.example/", events=["case.opened"])  # fmt: skip
    assert look() == 0  # Marloes wrote before anybody asked
    close_case(by=daan, case=case, ending="no_answer")
    assert look() == 0
    lands("@windmee waarom niet?", author="piet", native="later")
    take_in()
    assert look() == 1


def test_nobody_who_asks_costs_one_question(case: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert look() == 0
