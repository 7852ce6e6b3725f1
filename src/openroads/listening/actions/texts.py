"""The brand's own words: reading its site, adding texts, and keeping what it said before."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from openroads.analysis.pipeline import Analysis, joined
from openroads.archive.ingest import Passage, ingest_passages, withdraw_text
from openroads.connectors.pagetext import PageText
from openroads.connectors.passages import cut_passages
from openroads.directory import policy as directory_policy
from openroads.directory import trail
from openroads.directory.company import Brand
from openroads.directory.conversations import archive
from openroads.directory.models import Person
from openroads.listening import policy, queries
from openroads.listening.actions.ahead import read_ahead
from openroads.listening.analysing import Reader, analyser_for
from openroads.listening.models import BrandText, Source

LONGEST_URL = 500

AT_ONCE = 100
"""Texts whose passages are written together: each write waits for the disk."""


class Learned(NamedTuple):
    """What came of reading the brand's texts."""

    new: int = 0
    changed: int = 0
    same: int = 0


def learn_texts(
    *, by: Person, source: Source, brand: Brand, pages: Iterable[PageText], today: date
) -> Learned:
    """Store each text as said from its own date (or `today`) on.

    A page that reads differently from what is stored closes the old text today and opens a new one,
    so that "what we said then" stays comparable. Passages land in the archive after the row: a kill
    in between is mended by the next reading, which finds `passages == 0`.
    """
    directory_policy.require(by, policy.may_keep_sources)
    new = changed = same = 0
    waiting: list[BrandText] = []
    for page in pages:
        fresh, replaced = _remember(source, brand, page, today)
        if fresh is None:
            same += 1
            continue
        new += replaced is None
        changed += replaced is not None
        waiting += filter(None, (replaced, fresh))
        if len(waiting) >= AT_ONCE:
            publish_passages(waiting)
            waiting = []
    publish_passages(waiting)
    trail.record(by, "learned own texts", source, new=new, changed=changed, same=same)
    read_ahead()
    return Learned(new, changed, same)


@transaction.atomic
def _remember(
    source: Source, brand: Brand, page: PageText, today: date
) -> tuple[BrandText | None, BrandText | None]:
    """The text that is new and the one it replaces; None for what is unchanged or was taken out."""
    url = page.url[:LONGEST_URL]
    digest = hashlib.sha256(f"{page.title}\n{page.text}".encode()).hexdigest()
    since = page.valid_from or page.published_on or today
    known = BrandText.objects.filter(source=source, url=url)
    if not url:
        known = known.filter(digest=digest)
    if known.filter(digest=digest, withdrawn_at__isnull=False).exists():
        return None, None
    if page.valid_from is not None:
        known = known.filter(valid_from=since)
    before = known.filter(valid_to=page.valid_to).order_by("-valid_from", "-pk").first()
    if before is not None and before.withdrawn_at and page.valid_from is None:
        return None, None  # the page is not ours to quote, whatever it says today
    if before is not None and before.digest == digest:
        before.save(update_fields=["seen_at"])
        return (None, None) if before.passages else (before, None)
    if before is not None and page.valid_from is None:
        since = today
        before.valid_to = today
        before.save(update_fields=["valid_to"])
    elif before is not None:
        withdraw_text(archive(), before.pk)
        before.delete()
        before = None
    fresh = BrandText.objects.create(
        source=source,
        brand=brand,
        url=url,
        title=page.title[:300],
        text=page.text,
        digest=digest,
        language=page.language,
        valid_from=since,
        valid_to=page.valid_to,
    )
    return fresh, before


def publish_passages(texts: Sequence[BrandText]) -> int:
    """Cut texts into passages and store them with their analysis, all in one write; returns how many."""
    reader = queries.reader()
    passages: list[Passage] = []
    found: list[Analysis] = []
    for text in texts:
        cut = cut_passages(text.text)
        passages += (
            Passage(
                text_id=text.pk,
                position=position,
                brand=text.brand_id,
                url=text.url,
                title=text.title,
                text=passage,
                valid_from=text.valid_from,
                valid_to=text.valid_to,
            )
            for position, passage in enumerate(cut)
        )
        found.append(read_passages(reader, text.title, cut, text.language))
        text.passages = len(cut)
    if passages:
        ingest_passages(archive(), passages, joined(found))
    BrandText.objects.bulk_update(texts, ["passages"])
    return len(passages)


def read_passages(reader: Reader, title: str, cut: Sequence[str], language: str) -> Analysis:
    """The analysis of a text's passages. A product named in the title is what every passage is
    about, whether or not the passage says its name again."""
    analyser = analyser_for(reader)
    head = analyser.analyse([title], [language])
    found = analyser.analyse(cut, [language] * len(cut))
    brands, products = set(head.brands[0]), set(head.products[0])
    return replace(
        found,
        brands=[sorted(brands.union(each)) for each in found.brands],
        products=[sorted(products.union(each)) for each in found.products],
    )


@transaction.atomic
def remove_texts(*, by: Person, texts: Sequence[BrandText]) -> int:
    """Take texts back that should never have counted as the brand's own. They leave the archive; the
    row stays, so that the next visit to the page does not bring them back."""
    directory_policy.require(by, policy.may_keep_sources)
    for text in texts:
        trail.record(by, "removed own text", text, title=str(text))
        withdraw_text(archive(), text.pk)
        text.withdrawn_at, text.passages = timezone.now(), 0
        text.save(update_fields=["withdrawn_at", "passages"])
    read_ahead()
    return len(texts)


def restore_texts(*, by: Person, texts: Sequence[BrandText]) -> int:
    """Count texts again that were taken out; returns how many. Passages land after the rows: a kill in
    between is mended by the next reading."""
    directory_policy.require(by, policy.may_keep_sources)
    gone = [text for text in texts if text.withdrawn_at is not None]
    with transaction.atomic():
        for text in gone:
            text.withdrawn_at = None
            text.save(update_fields=["withdrawn_at"])
            trail.record(by, "brought back own text", text, title=str(text))
    publish_passages(gone)
    read_ahead()
    return len(gone)


def unseen_texts(source: Source, since: datetime) -> list[BrandText]:
    """Texts of this source that count as said today but were not met since that moment."""
    open_ones = BrandText.objects.filter(source=source, valid_to=None, withdrawn_at=None)
    return list(open_ones.filter(seen_at__lt=since))


def close_texts(*, by: Person, texts: Sequence[BrandText], today: date) -> int:
    """The brand no longer says these from `today` on: their pages are gone."""
    directory_policy.require(by, policy.may_keep_sources)
    for text in texts:
        with transaction.atomic():
            text.valid_to = max(today, text.valid_from)
            text.save(update_fields=["valid_to"])
            trail.record(by, "closed own text", text, title=str(text), url=text.url)
    publish_passages(texts)
    return len(texts)
