"""What saved replies do by themselves: end on their day, and be warned of before."""

from django.utils import timezone

from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Daily, Entry
from openroads.webcare.saved import actions


@job("webcare.look_after_replies", attempts=2)
def look_after_replies_job(work: Job) -> None:
    """End what has come to its day, and warn of what is near."""
    now = timezone.now()
    actions.end_expired(now=now)
    actions.warn_owners(now=now)


SCHEDULE: tuple[Entry, ...] = (Daily("webcare.look_after_replies", at="00:20"),)
