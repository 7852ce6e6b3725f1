"""Looking at every series once an hour: opening patterns, keeping them true while they last, ending them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from openroads.analysis.expected import interval
from openroads.analysis.patterns.calendar import calendar_of_days, calendar_of_hours
from openroads.analysis.patterns.expecting import Expectation, expected
from openroads.analysis.patterns.finding import (
    BY_DAY,
    BY_HOUR,
    LULL,
    Burst,
    Rules,
    Side,
    bursts,
    find,
    judge,
    with_short_history,
)
from openroads.analysis.patterns.tails import at_least
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.people import system_person
from openroads.listening.gap_queries import days_kept
from openroads.listening.models import Source
from openroads.listening.patterns.counting import (
    Counts,
    counted_by_day,
    counted_by_hour,
    utc_day,
)
from openroads.listening.patterns.evidence import behind, deaf_spells
from openroads.listening.patterns.models import Look, Pattern
from openroads.listening.patterns.series import Watched, watched_series
from openroads.listening.remembering import remembered

DAYS = 38 * 7
"""Days that are counted: the half year that is drawn, and the twelve weeks that lead up to it."""
HOURS = 10 * 168
DENSE = 48.0
"""Posts a day from which a series is watched by the hour too: two an hour."""
LATELY = timedelta(days=28)
"""What began and ended within so long is kept even if nobody looked meanwhile."""
FRESH = timedelta(days=3)
"""Something is in time while a moment of it that stands out is no older than this."""
LOOKS_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Heard:
    """Everything counted in one look, by day, with what was expected."""

    counts: Counts
    told: Expectation
    first: date
    upto: date
    """The first day that was not looked at."""
    partial: bool
    """Whether the last day is still under way."""


@dataclass(frozen=True)
class Found:
    """A burst or lull in the words of the table."""

    one: Watched
    side: Side
    grain: str
    since: datetime
    until: datetime
    posts: int
    mean: float
    low: float
    high: float
    chance: float
    is_open: bool
    in_time: bool


def hear(now: datetime) -> Heard | None:
    """Count every series by day up to now; None while nothing was ever heard."""
    _first, last = days_kept()
    if last is None:
        return None
    today = utc_day(now)
    upto = min(today, last) + timedelta(days=1)
    first = upto - timedelta(days=DAYS)
    counts = counted_by_day(archive(), watched_series, first, upto, now=now)
    calendar = calendar_of_days(first, counts.moments)
    told = with_short_history(counts.posts, calendar, expected(counts.posts, calendar))
    return Heard(counts, told, first, upto, upto > today)


def heard_now() -> Heard | None:
    """Every series as the last look saw it, kept until the next, so that pages need not count again;
    None while nothing was heard. Figures only, nobody's words."""
    latest = Look.objects.values_list("pk", flat=True).first()
    return remembered("patterns heard", lambda: hear(timezone.now()), at=f"look {latest}")


def look(*, now: datetime) -> Look | None:
    """Look at every series and settle what is found with the patterns that are known.

    A look hangs on nothing but the counts: an hour that was missed is made up for by the next.
    """
    began = time.monotonic()
    heard = hear(now)
    if heard is None:
        return None
    found = [*_by_day(heard, now, "louder"), *_by_day(heard, now, "quieter")]
    dense = [one for row, one in enumerate(heard.counts.watched) if _is_dense(heard, row)]
    found += _by_hour(dense, now, heard) if dense else []
    _settle(found, heard, now)
    Look.objects.filter(at__lt=now - LOOKS_KEPT).delete()
    seen = Look.objects.create(
        at=now,
        upto=heard.upto - timedelta(days=1),
        series=len(heard.counts.watched),
        hourly=len(dense),
        seconds=time.monotonic() - began,
        left_out=list(
            Source.objects.filter(pk__in=heard.counts.left_out).values_list("name", flat=True)
        ),
        deaf=[
            [network, heard.counts.at(max(places)).date().isoformat()]
            for network, places in sorted(heard.counts.deaf.items())
            if max(places) >= heard.counts.moments - LATELY.days
        ],
    )
    remembered("patterns heard", lambda: heard, at=f"look {seen.pk}")
    return seen


