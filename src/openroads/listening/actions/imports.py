"""Bringing files in: receive, correct, start, stop, resume."""

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from openroads.archive.client import ArchiveBusy
from openroads.connectors import files
from openroads.connectors.dates import OrderVotes
from openroads.connectors.files import Reading
from openroads.connectors.files.columns import doubts_about_dates
from openroads.connectors.sentences import Sentence
from openroads.delivery.jobs import enqueue
from openroads.delivery.queries import unfinished_job
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand
from openroads.directory.models import Person
from openroads.listening import policy
from openroads.listening.models import Import, RememberedReading, Source
from openroads.listening.whence import source_of

READ_IMPORT = "listening.read_import"
KEPT = timedelta(days=30)


def receive_file(
    *, by: Person, name: str, content: Iterable[bytes], brand: Brand | None = None
) -> Import:
    """Keep an uploaded file and find out how it is to be read.

    The file keeps none of its own name on disk. Raises `openroads.connectors.port.Refused` with a
    sentence when nothing in it can be read; nothing is kept then.
    """
    directory_policy.require(by, policy.may_import)
    path = _uploads() / f"{secrets.token_hex(16)}{_suffix(name)}"
    size = 0
    try:
        with path.open("xb") as kept:
            for chunk in content:
                size += kept.write(chunk)
        reading = remembered(path, files.detect(path, name=name, timezone=settings.TIME_ZONE))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    with transaction.atomic():
        item = Import.objects.create(
            name=Path(name).name[:200],
            path=str(path),
            size=size,
            reading=reading.as_json(),
            brand=brand,
            by=by,
        )
        trail.record(by, "received file", item, name=item.name, size=size)
    return item


def remembered(path: Path, found: Reading) -> Reading:
    """The reading a person last agreed to for a file with this header, or `found` itself.

    What this file itself proves or lacks stays: the order of its dates, when it shows one, and the
    problems a person should look at.
    """
    known = RememberedReading.objects.filter(fingerprint=found.fingerprint).first()
    if known is None:
        return found
    kept = Reading.from_json(known.reading)
    # A fingerprint takes no notice of capitals and spaces: the columns have the names of this file.
    names = {_folded(name): name for name in found.header}
    columns = {meaning: names.get(_folded(name), "") for meaning, name in kept.columns.items()}
    agreed = replace(
        found,
        columns={meaning: name for meaning, name in columns.items() if name},
        timezone=kept.timezone,
        default_network=kept.default_network,
    )
    agreed = _in_the_order_agreed(agreed, kept.date_order)
    return files.with_preview(path, agreed, now=timezone.now())


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _in_the_order_agreed(found: Reading, order: str) -> Reading:
    """Only a file that does not show its own order of day and month takes the one of last time."""
    doubts = [problem for problem in found.problems if _doubts_the_order(problem)]
    if order not in ("dmy", "mdy") or not (doubts or found.date_mixed):
        return found
    others = [problem for problem in found.problems if problem not in doubts]
    told = _order_doubts(found.columns.get("said_at", ""), order) if doubts else []
    return replace(found, date_order=order, problems=(*others, *told))


def _order_doubts(heading: str, order: str) -> list[Sentence]:
    """What is said of a column of which no date shows the order of day and month."""
    votes = OrderVotes(timezone.now())
    votes.add("01/02/2024")
    return doubts_about_dates(heading, votes, order)


def _doubts_the_order(problem: str) -> bool:
    templates = {doubt.template for order in ("dmy", "mdy") for doubt in _order_doubts("", order)}
    return isinstance(problem, Sentence) and problem.template in templates


@transaction.atomic
def correct_reading(
    *,
    by: Person,
    item: Import,
    brand: Brand | None = None,
    all_dates_alike: bool = False,
    **corrections: Any,
) -> Import:
    """Read the file as the person says: columns, date order, time zone, network, encoding...

    What is not named stays. Dates that could be either are rejected in a file that proves both
    orders, until somebody chooses another order or says that `all_dates_alike` are written so. Raises
    Refused with a sentence when the file cannot be read so. A file past its check stays as it is.
    """
    directory_policy.require(by, policy.may_import)
    item = _held(item)
    if item.state != Import.State.CHECKING:
        return item
    was = Reading.from_json(item.reading)
    reading = replace(was, **corrections)
    if all_dates_alike or reading.date_order != was.date_order:
        reading = replace(reading, date_mixed=False)
    if "date_order" in corrections and not reading.date_mixed:
        # A person has looked: the file no longer has to prove how its dates are written.
        reading = replace(reading, problems=())
    reading.check()
    shown = files.with_preview(Path(item.path), reading, now=timezone.now()).as_json()
    if shown != item.reading or brand != item.brand:
        item.reading, item.brand = shown, brand
        item.save(update_fields=["reading", "brand"])
        trail.record(by, "corrected how a file is read", item, name=item.name)
    return item


