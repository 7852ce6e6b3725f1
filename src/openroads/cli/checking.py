"""`openroads doctor`: what is wrong with this house, and the mend."""

import json
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from openroads.cli import house


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
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes)
    ours = {name for name in unknown if name[0] in ("directory", "delivery", "listening", "web")}
    if ours:
        yield Finding(
            "database", "wrong", "it was written by a newer Openroads",
            "Install that version again, or restore the backup made before the upgrade.",
        )  # fmt: skip
    elif waiting:
        yield Finding("database", "look", f"{len(waiting)} migrations wait", "They run at the next start: openroads run.")  # fmt: skip
    else:
        yield Finding("database", "well", f"{connection.vendor}, up to date")


def _look_at_archive() -> Iterator[Finding]:
    from openroads.archive.client import ArchiveBusy  # noqa: PLC0415 (needs settings)
    from openroads.archive.queries.state import kept  # noqa: PLC0415
    from openroads.directory.conversations import archive, close_archive  # noqa: PLC0415

    try:
        posts = sum(row.posts for row in kept(archive()))
    except ArchiveBusy:
        yield Finding("archive", "well", "open in a running Openroads")
        return
    yield Finding("archive", "well", f"opens; {posts:,} posts")
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
    from openroads.listening.models import Source  # noqa: PLC0415 (needs settings)

    for source in Source.objects.exclude(last_error=""):
        yield Finding("source", "look", f"{source.name}: {source.last_error}", "See Sources in the browser.")  # fmt: skip


def _look_at_trail() -> Iterator[Finding]:
    from openroads.directory.trail import verify_trail  # noqa: PLC0415 (needs settings)

    verdict = verify_trail()
    if verdict.is_whole:
        yield Finding("trail", "well", f"{verdict.entries:,} entries, each fits the one before it")
    for fault in verdict.faults:
        yield Finding("trail", "wrong", fault, "Somebody changed the trail outside Openroads; compare with a backup.")  # fmt: skip


LOOKS: tuple[Look, ...] = (
    _look_at_python, _look_at_disk, _look_at_database, _look_at_archive, _look_at_server,
    _look_at_worker,
    _look_at_failures, _look_at_sources, _look_at_trail,
)  # fmt: skip
