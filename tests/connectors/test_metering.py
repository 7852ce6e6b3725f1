"""Allowances: when they are renewed by the vendor's own clock, and that no limit is ever passed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroads.connectors.metering import Allowance, Counted, Period, UsedUp

PACIFIC = Allowance("units", "units", zone="America/Los_Angeles", units=100)
MONTH = Allowance("posts", "posts", Period.MONTH, money=Decimal("1.00"))


@pytest.mark.parametrize(
    ("now", "begins_on", "renews_at"),
    [
        # Summer time there is seven hours behind, winter time eight.
        ("2026-07-01T06:59:00", date(2026, 6, 30), "2026-07-01T07:00:00"),
        ("2026-07-01T07:00:00", date(2026, 7, 1), "2026-07-02T07:00:00"),
        ("2026-11-01T12:00:00", date(2026, 11, 1), "2026-11-02T08:00:00"),
        ("2026-12-31T12:00:00", date(2026, 12, 31), "2027-01-01T08:00:00"),
    ],
)
def test_a_day_begins_at_midnight_in_its_zone(now: str, begins_on: date, renews_at: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert PACIFIC.begins_on(moment) == begins_on
    assert PACIFIC.renews_at(moment) == datetime.fromisoformat(renews_at).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "renews_on"),
    [((2026, 1, 31), (2026, 2, 1)), ((2026, 12, 1), (2027, 1, 1)), ((2028, 2, 29), (2028, 3, 1))],
)
def test_a_month_begins_on_its_first(
    now: tuple[int, int, int], renews_on: tuple[int, int, int]
) -> None:
    moment = datetime(*now, 23, 59, tzinfo=UTC)
    assert MONTH.begins_on(moment).day == 1
    assert MONTH.renews_at(moment) == datetime(*renews_on, tzinfo=UTC)


@given(now=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_now_always_lies_in_its_own_period(now: datetime) -> None:
    for allowance in (PACIFIC, MONTH):
        assert now < allowance.renews_at(now) <= now + timedelta(days=32)
        assert allowance.begins_on(allowance.renews_at(now)) > allowance.begins_on(now)


@given(asked=st.lists(st.tuples(st.integers(1, 40), st.decimals(0, "0.5", places=3)), max_size=40))
def test_no_limit_is_ever_passed_and_what_is_refused_is_not_counted(
    asked: list[tuple[int, Decimal]],
) -> None:
    now = datetime(2026, 11, 1, 12, tzinfo=UTC)
    meter, units, money = Counted(now), 0, Decimal(0)
    for more, price in asked:
        for allowance, step in ((PACIFIC, more), (MONTH, price)):
            before = meter.used(allowance)
            try:
                meter.spend(allowance, more, price)
            except UsedUp:
                assert meter.used(allowance) == before
            else:
                units += more if allowance is PACIFIC else 0
                money += price if allowance is MONTH else Decimal(0)
            assert step >= 0
    assert meter.used(PACIFIC).units == units <= 100
    assert meter.used(MONTH).money == money <= Decimal("1.00")


def test_what_turns_out_cheaper_is_given_back() -> None:
    meter = Counted(datetime(2026, 11, 1, tzinfo=UTC))
    meter.spend(MONTH, 100, Decimal("1.00"))
    meter.give_back(MONTH, 60, Decimal("0.60"))
    meter.spend(MONTH, 60, Decimal("0.60"))
    with pytest.raises(UsedUp):
        meter.spend(MONTH, 1, Decimal("0.01"))


def test_who_is_asked_to_wait_waits_and_then_goes_on() -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    meter = Counted(now)
    meter.close(PACIFIC, 30)
    with pytest.raises(UsedUp) as asked:
        meter.spend(PACIFIC)
    assert (asked.value.after, asked.value.until) == (30.0, now + timedelta(seconds=30))
    meter.close(PACIFIC, 0)
    meter.spend(PACIFIC)
