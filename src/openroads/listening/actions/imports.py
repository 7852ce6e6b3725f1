"""Bringing files in: receive, correct, start, stop, resume."""

import errno
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from openroads.archive.client import ArchiveBusy
from openroads.connectors import files
from openroads.connectors.failures import Refused
from openroads.connectors.files import NOTHING_SAID, Reading, Writing
from openroads.connectors.sentences import say
from openroads.delivery.jobs import enqueue
from openroads.delivery.queries import unfinished_job
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand
from openroads.directory.models import Person
from openroads.listening import policy, uploads
from openroads.listening.erasing.previews import without_erased
from openroads.listening.last_time import (
    first_reading,
    remember,
    without_doubts_of_order,
    written_otherwise,
)
from openroads.listening.models import Import, Source
from openroads.listening.register.grounds import Grounds
from openroads.listening.whence import source_of

READ_IMPORT = "listening.read_import"
KEPT = timedelta(days=30)


def receive_file(
    *,
    by: Person,
    name: str,
    content: Iterable[bytes] | Path,
    brand: Brand | None = None,
    writing: Writing = NOTHING_SAID,
) -> Import:
    """Keep an uploaded file and find out how it is to be read.

    `content` is what it holds, or the file itself in a folder of ours, which is taken over.
    `writing` is what is known of how it is written. The file keeps none of its own name on disk.
    Raises `openroads.connectors.failures.Refused` with a sentence when nothing in it can be read;
    nothing is kept then.
    """
    directory_policy.require(by, policy.may_import)
    path = uploads.folder() / f"{secrets.token_hex(16)}{_suffix(name)}"
    try:
        size = _keep(content, path)
        reading = first_reading(path, name, writing)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    with transaction.atomic():
        item = Import.objects.create(
            name=Path(name).name[:200],
            path=str(path),
            size=size,
            reading=without_erased(reading.as_json()),
            brand=brand,
            by=by,
        )
        trail.record(by, "received file", item, name=item.name, size=size)
    return item


def _keep(content: Iterable[bytes] | Path, path: Path) -> int:
    """Put an upload in its place; its size in bytes. Refused when the disk is full."""
    try:
        if isinstance(content, Path):
            shutil.move(content, path)
            return path.stat().st_size
        with path.open("xb") as kept:
            return sum(kept.write(chunk) for chunk in content)
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused(say("The disk of the house has no room for this file.")) from fault
        raise


def correct_reading(
    *,
    by: Person,
    item: Import,
    writing: Writing | None = None,
    all_dates_alike: bool = False,
    tries: int = 1,
    **corrections: Any,
) -> Import:
    """Read the file as the person says: how it is written, columns, date order, time zone, brand...

    What is not named stays. Another `writing` than before reads the file anew: what a person said
    of columns stands as long as the headings are the same. Dates that could be either are rejected
    in a file that proves both orders, until somebody chooses another order or says that
    `all_dates_alike` are written so. Raises Refused with a sentence when the file cannot be read
    so. A file past its check stays as it is, and so does one that somebody else corrects meanwhile,
    unless there are more `tries`: then the same is said of what it has become.
    """
    directory_policy.require(by, policy.may_import)
    for _try in range(tries):
        found = _corrected(by, item, writing, all_dates_alike, dict(corrections))
        if found is not None:
            return found
        # What was said of columns was said of the headings as they were then.
        corrections.pop("columns", None)
    return Import.objects.get(pk=item.pk)


def _corrected(
    by: Person, item: Import, writing: Writing | None, alike: bool, corrections: dict[str, Any]
) -> Import | None:
    """The file read as the person says; None when something else was agreed while it was read."""
    item = Import.objects.select_related("by", "brand").get(pk=item.pk)
    if item.state != Import.State.CHECKING:
        return item
    brand = corrections.pop("brand", item.brand)
    # Outside the transaction: reading a large file anew takes seconds, and on SQLite nobody else
    # writes as long as one is open.
    was = Reading.from_json(item.reading)
    anew = writing is not None and writing != was.by_hand
    if anew and writing is not None:
        reading = written_otherwise(Path(item.path), item.name, was, writing, corrections)
    else:
        reading = replace(was, **corrections)
    if alike or reading.date_order != was.date_order:
        reading = replace(reading, date_mixed=False)
    if "date_order" in corrections and not anew and not reading.date_mixed:
        # A person has said it: the file no longer has to prove how its dates are written. All else
        # that is wrong with it is as wrong as before.
        reading = replace(reading, problems=without_doubts_of_order(reading.problems))
    if "text" in reading.columns or not anew:
        reading.check()
    shown = without_erased(
        files.with_preview(Path(item.path), reading, now=timezone.now()).as_json()
    )
    return _agree(by, item, shown, brand)


