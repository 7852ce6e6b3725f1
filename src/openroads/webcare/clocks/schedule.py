"""What clocks do by themselves: follow new hours and promises, and tell when one passed."""

from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Every
from openroads.webcare.clocks import actions


@job(actions.SET_ALL, attempts=3)
def set_clocks_job(work: Job) -> None:
    """Work out every clock anew."""
    actions.set_all_dues()


@job(actions.WATCH, attempts=1)
def watch_clocks_job(work: Job) -> None:
    """Tell of clocks that passed."""
    actions.tell_passed()


SCHEDULE = (Every(actions.WATCH, minutes=1),)
