"""Deciding: who may, what each answer needs, standing in, coming back, and what is told of it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from openroads.changes import policy, queries
from openroads.changes.actions import deciding
from openroads.changes.models import Change, Insight
from openroads.delivery.hooks import add_endpoint
from openroads.delivery.models import Delivery, Notice
from openroads.directory.models import TrailEntry
from tests.changes.changing import decided
from tests.changes.test_insights import opened

pytestmark = pytest.mark.django_db


def test_a_yes_begins_a_numbered_change_with_owner_day_and_ceiling(
    sanne: Any, tom: Any, product: Any
) -> None:
    insight = opened(sanne, product)
    decision = decided(
        tom, insight, cost_ceiling=Decimal(45_000), agreed="Product and Service agreed"
    )
    change = Change.objects.get()
    assert (change.code, change.insight, change.owner) == ("C-001", insight, tom)
    assert decision.cost_ceiling == 45_000 and change.due_on == change.first_due_on
    insight.refresh_from_db()
    assert insight.state == "yes" and not insight.is_open and insight.closed_at
    assert Notice.objects.get(to=sanne).title == "I-001 is decided: Yes"
    verbs = list(TrailEntry.objects.order_by("number").values_list("verb", flat=True))
    assert verbs[-2:] == ["decided on an insight", "began a change"]


def test_no_and_later_have_their_reason_and_later_its_day(
    sanne: Any, tom: Any, product: Any
) -> None:
    refused, put_off = opened(sanne, product), opened(sanne, product)
    decided(tom, refused, "no")
    decided(tom, put_off, "later")
    for insight, state in ((refused, "no"), (put_off, "later")):
        insight.refresh_from_db()
        assert insight.state == state
    assert not Change.objects.exists()
    for told in ({"reason": "  "}, {"answer": "later", "back_on": None},
                 {"answer": "later", "back_on": timezone.localdate()},
                 {"answer": "yes", "change": None}, {"cost_ceiling": Decimal(-1)}):  # fmt: skip
        another = opened(sanne, product)
        with pytest.raises(ValidationError):
            decided(tom, another, **{"answer": "no", **told})
        another.refresh_from_db()
        assert another.is_open


def test_only_the_head_of_the_department_decides(cast: dict[str, Any], product: Any, service: Any) -> None:  # fmt: skip
    insight = opened(cast["sanne"], product)
    for name in ("noor", "daan", "sanne", "fleur", "ilse", "omar", "ida", "marloes", "ada"):
        with pytest.raises(PermissionDenied):
            decided(cast[name], insight, "no")
    with pytest.raises(PermissionDenied):
        decided(cast["tom"], opened(cast["sanne"], service), "no")
    assert decided(cast["tom"], insight, "no").pk


def test_it_is_decided_once(sanne: Any, tom: Any, product: Any) -> None:
    insight = opened(sanne, product)
    decided(tom, insight, "no")
    with pytest.raises(ValidationError, match="waits for nothing"):
        decided(tom, insight)
    assert insight.decisions.count() == 1 and not Change.objects.exists()


def test_who_stands_in_decides_until_the_day(cast: dict[str, Any], product: Any) -> None:
    tom, ilse, today = cast["tom"], cast["ilse"], timezone.localdate()
    with pytest.raises(PermissionDenied):
        deciding.let_decide(by=ilse, department=product, person=ilse, until=today)
    row = deciding.let_decide(by=tom, department=product, person=ilse, until=today)
    insight = opened(cast["sanne"], product)
    assert ilse in queries.deciders_of(product) and queries.waiting_for(ilse) == 1
    assert decided(ilse, insight, "no").decided_by == ilse
    type(row).objects.update(until=today - timedelta(days=1))
    assert not policy.may_decide(ilse, opened(cast["sanne"], product))
    deciding.end_delegate(by=tom, delegate=row)
    assert queries.delegates_of(product) == []


def test_what_was_put_off_comes_back_with_new_days(sanne: Any, tom: Any, product: Any) -> None:
    insight = opened(sanne, product)
    Insight.objects.update(opened_at=timezone.now() - timedelta(days=100))
    decided(tom, insight, "later")
    due = timezone.localdate() + timedelta(days=30)
    assert deciding.bring_back(on=due - timedelta(days=1)) == 0
    assert deciding.bring_back(on=due) == 1 and deciding.bring_back(on=due) == 0
    insight.refresh_from_db()
    assert insight.is_open and insight.decide_by > timezone.now() + timedelta(days=13)
    assert (
        Notice.objects.filter(to=tom, title__startswith="I-001 waits for a decision").count() == 2
    )
    assert decided(tom, insight).change.code == "C-001"


def test_programs_of_others_are_told_of_a_decision_without_people(
    sanne: Any, tom: Any, ada: Any, product: Any
) -> None:
    add_endpoint(by=ada, name="Tracker", address="https://t.example/", events=["change.decided"])
    decided(tom, opened(sanne, product))
    told = Delivery.objects.get(kind="hook").text
    assert '"change.decided"' in told and '"C-001"' in told and "I-001" in told
    assert "Tom" not in told and "Sanne" not in told


def test_the_page_decides_and_points_at_what_is_missing(
    sanne: Any, tom: Any, product: Any, signed_in: Any
) -> None:
    opened(sanne, product)
    browser, address = signed_in(tom), "/changes/insights/1/decide/"
    assert "Decide on" not in browser.get("/changes/insights/1/").content.decode()
    page = browser.get(address)
    assert page.status_code == 200 and "438 posts by 300 people" in page.content.decode()
    told = {"answer": "yes", "reason": "One in eleven repairs is this plug."}
    bad = browser.post(address, told)
    assert bad.status_code == 400 and "A yes needs this." in bad.content.decode()
    due = (timezone.localdate() + timedelta(days=50)).isoformat()
    told |= {
        "title": "A stronger plug",
        "owner": str(tom.pk),
        "due_on": due,
        "cost_ceiling": "45000",
    }
    assert browser.post(address, told).headers["Location"] == "/changes/"
    assert "A stronger plug" in browser.get("/changes/").content.decode()
    shown = browser.get("/changes/insights/1/").content.decode()
    assert "One in eleven repairs" in shown and "Open C-001" in shown
    assert signed_in(sanne).get(address).status_code == 403
