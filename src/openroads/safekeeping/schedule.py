"""What safekeeping does later and at set times."""

from django.conf import settings
from django.utils import timezone

from openroads.delivery.jobs import Job, job
from openroads.delivery.schedule import Daily, Entry
from openroads.directory.people import system_person
from openroads.safekeeping import actions, making
from openroads.safekeeping.models import Backup

TRIES = 3


@job(actions.MAKE_BACKUP, attempts=TRIES)
def make_backup_job(work: Job, *, backup_id: int) -> None:
    """Make one backup that was asked for."""
    actions.carry_out(backup=Backup.objects.select_related("by").get(pk=backup_id), alive=work.beat)


@job(actions.DAILY_BACKUP, attempts=TRIES)
def daily_backup_job(work: Job) -> None:
    """The backup of the night, and away with those of more than a week ago."""
    why = Backup.Why.DAILY
    folder = making.usual_folder()
    backup = Backup.objects.filter(why=why, state__in=Backup.UNFINISHED).first()
    if backup is None:  # and not one that a worker handed back, or was killed at
        path = folder / making.usual_name(why, timezone.localtime())
        backup = actions.ask_backup(by=system_person(), path=path, why=why, later=False)
    actions.carry_out(backup=backup, alive=work.beat)
    if backup.state == Backup.State.DONE:
        making.keep_newest(folder, why, actions.KEEP_DAILY)


def schedule() -> tuple[Entry, ...]:
    """A backup every day, when the settings name an hour for it."""
    at = settings.OPENROADS.backup_at
    return (Daily(actions.DAILY_BACKUP, at=at),) if at else ()


SCHEDULE = schedule()
