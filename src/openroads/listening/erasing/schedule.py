"""What erasing does later and at set times."""

from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Every
from openroads.directory.people import system_person
from openroads.listening.erasing import actions
from openroads.listening.erasing.models import Erasure

TRIES = 10


@job(actions.ERASE_AUTHOR, attempts=TRIES)
def erase_author_job(work: Job, *, erasure_id: int) -> None:
    """Erase one author; goes on where it was when the worker before died."""
    actions.carry_out(erasure=Erasure.objects.get(pk=erasure_id), alive=work.beat)


@job(actions.SEARCH_ERASED, attempts=TRIES)
def search_erased_job(work: Job, *, erasure_id: int, look: int) -> None:
    """Search what may be left of one author, or look again later."""
    erasure = Erasure.objects.get(pk=erasure_id)
    if not actions.search(erasure=erasure, alive=work.beat) and not work.handed_back:
        actions.look_later(erasure, look + 1)


@job(actions.KEEP_ERASED, attempts=3)
def keep_erased_job(work: Job) -> None:
    """See to it that nobody comes back with a restored archive, and that no file stays behind."""
    actions.keep_erased(by=system_person(), alive=work.beat)


SCHEDULE = (Every(actions.KEEP_ERASED, hours=6),)
