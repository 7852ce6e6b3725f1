"""Reading an import into the archive, batch by batch: what the worker does."""

import errno
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from openroads.archive.ingest import Landed, get_ready, ingest
from openroads.connectors import files
from openroads.connectors.failures import Refused
from openroads.connectors.files import Reading, RejectedFile
from openroads.connectors.port import Page
from openroads.delivery.queries import unfinished_job
from openroads.directory.conversations import archive
from openroads.listening import queries
from openroads.listening.actions.ahead import read_ahead
from openroads.listening.actions.imports import job_key
from openroads.listening.analysing import analysed, rows_in, stored_at_once
from openroads.listening.erasing.copies import delete_upload
from openroads.listening.erasing.masking import MaskedPages, stand_in_file
from openroads.listening.labels.taught import taught_for
from openroads.listening.models import Import
from openroads.listening.origins import origin_of
from openroads.listening.saying import in_words, language_of, reason_column, translated
from openroads.listening.topics.filing import note_landed
from openroads.listening.topics.queries import standing
from openroads.listening.whence import source_of
from openroads.ui.formats import number

Asked = Callable[[], bool]
Ended = Literal["finished", "cancelled", "handed back"]

BYTES_A_ROW = 250
"""Only tells about how many rows a file holds: whether more cores are worth starting."""


def read_import(
    *,
    item: Import,
    alive: Asked = lambda: True,
    called_off: Asked = lambda: False,
    last_try: bool = False,
) -> Import:
    """Read the rest of the file. Stops when somebody asks on the import's page, when the job is
    `called_off`, or when `alive` answers no (then it is taken up again). It can always go on later.

    The cursor is saved only after a batch is durable, so a kill costs at most one batch read twice;
    reading twice adds nothing, because ids are made from the source and the post's own id. What could
    not be read is told in the language of who started the import. Any other fault is raised again;
    on the `last_try` the import is marked as failed first, with a sentence.
    """
    started = item.started_at or timezone.now()
    mine = Import.objects.filter(pk=item.pk, state__in=Import.UNFINISHED)
    if not mine.update(state=Import.State.RUNNING, started_at=started):
        return item
    item.state, item.started_at = Import.State.RUNNING, started
    with override(language_of(item.by)):
        try:
            _end(item, STATE_AFTER[_read(item, alive, called_off)])
            if item.state == Import.State.DONE and _holds_erased(item):
                delete_upload(item.pk)
        except Refused as refused:
            _end(item, Import.State.FAILED, translated(refused.why))
        except Exception as fault:
            if last_try:
                _end(item, Import.State.FAILED, _plainly(fault))
            else:
                _end(item, Import.State.WAITING)
            raise
    read_ahead()
    return item


STATE_AFTER: dict[Ended, Import.State] = {
    "finished": Import.State.DONE,
    "cancelled": Import.State.CANCELLED,
    "handed back": Import.State.WAITING,
}


def _end(item: Import, state: Import.State, error: str = "") -> None:
    """Write down how reading ended; whether somebody asked to stop is not this reader's to write."""
    item.state, item.error = state, error
    item.finished_at = None if item.is_unfinished else timezone.now()
    item.save(update_fields=["state", "error", "finished_at"])


def _plainly(fault: Exception) -> str:
    """What a person should know of a fault in the house itself."""
    if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("The disk of the house is full. Make room, then go on where it stopped.")
    return _(
        "Something in the house went wrong while this file was read, also when it was tried again. "
        "What was read stays. The administrator finds the fault in the log."
    )


def settle_imports() -> int:
    """Mark imports as failed that nobody reads any more: their worker was killed too often, or the
    job was called off. Returns how many."""
    settled = 0
    for item in Import.objects.filter(state__in=Import.UNFINISHED).select_related("by"):
        if unfinished_job(job_key(item.pk)) is not None:
            continue
        with override(language_of(item.by)):
            why = _(
                "Reading ended before the end of the file and nobody is at it any more. "
                "What was read stays; it can go on where it stopped."
            )
        lost = Import.objects.filter(pk=item.pk, state=item.state, beat_at=item.beat_at)
        settled += lost.update(
            state=Import.State.CANCELLED if item.cancel_asked else Import.State.FAILED,
            error="" if item.cancel_asked else why,
            finished_at=timezone.now(),
        )
    return settled


