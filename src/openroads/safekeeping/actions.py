"""Asking for a backup, making it, and writing down what came of it."""

import base64
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.safekeeping import exporting, making, policy
from openroads.safekeeping.faults import CannotKeep
from openroads.safekeeping.models import Backup

MAKE_BACKUP = "safekeeping.make_backup"
DAILY_BACKUP = "safekeeping.daily_backup"
KEEP_DAILY = 7
KEEP_UPGRADE = 3

Alive = Callable[[], bool]


class HandedBack(Exception):
    """The worker must stop; the backup begins anew elsewhere."""


@transaction.atomic
def ask_backup(
    *, by: Person, path: Path, why: str = Backup.Why.ASKED, sealed: bytes = b"", later: bool = True
) -> Backup:
    """Write down that a backup is to be made, and put it in line unless the caller makes it himself.
    `sealed` are the keys under a passphrase."""
    directory_policy.require(by, policy.may_keep_house)
    backup = Backup.objects.create(
        by=by, path=str(path), why=why, keys=base64.b64encode(sealed).decode()
    )
    if later:
        enqueue(MAKE_BACKUP, key=f"backup-{backup.pk}", by=by, backup_id=backup.pk)
    return backup


def carry_out(
    *, backup: Backup, alive: Alive = lambda: True, told: making.Share = lambda share: None
) -> Backup:
    """Make a backup that was asked for. Taken up again after a kill it begins anew; when `alive`
    answers no it stops, to be done again. `told` hears how far it is."""
    if backup.state not in Backup.UNFINISHED:
        return backup
    Backup.objects.filter(pk=backup.pk).update(state=Backup.State.RUNNING, share=0.0)

    def share(done: float) -> None:
        if not alive():
            raise HandedBack
        Backup.objects.filter(pk=backup.pk).update(share=done)
        told(done)

    path = Path(backup.path)
    try:
        if backup.why == Backup.Why.EXPORT:
            _write_export_down(backup, exporting.make_export(archive(), path, share=share))
            return backup
        made = making.make_backup(
            archive(), path, why=backup.why, sealed=base64.b64decode(backup.keys), share=share
        )
    except HandedBack:
        return backup
    except CannotKeep as problem:
        _failed(backup, str(problem))
        return backup
    except Exception as problem:
        _failed(backup, f"{type(problem).__name__}: {problem}")
        raise
    _write_down(backup, made)
    return backup


@transaction.atomic
def note_made(*, by: Person, made: making.Made, why: str) -> Backup:
    """Write down a backup that was made before the register could be written."""
    directory_policy.require(by, policy.may_keep_house)
    backup = Backup.objects.create(by=by, path=str(made.path), why=why)
    _write_down(backup, made)
    return backup


@transaction.atomic
def note_look(*, by: Person, sum: str, path: Path, holds: bool) -> int:
    """Write down that the backup with this sum (or, a damaged one, at this place) was looked through;
    returns how many rows the register has of it."""
    directory_policy.require(by, policy.may_keep_house)
    same = Q(sum=sum) if holds else Q(sum=sum) | Q(path=str(path.absolute()))
    known = Backup.objects.filter(same, state=Backup.State.DONE)
    if (one := known.first()) is not None:
        trail.record(by, "looked a backup through", one, holds=holds)
    return known.update(looked_at=timezone.now(), holds=holds)


def _failed(backup: Backup, problem: str) -> None:
    backup.state, backup.error, backup.keys = Backup.State.FAILED, problem[:1000], ""
    # The disk that had no room for the backup may have none for this row either.
    with suppress(OperationalError):
        backup.save(update_fields=["state", "error", "keys"])


@transaction.atomic
def _write_down(backup: Backup, made: making.Made) -> None:
    backup.state, backup.made_at, backup.share = Backup.State.DONE, made.card.moment, 1.0
    backup.size, backup.sum, backup.posts = made.size, made.sum, made.card.posts
    backup.keys = ""
    backup.save()
    trail.record(
        backup.by, "made a backup", backup, name=made.path.name, size=made.size, posts=made.card.posts
    )  # fmt: skip


@transaction.atomic
def _write_export_down(backup: Backup, manifest: dict[str, Any]) -> None:
    backup.state, backup.share = Backup.State.DONE, 1.0
    backup.made_at, backup.posts = timezone.now(), manifest["archive"]["post"][0]
    backup.save()
    trail.record(
        backup.by, "exported everything", backup, name=Path(backup.path).name, posts=backup.posts
    )