def _is_dense(heard: Heard, row: int) -> bool:
    mean = heard.told.mean[row, -7:]
    return bool(np.isfinite(mean).all() and mean.mean() >= DENSE and heard.partial)


def _by_day(heard: Heard, now: datetime, side: Side) -> list[Found]:
    counts = heard.counts
    rules = BY_DAY if side == "louder" else LULL
    # A day under way counts as soon as it brought more than a whole one should; it proves no calm.
    rules = replace(rules, calm=rules.calm + heard.partial)
    posts = counts.posts
    if side == "quieter" and heard.partial:
        posts = posts.copy()
        posts[:, -1] = np.nan
    found = bursts(posts, heard.told, judge(posts, heard.told, rules, side=side), rules)
    found = [burst for burst in found if not _is_double(counts, burst.series)]
    if side == "quieter":
        found = [burst for burst in found if not _deaf_in(counts, burst)]
    return [
        _found(counts, heard.told, burst, rules, now, side, Pattern.Grain.DAY) for burst in found
    ]


def _is_double(counts: Counts, row: int) -> bool:
    """Whether this is "everything we heard" and everything is about one brand: that says it better."""
    if counts.watched[row].what != "all":
        return False
    brands = [other for other, one in enumerate(counts.watched) if one.what == "brand"]
    mine = counts.posts[row]
    return any(np.array_equal(mine, counts.posts[other], equal_nan=True) for other in brands)


def _deaf_in(counts: Counts, burst: Burst) -> bool:
    """Whether an ear was deaf meanwhile, or is now: then less being heard is not less being said."""
    near = range(burst.first - 1, burst.last + 2)
    if any(place in near for places in counts.deaf.values() for place in places):
        return True
    if deaf_spells(counts.at(burst.first).date(), counts.at(burst.last + 1).date()):
        return True
    return burst.open and Source.objects.exclude(last_error="").filter(listening=True).exists()


def _by_hour(dense: Sequence[Watched], now: datetime, heard: Heard) -> list[Found]:
    until = now.replace(minute=0, second=0, microsecond=0)
    since = until - timedelta(hours=HOURS)
    counts = counted_by_hour(archive(), dense, since, until, today=utc_day(now))
    calendar = calendar_of_hours(since, counts.moments, ZoneInfo(settings.TIME_ZONE))
    found, told, _judged = find(counts.posts, calendar, BY_HOUR)
    lately = counts.moments - LATELY.days * 24
    return [
        _found(counts, told, burst, BY_HOUR, now, "louder", Pattern.Grain.HOUR)
        for burst in found
        if burst.last >= lately and (burst.open or burst.posts >= 10)
    ]


def _found(
    counts: Counts, told: Expectation, burst: Burst, rules: Rules, now: datetime, side: Side, grain: str
) -> Found:  # fmt: skip
    wide = max(burst.variance - burst.mean, 0.0) / burst.mean**2 if burst.mean > 0 else 0.0
    low, high = interval(burst.mean, wide)
    return Found(
        counts.watched[burst.series], side, grain, counts.at(burst.first),
        counts.at(burst.last + 1), round(burst.posts), burst.mean, low, high, burst.chance,
        burst.open, _in_time(counts, told, burst, rules, now, side),
    )  # fmt: skip


