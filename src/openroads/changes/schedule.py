"""What changes do at set times: reminding, letting what was put off come back, measuring again, and
seeing who heard."""

from django.utils import timezone

from openroads.changes.actions.deciding import bring_back
from openroads.changes.actions.measuring import measure_due
from openroads.changes.actions.telling import look_after
from openroads.changes.reminding import remind_all
from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Daily, Every
from openroads.directory.conversations import archive

REMIND = "changes.remind"
MEASURE = "changes.measure_again"
HEARD = "changes.see_who_heard"


@job(REMIND, attempts=3)
def remind_job(work: Job) -> None:
    """Let what was put off until today wait again, then tell who is late or nearly so."""
    today = timezone.localdate()
    bring_back(on=today)
    remind_all(today=today)


@job(MEASURE, attempts=2)
def measure_again_job(work: Job) -> None:
    """Ask the question of every live change again whose day it is."""
    measure_due(engine=archive(), on=timezone.localdate())


@job(HEARD, attempts=1)
def see_who_heard_job(work: Job) -> None:
    """See which messages left and who wrote back."""
    look_after(engine=archive(), now=timezone.now())


SCHEDULE = (
    Daily(REMIND, at="07:10"),
    Daily(MEASURE, at="05:20"),
    Every(HEARD, minutes=5),
)
