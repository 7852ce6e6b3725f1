"""Insights: opening, adding, handing on, withdrawing, joining; who sees them, and what is forgotten."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from openroads.archive.masking import Masks, mask_of
from openroads.changes import actions, indicators, queries
from openroads.changes.models import Insight, Reading, Sample
from openroads.directory.models import Department, Membership, TrailEntry
from tests.changes.conftest import a_set
from tests.conftest import on_the_payroll

pytestmark = pytest.mark.django_db


def opened(
    by: Any, department: Any, title: str = "Winter halves the range", **more: Any
) -> Insight:
    return actions.open_insight(
        by=by, title=title, department=department, evidence=[a_set(**more)], explanation="Ask."
    )


def test_an_insight_carries_its_number_its_figures_and_the_words(sanne: Any, product: Any) -> None:
    first, second = opened(sanne, product), opened(sanne, product, "  Another\n one ")
    assert (first.code, second.code, second.title) == ("I-001", "I-002", "Another one")
    row = first.evidence.get()
    assert (row.posts, row.people, row.net, row.version) == (438, 300, -52.0, 2)
    assert [sample.post for sample in row.samples.all()] == [2**64 - 5, 12]
    assert first.first_on == date(2026, 11, 3)
    entry = TrailEntry.objects.get(verb="opened an insight", thing=str(first.pk))
    assert entry.facts["name"] == "I-001" and entry.facts["posts"] == 438


def test_an_insight_needs_a_sentence_evidence_and_a_department_that_lives(
    sanne: Any, product: Any
) -> None:
    with pytest.raises(ValidationError):
        opened(sanne, product, "   ")
    with pytest.raises(ValidationError):
        opened(sanne, product, "x" * 201)
    with pytest.raises(ValidationError):
        actions.open_insight(by=sanne, title="So", department=product, evidence=[])
    product.ended_on = timezone.localdate()
    product.save()
    with pytest.raises(ValidationError):
        opened(sanne, product)
    assert not Insight.objects.exists() and not TrailEntry.objects.filter(kind="changes.insight").exists()  # fmt: skip


def test_who_may_open_and_who_may_not(cast: dict[str, Any], product: Any) -> None:
    for name in ("noor", "daan", "sanne", "fleur", "ilse", "tom", "ada"):
        opened(cast[name], product)
    for name in ("omar", "ida", "marloes"):
        with pytest.raises(PermissionDenied):
            opened(cast[name], product)
    assert Insight.objects.count() == 7


def test_the_head_of_a_department_sees_its_insights_and_those_they_opened(
    cast: dict[str, Any], product: Any, service: Any
) -> None:
    ours, theirs = opened(cast["sanne"], product), opened(cast["sanne"], service)
    own = opened(cast["tom"], service)
    assert set(queries.insights_for(cast["tom"])) == {ours, own}
    for name in ("noor", "daan", "sanne", "fleur", "ilse", "omar", "ada"):
        assert set(queries.insights_for(cast[name])) == {ours, theirs, own}
    for name in ("ida", "marloes"):
        assert not queries.insights_for(cast[name]).exists()
    assert queries.waiting_for(cast["tom"]) == 1 and queries.waiting_for(cast["sanne"]) == 0


def test_a_head_who_opens_the_page_of_another_department_finds_nothing(
    cast: dict[str, Any], product: Any, service: Any, signed_in: Any
) -> None:
    opened(cast["sanne"], service)
    assert signed_in(cast["tom"]).get("/changes/insights/1/").status_code == 404
    assert signed_in(cast["ida"]).get("/changes/insights/1/").status_code == 403
    assert signed_in(cast["omar"]).get("/changes/insights/1/").status_code == 200


def test_more_evidence_can_be_added_and_the_first_post_is_the_earliest(
    daan: Any, product: Any
) -> None:
    insight = opened(daan, product)
    actions.add_evidence(by=daan, insight=insight, evidence=a_set("Plug", 12, first=1))
    actions.add_evidence(by=daan, insight=insight, evidence=a_set("Cases", first=2, posts=None, cases=41))  # fmt: skip
    insight.refresh_from_db()
    assert insight.first_on == date(2026, 11, 1) and insight.evidence.count() == 3


def test_handing_on_keeps_the_clock_and_tells_who_decides_now(
    sanne: Any, tom: Any, product: Any, service: Any
) -> None:
    insight = opened(sanne, service)
    before = insight.opened_at
    with pytest.raises(PermissionDenied):
        actions.hand_insight(by=tom, insight=insight, department=product)
    with pytest.raises(ValidationError):
        actions.hand_insight(by=sanne, insight=insight, department=product, owner=sanne)
    Membership.objects.create(person=tom, department=product)
    actions.hand_insight(by=sanne, insight=insight, department=product, owner=tom)
    insight.refresh_from_db()
    assert (insight.department, insight.owner, insight.opened_at) == (product, tom, before)
    # The head of the department that has it may hand it on as well.
    actions.hand_insight(by=tom, insight=insight, department=service)
    assert TrailEntry.objects.filter(verb="handed an insight on").count() == 2


def test_withdrawing_needs_a_reason_and_ends_it(ilse: Any, daan: Any, product: Any) -> None:
    insight = opened(ilse, product)
    with pytest.raises(PermissionDenied):
        actions.withdraw_insight(by=daan, insight=insight, why="no")
    with pytest.raises(ValidationError):
        actions.withdraw_insight(by=ilse, insight=insight, why="  ")
    actions.withdraw_insight(by=ilse, insight=insight, why="Six posts of two people.")
    insight.refresh_from_db()
    assert insight.state == Insight.State.WITHDRAWN and insight.closed_at is not None
    with pytest.raises(ValidationError):
        actions.add_evidence(by=ilse, insight=insight, evidence=a_set())
    with pytest.raises(ValidationError):
        actions.withdraw_insight(by=ilse, insight=insight, why="again")


def test_two_insights_become_one_with_all_their_evidence(
    sanne: Any, daan: Any, product: Any
) -> None:
    first, second, third = (opened(sanne, product, str(n)) for n in range(3))
    with pytest.raises(PermissionDenied):
        actions.join_insights(by=daan, insight=first, into=second)
    with pytest.raises(ValidationError):
        actions.join_insights(by=sanne, insight=first, into=first)
    actions.join_insights(by=sanne, insight=first, into=second)
    actions.join_insights(by=sanne, insight=second, into=third)
    first.refresh_from_db()
    assert first.joined_to == third, "what was joined to the second is led on to the third"
    assert third.evidence.count() == 3 and not first.evidence.exists()
    with pytest.raises(ValidationError):
        actions.join_insights(by=sanne, insight=third, into=first)


def test_the_words_of_an_erased_author_go_and_that_something_stood_there_stays(
    sanne: Any, product: Any
) -> None:
    insight = opened(sanne, product)
    assert actions.forget_posts(posts=[2**64 - 5, 99]) == 1
    gone, kept = Sample.objects.order_by("pk")
    assert (gone.text, gone.place, gone.tone) == ("", "", None) and gone.removed_on is not None
    assert kept.text.startswith("Marloes says") and kept.removed_on is None
    assert insight.evidence.get().posts == 438, "what was counted was counted"
    assert actions.forget_posts(posts=[2**64 - 5]) == 0


def test_a_name_that_is_masked_is_masked_in_quotes_too(sanne: Any, product: Any) -> None:
    opened(sanne, product)
    mask = mask_of("Marloes", b"secret")
    assert mask is not None
    assert actions.mask_quotes(masks=Masks([mask], b"secret")) == 1
    assert "Marloes" not in Sample.objects.get(post=12).text


def test_what_a_source_keeps_no_longer_is_no_longer_quoted(sanne: Any, product: Any) -> None:
    opened(sanne, product)
    moment = datetime(2026, 11, 4, tzinfo=UTC)
    assert actions.forget_posts_before(source=8, moment=moment) == 0
    assert actions.forget_posts_before(source=7, moment=moment) == 1


def test_the_clocks_count_what_waits_as_waiting(sanne: Any, product: Any, service: Any) -> None:
    now = timezone.now()
    for ago, department in ((8, product), (20, product), (3, service)):
        insight = opened(sanne, department)
        Insight.objects.filter(pk=insight.pk).update(opened_at=now - timedelta(days=ago))
    actions.withdraw_insight(by=sanne, insight=Insight.objects.last(), why="x")
    assert indicators.insights_by_state() == {
        "open": 2, "yes": 0, "no": 0, "later": 0, "withdrawn": 1, "joined": 0,
    }  # fmt: skip
    waiting = indicators.waiting_days(now)
    assert [(round(clock.days), clock.done) for clock in waiting] == [(20, False), (8, False)]
    assert indicators.waiting_days(now, department=service.pk) == []
    taken = indicators.days_to_insight(now - timedelta(days=30), now)
    assert len(taken) == 3 and all(clock.done for clock in taken)


def test_reading_is_counted_once_a_month_and_nobody_is_named(db: None, product: Any) -> None:
    people = [on_the_payroll(f"P {n}", f"p{n}@windmee.example", "champion") for n in range(3)]
    other = Department.objects.create(name="Sales")
    for person in people:
        Membership.objects.create(person=person, department=product)
    Membership.objects.create(person=people[0], department=other)
    day = date(2026, 11, 12)
    for person in people:
        for thing in (1, 2, 1):
            actions.note_reading(by=person, kind="topic", thing=thing, on=day)
    month = date(2026, 11, 1)
    assert queries.readers_by_month(month) == {(product.pk, month): 3, (other.pk, month): 1}
    assert queries.readers_by_thing(month, "topic")[1] == {product.pk: 3, other.pk: 1}
    actions.note_reading(by=people[0], kind="topic", thing=1, on=date(2026, 12, 1))
    who = Reading.objects.filter(thing=1, department=product).values_list("month", "who")
    assert len({scrambled for _month, scrambled in who}) == 4, "another month, another number"
    assert not any(str(person.pk) == scrambled for person in people for _m, scrambled in who)