@transaction.atomic
def start_import(
    *,
    by: Person,
    item: Import,
    source: Source | None = None,
    another: bool = False,
    source_name: str = "",
) -> Import:
    """Put a checked file in line to be read, and remember how.

    It goes on with the `source` its first rows are of, or the one given. `another`: it is the
    first of a source of its own, called `source_name`. Where nobody says so and it would replace other
    posts, it gets a source of its own too: that loses nothing.
    """
    directory_policy.require(by, policy.may_import)
    item = _held(item)
    if item.state != Import.State.CHECKING:
        return item
    reading = Reading.from_json(item.reading)
    reading.check()
    RememberedReading.objects.update_or_create(
        fingerprint=reading.fingerprint, defaults={"reading": reading.as_json()}
    )
    # Another process owns the archive when a file is handed over to it: its reader looks then.
    with suppress(ArchiveBusy):
        item.source = source_of(item, reading, None if another else source, another, source_name)
    item.state = Import.State.WAITING
    item.cancel_asked = False
    item.save(update_fields=["source", "state", "cancel_asked"])
    trail.record(by, "started import", item, name=item.name)
    enqueue(READ_IMPORT, key=job_key(item.pk), by=by, import_id=item.pk)
    return item


@transaction.atomic
def cancel_import(*, by: Person, item: Import) -> Import:
    """Ask the reader to stop after the batch at hand; what is stored stays. A file nobody reads
    (to be checked, in line, failed, or its reader lost) is put aside at once."""
    directory_policy.require(by, policy.may_import)
    item = _held(item)
    if item.state in (Import.State.DONE, Import.State.CANCELLED):
        return item
    nobody_reads = item.state != Import.State.RUNNING or unfinished_job(job_key(item.pk)) is None
    item.cancel_asked = True
    if nobody_reads:
        item.state, item.finished_at = Import.State.CANCELLED, timezone.now()
    item.save(update_fields=["cancel_asked", "state", "finished_at"])
    trail.record(by, "stopped import", item, name=item.name)
    return item


@transaction.atomic
def resume_import(*, by: Person, item: Import) -> Import:
    """Go on where a stopped or failed import left off; one that never began is checked again. One
    whose file is deleted stays as it is."""
    directory_policy.require(by, policy.may_import)
    item = _held(item)
    if not item.may_go_on:
        return item
    item.state = Import.State.WAITING if item.source_id else Import.State.CHECKING
    item.cancel_asked = False
    item.error = ""
    item.finished_at = None
    item.save(update_fields=["state", "cancel_asked", "error", "finished_at"])
    trail.record(by, "resumed import", item, name=item.name)
    if item.state == Import.State.WAITING:
        enqueue(READ_IMPORT, key=job_key(item.pk), by=by, import_id=item.pk)
    return item


def job_key(import_id: int) -> str:
    """The key of the job that reads this import: there is one at a time."""
    return f"import-{import_id}"


def clear_out_files(*, now: datetime) -> int:
    """Delete the uploaded file and the rejected rows of imports that ended `KEPT` ago; what was
    read stays, and so does the row that tells of it. Returns how many imports lost their files."""
    ended = Import.objects.filter(state__in=(Import.State.DONE, Import.State.CANCELLED)).exclude(
        path="", rejected_path=""
    )
    old = ended.filter(
        Q(finished_at__lt=now - KEPT) | Q(finished_at=None, created_at__lt=now - KEPT)
    )
    cleared = 0
    for item in old:
        mine = Import.objects.filter(pk=item.pk, state=item.state)
        # The row first: a file nobody points to is lost space, a row that points to none is a fault.
        if mine.update(path="", rejected_path=""):
            for place in filter(None, (item.path, item.rejected_path)):
                Path(place).unlink(missing_ok=True)
            cleared += 1
    return cleared


def _held(item: Import) -> Import:
    """The row as it is now, nobody else's until the transaction ends."""
    return (
        Import.objects.select_for_update(of=("self",)).select_related("by", "brand").get(pk=item.pk)
    )


def _uploads() -> Path:
    folder: Path = settings.OPENROADS.data / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    os.chmod(folder, 0o700)
    return folder


def _suffix(name: str) -> str:
    """Only a known ending is kept: the content decides what a file is."""
    suffix = Path(name).suffix.lower()
    return (
        suffix if suffix in {".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".ndjson", ".json"} else ""
    )
