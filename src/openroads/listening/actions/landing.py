"""Storing pages of a source: read with the house's own names, filed under its topics, masked where somebody asked."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from openroads.analysis.pipeline import joined
from openroads.archive.batch import Landed, Origin
from openroads.archive.ingest import ingest
from openroads.connectors.port import Page
from openroads.directory.conversations import archive
from openroads.listening import queries
from openroads.listening.analysing import analysed
from openroads.listening.erasing.masking import MaskedPages
from openroads.listening.labels.taught import taught_for
from openroads.listening.models import Source
from openroads.listening.origins import origin_of
from openroads.listening.topics.filing import note_landed
from openroads.listening.topics.queries import standing


def land(source: Source, pages: Iterable[Page]) -> Iterator[tuple[Page, Landed]]:
    """Store what was read, page by page; each with what became of it, when it is durable."""
    origin = origin_of(source, source.brand_id)
    taught = taught_for(lambda: source.pk)
    for page, analysis in analysed(MaskedPages().of(pages), queries.reader(), taught=taught):
        topics = standing()
        landed = ingest(
            archive(), page.messages, analysis, origin, now=timezone.now(), topics=topics
        )
        note_landed(topics, landed)
        yield page, landed


def land_together(parts: Iterable[tuple[Source, Page]]) -> Landed | None:
    """Take in a page of each of several sources, in one batch: a batch of five posts costs the archive
    as much as one of five hundred. None when there was nothing."""
    origins: list[Origin] = []
    at_hand = 0

    def pages() -> Iterator[Page]:
        nonlocal at_hand
        for source, page in parts:
            at_hand = source.pk
            origins.extend([origin_of(source, source.brand_id)] * len(page.messages))
            yield page

    reader, taught = queries.reader(), taught_for(lambda: at_hand)
    read = list(analysed(MaskedPages().of(pages()), reader, taught=taught))
    messages = [message for page, _ in read for message in page.messages]
    if not messages:
        return None
    topics, analysis = standing(), joined([each for _, each in read])
    landed = ingest(archive(), messages, analysis, origins, now=timezone.now(), topics=topics)
    note_landed(topics, landed)
    return landed
