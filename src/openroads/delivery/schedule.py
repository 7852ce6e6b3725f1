"""The time-table: jobs that come round by themselves, once each time, however many workers look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from openroads.delivery.jobs import enqueue
from openroads.delivery.models import Schedule
from openroads.directory.people import system_person


@dataclass(frozen=True)
class Every:
    """A job that comes round after a fixed time; what was missed meanwhile is not made up."""

    job: str
    seconds: float = 0
    minutes: float = 0
    hours: float = 0

    @property
    def rule(self) -> str:
        return f"every {self.apart.total_seconds():g} s"

    @property
    def apart(self) -> timedelta:
        return timedelta(seconds=self.seconds, minutes=self.minutes, hours=self.hours)

    def first(self, now: datetime) -> datetime:
        return now

    def following(self, was: datetime, now: datetime) -> datetime:
        """The first moment after `now` on the beat that `was` is on."""
        missed = max(0, (now - was) // self.apart)
        return was + (missed + 1) * self.apart


@dataclass(frozen=True)
class Daily:
    """A job at a time of the day, "03:20", in the house's time zone.

    On the night the clock goes forward a time that does not exist comes an hour later; on the night
    it goes back, a time that exists twice comes the first time. Once a day, always.
    """

    job: str
    at: str

    @property
    def rule(self) -> str:
        return f"daily at {self.at}"

    def first(self, now: datetime) -> datetime:
        return self.following(now, now)

    def following(self, was: datetime, now: datetime) -> datetime:
        zone = ZoneInfo(settings.TIME_ZONE)
        day = now.astimezone(zone).date()
        clock = time.fromisoformat(self.at)
        utc = ZoneInfo("UTC")
        while (moment := datetime.combine(day, clock, tzinfo=zone).astimezone(utc)) <= now:
            day += timedelta(days=1)
        return moment


Entry = Every | Daily

SCHEDULE: tuple[Entry, ...] = (
    Every("delivery.send_due", minutes=1),
    Daily("delivery.clear_out", at="03:40"),
)


@transaction.atomic
def install(entries: Sequence[Entry]) -> None:
    """Write the time-table down; what stands there with the same rule keeps its next moment."""
    now = timezone.now()
    for entry in entries:
        row, made = Schedule.objects.get_or_create(
            name=entry.job, defaults={"rule": entry.rule, "next_at": entry.first(now)}
        )
        if not made and row.rule != entry.rule:
            Schedule.objects.filter(pk=row.pk).update(rule=entry.rule, next_at=entry.first(now))


def fire_due(entries: Sequence[Entry]) -> list[str]:
    """Put in line what is due; returns the names. Who moves the next moment on is who fires: the
    others find it moved. A job that is still unfinished is not put in line a second time."""
    now = timezone.now()
    known = {entry.job: entry for entry in entries}
    fired = []
    for row in Schedule.objects.filter(name__in=list(known), next_at__lte=now):
        following = known[row.name].following(row.next_at, now)
        with transaction.atomic():
            mine = Schedule.objects.filter(pk=row.pk, next_at=row.next_at).update(
                next_at=following, fired_at=now
            )
            if mine:
                enqueue(row.name, key=f"schedule {row.name}", by=system_person(), again=False)
                fired.append(row.name)
    return fired