def _in_time(
    counts: Counts, told: Expectation, burst: Burst, rules: Rules, now: datetime, side: Side
) -> bool:
    """Whether a fresh moment of it is loud by the posts alone that came in when they were said."""
    if side == "quieter":
        return counts.at(burst.last + 1) >= now - FRESH
    for place in range(burst.last, burst.first - 1, -1):
        if counts.at(place + 1) < now - FRESH:
            return False
        posts = counts.on_time[burst.series, place]
        mean, wide = told.mean[burst.series, place], told.dispersion[burst.series, place]
        if posts > mean and float(at_least(posts, mean, wide)) < rules.soft:
            return True
    return False


@transaction.atomic
def _settle(found: Sequence[Found], heard: Heard, now: datetime) -> None:
    """Make the table say what was found: open, update, end."""
    lasting: dict[tuple[str, str], Found] = {}
    key: tuple[str, str]
    over: list[Found] = []
    for one in found:
        if not one.is_open:
            over.append(one)
            continue
        key = one.one.key, one.side
        known = lasting.get(key)
        # What both see is told by the day; the hour was first to know.
        if known is None or known.grain == Pattern.Grain.HOUR:
            lasting[key] = one
    known_open = {(row.series, row.side): row for row in Pattern.objects.filter(state=Pattern.State.OPEN).exclude(what="word")}  # fmt: skip
    for key, one in lasting.items():
        row = known_open.get(key) or _same_before(one)
        _keep(row, one, now)
    for key, row in known_open.items():
        if key not in lasting:
            ended = next((one for one in over if (one.one.key, one.side) == key and one.until > row.since), None)  # fmt: skip
            _end(row, ended, now)
    for one in over:
        if one.until >= now - LATELY and not _known(one):
            _keep(None, replace(one, in_time=False), now, over=True)


def _same_before(one: Found) -> Pattern | None:
    """A pattern that was called over and goes on."""
    rows = Pattern.objects.filter(series=one.one.key, side=one.side, until__gt=one.since)
    return rows.order_by("-until").first()


def _known(one: Found) -> bool:
    return Pattern.objects.filter(
        series=one.one.key, side=one.side, since__lt=one.until, until__gt=one.since
    ).exists()


def _keep(row: Pattern | None, found: Found, now: datetime, *, over: bool = False) -> Pattern:
    """Write a pattern down as it stands now, or as it was when it is over; what is behind it is read
    anew when its posts changed."""
    one, is_new = found.one, row is None
    if row is None:
        row = Pattern(
            series=one.key, what=one.what, topic_id=one.topic or None, brand_id=one.brand or None,
            product_id=one.product or None, network=one.network, word=one.word, shown=one.name,
            side=found.side, since=found.since, until=found.until, found_at=now, in_time=found.in_time,
        )  # fmt: skip
    read_anew = is_new or row.posts != found.posts or row.until != found.until
    row.state = Pattern.State.ENDED if over else Pattern.State.OPEN
    row.ended_at = now if over else None
    row.grain, row.shown = found.grain, one.name
    row.since, row.until = min(row.since, found.since), found.until
    row.posts, row.mean, row.low, row.high = found.posts, found.mean, found.low, found.high
    row.chance = min(found.chance, row.chance)
    row.in_time = row.in_time or found.in_time
    row.changed_at = now
    if read_anew and found.side == "louder":
        told = behind(archive(), one, row.since, row.until)
        row.people, row.nameless, row.by_one = told.people, told.nameless, told.by_one
        row.copies, row.reposts = told.copies, told.reposts
        row.networks, row.words, row.why = told.networks, told.words, told.why
    row.save()
    if is_new:
        trail.record(system_person(), "found a pattern", row, name=one.name, posts=found.posts)
    return row


def _end(row: Pattern, found: Found | None, now: datetime) -> None:
    if found is not None:
        _keep(row, found, now, over=True)
        return
    row.state, row.ended_at, row.changed_at = Pattern.State.ENDED, now, now
    row.save(update_fields=["state", "ended_at", "changed_at"])


def days_in(heard: Heard) -> list[date]:
    """The days that were counted."""
    return [heard.first + timedelta(days=n) for n in range(heard.counts.moments)]
