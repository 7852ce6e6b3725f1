"""Working time agrees with a hand that counts it, through summer time, split shifts, holidays and new hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.analysis.worktime import WorkCalendar, add_working, working

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NINE_TO_FIVE = WorkCalendar("Europe/Amsterdam", (((540, 1020),),) * 5 + ((), ()))
SPLIT = WorkCalendar("Europe/Amsterdam", (((510, 720), (780, 1050)),) * 5 + (((600, 780),), ()))
DAY_AND_NIGHT = WorkCalendar("Europe/Amsterdam", (((0, 1440),),) * 7)
ALWAYS = WorkCalendar("Europe/Amsterdam", always=True)
NIGHT = WorkCalendar("Europe/Amsterdam", (((0, 240), (1320, 1440)),) * 7)


def at(day: str, clock: str, fold: int = 0) -> datetime:
    """A moment as a clock in Amsterdam says it."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=AMSTERDAM, fold=fold)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def test_friday_half_past_four_with_an_hour_is_monday_half_past_nine() -> None:
    due = add_working(NINE_TO_FIVE, at("2026-11-27", "16:30"), hours(1))
    assert due == at("2026-11-30", "09:30")
    assert working(NINE_TO_FIVE, at("2026-11-27", "16:30"), due) == hours(1)


def test_what_ends_with_the_day_is_due_that_day_and_not_the_next_morning() -> None:
    assert add_working(NINE_TO_FIVE, at("2026-11-27", "16:30"), hours(0.5)) == at(
        "2026-11-27", "17:00"
    )


def test_out_of_hours_answered_out_of_hours_took_no_time() -> None:
    assert working(NINE_TO_FIVE, at("2026-11-28", "10:00"), at("2026-11-29", "22:00")) == hours(0)
    assert working(NINE_TO_FIVE, at("2026-11-26", "19:00"), at("2026-11-27", "08:59")) == hours(0)


def test_a_lunch_is_no_working_time() -> None:
    assert working(SPLIT, at("2026-11-26", "11:30"), at("2026-11-26", "13:30")) == hours(1)
    assert add_working(SPLIT, at("2026-11-26", "11:30"), hours(1)) == at("2026-11-26", "13:30")
    # Saturday is open from ten to one, Sunday is not; three hours and a half and four and a half a day.
    assert working(SPLIT, at("2026-11-23", "00:00"), at("2026-11-30", "00:00")) == hours(5 * 8 + 3)


def test_a_holiday_has_its_own_blocks_or_none() -> None:
    shut, short = date(2026, 12, 25), date(2026, 12, 24)
    kept = WorkCalendar("Europe/Amsterdam", NINE_TO_FIVE.week, ((shut, ()), (short, ((540, 720),))))
    assert working(kept, at("2026-12-24", "00:00"), at("2026-12-26", "00:00")) == hours(3)
    assert add_working(kept, at("2026-12-24", "11:30"), hours(1)) == at("2026-12-28", "09:30")


def test_the_night_the_clock_goes_forward_has_an_hour_less() -> None:
    """29 March 2026: 02:00 becomes 03:00."""
    since, until = at("2026-03-29", "00:00"), at("2026-03-30", "00:00")
    assert working(DAY_AND_NIGHT, since, until) == working(ALWAYS, since, until) == hours(23)
    assert working(NIGHT, since, until) == hours(3 + 2)
    assert add_working(NIGHT, since, hours(3)) == at("2026-03-29", "04:00")
    assert add_working(NINE_TO_FIVE, at("2026-03-27", "16:00"), hours(2)) == at(
        "2026-03-30", "10:00"
    )
    # A block that begins or ends in the hour that never was ends where the clock went forward.
    odd = WorkCalendar("Europe/Amsterdam", (((60, 150), (150, 240)),) * 7)
    assert working(odd, since, until) == hours(2)
    assert odd.spans_on(date(2026, 3, 29))[0][1] == datetime(2026, 3, 29, 1, tzinfo=UTC)
    never = WorkCalendar("Europe/Amsterdam", (((130, 170),),) * 7)
    assert working(never, since, until) == hours(0)


def test_the_night_the_clock_goes_back_has_an_hour_more() -> None:
    """25 October 2026: 03:00 becomes 02:00."""
    since, until = at("2026-10-25", "00:00"), at("2026-10-26", "00:00")
    assert working(DAY_AND_NIGHT, since, until) == working(ALWAYS, since, until) == hours(25)
    assert working(NIGHT, since, until) == hours(5 + 2)
    # From half past two to half past two is an hour, that night.
    first, second = at("2026-10-25", "02:30"), at("2026-10-25", "02:30", fold=1)
    assert working(NIGHT, first.astimezone(UTC), second.astimezone(UTC)) == hours(1)


def test_other_zones_have_other_days() -> None:
    brussels = WorkCalendar("America/New_York", NINE_TO_FIVE.week)
    assert add_working(brussels, at("2026-11-27", "16:30"), hours(1)) == at("2026-11-27", "17:30")


