"""Reading an import into the archive, batch by batch: what the worker does."""

import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from openroads.archive.ingest import Landed, Origin, ingest
from openroads.connectors import files
from openroads.connectors.files import Reading, RejectedFile
from openroads.connectors.port import Page, Refused
from openroads.directory.conversations import archive
from openroads.listening import queries
from openroads.listening.actions.ahead import read_ahead
from openroads.listening.analysing import analysed
from openroads.listening.models import Import
from openroads.listening.saying import in_words, language_of, reason_column, translated

Alive = Callable[[], bool]

BYTES_A_ROW = 250


def read_import(*, item: Import, alive: Alive = lambda: True) -> Import:
    """Read the rest of the file. Stops when asked, or when `alive` answers no; then it can resume.

    The cursor is saved only after a batch is durable, so a kill costs at most one batch read twice;
    reading twice adds nothing, because ids are made from the source and the post's own id. What could
    not be read is told in the language of who started the import.
    """
    if item.state not in Import.UNFINISHED:
        return item
    item.state = Import.State.RUNNING
    item.started_at = item.started_at or timezone.now()
    item.save(update_fields=["state", "started_at"])
    with override(language_of(item.by)):
        try:
            stopped = _read(item, alive)
        except Refused as refused:
            item.state, item.error = Import.State.FAILED, translated(refused.why)
        else:
            item.state = Import.State.CANCELLED if stopped else Import.State.DONE
            if stopped and not item.cancel_asked:
                item.state = Import.State.WAITING
    item.finished_at = None if item.is_unfinished else timezone.now()
    item.save()
    read_ahead()
    return item


def _read(item: Import, alive: Alive) -> bool:
    """Read until the end or a stop; True when it was stopped."""
    reading = Reading.from_json(item.reading)
    path = Path(item.path)
    pages = files.read(path, reading, cursor=item.cursor, now=timezone.now())
    origin = origin_of(item, files.own_authors(path, reading))
    with RejectedFile(
        _rejected_path(item), reading.header, keep=item.rejected_size, reason=reason_column()
    ) as rejected:
        began = time.monotonic()
        for page, analysis in analysed(pages, queries.reader(), _rows_expected(item)):
            landed = ingest(archive(), page.messages, analysis, origin, now=timezone.now())
            for row in page.rejected:
                rejected.add(in_words(row))
            item.rejected_size = rejected.durable()
            now = time.monotonic()
            item.seconds, began = item.seconds + now - began, now
            _note(item, page, landed)
            if _stop_asked(item) or not alive():
                return True
    return False


def _rows_expected(item: Import) -> int:
    """About how many rows the file holds: only tells whether more cores are worth starting."""
    return item.size // BYTES_A_ROW


def origin_of(item: Import, own_authors: frozenset[str] = frozenset()) -> Origin:
    """Whose words these are. The brand's own handles, and authors the file itself marks as the
    company, are told apart in the archive."""
    assert item.source is not None
    return Origin(
        source=item.source.pk,
        purpose_voice="brand" if item.source.voice == item.source.Voice.BRAND else "customer",
        brand=item.brand.pk if item.brand else 0,
        own_handles=queries.own_handles() | {name.lstrip("@").lower() for name in own_authors},
    )


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
    return _(
        "%(added)d new, %(same)d already here, %(changed)d changed, %(rejected)d rejected."
    ) % {
        "added": item.added,
        "same": item.same,
        "changed": item.changed,
        "rejected": item.rejected,
    }
