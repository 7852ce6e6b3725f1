"""Bringing a house to this version: newer data is refused, older data is backed up first."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openroads import __version__
from openroads.archive.client import Archive, ArchiveBusy, ArchiveTooNew, ArchiveTooOld
from openroads.directory.conversations import archive, close_archive, open_unchanged
from openroads.directory.people import system_person
from openroads.directory.turns import turn_of_house
from openroads.directory.versions import Standing, standing
from openroads.safekeeping import actions, making
from openroads.safekeeping.faults import CannotKeep

BackUp = Callable[[str], Path | None]
"""Makes a backup of the whole house and returns it. It is told why in a word for its name. Called
before anything was changed, with the archive closed and nobody else in the house; must raise when
it cannot be made, because then nothing is upgraded either."""


UPGRADING = 0x4F70656E
"""The number of the lock in PostgreSQL; any will do, as long as it stays."""


class CannotStart(Exception):
    """This house cannot be opened by this Openroads; the text is what to tell and what to do."""


def upgrade_house(back_up: BackUp, *, alone: bool) -> bool:
    """Bring database and archive to this version. True: this process now has the archive open;
    False (never when `alone`): another process has it, and the database needs nothing.

    Refuses data of a newer version, before anything is changed, by CannotStart. Older data is
    upgraded after a backup; a new house needs none. Raises ArchiveBusy when another process is in
    the way.
    """
    with override(settings.LANGUAGE_CODE), _one_at_a_time():
        found = standing()
        _refuse_newer(found)
        steps: list[int] = []
        try:
            open_unchanged()
        except ArchiveTooNew as newer:
            raise CannotStart(archive_is_newer(newer)) from None
        except ArchiveTooOld as old:
            steps = old.steps
        except ArchiveBusy:
            if found.fits and not alone:
                return False
            if found.fits or found.is_new:
                raise
            raise CannotStart(
                _(
                    "A running Openroads holds this house, and its database waits for an upgrade. "
                    "Stop it and start it again with this version first."
                )
            ) from None
        made = None
        if steps or (found.waiting and not found.is_new):
            close_archive()
            made = _back_up(back_up)
        with _told_how_to_go_back(made):
            if found.waiting:
                call_command("migrate", interactive=False, verbosity=0)
            archive()
    return True


def make_state() -> None:
    """Make the database of a new house. One of another version is refused by CannotStart: commands
    that only look after people and keys upgrade nothing."""
    with override(settings.LANGUAGE_CODE), _one_at_a_time():
        found = standing()
        _refuse_newer(found)
        if found.is_new and found.waiting:
            call_command("migrate", interactive=False, verbosity=0)
        elif found.waiting:
            raise CannotStart(
                _(
                    "The database is of an older Openroads. Start openroads run once: that upgrades it."
                )
            )


def archive_is_newer(newer: ArchiveTooNew) -> str:
    """What to say of an archive with a step this code does not know, in the active language."""
    return _(
        "The archive was written by a newer Openroads (step %(step)d; this one, %(version)s, knows "
        "up to %(known)d). Install that version again, or restore the backup made before the upgrade."
    ) % {"step": newer.step, "known": newer.known, "version": __version__}


def database_is_newer(found: Standing) -> str:
    """The same of a database."""
    room, name = found.unknown[-1]
    return _(
        "The database was written by a newer Openroads (%(room)s %(name)s is unknown to this one, "
        "%(version)s). Install that version again, or restore the backup made before the upgrade."
    ) % {"room": room, "name": name, "version": __version__}


class UpgradeBackup:
    """Makes the backup before an upgrade in the folder of backups, and keeps the newest three."""

    def __init__(self) -> None:
        self._made: making.Made | None = None

    def __call__(self, why: str) -> Path:
        """Make it, of the house as it is. Raises CannotKeep."""
        given = settings.OPENROADS
        path = making.usual_folder() / making.usual_name(why, timezone.localtime())
        with Archive.open(
            given.archive_location, memory_bytes=given.archive_memory, readers=1,
            author_key=given.author_key, bare=True,
            turn=None if given.archive_is_embedded else turn_of_house(),
        ) as as_it_is:  # fmt: skip
            self._made = making.make_backup(as_it_is, path, why=why)
        return path

    def note(self) -> None:
        """Write it down: before the upgrade the register may not have been there. Older ones go."""
        if self._made is not None:
            actions.note_made(by=system_person(), made=self._made, why="upgrade")
            making.keep_newest(self._made.path.parent, "upgrade", actions.KEEP_UPGRADE)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Several commands or hosts may start at once on one database: one upgrades it, the others wait
    and find it done."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [UPGRADING])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [UPGRADING])
        return
    folder = os.open(settings.OPENROADS.data, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _refuse_newer(found: Standing) -> None:
    if found.unknown:
        raise CannotStart(database_is_newer(found))


def _back_up(back_up: BackUp) -> Path | None:
    typer.echo(_("This house was made by an older Openroads; it is upgraded now."), err=True)
    try:
        made = back_up("upgrade")
    except CannotKeep as problem:
        raise CannotStart(
            _("No backup could be made, so nothing was upgraded. %(why)s") % {"why": problem}
        ) from problem
    if made is not None:
        typer.echo(_("The backup made first: %(path)s") % {"path": made}, err=True)
    return made


@contextmanager
def _told_how_to_go_back(made: Path | None) -> Iterator[None]:
    """When an upgrade goes wrong: which file to restore, and how."""
    try:
        yield
    except Exception:
        if made is not None:
            typer.echo(
                _(
                    "The upgrade went wrong. The house as it was stands in %(path)s. To go back: install the "
                    "version before, put keys.json into a new folder, and run openroads restore %(path)s --data "
                    "FOLDER."
                )
                % {"path": made},
                err=True,
            )
        raise
