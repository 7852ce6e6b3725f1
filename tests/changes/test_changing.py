"""A change on its way: postponing, going live with proof, stopping, its yield, lists, reminders."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from openroads.changes import change_queries, reminding, story
from openroads.changes.actions import changing
from openroads.changes.models import Change, Insight
from openroads.delivery.models import Notice
from tests.changes.changing import back_to, begun, decided, live
from tests.changes.test_insights import opened

pytestmark = pytest.mark.django_db


def test_it_goes_live_with_a_day_and_a_proof_and_webcare_is_told(
    cast: dict[str, Any], product: Any
) -> None:
    change = begun(cast["sanne"], cast["tom"], product)
    today = timezone.localdate()
    back_to(change, today)
    told: dict[str, Any] = {"live_on": today, "what": "Metal latch.", "proof": "Bulletin 26-17"}
    for wrong in ({"proof": " "}, {"what": ""}, {"live_on": today + timedelta(days=1)},
                  {"live_on": today - timedelta(days=60)}, {"cost": Decimal(-5)}):  # fmt: skip
        with pytest.raises(ValidationError):
            changing.go_live(by=cast["tom"], change=change, **{**told, **wrong})
    changing.go_live(by=cast["tom"], change=change, cost=Decimal(38_600), **told)
    change.refresh_from_db()
    assert (change.state, change.live_on, change.cost) == ("live", today, 38_600)
    assert Notice.objects.filter(title="C-001 is live: tell who raised it").count() == 2
    with pytest.raises(ValidationError):
        changing.go_live(by=cast["tom"], change=change, **told)


def test_owner_head_and_manager_keep_it_and_nobody_else(cast: dict[str, Any], product: Any) -> None:
    change = begun(cast["sanne"], cast["tom"], product)
    due = change.due_on
    for name in ("tom", "noor"):
        due += timedelta(days=7)
        changing.postpone(by=cast[name], change=change, due_on=due, why="Parts are late")
    for name in ("daan", "sanne", "ilse", "omar", "ida", "ada"):
        with pytest.raises(PermissionDenied):
            changing.postpone(by=cast[name], change=change, due_on=due, why="x")
    assert change.is_postponed and change.first_due_on < change.due_on
    changing.correct_change(
        by=cast["tom"], change=change, title=change.title, about="", owner=cast["ilse"],
        tracker_url="", tracker_key="",
    )  # fmt: skip
    assert change_queries.changes_for(cast["ilse"]).count() == 1
    changing.postpone(by=cast["ilse"], change=change, due_on=due + timedelta(days=1), why="Paint")


def test_an_owner_without_any_role_sees_their_change_and_only_that(
    cast: dict[str, Any], product: Any, signed_in: Any
) -> None:
    ours = begun(cast["sanne"], cast["tom"], product)
    theirs = begun(cast["sanne"], cast["tom"], product)
    browser = signed_in(cast["ida"])
    assert browser.get("/changes/").status_code == 403
    Change.objects.filter(pk=ours.pk).update(owner=cast["ida"])
    assert browser.get(f"/changes/{ours.number}/").status_code == 200
    assert browser.get(f"/changes/{theirs.number}/").status_code == 404
    told = browser.get("/changes/").content.decode()
    assert "C-001" in told and "C-002" not in told
    assert browser.get("/changes/insights/1/").status_code == 403


def test_it_is_stopped_with_a_reason_and_its_yield_needs_three_figures(
    sanne: Any, tom: Any, product: Any
) -> None:
    stopped, made = begun(sanne, tom, product), begun(sanne, tom, product)
    with pytest.raises(ValidationError):
        changing.stop(by=tom, change=stopped, why=" ")
    changing.stop(by=tom, change=stopped, why="The supplier went out of business")
    assert Change.objects.get(pk=stopped.pk).state == "stopped"
    told = changing.Yield(Decimal(6_300), Decimal(9_700), Decimal(13_900), "swaps", "B", "Service")
    with pytest.raises(ValidationError):
        changing.say_yield(by=tom, change=made, told=told)  # not live
    live(tom, made, date(2026, 8, 14))
    for wrong in (changing.Yield(base=Decimal(1)), changing.Yield(Decimal(3), Decimal(2), Decimal(4), level="B"),
                  changing.Yield(Decimal(1), Decimal(2), Decimal(3))):  # fmt: skip
        with pytest.raises(ValidationError):
            changing.say_yield(by=tom, change=made, told=wrong)
    changing.say_yield(by=tom, change=made, told=told)
    made.cost = Decimal(38_600)
    money = story.money(made)
    assert money is not None and "€\u00a038,600 in, €\u00a09,700 a month out" in money.lead
    # 38,600 / 9,700 = 3.98 months, / 6,300 = 6.13 months from 14 August.
    assert "Paid back in December 2026, at the latest in February 2027." in money.rest


def test_reminders_go_once_each_and_rise_to_who_leads(cast: dict[str, Any], product: Any) -> None:
    insight = opened(cast["sanne"], product)
    due = timezone.localdate(insight.decide_by)
    Notice.objects.all().delete()

    def told(on: date) -> list[tuple[str, str]]:
        Notice.objects.all().delete()
        for _twice in range(2):
            reminding.remind_all(today=on)
        return sorted(Notice.objects.values_list("to__name", "title"))

    assert told(due - timedelta(days=4)) == []
    assert told(due - timedelta(days=3)) == [
        ("Tom Hendriks", "I-001 waits for your decision; its days are nearly over")
    ]
    assert told(due) == [("Tom Hendriks", "The promised day of I-001 has come")]
    late = told(due + timedelta(days=7))
    assert [name for name, _title in late] == ["Noor Verbeek", "Tom Hendriks"]
    assert late[0][1] == "I-001 has waited 7 days too long for Product"
    decided(cast["tom"], insight, "no")
    assert told(due + timedelta(days=7)) == []


def test_a_change_past_its_day_is_told_to_its_owner_then_to_all(
    cast: dict[str, Any], product: Any
) -> None:
    change = begun(cast["sanne"], cast["tom"], product)
    Change.objects.update(owner=cast["ilse"])
    Notice.objects.all().delete()
    reminding.remind_all(today=change.due_on)
    assert [n.to for n in Notice.objects.all()] == [cast["ilse"]]
    reminding.remind_all(today=change.due_on + timedelta(days=8))
    reminding.remind_all(today=change.due_on + timedelta(days=9))
    assert Notice.objects.filter(title__contains="past its promised day").count() == 3
    assert {n.to for n in Notice.objects.all()} == {cast["ilse"], cast["tom"], cast["noor"]}


def test_a_department_without_a_head_is_reminded_through_who_leads(
    noor: Any, sanne: Any, service: Any
) -> None:
    insight = opened(sanne, service)
    reminding.remind_all(today=timezone.localdate(insight.decide_by))
    assert Notice.objects.get().to == noor


def test_the_list_says_what_is_late_and_the_page_what_comes_next(
    sanne: Any, tom: Any, product: Any, signed_in: Any
) -> None:
    change = begun(sanne, tom, product)
    Change.objects.update(due_on=timezone.localdate() - timedelta(days=3))
    told = signed_in(sanne).get("/changes/").content.decode()
    assert (
        "1 change is being made, 1 past the day promised" in told and "3 days past its day" in told
    )
    page = signed_in(tom).get(f"/changes/{change.number}/").content.decode()
    assert "Say it is live" in page and "A stronger plug: 3 days past its day" in page
    assert page.count("<li") >= 6 and 'class="stuck"' in page
    posted = signed_in(tom).post(
        f"/changes/{change.number}/live/",
        {"live_on": timezone.localdate().isoformat(), "what": "Metal latch.", "proof": "Bulletin"},
    )
    assert posted.status_code == 302
    assert (
        "nobody was told yet" in signed_in(tom).get(f"/changes/{change.number}/").content.decode()
    )
    assert "1 change is live" in signed_in(sanne).get("/changes/?state=live").content.decode()
    assert Insight.objects.get().state == "yes"
