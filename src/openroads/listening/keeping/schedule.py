"""What is past its time goes every night."""

from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Daily
from openroads.directory.people import system_person
from openroads.listening.keeping import actions


@job(actions.TAKE_OUT, attempts=3)
def take_out_old_job(work: Job) -> None:
    """Take out what is past its time."""
    actions.take_out(by=system_person(), alive=work.beat)


SCHEDULE = (Daily(actions.TAKE_OUT, at="04:10"),)
