"""Measured again, on a real archive: the frozen question before and after, the control, the verdict."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from openroads.changes import asking, exhibits, story
from openroads.changes.actions import measuring
from openroads.changes.models import Change, Measurement
from openroads.directory.models import TrailEntry
from tests.changes.changing import begun, live
from tests.changes.saying import KNOWN, LIVE, PLUG, plug_sieve, speak

pytestmark = pytest.mark.django_db


def went_live(sanne: Any, tom: Any, product: Any, **evidence: Any) -> Change:
    told = {"sieve": plug_sieve(), "first_on": LIVE - timedelta(days=90), **evidence}
    change = live(tom, begun(sanne, tom, product, **told), LIVE)
    return Change.objects.select_related("insight", "decision").get(pk=change.pk)


def measured(sanne: Any, change: Change, archive: Any, days: int) -> Measurement:
    return measuring.measure(
        by=sanne, change=change, engine=archive, on=LIVE + timedelta(days=days)
    )


def test_a_fall_is_found_with_hand_counted_rates(
    sanne: Any, tom: Any, product: Any, archive_here: Any
) -> None:
    speak(archive_here)
    made = measured(sanne, went_live(sanne, tom, product), archive_here, 90)
    assert (made.before_posts, made.after_posts) == (6 * 90, 2 * 90)
    assert made.before_rate == pytest.approx(1000 * 6 / 31)
    assert made.after_rate == pytest.approx(1000 * 2 / 27)
    assert made.ratio == pytest.approx((2 / 27) / (6 / 31))
    assert made.control == pytest.approx((5 / 27) / (5 / 31))
    assert (made.verdict, made.next_on) == ("fell", None)
    change = Change.objects.get()
    assert change.measured_on == made.on and change.state == "live", "nobody was told yet"
    assert TrailEntry.objects.get(verb="measured a change").facts["outcome"] == "fell"
    weeks = exhibits.weeks_of(made)
    assert all(week.on.weekday() == LIVE.weekday() for week in weeks)
    assert {week.posts for week in weeks if week.on < LIVE} <= {42, 6 * 6, 0}
    assert {week.posts for week in weeks if week.on >= LIVE} == {14}


def test_when_everything_falls_the_change_did_not_do_it(
    sanne: Any, tom: Any, product: Any, archive_here: Any
) -> None:
    speak(archive_here, before=6, after=2, others=6, others_after=2)
    assert measured(sanne, went_live(sanne, tom, product), archive_here, 90).verdict != "fell"


def test_no_fall_is_a_full_answer(sanne: Any, tom: Any, product: Any, archive_here: Any) -> None:
    speak(archive_here, before=6, after=6)
    made = measured(sanne, went_live(sanne, tom, product), archive_here, 90)
    assert made.verdict == "stayed" and made.ratio == pytest.approx(1.0)
    assert story.finding(Change.objects.get(), made, made.on).endswith("as much as before")


def test_too_early_says_when_at_the_soonest(
    sanne: Any, tom: Any, product: Any, archive_here: Any
) -> None:
    speak(archive_here, more_days=40)
    change = went_live(sanne, tom, product)
    made = measured(sanne, change, archive_here, 27)
    assert (made.verdict, made.why, made.next_on) == ("early", "days", LIVE + timedelta(days=28))
    assert made.before_rate is None
    again = measured(sanne, change, archive_here, 28)
    assert again.verdict == "fell" and again.next_on == LIVE + timedelta(days=90)
    assert (again.since, again.until) == (LIVE - timedelta(days=28), LIVE + timedelta(days=28))


def test_few_posts_wait_and_an_empty_archive_is_silence(
    sanne: Any, tom: Any, product: Any, archive_here: Any
) -> None:
    change = went_live(sanne, tom, product)
    silent = measured(sanne, change, archive_here, 95)
    assert (silent.verdict, silent.why, silent.ratio) == ("unsure", "silence", None)
    speak(archive_here, before=0, after=0, days=60)
    few = measured(sanne, change, archive_here, 40)
    assert (few.verdict, few.why) == ("early", "posts") and few.next_on


def test_the_schedule_measures_each_month_until_a_verdict_stands(
    sanne: Any, tom: Any, product: Any, archive_here: Any
) -> None:
    speak(archive_here)
    went_live(sanne, tom, product)

    def due(days: int) -> int:
        return measuring.measure_due(engine=archive_here, on=LIVE + timedelta(days=days))

    assert [due(27), due(28), due(28), due(60), due(90), due(120)] == [0, 1, 0, 0, 1, 0]
    assert [made.verdict for made in Measurement.objects.order_by("on")] == ["fell", "fell"]


def test_who_may_measure_and_what_cannot_be_asked_again(
    sanne: Any, tom: Any, product: Any, archive_here: Any
) -> None:
    change = went_live(sanne, tom, product, sieve=None)
    with pytest.raises(ValidationError, match="one by one"):
        measured(sanne, change, archive_here, 90)
    with pytest.raises(PermissionDenied):
        measured(tom, change, archive_here, 90)
    assert measuring.measure_due(engine=archive_here, on=LIVE + timedelta(days=90)) == 0


def test_the_question_comes_back_as_it_was_kept_though_a_brand_is_renamed() -> None:
    told = asking.kept(PLUG, "plug AND brand:windmee", KNOWN)
    back = asking.sieve_of(told, PLUG.scope.since, PLUG.scope.until)
    assert back.scope == PLUG.scope and back.condition is not None
    assert asking.all_of(back).condition is None
    with pytest.raises(asking.CannotAsk):
        asking.sieve_of({**told, "query": "(broken"}, PLUG.scope.since, PLUG.scope.until)


def test_the_page_draws_it_and_the_file_has_the_same_weeks(
    sanne: Any, tom: Any, product: Any, archive_here: Any, signed_in: Any
) -> None:
    speak(archive_here)
    change = went_live(sanne, tom, product)
    made = measured(sanne, change, archive_here, 90)
    page = signed_in(tom).get(f"/changes/{change.number}/").content.decode()
    assert "posts about it fell by 62%" in page and "−62%" in page
    assert "before-after" in page and "194 before" in page and "74 after" in page
    assert "Other complaints: +15%" in page
    rows = signed_in(tom).get(f"/changes/{change.number}/weeks.csv").content.decode().splitlines()
    assert len(rows) == len(made.weeks) + 1 and rows[0].startswith("week_from,posts")
