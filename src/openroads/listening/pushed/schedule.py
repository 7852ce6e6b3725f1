"""What was pushed is read at once; what is past its time is cleared away every night."""

import time

from django.conf import settings
from django.utils import timezone

from openroads.connectors.http import Guarded
from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Daily
from openroads.listening.models import Source
from openroads.listening.pushed import actions
from openroads.listening.pushed.reading import read_waiting

CLEAR_OUT = "listening.clear_out_pushed"


@job(actions.READ_PUSHED, attempts=6)
def read_pushed_job(work: Job, *, source_id: int) -> None:
    """Read what came in at one source."""
    read_waiting(
        source=Source.objects.select_related("brand").get(pk=source_id),
        client=Guarded(settings.OPENROADS.http_allow),
        alive=work.beat,
        pause=time.sleep,
    )


@job(CLEAR_OUT, attempts=1)
def clear_out_pushed_job(work: Job) -> None:
    """Clear away what is past its time."""
    actions.clear_out(now=timezone.now())


SCHEDULE = (Daily(CLEAR_OUT, at="03:55"),)
