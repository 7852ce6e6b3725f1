"""Trying the detector out on the house's own history: false alarms as they were, planted bursts found."""

import time
from dataclasses import asdict
from datetime import timedelta

import numpy as np
from django.db import transaction
from django.utils import timezone

from openroads.analysis.patterns.back_test import back_test
from openroads.analysis.patterns.calendar import calendar_of_days
from openroads.analysis.patterns.finding import BY_DAY
from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.directory.people import system_person
from openroads.listening.explore.models import Event
from openroads.listening.patterns import policy
from openroads.listening.patterns.looking import Heard, days_in, heard_now
from openroads.listening.patterns.models import BackTest

TRY_DETECTOR = "listening.try_detector"
CHANCES = (0.01, BY_DAY.chance, 0.0001)
"""Thresholds that are tried; the middle one is the one in use."""
SIZES = (2.0, 3.0, 5.0)
ROUNDS = 12
WARM_UP = 84
"""Days that only serve as history."""
LEAST_DAYS = 28
AFTER_EVENT = 4
"""Days from an event on in which what begins is explained by it."""
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
    known = np.isfinite(heard.counts.posts[:, :whole]).any(axis=0)
    first = int(known.argmax()) if known.any() else whole
    since = max(WARM_UP, first + LEAST_DAYS)
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
        alarms=[{**asdict(row), "rate": row.rate, "low": row.interval[0], "high": row.interval[1]} for row in outcome.alarms],
        found=[
            {name: None if value != value else value for name, value in asdict(row).items()}
            for row in outcome.found
        ],
        seconds=time.monotonic() - began,
    )  # fmt: skip


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
    for on in Event.objects.filter(on__gte=days[0] - timedelta(days=AFTER_EVENT)).values_list("on", flat=True):  # fmt: skip
        place = (on - days[0]).days
        marked[max(place, 0) : max(place + AFTER_EVENT, 0)] = True
    return marked
