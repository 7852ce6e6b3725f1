"""The clock of the story: what is told of the past is done at its own moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.utils import timezone


@contextmanager
def at_the_time(moment: datetime) -> Iterator[None]:
    """Let everything done within happen at another moment, so that a story has its dates.

    TRICKY: it replaces the clock of this process; nothing else runs while the demo is filled.
    """
    clock = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = clock


def morning(today: date, ago: int) -> datetime:
    """Ten in the morning, so many days before today."""
    begin = datetime.combine(today - timedelta(days=ago), datetime.min.time())
    return timezone.make_aware(begin) + timedelta(hours=10)
