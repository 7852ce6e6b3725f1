"""What the ear does at set times."""

from django.utils import timezone

from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Every
from openroads.listening.ear.actions import look_at_ears
from openroads.listening.ear.silence import look_for_silence

LOOK = "listening.look_at_ears"
SILENCE = "listening.look_for_silence"


@job(LOOK, attempts=1)
def look_at_ears_job(work: Job) -> None:
    """Tell of sources that are deaf still, and of keys that expire."""
    look_at_ears(now=timezone.now())


@job(SILENCE, attempts=1)
def look_for_silence_job(work: Job) -> None:
    """Tell of sources that became unusually silent."""
    look_for_silence(now=timezone.now())


SCHEDULE = (Every(LOOK, minutes=15), Every(SILENCE, minutes=15))
