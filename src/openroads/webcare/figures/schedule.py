"""What figures do by themselves: keep what was counted."""

from django.utils import timezone

from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Every
from openroads.webcare.figures.keeping import keep_counts

KEEP = "webcare.keep_counts"


@job(KEEP, attempts=2)
def keep_counts_job(work: Job) -> None:
    """Count the cases whose log grew."""
    keep_counts(timezone.now(), alive=work.beat)


SCHEDULE = (Every(KEEP, minutes=5),)