def test_new_hours_count_from_the_moment_they_hold() -> None:
    """Nine to five until Wednesday noon, then ten to four."""
    later = WorkCalendar("Europe/Amsterdam", (((600, 960),),) * 5 + ((), ()))
    versions = [(at("2026-01-01", "00:00"), NINE_TO_FIVE), (at("2026-11-25", "12:00"), later)]
    assert working(versions, at("2026-11-25", "08:00"), at("2026-11-25", "20:00")) == hours(3 + 4)
    assert add_working(versions, at("2026-11-25", "11:00"), hours(6)) == at("2026-11-26", "11:00")
    assert working(versions, at("2025-11-26", "08:00"), at("2025-11-26", "20:00")) == hours(8)


@pytest.mark.parametrize(
    "blocks", [((600, 540),), ((540, 1500),), ((540, 720), (700, 800)), ((-5, 9),)]
)
def test_blocks_that_cannot_be_are_refused(blocks: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValueError, match="is no block"):
        WorkCalendar("Europe/Amsterdam", (blocks,) * 7)


def test_a_week_without_working_time_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing due"):
        WorkCalendar("Europe/Amsterdam")


# ------------------------------------------------------------------------------------ properties
for_long = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def blocks(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Up to four blocks of a day in quarters of an hour."""
    edges = sorted(draw(st.sets(st.integers(0, 96), max_size=8)))
    return tuple((15 * a, 15 * b) for a, b in zip(edges[::2], edges[1::2], strict=False))


ZONES = (
    "Europe/Amsterdam",
    "Europe/Lisbon",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "UTC",
)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    week = tuple(draw(blocks()) for _ in range(7))
    free = draw(
        st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 12, 31)), blocks(), max_size=5)
    )
    always = draw(st.booleans()) or not any(week)
    return WorkCalendar(draw(st.sampled_from(ZONES)), week, tuple(free.items()), always)


# Half of the moments lie about the nights on which a clock of one of the zones moves.
moments = st.one_of(
    st.datetimes(datetime(2026, 3, 27), datetime(2026, 4, 7), timezones=st.just(UTC)),
    st.datetimes(datetime(2026, 10, 2), datetime(2026, 11, 3), timezones=st.just(UTC)),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
)


@st.composite
def versions(draw: st.DrawFn) -> list[tuple[datetime, WorkCalendar]]:
    starts = sorted(draw(st.sets(moments, min_size=1, max_size=3)))
    return [(start, draw(calendars())) for start in starts]


some_calendar = st.one_of(calendars(), versions())


@for_long
@given(some_calendar, moments, moments, moments)
def test_working_time_adds_up(calendar, a, b, c) -> None:  # type: ignore[no-untyped-def]
    a, b, c = sorted((a, b, c))
    assert working(calendar, a, b) + working(calendar, b, c) == working(calendar, a, c)


@for_long
@given(some_calendar, moments, moments)
def test_it_is_never_negative_and_never_more_than_the_clock(calendar, a, b) -> None:  # type: ignore[no-untyped-def]
    a, b = sorted((a, b))
    assert timedelta() <= working(calendar, a, b) <= b - a
    assert working(calendar, b, a) == timedelta()


@for_long
@given(some_calendar, moments, st.timedeltas(timedelta(), timedelta(hours=60)))
def test_what_is_added_is_what_is_counted(calendar, start, amount) -> None:  # type: ignore[no-untyped-def]
    due = add_working(calendar, start, amount)
    assert working(calendar, start, due) == amount
    if amount:  # and not a microsecond sooner
        assert working(calendar, start, due - timedelta(microseconds=1)) < amount


@for_long
@given(
    some_calendar,
    moments,
    st.timedeltas(timedelta(), timedelta(hours=30)),
    st.timedeltas(timedelta(), timedelta(hours=30)),
)
def test_more_is_never_due_sooner_and_two_steps_are_one(calendar, start, first, more) -> None:  # type: ignore[no-untyped-def]
    once = add_working(calendar, start, first)
    twice = add_working(calendar, once, more)
    assert start <= once <= twice == add_working(calendar, start, first + more)


@for_long
@given(
    calendars(),
    st.dates(date(2026, 3, 25), date(2026, 4, 8)) | st.dates(date(2026, 10, 1), date(2026, 11, 5)),
)
def test_days_add_up_to_their_week(calendar: WorkCalendar, first: date) -> None:
    """Midnight to midnight, also in a week in which the clock moves."""
    zone = ZoneInfo(calendar.zone)
    nights = [
        datetime.combine(first + timedelta(days=n), datetime.min.time(), tzinfo=zone)
        for n in range(8)
    ]
    days = [working(calendar, a, b) for a, b in zip(nights, nights[1:], strict=False)]
    assert sum(days, timedelta()) == working(calendar, nights[0], nights[7])
    if calendar.always:
        assert sum(days, timedelta()) == nights[7].astimezone(UTC) - nights[0].astimezone(UTC)
