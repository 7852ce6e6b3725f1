"""Working time: how much of it lies between two moments, and when a promised amount of it is over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = 24 * 60
NOTHING = timedelta()
Block = tuple[int, int]
"""From and until, in minutes after midnight on the clock at the wall: (540, 1020) is 9:00 to 17:00."""
Blocks = tuple[Block, ...]
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When somebody is at work: blocks for each day of the week, Monday first, in the time of a zone, and
    other ones (or none) on holidays. With `always` every moment counts, holidays too.

    Raises ValueError for blocks that touch nothing, overlap or leave the day, and for a week without any:
    nothing would ever be due.
    """

    zone: str
    week: tuple[Blocks, ...] = ((),) * 7
    holidays: tuple[tuple[date, Blocks], ...] = ()
    always: bool = False
    _free: dict[date, Blocks] = field(init=False, repr=False, compare=False)
    _days: dict[date, tuple[Span, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_free", dict(self.holidays))
        if len(self.week) != 7:
            raise ValueError("A week has seven days.")
        for blocks in (*self.week, *self._free.values()):
            check_blocks(blocks)
        if not self.always and not any(self.week):
            raise ValueError("A week without working time makes nothing due, ever.")

    def blocks_on(self, day: date) -> Blocks:
        """The blocks of a day, as its clock says them."""
        if self.always:
            return ((0, DAY),)
        return self._free.get(day, self.week[day.weekday()])

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The blocks of a day as moments in UTC. On the day the clock goes back the hour that comes
        twice counts twice; on the day it goes forward the hour that never was counts not at all."""
        known = self._days.get(day)
        if known is None:
            zone = ZoneInfo(self.zone)
            ends = (
                (_moment(day, since, zone), _moment(day, until, zone))
                for since, until in self.blocks_on(day)
            )
            known = self._days[day] = tuple(
                (since, until) for since, until in ends if until > since
            )
        return known


Versions = Sequence[tuple[datetime, WorkCalendar]]
"""Calendars with the moment from which each holds, oldest first. The first holds before that too."""


def check_blocks(blocks: Blocks) -> None:
    """Raises ValueError unless the blocks of a day follow each other within it."""
    last = 0
    for since, until in blocks:
        if not last <= since < until <= DAY:
            raise ValueError(
                f"{since} to {until} is no block after {last} in a day of {DAY} minutes."
            )
        last = until


def working(calendar: WorkCalendar | Versions, since: datetime, until: datetime) -> timedelta:
    """The working time in [since, until); none when it ends before it begins."""
    total = NOTHING
    for one, start, end in _stretches(calendar, since, until):
        end = end or until  # an end was given, so every piece has one
        total += end - start if one.always else _within(one, start, end)
    return total


def add_working(calendar: WorkCalendar | Versions, start: datetime, amount: timedelta) -> datetime:
    """The first moment by which that much working time has passed since `start`, in UTC: 17:00 and
    not the next morning, when the day ends just then. Nothing to wait for is over at once."""
    at = start.astimezone(UTC)
    if amount <= NOTHING:
        return at
    left = amount
    for one, since, until in _stretches(calendar, at, None):
        if one.always:
            if until is None or since + left <= until:
                return since + left
            left -= until - since
            continue
        day = _local_day(one, since)
        while until is None or day <= _local_day(one, until):
            for begins, ends in one.spans_on(day):
                begins = max(begins, since)
                ends = ends if until is None else min(ends, until)
                if ends <= begins:
                    continue
                if left <= ends - begins:
                    return begins + left
                left -= ends - begins
            day += timedelta(days=1)
    raise AssertionError("the last stretch has no end")


def _within(calendar: WorkCalendar, since: datetime, until: datetime) -> timedelta:
    day, last, total = _local_day(calendar, since), _local_day(calendar, until), NOTHING
    while day <= last:
        for begins, ends in calendar.spans_on(day):
            total += max(min(ends, until) - max(begins, since), NOTHING)
        day += timedelta(days=1)
    return total


def _stretches(
    calendar: WorkCalendar | Versions, since: datetime, until: datetime | None
) -> Iterator[tuple[WorkCalendar, datetime, datetime | None]]:
    """The pieces of [since, until) in which one version holds, in UTC; without `until` the last piece
    has no end."""
    since = since.astimezone(UTC)
    until = until.astimezone(UTC) if until is not None else None
    versions = [(since, calendar)] if isinstance(calendar, WorkCalendar) else list(calendar)
    if not versions:
        raise ValueError("There is no calendar to count by.")
    for place, (_from, one) in enumerate(versions):
        following = versions[place + 1][0].astimezone(UTC) if place + 1 < len(versions) else None
        ends = [moment for moment in (following, until) if moment is not None]
        start = since if place == 0 else max(since, versions[place][0].astimezone(UTC))
        end = min(ends) if ends else None
        if end is None or start < end:
            yield one, start, end


def _local_day(calendar: WorkCalendar, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(calendar.zone)).date()


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The moment a clock at the wall says so, the first time when it says so twice. A time that never was
    is the moment the clock went forward: between the readings of before and of after."""
    days, rest = divmod(minutes, DAY)
    clock = time(rest // 60, rest % 60)
    wall = datetime.combine(day + timedelta(days=days), clock, tzinfo=zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _going_forward(moment - timedelta(days=1), moment + timedelta(days=1), zone)


def _going_forward(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment in between at which the offset changes, to the second."""
    then = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == then:
            before = middle
        else:
            after = middle
    return after