@transaction.atomic
def _agree(by: Person, item: Import, shown: dict[str, Any], brand: Brand | None) -> Import | None:
    """Write down how the file is read from now on; None when something else was agreed meanwhile."""
    held = _held(item)
    if held.state != Import.State.CHECKING:
        return held
    if held.reading != item.reading:
        return None
    if shown != held.reading or brand != held.brand:
        held.reading, held.brand = shown, brand
        held.save(update_fields=["reading", "brand"])
        trail.record(by, "corrected how a file is read", held, name=held.name)
    return held


@transaction.atomic
def start_import(
    *,
    by: Person,
    item: Import,
    source: Source | None = None,
    another: bool = False,
    source_name: str = "",
    purpose: str = "",
    grounds: Grounds | None = None,
) -> Import:
    """Put a checked file in line to be read, and remember how.

    It goes on with the `source` its first rows are of, or the one given. `another`: it is the
    first of a source of its own, called `source_name`. A source that begins keeps the `purpose` it
    is read for, and on what `grounds` goes into the register. Where nobody says so and it would replace other
    posts, it gets a source of its own too: that loses nothing.
    """
    directory_policy.require(by, policy.may_import)
    item = _held(item)
    if item.state != Import.State.CHECKING:
        return item
    reading = Reading.from_json(item.reading)
    reading.check()
    remember(reading)
    # Another process owns the archive when a file is handed over to it: its reader looks then.
    with suppress(ArchiveBusy):
        item.source = source_of(
            item, reading, None if another else source, another, source_name, purpose, grounds
        )
    item.state = Import.State.WAITING
    item.cancel_asked = False
    item.save(update_fields=["source", "kept_apart", "state", "cancel_asked"])
    trail.record(by, "started import", item, name=item.name)
    enqueue(READ_IMPORT, key=job_key(item.pk), by=by, import_id=item.pk)
    return item


@transaction.atomic
def discard_file(*, by: Person, item: Import) -> None:
    """Let go of a received file that cannot be read as asked, as if it had never come: its row, and
    the file when that is done. One past its check stays."""
    directory_policy.require(by, policy.may_import)
    item = _held(item)
    if item.state != Import.State.CHECKING:
        return
    path = Path(item.path)
    trail.record(by, "discarded file", item, name=item.name)
    item.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


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


def find_files_again() -> int:
    """Point every import at its file in the folder of uploads of this house, which may stand
    elsewhere than the one it was copied from; returns how many pointed elsewhere."""
    place, moved = uploads.folder(), 0
    for item in Import.objects.exclude(path="", rejected_path="").only("path", "rejected_path"):
        was = (item.path, item.rejected_path)
        item.path, item.rejected_path = (
            str(place / Path(path).name) if path else "" for path in was
        )
        if (item.path, item.rejected_path) != was:
            item.save(update_fields=["path", "rejected_path"])
            moved += 1
    return moved


def clear_out_files(*, now: datetime) -> int:
    """Delete the uploaded file, its preview and the rejected rows of imports that ended `KEPT` ago;
    what was read stays, and so does the row that tells of it. So goes what a killed process left
    behind. Returns how many imports lost their files."""
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
        reading = {**item.reading, "preview": []}
        if mine.update(path="", rejected_path="", reading=reading):
            for place in filter(None, (item.path, item.rejected_path)):
                Path(place).unlink(missing_ok=True)
            cleared += 1
    named = Import.objects.values_list("path", "rejected_path")
    uploads.clear_out_forgotten(kept={place for both in named for place in both}, now=now)
    return cleared


def _held(item: Import) -> Import:
    """The row as it is now, nobody else's until the transaction ends."""
    return (
        Import.objects.select_for_update(of=("self",)).select_related("by", "brand").get(pk=item.pk)
    )


def _suffix(name: str) -> str:
    """Only a known ending is kept: the content decides what a file is."""
    suffix = Path(name).suffix.lower()
    return (
        suffix if suffix in {".csv", ".tsv", ".txt", ".xlsx", ".jsonl", ".ndjson", ".json"} else ""
    )
