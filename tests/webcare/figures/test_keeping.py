"""Figures read from what is kept equal those counted from the whole log, whatever happened since."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openroads.webcare.clocks import actions as clocks
from openroads.webcare.clocks.models import WorkCalendarVersion
from openroads.webcare.figures import keeping, queries
from openroads.webcare.figures.gathering import Asked
from openroads.webcare.figures.models import Counted, CountedCase, CountedDay
from openroads.webcare.models import CaseEvent
from tests.webcare.figures.by_the_log import by_the_log
from tests.webcare.figures.chance_logs import ChanceHouse
from tests.webcare.logs import a_case, after

ALL = Asked(date(2026, 10, 1), date(2027, 2, 1))
WEEK = Asked(date(2026, 11, 23), date(2026, 11, 30))
LATER = timedelta(minutes=11)
"""After which a line that was seen is settled."""


def kept() -> None:
    """Everything there is is kept."""
    now = timezone.now()
    Counted.objects.update(seen_at=None)
    for n in range(2):
        keeping.keep_counts(now + n * LATER)
    assert keeping.counted().settled == (CaseEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)  # fmt: skip


def asked_of(house: ChanceHouse) -> list[tuple[Asked, frozenset[int] | None]]:
    """Readings of all of it and of parts, over and not, and what a team sees."""
    team = house.teams[1]
    assert team is not None
    days = [house.chance.randrange(-22, 40) for _n in range(3)]
    parts = [
        Asked(day, day + timedelta(days=house.chance.choice((1, 5, 12, 33))))
        for day in ((after(0) + timedelta(days=n)).date() for n in days)
    ]
    return [
        (ALL, None), (ALL, frozenset({team.pk})), (ALL, frozenset()), (replace(ALL, team=team.pk), None),
        (replace(ALL, network="x"), None), (replace(ALL, kind="private"), None),
        *((part, None) for part in parts), (replace(parts[0], network="bluesky"), frozenset({team.pk})),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_what_is_kept_says_the_same_as_the_whole_log(noor: Any, seed: int) -> None:
    house, now = ChanceHouse(seed, noor), timezone.now()
    for turn in range(6):
        house.lives(70)
        if house.chance.random() < 0.6:
            house.promises()
        if turn:  # nothing is kept at first, then some of it, and never the newest
            now += house.chance.choice((timedelta(minutes=1), LATER))
            keeping.keep_counts(now)
        for asked, teams in asked_of(house):
            assert queries.counted(asked, teams) == by_the_log(asked, teams), (turn, asked, teams)
    assert CountedCase.objects.exists()
    kept()
    for asked, teams in asked_of(house):
        assert queries.counted(asked, teams) == by_the_log(asked, teams), asked


def test_an_answer_that_fails_later_changes_the_cycle_that_was_kept(noor: Any) -> None:
    case = a_case((0, "came_in", "they"), (10, "replied", "we"), (10, "closed answered", "we"))
    kept()
    assert queries.counted(WEEK).figures["first"].n == 1
    a_case((3000, "came_in", "they"), (3010, "failed", "house"), of=case, cycle=2)
    assert queries.counted(WEEK) == by_the_log(WEEK)
    assert queries.counted(WEEK).figures["first"].n == 0
    before = Asked(date(2026, 11, 23), date(2026, 11, 24))  # then nobody knew
    assert queries.counted(before).figures["first"].n == 1
    kept()
    assert queries.counted(WEEK).figures["first"].n == 0
    assert queries.counted(before) == by_the_log(before)


def test_the_first_hours_count_what_was_kept_without_any(noor: Any) -> None:
    a_case((450, "came_in", "they"), (1455, "replied", "we"))  # from 16:30 to 9:15
    kept()
    assert queries.counted(WEEK).figures["first"].working.median == 1005 * 60
    clocks.set_calendar(
        by=noor, name="Office", zone="Europe/Amsterdam", week=[[(540, 1020)]] * 5 + [[], []], holidays={}
    )  # fmt: skip
    WorkCalendarVersion.objects.update(holds_from=after(-10_000))
    assert queries.counted(WEEK).figures["first"].working.median == 45 * 60
    kept()
    assert queries.counted(WEEK).figures["first"].working.median == 45 * 60
    assert keeping.counted().clocks == keeping.clocks_of(keeping.book())


def test_days_of_another_zone_are_counted_anew(noor: Any, settings: Any) -> None:
    a_case((-600, "came_in", "they"), (-595, "replied", "we"))  # Sunday at 23:00 in Amsterdam
    kept()
    assert queries.counted(WEEK).figures["first"].n == 0
    settings.TIME_ZONE = "Asia/Tokyo"  # Monday
    assert queries.counted(WEEK).figures["first"].n == 1
    kept()
    assert queries.counted(WEEK) == by_the_log(WEEK)
    assert CountedDay.objects.filter(day=WEEK.since).exists()


def test_a_line_is_kept_once_it_was_there_ten_minutes_ago_and_nothing_twice(noor: Any) -> None:
    now = timezone.now()
    a_case((0, "came_in", "they"), (10, "replied", "we"))
    assert keeping.keep_counts(now) == 0
    assert keeping.keep_counts(now + timedelta(minutes=9)) == 0
    assert keeping.keep_counts(now + timedelta(minutes=10)) == 1
    assert keeping.keep_counts(now + timedelta(minutes=20)) == 0
    assert queries.counted(WEEK).figures["first"].n == 1


def test_a_new_line_asks_for_the_log_of_its_own_case_alone(noor: Any) -> None:
    for n in range(40):
        a_case((n, "came_in", "they"), (n + 10, "replied", "we"))
    kept()
    new = a_case((60, "came_in", "they"), (70, "replied", "we"), (71, "closed answered", "we"))
    with CaptureQueriesContext(connection) as seen:
        assert queries.counted(WEEK).figures["first"].n == 41
    logs = [one["sql"] for one in seen.captured_queries if "ending" in one["sql"]]
    assert len(logs) == 2 and all(f"({new.pk})" in sql for sql in logs), logs
    assert len(seen) <= 10
