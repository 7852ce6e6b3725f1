"""Reading the register of backups."""

from datetime import datetime

from django.db.models import Max

from openroads.directory.models import TrailEntry
from openroads.safekeeping.models import Backup


def newest_backup() -> Backup | None:
    """The last one that was made, whyever."""
    made = Backup.objects.filter(state=Backup.State.DONE).exclude(why=Backup.Why.EXPORT)
    return made.order_by("-made_at").first()


def last_failure() -> Backup | None:
    """The last one that was tried, if that went wrong."""
    ended = Backup.objects.exclude(state__in=Backup.UNFINISHED)
    last = ended.exclude(why=Backup.Why.EXPORT).first()
    return last if last is not None and last.state == Backup.State.FAILED else None


def looked_through_at() -> datetime | None:
    """When a backup was last looked through and held."""
    moment: datetime | None = Backup.objects.filter(holds=True).aggregate(last=Max("looked_at"))[
        "last"
    ]
    return moment


def house_begun_at() -> datetime | None:
    """When anything was first done in this house."""
    first = TrailEntry.objects.order_by("number").first()
    return first.at if first is not None else None
