"""What networks took back leaves the files, well within a day; old counts go."""

from datetime import timedelta

from django.utils import timezone

from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Daily, Every
from openroads.listening.streams.actions import honour_deletions
from openroads.listening.streams.models import Heard

KEEP_COUNTS = timedelta(days=62)


@job("listening.honour_deletions", attempts=5)
def honour_deletions_job(work: Job) -> None:
    """Take out what networks took back."""
    honour_deletions(alive=work.beat)


@job("listening.clear_out_heard", attempts=1)
def clear_out_heard_job(work: Job) -> None:
    """Forget how much was heard in hours long past."""
    Heard.objects.filter(hour__lt=timezone.now() - KEEP_COUNTS).delete()


SCHEDULE = (
    Every("listening.honour_deletions", hours=6),
    Daily("listening.clear_out_heard", at="03:55"),
)
