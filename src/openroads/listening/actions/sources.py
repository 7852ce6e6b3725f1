"""Following feeds, reading the company's own site, and taking in its texts."""

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from openroads.archive.ingest import Origin, ingest
from openroads.connectors.feeds import Feed
from openroads.connectors.http import Guarded
from openroads.connectors.port import Refused, Rejected, TryLater
from openroads.connectors.site import Site
from openroads.connectors.texts import read_texts
from openroads.delivery.jobs import enqueue
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import policy, queries
from openroads.listening.actions.texts import Learned, learn_texts
from openroads.listening.analysing import analysed
from openroads.listening.models import Source
from openroads.listening.saying import line_of, translated

VISIT_SOURCE = "listening.visit_source"
WEEK = 7 * 24 * 60


class Chunked(Protocol):
    """An uploaded file."""

    def chunks(self) -> Iterable[bytes]: ...


@transaction.atomic
def follow_feed(
    *,
    by: Person,
    address: str,
    purpose: str,
    name: str = "",
    voice: str = Source.Voice.CUSTOMER,
    brand: Brand | None = None,
) -> Source:
    """Follow a feed from now on; the first visit is made at once."""
    directory_policy.require(by, policy.may_keep_sources)
    source, made = Source.objects.get_or_create(
        kind=Source.Kind.FEED,
        network="feed",
        fingerprint="",
        address=address,
        brand=brand,
        defaults={"name": name or address[:120], "purpose": purpose, "voice": voice},
    )
    if made:
        trail.record(by, "followed feed", source, address=address)
    _send_to(by, source)
    return source


@transaction.atomic
def read_site(*, by: Person, brand: Brand, address: str) -> Source:
    """Read the brand's own site now and every week, keeping what it said before."""
    directory_policy.require(by, policy.may_keep_sources)
    source, made = Source.objects.get_or_create(
        kind=Source.Kind.SITE,
        network="site",
        fingerprint="",
        address=address,
        brand=brand,
        defaults={"name": address[:120], "voice": Source.Voice.BRAND, "every_minutes": WEEK},
    )
    if made:
        trail.record(by, "read own site", source, address=address)
    _send_to(by, source)
    return source


@transaction.atomic
def visit_now(*, by: Person, source: Source) -> None:
    """Put a visit in line."""
    directory_policy.require(by, policy.may_keep_sources)
    _send_to(by, source)


@transaction.atomic
def pause_source(*, by: Person, source: Source, listening: bool) -> Source:
    """Stop listening at a source, or begin again; what is collected stays."""
    directory_policy.require(by, policy.may_keep_sources)
    source.listening = listening
    source.save(update_fields=["listening"])
    trail.record(by, "resumed source" if listening else "paused source", source)
    return source


def _send_to(by: Person, source: Source) -> None:
    enqueue(VISIT_SOURCE, key=f"source-{source.pk}", by=by, source_id=source.pk)


def visit_source(*, by: Person, source: Source, client: Guarded) -> None:
    """Fetch what is new at a feed or site and store it. What goes wrong is written on the source, in
    the language of the house: everybody reads it there.

    The cursor is saved after the batch is durable, so a kill in between reads a page twice and
    stores it once. Raises TryLater so that the job comes back.
    """
    with override(settings.LANGUAGE_CODE):
        _visit(by, source, client)


def _visit(by: Person, source: Source, client: Guarded) -> None:
    try:
        notes = (
            _read_feed(source, client)
            if source.kind == Source.Kind.FEED
            else _read_site(by, source, client)
        )
    except (Refused, TryLater) as error:
        source.last_error = translated(error.why)[:500]
        source.next_at = source.after_visit(timezone.now())
        source.save(update_fields=["last_error", "next_at"])
        if isinstance(error, TryLater):
            raise
        return
    source.last_error = ""
    source.note = " ".join(notes)[:500]
    source.last_ok_at = timezone.now()
    source.next_at = source.after_visit(source.last_ok_at)
    source.save(update_fields=["last_error", "note", "last_ok_at", "next_at"])


def _read_feed(source: Source, client: Guarded) -> list[str]:
    """Store what the feed shows now; returns what its reader should know."""
    notes: list[str] = []
    origin = Origin(
        source=source.pk,
        purpose_voice="brand" if source.voice == Source.Voice.BRAND else "customer",
        brand=source.brand_id or 0,
        own_handles=queries.own_handles(),
    )
    feed = Feed(client, now=timezone.now())
    for page, analysis in analysed(feed.read(source.address, source.cursor), queries.reader()):
        ingest(archive(), page.messages, analysis, origin, now=timezone.now())
        source.cursor = page.cursor
        source.save(update_fields=["cursor"])
        notes += map(translated, page.notes)
    return notes


def _read_site(by: Person, source: Source, client: Guarded) -> list[str]:
    """Learn the pages of the site; returns which pages were left out, and why."""
    assert source.brand is not None
    site = Site(client)
    pages = site.pages(source.address)
    learn_texts(by=by, source=source, brand=source.brand, pages=pages, today=timezone.localdate())
    return [line_of(skipped) for skipped in site.skipped]


def upload_texts(
    *, by: Person, brand: Brand, file: Chunked, name: str, valid_from: date | None = None
) -> tuple[Learned, list[Rejected]]:
    """Take in a file with the brand's own texts. What could not be read comes back with the reason of
    each; raises Refused with a sentence when the file holds no text at all."""
    directory_policy.require(by, policy.may_keep_sources)
    source, _made = Source.objects.get_or_create(
        kind=Source.Kind.TEXTS,
        network="texts",
        fingerprint="",
        address="",
        brand=brand,
        defaults={"name": brand.name, "voice": Source.Voice.BRAND},
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"texts{Path(name).suffix.lower()[:8]}"
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        pages, rejected = read_texts(path, name)
    dated = [
        page if page.valid_from or valid_from is None else replace(page, valid_from=valid_from)
        for page in pages
    ]
    learned = learn_texts(
        by=by, source=source, brand=brand, pages=dated, today=timezone.localdate()
    )
    return learned, rejected
