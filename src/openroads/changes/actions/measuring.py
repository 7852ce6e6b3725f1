"""Measuring again: the frozen question over equally long windows before and after a change went live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from openroads.analysis.before_after import ENOUGH, Counted, Verdict, compare, verdict
from openroads.archive.client import Archive
from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import counted
from openroads.changes import policy, telling
from openroads.changes.asking import CannotAsk, all_of, sieve_of
from openroads.changes.models import Change, Evidence, Measurement
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.models import Person
from openroads.directory.people import system_person

SHORTEST, LONGEST = 28, 90
"""Days of each window: with fewer nothing is said, and more do not count."""
DRAWN_BEFORE = 168
"""Days before the change that are drawn at most: the windows, and how it came to this."""
A_MONTH = timedelta(days=30)
GIVEN_UP = timedelta(days=400)
"""After so long nobody measures by itself any more."""
STANDS = (Verdict.FELL, Verdict.STAYED)


@dataclass(frozen=True)
class DayCount:
    """Of one day: posts that answer the question, posts of the set, other complaints of the set."""

    on: date
    hits: int
    of: int
    others: int


def evidence_to_ask(change: Change) -> Evidence | None:
    """The set whose question is asked again: the largest that can be; None for posts chosen one by one."""
    able = [one for one in change.insight.evidence.all() if one.sieve is not None]
    return max(able, key=lambda one: (one.posts or 0, -one.pk), default=None)


def measure(*, by: Person, change: Change, engine: Archive, on: date | None = None) -> Measurement:
    """Ask again, up to the day before `on` (today). Measuring twice a day gives the first.

    Raises ValidationError for a change that is not live, and for one nobody can ask again.
    """
    directory_policy.require(by, policy.may_measure)
    today = on or timezone.localdate()
    if change.live_on is None:
        raise ValidationError(_("Nothing can be measured before it is live."))
    evidence = evidence_to_ask(change)
    if evidence is None:
        raise ValidationError(_("It rests on posts chosen one by one: there is no question to ask again."))  # fmt: skip
    there = Measurement.objects.filter(change=change, on=today).first()
    if there is not None:
        return there
    since = _drawn_since(evidence, change.live_on)
    try:
        days = days_of(engine, evidence, since, today) if since < today else []
    except CannotAsk:
        raise ValidationError(_("The question as it was frozen cannot be read any more.")) from None
    made = _made(change, evidence, days, today)
    with transaction.atomic():
        made.save()
        _settle(change, made)
        trail.record(
            by, "measured a change", change, name=change.code, outcome=made.verdict,
            ratio="" if made.ratio is None else f"{made.ratio:.2f}",
        )  # fmt: skip
        telling.tell_changed("change.measured", change, by=by, when=str(today))
    return made


def measure_due(*, engine: Archive, on: date) -> int:
    """Measure every live change whose day it is; returns how many were."""
    house, done = system_person(), 0
    live = (Change.State.LIVE, Change.State.TOLD, Change.State.MEASURED)
    rows = Change.objects.filter(state__in=live).annotate(last=Max("measurements__on"))
    for change in rows.select_related("insight", "department", "decision"):
        assert change.live_on is not None
        last = Measurement.objects.filter(change=change).order_by("-on").first()
        due = last.next_on if last else change.live_on + timedelta(days=SHORTEST)
        if due is None or due > on or on > change.live_on + GIVEN_UP:
            continue
        try:
            measure(by=house, change=change, engine=engine, on=on)
        except ValidationError:
            continue  # nobody can ask it again; its page says so
        done += 1
    return done


def days_of(engine: Archive, evidence: Evidence, since: date, until: date) -> list[DayCount]:
    """The question and the set it stands in, day by day."""
    assert evidence.sieve is not None
    sieve = sieve_of(evidence.sieve, since, until)
    ours, every = _by_day(engine, sieve), _by_day(engine, all_of(sieve))
    days = []
    for n in range((until - since).days):
        on = since + timedelta(days=n)
        hits, complaints = ours.get(on, (0, 0))
        of, complained = every.get(on, (0, 0))
        days.append(DayCount(on, hits, of, max(complained - complaints, 0)))
    return days


def _by_day(engine: Archive, sieve: Sieve) -> dict[date, tuple[int, int]]:
    return {row.day: (row.posts, row.complaints) for row in counted(engine, sieve).days}


def _drawn_since(evidence: Evidence, live_on: date) -> date:
    """Whole weeks back from the day it went live, to the first post or as far as is drawn."""
    furthest = live_on - timedelta(days=DRAWN_BEFORE)
    wanted = max(evidence.first_on or furthest, furthest)
    least = live_on - timedelta(days=LONGEST)
    back = (live_on - min(wanted, least)).days
    return live_on - timedelta(days=-(-back // 7) * 7)


def _made(change: Change, evidence: Evidence, days: Sequence[DayCount], today: date) -> Measurement:
    live = change.live_on
    assert live is not None
    length = min((today - live).days, LONGEST)
    made = Measurement(
        change=change, evidence=evidence, made_at=timezone.now(), on=today, live_on=live,
        since=live - timedelta(days=max(length, SHORTEST)),
        until=live + timedelta(days=max(length, 0)), weeks=_weeks(days, live),
    )  # fmt: skip
    if length < SHORTEST:
        made.verdict, made.why = Measurement.Verdict.EARLY, "days"
        made.next_on = live + timedelta(days=SHORTEST)
        return made
    before = [day for day in days if made.since <= day.on < live]
    after = [day for day in days if live <= day.on < made.until]
    _figures(made, before, after)
    if made.verdict in STANDS:
        made.next_on = live + timedelta(days=LONGEST) if length < LONGEST else None
    elif length < LONGEST and (made.before_posts or 0) + (made.after_posts or 0) < ENOUGH:
        made.verdict, made.why = Measurement.Verdict.EARLY, "posts"
        made.next_on = min(today + A_MONTH, live + timedelta(days=LONGEST))
    else:
        made.next_on = today + A_MONTH if length < LONGEST else None
    return made


def _figures(made: Measurement, before: Sequence[DayCount], after: Sequence[DayCount]) -> None:
    told = compare(_counts(before, made.live_on), _counts(after, made.live_on))
    others = compare(
        _counts(before, made.live_on, others=True), _counts(after, made.live_on, others=True)
    )
    made.verdict = verdict(told, others).value
    made.set_posts = sum(day.of for day in before) + sum(day.of for day in after)
    made.before_posts = sum(day.hits for day in before)
    made.after_posts = sum(day.hits for day in after)
    if told is None:
        made.why = "silence"
        return
    if made.before_posts + made.after_posts < ENOUGH:
        made.why = "posts"
    made.before_rate, made.before_low, made.before_high = told.before.rate, told.before.low, told.before.high  # fmt: skip
    made.after_rate, made.after_low, made.after_high = told.after.rate, told.after.low, told.after.high  # fmt: skip
    made.ratio, made.spread = told.ratio.value, told.ratio.spread
    made.ratio_low, made.ratio_high = told.ratio.low, _finite(told.ratio.high)
    if others is not None:
        made.control, made.control_low = others.ratio.value, others.ratio.low
        made.control_high = _finite(others.ratio.high)


def _finite(value: float) -> float | None:
    return value if value < float("inf") else None


def _counts(days: Sequence[DayCount], live: date, *, others: bool = False) -> list[Counted]:
    """Days joined into weeks counted from the day it went live, so that no week holds both sides."""
    weeks: dict[int, list[DayCount]] = {}
    for day in days:
        weeks.setdefault((day.on - live).days // 7, []).append(day)
    return [
        Counted(sum(d.others if others else d.hits for d in week), sum(d.of for d in week))
        for _n, week in sorted(weeks.items())
    ]


def _weeks(days: Sequence[DayCount], live: date) -> list[list[object]]:
    """Whole weeks, as they are drawn."""
    weeks: dict[int, list[DayCount]] = {}
    for day in days:
        weeks.setdefault((day.on - live).days // 7, []).append(day)
    return [
        [week[0].on.isoformat(), sum(d.hits for d in week), sum(d.of for d in week),
         sum(d.others for d in week)]
        for _n, week in sorted(weeks.items()) if len(week) == 7
    ]  # fmt: skip


def _settle(change: Change, made: Measurement) -> None:
    if made.verdict not in STANDS:
        return
    change.measured_on = made.on
    if change.state == Change.State.TOLD:
        change.state = Change.State.MEASURED
    change.save(update_fields=["measured_on", "state"])