def _holds_erased(item: Import) -> bool:
    """Whether the file holds what an erased author said, or a name that is masked: looked for in all of
    it, because another worker may have read the beginning."""
    if item.withheld:
        return True
    return bool(item.path) and stand_in_file(Path(item.path), Reading.from_json(item.reading))


def _read(item: Import, alive: Asked, called_off: Asked) -> Ended:
    """Read until the end or a stop."""
    if _stop_asked(item):
        return "cancelled"
    reading = Reading.from_json(item.reading)
    path, expected = Path(item.path), rows_in(item.size)
    pages = MaskedPages().of(files.read(path, reading, cursor=item.cursor, now=timezone.now()))
    # First, so that the processes that analyse make themselves ready meanwhile.
    analyses = analysed(pages, queries.reader(), expected, taught_for(lambda: _source_of(item)))
    get_ready(archive())
    if item.source is None:  # handed over by a process that could not look into the archive
        item.source = source_of(item, reading)
        item.save(update_fields=["source", "kept_apart"])
    origin = origin_of(item.source, item.brand_id, files.own_authors(path, reading))
    with RejectedFile(
        _rejected_path(item), reading.header, keep=item.rejected_size, reason=reason_column()
    ) as rejected:
        began = time.monotonic()
        for page, analysis in stored_at_once(analyses, expected):
            topics = standing()
            landed = ingest(
                archive(), page.messages, analysis, origin, now=timezone.now(), topics=topics
            )
            note_landed(topics, landed)
            for row in page.rejected:
                rejected.add(in_words(row))
            item.rejected_size = rejected.durable()
            now = time.monotonic()
            item.seconds, began = item.seconds + now - began, now
            _note(item, page, landed)
            if _stop_asked(item) or called_off():
                return "cancelled"
            if not alive():
                return "handed back"
    return "finished"


def _source_of(item: Import) -> int:
    """The number of the source; known once the archive is ready, before the first page is read."""
    assert item.source is not None
    return item.source.pk


def _note(item: Import, page: Page, landed: Landed) -> None:
    item.cursor = page.cursor
    item.share = page.share
    item.read += len(page.messages) + len(page.rejected)
    item.added += landed.added
    item.changed += landed.changed
    item.same += landed.same
    item.rejected += len(page.rejected)
    item.beat_at = timezone.now()
    item.save(
        update_fields=[
            "cursor", "read", "added", "changed", "same", "rejected", "rejected_path",
            "rejected_size", "beat_at", "seconds", "share",
        ]
    )  # fmt: skip


def _stop_asked(item: Import) -> bool:
    return bool(Import.objects.filter(pk=item.pk).values_list("cancel_asked", flat=True).get())


def _rejected_path(item: Import) -> Path:
    if not item.rejected_path:
        folder: Path = settings.OPENROADS.data / "uploads"
        item.rejected_path = str(folder / f"rejected-{item.pk}.csv")
    return Path(item.rejected_path)


def what_came_of_it(item: Import) -> str:
    """One sentence: what a finished import added."""
    said = _(
        "%(added)d new, %(same)d already here, %(changed)d changed, %(rejected)d rejected."
    ) % {
        "added": item.added,
        "same": item.same,
        "changed": item.changed,
        "rejected": item.rejected,
    }
    if not item.withheld:
        return said
    withheld = ngettext(
        "%(n)s row of an author who was erased was passed over.",
        "%(n)s rows of authors who were erased were passed over.",
        item.withheld,
    ) % {"n": number(item.withheld)}
    return f"{said} {withheld}"
