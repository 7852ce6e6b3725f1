"""Storing pages of a source: read with the house's own names, filed under its topics, masked where somebody asked."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from openroads.archive.batch import Landed
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
