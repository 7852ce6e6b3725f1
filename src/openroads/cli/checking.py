"""`openroads doctor`: what is wrong with this house, and the mend."""

import json
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer

from openroads.cli import house

BACKUP_EVERY = timedelta(days=7)
"""An older backup is worth a look."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: well, worth a look, or wrong; with the mend when it is not well."""

    what: str
    state: Literal["well", "look", "wrong"]
    told: str
    mend: str = ""


def doctor(
    data: Annotated[Path | None, typer.Option("--data", help="Directory of the house.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Look at settings, disk, database, archive, worker and sources; say what is wrong and how to mend it."""
    house.settle(data)
    findings = [finding for look in LOOKS for finding in _safely(look)]
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            colour = {"well": None, "look": "yellow", "wrong": "red"}[finding.state]
            typer.secho(f"{finding.state:5}  {finding.what}: {finding.told}", fg=colour)
            if finding.mend:
                typer.echo(f"       {finding.mend}")
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


Look = Callable[[], Iterator[Finding]]


def _safely(look: Look) -> list[Finding]:
    """A look that itself fails is a finding, not the end of the visit."""
    from django.db import DatabaseError  # noqa: PLC0415 (needs settings)

    name = look.__name__.removeprefix("_look_at_")
    try:
        return list(look())
    except DatabaseError as error:
        if "no such table" in str(error) or "does not exist" in str(error):
            told = "cannot be asked: the database is not set up yet"
            return [Finding(name, "look", told, "The first start does that: openroads run.")]
        return [Finding(name, "wrong", f"{type(error).__name__}: {error}")]
    except Exception as error:  # noqa: BLE001 (a doctor must finish the round)
        return [Finding(name, "wrong", f"{type(error).__name__}: {error}")]


def _look_at_python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", "well", version)


def _look_at_disk() -> Iterator[Finding]:
    from django.conf import settings  # noqa: PLC0415 (needs settings)

    folder: Path = settings.OPENROADS.data
    if not os.access(folder, os.W_OK):
        yield Finding(
            "data directory", "wrong", f"{folder} cannot be written",
            "Give the user that runs Openroads the right to write there, or set OPENROADS_DATA.",
        )  # fmt: skip
        return
    free = shutil.disk_usage(folder).free
    told = f"{folder}, {free / 1e9:.1f} GB free"
    if free < 1e9:
        yield Finding("data directory", "wrong", told, "Free at least 1 GB: the archive merges on disk.")  # fmt: skip
    else:
        yield Finding("data directory", "well", told)
    keys = folder / "keys.json"
    if keys.exists() and keys.stat().st_mode & 0o077:
        yield Finding("keys", "wrong", f"{keys} can be read by others", f"chmod 600 {keys}")


def _look_at_database() -> Iterator[Finding]:
    from django.db import connection  # noqa: PLC0415 (needs settings)

    from openroads.cli.upgrading import database_is_newer  # noqa: PLC0415
    from openroads.directory.versions import standing  # noqa: PLC0415

    found = standing()
    if found.unknown:
        yield Finding(
            "database", "wrong", "it was written by a newer Openroads", database_is_newer(found)
        )
    elif found.waiting:
        yield Finding("database", "look", f"{len(found.waiting)} migrations wait", "They run at the next start, after a backup: openroads run.")  # fmt: skip
    else:
        yield Finding("database", "well", f"{connection.vendor}, up to date")


def _look_at_archive() -> Iterator[Finding]:
    from openroads.archive.client import (  # noqa: PLC0415
        ArchiveAway,
        ArchiveBusy,
        ArchiveTooNew,
        ArchiveTooOld,
    )
    from openroads.archive.queries.state import kept  # noqa: PLC0415
    from openroads.cli.upgrading import archive_is_newer  # noqa: PLC0415 (needs settings)
    from openroads.directory.conversations import close_archive, open_unchanged  # noqa: PLC0415

    try:
        posts = sum(row.posts for row in kept(open_unchanged()))
    except ArchiveBusy:
        yield Finding("archive", "well", "open in a running Openroads")
    except ArchiveAway as away:
        yield Finding("archive", "wrong", str(away), "Start ClickHouse, or put OPENROADS_ARCHIVE_URL right.")  # fmt: skip
    except ArchiveTooNew as newer:
        yield Finding("archive", "wrong", "it was written by a newer Openroads", archive_is_newer(newer))  # fmt: skip
    except ArchiveTooOld as old:
        yield Finding("archive", "look", f"{len(old.steps)} upgrade steps wait", "They are made at the next start, after a backup: openroads run.")  # fmt: skip
    else:
        yield Finding("archive", "well", f"opens; {posts:,} posts")
    finally:
        close_archive()


def _look_at_server() -> Iterator[Finding]:
    from django.conf import settings  # noqa: PLC0415 (needs settings)

    given = settings.OPENROADS
    with socket.socket() as probe:
        probe.settimeout(1)
        answers = probe.connect_ex((given.host, given.port)) == 0
    if answers:
        yield Finding("server", "well", f"answers on {given.host}:{given.port}")
    else:
        yield Finding("server", "look", f"nothing answers on {given.host}:{given.port}", "Start it with openroads run.")  # fmt: skip


def _look_at_worker() -> Iterator[Finding]:
    from openroads.delivery.queries import stuck_jobs, worker_is_alive  # noqa: PLC0415

    if not worker_is_alive():
        yield Finding("worker", "look", "no worker beats", "openroads run has workers inside; start it.")  # fmt: skip
    stuck = list(stuck_jobs())
    if stuck:
        yield Finding("jobs", "wrong", f"{len(stuck)} jobs are stuck", "They are taken up again by the next worker; see the log for why they stopped.")  # fmt: skip
    else:
        yield Finding("jobs", "well", "none is stuck")


def _look_at_failures() -> Iterator[Finding]:
    from openroads.delivery.queries import (  # noqa: PLC0415 (needs settings)
        deliveries_to_look_at,
        failed_jobs,
        late_deliveries,
    )

    failed = failed_jobs().count()
    if failed:
        yield Finding("jobs", "look", f"{failed} jobs were given up in the last week", "The log says why; what they were to do can be asked for again.")  # fmt: skip
    mail = deliveries_to_look_at().count() + late_deliveries().count()
    if mail:
        yield Finding("mail", "look", f"{mail} mails did not leave", "Check OPENROADS_MAIL_URL; nothing is sent twice blindly.")  # fmt: skip


def _look_at_sources() -> Iterator[Finding]:
    from django.utils import timezone  # noqa: PLC0415 (needs settings)

    from openroads.listening.ear.state import is_stale  # noqa: PLC0415
    from openroads.listening.models import Source  # noqa: PLC0415

    for source in Source.objects.filter(listening=True):
        if source.last_error:
            yield Finding("source", "look", f"{source.name} is deaf: {source.last_error}", "See Sources in the browser.")  # fmt: skip
        elif is_stale(source, timezone.now()):
            yield Finding("source", "look", f"{source.name} was last heard {source.last_ok_at:%Y-%m-%d %H:%M}; whether it hears is unknown", "Is a worker running? Sources in the browser can visit it now.")  # fmt: skip


def _look_at_requests() -> Iterator[Finding]:
    from django.utils import timezone  # noqa: PLC0415 (needs settings)

    from openroads.listening.models import PrivacyRequest  # noqa: PLC0415

    waiting = PrivacyRequest.objects.filter(state__in=PrivacyRequest.WAITING)
    if late := waiting.filter(due_on__lt=timezone.localdate()).count():
        yield Finding("privacy", "wrong", f"{late} requests about privacy are past their month", "Answer them under Settings, What people ask about their data.")  # fmt: skip


def _look_at_secrets() -> Iterator[Finding]:
    from openroads.directory.encryption import key_ids  # noqa: PLC0415
    from openroads.directory.kept_secrets import secrets_by_key  # noqa: PLC0415 (needs settings)

    used, ours = secrets_by_key(), key_ids()
    total = "1 secret" if used.total() == 1 else f"{used.total()} secrets"
    missing = {key: count for key, count in used.items() if key not in ours}
    if missing:
        told = (
            f"{sum(missing.values())} of {total} made with keys that are gone: {', '.join(missing)}"
        )
        yield Finding("secrets", "wrong", told, "Put keys.json back from its backup, or add those keys to OPENROADS_ENCRYPTION_KEYS.")  # fmt: skip
        return
    waiting = sum(count for key, count in used.items() if key != ours[0])
    idle = [key for key in ours[1:] if key not in used]
    if waiting:
        yield Finding("secrets", "look", f"{waiting} of {total} under an old key", "openroads keys rotate moves them to the newest.")  # fmt: skip
    elif idle:
        told = f"{total} under the newest key; old keys that can go: {', '.join(idle)}"
        yield Finding("secrets", "look", told, "openroads keys prune, once no backup from before the new key is needed any more.")  # fmt: skip
    else:
        yield Finding("secrets", "well", f"{total} under the newest key")


def _look_at_trail() -> Iterator[Finding]:
    from openroads.directory.trail import verify_trail  # noqa: PLC0415 (needs settings)

    verdict = verify_trail()
    if verdict.is_whole:
        yield Finding("trail", "well", f"{verdict.entries:,} entries, each fits the one before it")
    for fault in verdict.faults:
        yield Finding("trail", "wrong", fault, "Somebody changed the trail outside Openroads; compare with a backup.")  # fmt: skip


def _look_at_retention() -> Iterator[Finding]:
    from django.utils import timezone  # noqa: PLC0415 (needs settings)

    from openroads.listening.keeping.queries import house_rule, is_overdue  # noqa: PLC0415

    if is_overdue(timezone.now()):
        ran = house_rule().ran_at
        told = f"posts past their time were last taken out {ran:%Y-%m-%d}" if ran else "posts past their time were never taken out"  # fmt: skip
        yield Finding("retention", "look", told, "A running house does so every night; or run openroads retention.")  # fmt: skip


def _look_at_backups() -> Iterator[Finding]:
    from django.utils import timezone  # noqa: PLC0415 (needs settings)

    from openroads.safekeeping.queries import (  # noqa: PLC0415
        house_begun_at,
        last_failure,
        looked_through_at,
        newest_backup,
    )

    now, newest, begun = timezone.now(), newest_backup(), house_begun_at()
    if newest is None or newest.made_at is None:
        old = begun is not None and now - begun > BACKUP_EVERY
        yield Finding("backup", "look" if old else "well", "none was ever made" if old else "none yet; the house is new", "openroads backup makes one, also while the house runs." if old else "")  # fmt: skip
    elif now - newest.made_at > BACKUP_EVERY:
        yield Finding("backup", "look", f"the last one is {(now - newest.made_at).days} days old: {newest.path}", "openroads backup makes one; OPENROADS_BACKUP_AT makes one every day.")  # fmt: skip
    elif looked_through_at() is None:
        yield Finding("backup", "look", f"made {newest.made_at:%Y-%m-%d %H:%M} UTC, never looked through: {newest.path}", f"openroads backup verify {newest.path} --data {settings_data()}")  # fmt: skip
    else:
        yield Finding("backup", "well", f"made {newest.made_at:%Y-%m-%d %H:%M} UTC: {newest.path}")
    if newest is not None and newest.holds is False:
        yield Finding("backup", "wrong", f"it does not hold: {newest.path}", "Make another one: openroads backup.")  # fmt: skip
    if (failed := last_failure()) is not None:
        yield Finding("backup", "wrong", f"the last one went wrong: {failed.error}", "Mend that, and make one: openroads backup.")  # fmt: skip
    yield from _room_for_backup()


def _room_for_backup() -> Iterator[Finding]:
    """Whether the disk has room for the copies and the file; measured by what stands there."""
    from openroads.safekeeping.making import LEFT_FREE, bytes_of_house  # noqa: PLC0415

    folder = settings_data()
    needed = LEFT_FREE + 2 * bytes_of_house(folder)
    free = shutil.disk_usage(folder).free
    if free < needed:
        yield Finding("backup", "look", f"a backup beside the data may need {needed / 1e9:.1f} GB, {free / 1e9:.1f} GB is free", "Free some, or make it on another disk: openroads backup --out FILE.")  # fmt: skip


def settings_data() -> Path:
    """The data directory of the settings."""
    from django.conf import settings  # noqa: PLC0415 (needs settings)

    data: Path = settings.OPENROADS.data
    return data


LOOKS: tuple[Look, ...] = (
    _look_at_python, _look_at_disk, _look_at_database, _look_at_archive, _look_at_server,
    _look_at_secrets, _look_at_worker, _look_at_failures, _look_at_sources, _look_at_requests, _look_at_trail,
    _look_at_backups,
    _look_at_retention,
)  # fmt: skip
