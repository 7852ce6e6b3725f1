"""Trying the detector out on the house's own history: false alarms as they were, planted bursts found."""

import time
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from openroads.analysis.patterns.back_test import Outcome, back_test
from openroads.analysis.patterns.calendar import calendar_of_days, calendar_of_hours
from openroads.analysis.patterns.finding import BY_DAY, BY_HOUR
from openroads.archive.scope import midnight
from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.directory.people import system_person
from openroads.listening.explore.models import Event
from openroads.listening.patterns import policy
from openroads.listening.patterns.counting import Figures, counted_by_hour
from openroads.listening.patterns.looking import DENSE, HOURS, Heard, days_in, heard_now
from openroads.listening.patterns.models import BackTest, Pattern

TRY_DETECTOR = "listening.try_detector"
CHANCES = (0.01, BY_DAY.chance, 0.0001)
"""Thresholds that are tried; the middle one is the one in use."""
SIZES = (2.0, 3.0, 5.0)
ROUNDS = 12
WARM_UP = 84
"""Days that only serve as history."""
LEAST_DAYS = 28
HOUR_CHANCES = (0.001, BY_HOUR.chance, 0.00001)
HOUR_SIZES = (1.5, 2.0, 3.0)
HOUR_ROUNDS = 3
HOUR_WEEKS = 26
"""Weeks that are counted hour by hour at most, post by post: the ten a look has, and sixteen that are judged."""
LEAST_WEEKS = HOURS // 168 + LEAST_DAYS // 7
"""Weeks the hours must span before anything is counted of them."""
AFTER_EVENT = 4
"""Days from an event on in which what begins is explained by it; longer when the event lasted longer."""
MADE_AGAIN = timedelta(days=7)


def ask_for_trial(*, by: Person) -> None:
    """Have the detector tried out anew, in the background."""
    directory_policy.require(by, policy.may_try_detector)
    with transaction.atomic():
        enqueue(TRY_DETECTOR, key=TRY_DETECTOR, by=by, again=False)
        trail.record(by, "asked for a trial of the patterns")


def try_detector(*, seed: int = 1, rounds: int = ROUNDS) -> BackTest | None:
    """Run the detector over the last half year as it would have run day by day, and over the same with
    bursts planted in it. None where less than four weeks can be judged."""
    began = time.monotonic()
    heard = heard_now()
    if heard is None:
        return None
    whole = heard.counts.moments - heard.partial
    since = max(WARM_UP, _first_known(heard, whole) + LEAST_DAYS)
    if whole - since < LEAST_DAYS:
        return None
    kept = _single(heard, whole)
    outcome = back_test(
        heard.counts.posts[kept, :whole],
        calendar_of_days(heard.first, whole),
        BY_DAY,
        chances=CHANCES,
        sizes=SIZES,
        since=since,
        rounds=rounds,
        seed=seed,
        explained=_explained(heard, whole),
    )
    days = days_in(heard)
    return BackTest.objects.create(
        since=days[since],
        until=days[whole - 1] + timedelta(days=1),
        series=len(kept),
        seed=seed,
        chance=BY_DAY.chance,
        seconds=time.monotonic() - began,
        **_figures(outcome),
    )


def try_by_hour(*, seed: int = 1, rounds: int = HOUR_ROUNDS) -> BackTest | None:
    """The same for what watches by the hour, over the series it watches: those with two posts an hour.
    Its first ten weeks serve as history only, as in a look. Where nothing can be counted that is what
    is kept; None where nothing was ever heard."""
    began = time.monotonic()
    heard = heard_now()
    if heard is None:
        return None
    whole = heard.counts.moments - heard.partial
    first = max(_first_known(heard, whole), whole - 7 * HOUR_WEEKS)
    days = days_in(heard)
    since, until = days[first] if first < whole else days[whole - 1], days[whole - 1] + timedelta(days=1)  # fmt: skip
    posts = heard.counts.posts[:, first:whole]
    busy = [row for row in _single(heard, whole) if _brings(posts[row], DENSE)]
    kept = {"grain": Pattern.Grain.HOUR, "until": until, "series": len(busy), "seed": seed, "chance": BY_HOUR.chance}  # fmt: skip
    if not busy or whole - first < 7 * LEAST_WEEKS:
        return BackTest.objects.create(since=since, alarms=[], found=[], **kept)
    counts = counted_by_hour(
        archive(), [heard.counts.watched[row] for row in busy], midnight(since), midnight(until), today=until,
    )  # fmt: skip
    outcome = back_test(
        counts.posts,
        calendar_of_hours(midnight(since), counts.moments, ZoneInfo(settings.TIME_ZONE)),
        BY_HOUR,
        chances=HOUR_CHANCES,
        sizes=HOUR_SIZES,
        since=HOURS,
        rounds=rounds,
        seed=seed,
        explained=np.repeat(_explained(heard, whole)[first:], 24),
    )
    tried = since + timedelta(hours=HOURS)
    return BackTest.objects.create(
        since=tried, **kept, **_figures(outcome), seconds=time.monotonic() - began
    )


def _figures(outcome: Outcome) -> dict[str, Any]:
    """A trial as it is kept."""
    return {
        "alarms": [
            {**asdict(row), "rate": row.rate, "low": row.interval[0], "high": row.interval[1]}
            for row in outcome.alarms
        ],
        "found": [
            {name: None if value != value else value for name, value in asdict(row).items()}
            for row in outcome.found
        ],
    }


def _brings(posts: Figures, a_day: float) -> bool:
    """Whether a series brought so many posts on the days that are known."""
    known = np.isfinite(posts)
    return bool(known.any() and posts[known].mean() >= a_day)


def _first_known(heard: Heard, whole: int) -> int:
    """The place of the first day of which anything is known."""
    known = np.isfinite(heard.counts.posts[:, :whole]).any(axis=0)
    return int(known.argmax()) if known.any() else whole


def try_when_due() -> None:
    """Once a week, by itself."""
    latest = BackTest.objects.first()
    if latest is None or latest.made_at < timezone.now() - MADE_AGAIN:
        with transaction.atomic():
            enqueue(TRY_DETECTOR, key=TRY_DETECTOR, by=system_person(), again=False)


def _single(heard: Heard, whole: int) -> list[int]:
    """The series, each once: where everything heard is about one brand, both are the same."""
    rows: list[int] = []
    for row in range(len(heard.counts.watched)):
        mine = heard.counts.posts[row, :whole]
        if not any(np.array_equal(mine, heard.counts.posts[other, :whole], equal_nan=True) for other in rows):  # fmt: skip
            rows.append(row)
    return rows


def _explained(heard: Heard, whole: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Days on which something began that people marked."""
    days = days_in(heard)[:whole]
    marked = np.zeros(whole, np.bool_)
    near = Q(on__gte=days[0] - timedelta(days=AFTER_EVENT)) | Q(until__gte=days[0])
    for event in Event.objects.filter(near, view=None):
        place = (event.on - days[0]).days
        lasts = max(AFTER_EVENT, (event.last_on - event.on).days + 1)
        marked[max(place, 0) : max(place + lasts, 0)] = True
    return marked
