"""Restoring a house from a backup: wholly, or nothing is left of the try.

While it lasts a folder `.restoring` stands in the data folder. Who finds it there knows that the rest
is unfinished: every command refuses such a house, and the next try clears it away first.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from openroads.archive import whole
from openroads.archive.client import Archive
from openroads.delivery.models import Delivery, Worker
from openroads.directory import trail
from openroads.directory.conversations import archive, close_archive
from openroads.directory.people import system_person
from openroads.listening.actions.imports import find_files_again
from openroads.safekeeping import box, card, state
from openroads.safekeeping.card import Card
from openroads.safekeeping.faults import CannotKeep, Damaged
from openroads.safekeeping.marks import ARCHIVE, DATABASE, KEYS_CAME, MARK
from openroads.safekeeping.models import Backup

Told = Callable[[int], object]

RESTORED = "The house was restored from a backup made before this was done."


@dataclass(frozen=True)
class Restored:
    """What stands there now: posts, people, entries of the trail, and what is wrong with those."""

    posts: int
    rows: int
    entries: int
    faults: tuple[str, ...]


def refuse_unfit(known: Card) -> None:
    """Raise CannotKeep when this code or these settings cannot take such a backup."""
    known.refuse_newer_archive()
    known.refuse_newer_state(MigrationLoader(None).disk_migrations)
    if known.state != state.kind():
        was, now = (
            ("PostgreSQL", "SQLite")
            if known.state == state.POSTGRESQL
            else ("SQLite", "PostgreSQL")
        )
        raise CannotKeep(
            f"This backup is of a house on {was}, and OPENROADS_DATABASE_URL asks for {now}. Restore it on "
            f"{was} first; openroads export and openroads take-over move a house to {now}."
        )
    if settings.OPENROADS.archive_is_embedded != (known.archive == card.ENGINE):
        raise CannotKeep(
            "The archive of this backup was kept the other way (embedded or on a ClickHouse server) than "
            "OPENROADS_ARCHIVE_URL asks for. Restore it as it was; openroads export and openroads take-over move it."
        )
    mark = settings.OPENROADS.data / MARK
    if known.state == state.POSTGRESQL and not (mark / DATABASE).exists():
        state.refuse_full_database()
    refuse_full_archive(mark)


def refuse_full_archive(mark: Path) -> None:
    """Raise CannotKeep when the server of the settings has an archive that holds something; from
    here on what is in it is ours to take out. An embedded one stands in the empty data folder."""
    if settings.OPENROADS.archive_is_embedded or (mark / ARCHIVE).exists():
        return
    with _bare_archive() as there:
        if not whole.is_empty(there):
            raise CannotKeep(
                "The archive of OPENROADS_ARCHIVE_URL is not empty. Name an empty database there; nothing was changed."
            )
    (mark / ARCHIVE).touch()


def restore_house(path: Path, known: Card, told: Told = lambda size: None) -> Restored:
    """Fill the data folder (and database) of the settings, which hold nothing, from a whole backup.

    The caller has put up `.restoring` and takes everything out again when this raises.
    """
    data: Path = settings.OPENROADS.data
    work = data / MARK
    _unpack(path, known, data, work, told)
    _put_archive_back(known, work)
    (work / DATABASE).touch()
    state.put_state_back(work / known.state)
    call_command("migrate", interactive=False, verbosity=0)
    if state_rows_differ := _rows_that_differ(known):
        raise Damaged(state_rows_differ)
    posts = whole.counts(archive())["post"].rows  # opened as ever: brought to this version
    _settle_in(known)
    verdict = trail.verify_trail()
    close_archive()
    return Restored(posts, sum(known.rows.values()), verdict.entries, verdict.faults)


def clear_away(data: Path) -> None:
    """Take out what a restore put into a folder, and the mark last. The keys stay when they were
    there before."""
    close_archive()
    if (data / MARK / DATABASE).exists():
        state.take_out_state()
    if (data / MARK / ARCHIVE).exists():
        with _bare_archive() as there:
            whole.take_out(there)
    for name in ("archive", "uploads"):
        shutil.rmtree(data / name, ignore_errors=True)
    if (data / MARK / KEYS_CAME).exists():
        (data / "keys.json").unlink(missing_ok=True)
    shutil.rmtree(data / MARK, ignore_errors=True)


def _unpack(path: Path, known: Card, data: Path, work: Path, told: Told) -> None:
    for name, _size, content in box.members(path, told):
        kind, _slash, rest = name.partition("/")
        if name in (card.NAME, card.SEALED):
            continue
        if kind == "archive" and known.archive == card.ENGINE:
            place = whole.place_for_copy(data / "archive") / rest
        elif kind == "uploads":
            place = data / name
        else:
            place = work / name
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(content, file, box.PIECE)
    (data / "uploads").mkdir(exist_ok=True, mode=0o700)


def _put_archive_back(known: Card, work: Path) -> None:
    given = settings.OPENROADS
    with Archive.open(
        given.archive_location, memory_bytes=given.archive_memory, readers=1,
        author_key=given.author_key, bare=given.archive_is_embedded,
    ) as restored:  # fmt: skip
        if known.archive == card.ENGINE:
            whole.put_back(restored)
        else:
            whole.read_parquet(restored, sorted((work / "archive").glob("*.parquet")))
        found = {name: [n.rows, n.content] for name, n in whole.counts(restored).items()}
    if {name: found.get(name) for name in known.counts} != known.counts:
        raise Damaged(
            f"The archive did not come back as it was: it had {known.counts} and has {found}."
        )


def _bare_archive() -> Archive:
    """The archive on the server, as it stands there; the caller closes it."""
    given = settings.OPENROADS
    return Archive.open(given.archive_location, readers=1, author_key=given.author_key, bare=True)


def _rows_that_differ(known: Card) -> str:
    """Tables that a migration may change are counted with the rest: those that are as they were."""
    if {tuple(each) for each in known.migrations} != set(
        MigrationLoader(connection).applied_migrations or ()
    ):
        return ""  # it was upgraded on the way
    there = state.count_house()
    for table, rows in known.rows.items():
        if there.get(table) != rows:
            return f"The database did not come back as it was: {table} had {rows} rows and has {there.get(table, 0)}."
    return ""


@transaction.atomic
def _settle_in(known: Card) -> None:
    """What was true of the house that was copied and is not of this one."""
    find_files_again()  # the house may stand elsewhere now
    # The house went on after it was copied: what waited then has most likely left since, and late
    # is better than twice. Whoever was signed in then may have been kept out since.
    waiting = Delivery.objects.filter(state__in=(*Delivery.WAITING, Delivery.State.SENDING))
    waiting.update(state=Delivery.State.NEEDS_A_LOOK, last_error=RESTORED)
    Session.objects.all().delete()
    Worker.objects.all().delete()  # whoever was at work is at work elsewhere: jobs in hand are free
    unfinished = Backup.objects.filter(state__in=Backup.UNFINISHED)
    unfinished.update(state=Backup.State.FAILED, keys="", error=RESTORED)
    trail.record(system_person(), "restored the house from a backup", made=known.made_at, version=known.version)  # fmt: skip
