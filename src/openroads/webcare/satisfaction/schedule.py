"""What asking does by itself."""

from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Every
from openroads.webcare.satisfaction import actions


@job(actions.ASK, attempts=1)
def ask_satisfaction_job(work: Job) -> None:
    """Ask about cases whose time has come."""
    actions.ask_all()


SCHEDULE = (Every(actions.ASK, minutes=5),)
