"""A burst in the inbox is told to the PR desk once, in a sentence; a quiet history tells nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.delivery.models import Delivery, Notice
from openroads.directory.company import Brand, Product
from openroads.directory.models import Membership, Team
from openroads.webcare.bursts.alerting import look_for_bursts
from openroads.webcare.bursts.counting import bursts, hours_before
from openroads.webcare.happening import Type, happened
from openroads.webcare.models import Case, CaseEvent, Contact, Identity

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 14, 5, tzinfo=ZoneInfo("Europe/Amsterdam"))
"""A Monday. Weeks are taken off by the clock on the wall; it went back on 25 October."""
USUAL = (2, 4, 3, 3, 2, 4, 3, 3)
"""Cases in that hour of the eight weeks before, the last first."""
Comes = Callable[..., None]


@pytest.fixture
def kade(db: None) -> Any:
    brand = Brand.objects.create(name="Windmee", forms=["Windmee"], own=True)
    return Product.objects.create(brand=brand, name="Kade", forms=["Kade"])


@pytest.fixture
def comes(db: None) -> Comes:
    """So many people write within the hour up to a moment."""
    person = Identity.objects.create(contact=Contact.objects.create(), network="bluesky", author=1)

    def come(n: int, until: datetime, **told: Any) -> None:
        for number in range(n):
            at = until - timedelta(minutes=1 + 58 * number / max(n, 1))
            case = Case.objects.create(
                identity=person, network="bluesky", source=1, thread=f"t{Case.objects.count()}",
                opened_at=at, **{"intent": "question", **told},
            )  # fmt: skip
            happened(case, Type.OPENED, actor="rule", at=at)

    return come


@pytest.fixture
def weeks(comes: Comes, kade: Any) -> None:
    """Eight weeks in which a few people write about Kade in that hour, and one who wrote before them all."""
    comes(1, NOW - timedelta(weeks=9))
    for week, n in enumerate(USUAL, start=1):
        comes(n, NOW - timedelta(weeks=week), product=kade.pk)


def test_the_pr_desk_is_told_once_how_many_about_what_and_how_many_were_expected(
    weeks: None, comes: Comes, kade: Any, bram: Any, noor: Any, daan: Any
) -> None:
    comes(12, NOW, product=kade.pk, intent="complaint")
    comes(2, NOW, product=kade.pk)
    assert look_for_bursts(now=NOW) == 1
    assert look_for_bursts(now=NOW + timedelta(minutes=5)) == 0
    notice = Notice.objects.get()
    assert notice.to == bram
    assert notice.title == "14 cases in one hour about Kade (3 expected)"
    assert notice.text == (
        "Between 13:05 and 14:05 14 cases came in about Kade; at this hour of the week 3 can be expected. "
        "12 of them are of the kind “complaint”."
    )
    assert notice.url == "/answer/inbox/?queue=all&q=product%3A%22Kade%22"
    letter = Delivery.objects.get(kind=Delivery.Kind.MAIL)
    assert (letter.recipient, letter.subject) == (bram.email, notice.title)


def test_the_link_opens_the_queue_narrowed_to_what_is_loud(
    weeks: None, comes: Comes, kade: Any, daan: Any, signed_in: Callable[[Any], Client]
) -> None:
    from openroads.webcare.asking import asked, found_by

    comes(3, NOW, intent="complaint", product=kade.pk)
    comes(2, NOW, intent="complaint")

    def found(words: str) -> int:
        return found_by(asked({"queue": "all", "q": words}, daan), daan).count()

    assert found('product:"Kade"') == sum(USUAL) + 3
    assert found("kind:complaint") == 5
    assert found("kind:complaint product:kade") == 3
    assert found("product:Polder") == 0
    page = signed_in(daan).get("/answer/inbox/?queue=all&q=kind%3Acomplaint").content.decode()
    assert "kind:complaint" in page and page.count('name="case"') == 5


def test_what_lasts_is_told_again_after_half_a_day(
    weeks: None, comes: Comes, kade: Any, bram: Any
) -> None:
    comes(14, NOW, product=kade.pk)
    assert look_for_bursts(now=NOW) == 1
    later = NOW + timedelta(hours=13)
    Notice.objects.update(made_at=NOW)
    comes(14, later, product=kade.pk)
    assert look_for_bursts(now=later) == 1


def test_without_a_pr_desk_who_leads_is_told_and_sent_to_the_figures(
    weeks: None, comes: Comes, noor: Any, daan: Any, sanne: Any
) -> None:
    comes(14, NOW, intent="other")
    assert look_for_bursts(now=NOW) == 1
    notice = Notice.objects.get()
    assert (notice.to, notice.url) == (noor, "/answer/figures/")
    assert notice.title == "14 cases in one hour about “other” (0 expected)"


def test_members_of_the_desk_are_told_too(
    weeks: None, comes: Comes, kade: Any, bram: Any, noor: Any
) -> None:
    Membership.objects.create(person=noor, team=Team.objects.get(name="PR desk"))
    comes(14, NOW, product=kade.pk)
    look_for_bursts(now=NOW)
    assert {one.to for one in Notice.objects.all()} == {bram, noor}


def test_what_is_usual_at_this_hour_tells_nothing(
    weeks: None, comes: Comes, kade: Any, bram: Any
) -> None:
    comes(6, NOW, product=kade.pk)
    assert look_for_bursts(now=NOW) == 0


def test_four_are_no_burst_and_spam_is_none(
    weeks: None, comes: Comes, kade: Any, bram: Any
) -> None:
    comes(4, NOW)
    comes(20, NOW, ending="spam")
    assert look_for_bursts(now=NOW) == 0


def test_a_young_house_does_not_know_what_is_usual(comes: Comes, bram: Any) -> None:
    comes(1, NOW - timedelta(weeks=3))
    comes(30, NOW)
    assert bursts(NOW) == []


def test_the_hour_is_that_of_the_clock_on_the_wall(comes: Comes) -> None:
    comes(1, datetime(2026, 1, 1, tzinfo=UTC))
    hours = hours_before(datetime(2026, 11, 2, 13, 5, tzinfo=UTC))  # clocks went back on 25 October
    assert [f"{timezone.localtime(until):%a %H:%M}" for _since, until in hours] == ["Mon 14:05"] * 9
    assert hours[2][1] == datetime(2026, 10, 19, 12, 5, tzinfo=UTC)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.lists(st.integers(0, 4), min_size=9, max_size=9))
def test_a_quiet_history_tells_nobody(comes: Comes, bram: Any, weeks_of: list[int]) -> None:
    CaseEvent.objects.all().delete()
    Case.objects.all().delete()
    comes(1, NOW - timedelta(weeks=10))
    for week, n in enumerate(weeks_of):
        comes(n, NOW - timedelta(weeks=week))
    assert look_for_bursts(now=NOW) == 0
