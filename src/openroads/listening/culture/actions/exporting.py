"""Handing posts out as a file: asking, writing it (at once when small), and deleting it again."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from openroads.archive.queries.choice import Sieve
from openroads.archive.queries.explore import newest_posts
from openroads.archive.queries.posts import Place, Quote
from openroads.delivery.jobs import enqueue
from openroads.delivery.notices import language_of, notify
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import queries as room
from openroads.listening.culture import policy, queries
from openroads.listening.culture.models import Export
from openroads.listening.culture.writing import BATCH, WRITERS, Names, rows_of
from openroads.listening.explore import asking
from openroads.listening.explore.words import written
from openroads.listening.networks import staying_sources
from openroads.listening.sight.seeing import sight_of

WRITE_EXPORT = "listening.write_export"
AT_ONCE = 2_000
"""Posts that are written while the browser waits; more is a job."""
MOST = 100_000
"""Posts a file may hold."""
KEPT = timedelta(days=1)

Alive = Callable[[], bool]


@transaction.atomic
def ask_export(*, by: Person, query: str, form: str, found: int, language: str = "en") -> Export:
    """Ask for the posts of a choice as a file; more than a few thousand are written by a job, which
    tells when it is done. Raises ValidationError for a choice without posts."""
    directory_policy.require(by, policy.may_export_posts)
    if form not in Export.Format.values:
        raise ValidationError({"format": _("Choose a kind of file.")})
    if not found:
        raise ValidationError(_("No post fits this sentence."))
    export = Export.objects.create(by=by, query=query, format=form, found=found, language=language)
    trail.record(by, "exported posts", export, posts=min(found, MOST), value=form)
    if found > AT_ONCE:
        enqueue(WRITE_EXPORT, key=f"export-{export.pk}", by=by, export_id=export.pk)
    return export


def write_export(*, export: Export, alive: Alive = lambda: True) -> Export:
    """Write the file; done again after a kill it begins anew. Who lost the right gets nothing."""
    if export.state != Export.State.WAITING or not policy.may_export_posts(export.by):
        return export
    asked = asking.asked(QueryDict(export.query), export.by, language=export.language)
    sight = sight_of(export.by)
    query = written(asked.filter.q, sight)
    if query.faults:
        Export.objects.filter(pk=export.pk).update(state=Export.State.FAILED)
        export.state = Export.State.FAILED
        return export
    sieve = asking.sieve_of(asked.filter, query.condition)
    path = folder() / f"posts-{export.pk}.{export.format}"
    part = path.with_suffix(".part")
    rows = rows_of(map(sight.post, _posts(sieve, alive)), _names(export.by))
    try:
        count = WRITERS[export.format](part, rows)
    except _HandedBack:
        part.unlink(missing_ok=True)
        return export
    os.replace(part, path)
    _done(export, path, count)
    return export


@transaction.atomic
def delete_old(*, now: datetime) -> int:
    """Delete the files that have stood for a day."""
    return _delete(list(queries.exports_past(now - KEPT)))


def forget_exports() -> int:
    """Delete every file that stands: somebody was erased who may be in it. What people took away is
    theirs to delete; the trail says who took what."""
    return _delete(list(Export.objects.exclude(path="")))


def folder() -> Path:
    """Where files wait to be fetched; nobody but the house reads it."""
    place: Path = settings.OPENROADS.data / "exports"
    place.mkdir(parents=True, exist_ok=True)
    os.chmod(place, 0o700)
    return place


class _HandedBack(Exception):
    """The worker must stop; the file is begun anew elsewhere."""


def _posts(sieve: Sieve, alive: Alive) -> Iterator[Quote]:
    """The newest posts of a choice, at most as many as a file may hold; without those that leave the
    house in no file, by the terms of their network."""
    before: Place = None
    staying = staying_sources()
    left = MOST
    while left > 0:
        if not alive():
            raise _HandedBack
        page = newest_posts(archive(), sieve, before=before, limit=min(BATCH, left))
        yield from (post for post in page if post.source not in staying)
        if len(page) < min(BATCH, left):
            return
        left -= len(page)
        before = page[-1].place


def _names(person: Person) -> Names:
    brands = room.brands()
    return Names(
        {source.pk: source.name for source in room.sources_for(person)},
        {brand.pk: brand.name for brand in brands},
        {product.pk: product.name for brand in brands for product in brand.products.all()},
    )


@transaction.atomic
def _done(export: Export, path: Path, rows: int) -> None:
    export.state, export.path, export.rows = Export.State.DONE, str(path), rows
    export.size, export.done_at = path.stat().st_size, timezone.now()
    export.save(update_fields=["state", "path", "rows", "size", "done_at"])
    if export.found > AT_ONCE:
        with translation.override(language_of(export.by)):
            notify(
                to=export.by, deed=f"export {export.pk} is ready",
                title=_("Your file with posts is ready"),
                text=_("It stands there for a day."),
                url=reverse("culture:exports"),
            )  # fmt: skip


def _delete(exports: list[Export]) -> int:
    for export in exports:
        # The row first: a file nobody points to is lost space, a row that points to none is a fault.
        path = Path(export.path)
        Export.objects.filter(pk=export.pk).update(path="", state=Export.State.GONE)
        path.unlink(missing_ok=True)
    return len(exports)
